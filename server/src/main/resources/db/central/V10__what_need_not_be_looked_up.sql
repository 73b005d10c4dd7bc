-- Of what notes a claim has taken something: of all others, what is settled is reached by transfers on record.
CREATE INDEX settled_by_claims ON settled (note) WHERE kind = 'CLAIMED';

-- Who decided last. A server remembers what does not change but by what it decides itself, and forgets it where another did.
CREATE TABLE last_writer (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    who      text NOT NULL
);
INSERT INTO last_writer (who) VALUES ('nobody');

-- The part that begins last below a new one's end is that one itself, and the one before that its only other neighbour to
-- overlap with: one look-up instead of two.
CREATE OR REPLACE FUNCTION refuse_overlap() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    taken bigint;
BEGIN
    -- at any other level two transactions that do not see each other could both settle a unit
    IF current_setting('transaction_isolation') <> 'serializable' THEN
        RAISE EXCEPTION 'parts are settled in serializable transactions' USING ERRCODE = 'check_violation';
    END IF;
    SELECT f.note INTO taken FROM fresh f CROSS JOIN LATERAL
        (SELECT s.lo, s.hi FROM settled s WHERE s.note = f.note AND s.lo < f.hi ORDER BY s.lo DESC LIMIT 2) AS neighbour
        WHERE neighbour.lo <> f.lo AND neighbour.hi > f.lo
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'settled_once: a part of note % was settled before', taken
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'settled_once';
    END IF;
    SELECT f.note INTO taken FROM fresh f
        WHERE (SELECT n.value FROM note n WHERE n.serial = f.note) IS DISTINCT FROM f.note_value
            OR f.paid_to NOT IN (SELECT i.id FROM institution i)
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'settled_of_a_note: a part of note %, which is not such a note, or paid to nobody', taken
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'settled_of_a_note';
    END IF;
    RETURN NULL;
END $$;
