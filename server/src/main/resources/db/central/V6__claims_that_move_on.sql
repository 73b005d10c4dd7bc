-- What a claimant was paid goes on as often as transfers surface that lead further: a part's moves are numbered, and each says
-- who has the part from then on and where that one holds it. A move that was written before names no claim it went to: it is
-- kept as one that ends there.

ALTER TABLE claim_moved RENAME COLUMN to_institution TO paid_to;
ALTER TABLE claim_moved
    ADD COLUMN number    integer NOT NULL DEFAULT 1 CHECK (number > 0),
    ADD COLUMN kind      text NOT NULL DEFAULT 'REDEEMED' CHECK (kind IN ('REDEEMED', 'REFUNDED', 'CLAIMED')),
    ADD COLUMN at_parent bytea,
    ADD COLUMN at_index  integer,
    ADD COLUMN claim     bytea REFERENCES claim,
    ADD CHECK ((kind = 'CLAIMED') = (claim IS NOT NULL));
UPDATE claim_moved m SET at_parent = s.at_parent, at_index = s.at_index
    FROM settled s WHERE s.note = m.note AND s.lo <= m.lo AND s.hi >= m.hi;
ALTER TABLE claim_moved
    ALTER COLUMN at_parent SET NOT NULL,
    ALTER COLUMN at_index SET NOT NULL,
    ALTER COLUMN number DROP DEFAULT,
    ALTER COLUMN kind DROP DEFAULT,
    DROP CONSTRAINT claim_moved_once,
    DROP COLUMN span;

-- No unit moves twice under one number; a note's stretch of the line ends below 2^111.
ALTER TABLE claim_moved
    ADD COLUMN span numrange GENERATED ALWAYS AS (numrange(
        number * 2596148429267413814265248164610048 + note::numeric * 281474976710656 + lo,
        number * 2596148429267413814265248164610048 + note::numeric * 281474976710656 + hi)) STORED,
    ADD CONSTRAINT claim_moved_once EXCLUDE USING gist (span WITH &&);
CREATE INDEX claim_moved_by_note ON claim_moved (note);
