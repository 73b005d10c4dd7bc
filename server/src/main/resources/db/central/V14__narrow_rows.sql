-- One payment handed in was four rows and eight entries of indexes, many of them hashes of 32 bytes. What one row can say is not
-- said by two, and what stands elsewhere on record is referred to by its number.

-- A deposit's inputs are settled, most of them whole, and then the settled part says what the input says but for what it was taken
-- from. So it says that too, and no input is written beside it: of the transfer that it is settled at, the input of that index took it
-- from output via_index of the transfer numbered via, or of the note itself (0).
ALTER TABLE settled
    ADD COLUMN via bigint,
    ADD COLUMN via_index integer,
    ADD CONSTRAINT settled_as_input CHECK ((via IS NULL) = (via_index IS NULL));

-- Who signed a transfer stands in its certificate.
ALTER TABLE certificate ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE certificate ADD CONSTRAINT certificate_number UNIQUE (number);

-- Of whom a transfer pays and of the request that it answers its row has the first eight bytes. Where these are the same by chance,
-- or because somebody took the trouble to make two keys of which they are, more is found than was looked for, and is passed over.
DROP INDEX transfer_by_seq;
DROP INDEX transfer_by_request;
DROP INDEX transfer_without_request;
DROP INDEX transfer_by_payee;
CREATE FUNCTION first_bytes(of bytea) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
    $$ SELECT ('x' || encode(substr(of, 1, 8), 'hex'))::bit(64)::bigint $$;
ALTER TABLE transfer RENAME COLUMN certificate TO certificate_hash;
ALTER TABLE transfer RENAME COLUMN payee TO payee_key;
ALTER TABLE transfer
    ADD COLUMN certificate bigint,
    ADD COLUMN payee bigint,
    ADD COLUMN request bigint, -- not of those from before the record kept it (V5)
    -- The only input of a transfer that has one, where no settled part says it.
    ADD COLUMN note bigint,
    ADD COLUMN via bigint,
    ADD COLUMN via_index integer,
    ADD COLUMN lo bigint,
    ADD COLUMN hi bigint,
    ADD COLUMN size integer GENERATED ALWAYS AS (CASE
        WHEN hi - lo <= 256 THEN 1
        WHEN hi - lo <= 65536 THEN 2
        WHEN hi - lo <= 16777216 THEN 3
        WHEN hi - lo <= 4294967296 THEN 4
        WHEN hi - lo <= 1099511627776 THEN 5
        WHEN hi - lo IS NOT NULL THEN 6 END) STORED,
    DROP CONSTRAINT transfer_notes_check,
    ALTER COLUMN notes DROP NOT NULL;
ALTER TABLE transfer DISABLE TRIGGER transfer_only_grows;
UPDATE transfer t SET certificate = (SELECT c.number FROM certificate c WHERE c.hash = t.certificate_hash),
    payee = first_bytes(payee_key), request = first_bytes(nonce);
ALTER TABLE transfer ENABLE TRIGGER transfer_only_grows;
ALTER TABLE transfer
    DROP COLUMN signer,
    DROP COLUMN payee_key,
    DROP COLUMN certificate_hash,
    DROP COLUMN nonce,
    ALTER COLUMN certificate SET NOT NULL,
    ALTER COLUMN payee SET NOT NULL,
    ADD CONSTRAINT transfer_of_notes CHECK ((CASE WHEN note IS NULL
        THEN length(notes) > 0 AND length(notes) % 32 = 0
            AND via IS NULL AND via_index IS NULL AND lo IS NULL AND hi IS NULL
        ELSE notes IS NULL AND via IS NOT NULL AND via_index IS NOT NULL AND lo < hi END) IS TRUE);
CREATE INDEX transfer_by_seq ON transfer (certificate, seq);
CREATE INDEX transfer_by_payee ON transfer (payee, request);
CREATE INDEX transfer_by_slice ON transfer (via, note, size, hi) WHERE note IS NOT NULL;

-- Whether a part is within its note need not be looked up in the note where the part below it says the same of that note: that
-- one was looked at when it was settled, or is looked at together with this one, down to one that has none below it.
CREATE OR REPLACE FUNCTION refuse_overlap() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    refused record;
BEGIN
    -- at any other level two transactions that do not see each other could both settle a unit
    IF current_setting('transaction_isolation') <> 'serializable' THEN
        RAISE EXCEPTION 'parts are settled in serializable transactions' USING ERRCODE = 'check_violation';
    END IF;
    SELECT f.note, beside.overlaps INTO refused FROM fresh f CROSS JOIN LATERAL
        (SELECT bool_or(s.hi > f.lo) AS overlaps, bool_or(s.note_value = f.note_value) AS alike FROM
            (SELECT s.lo, s.hi, s.note_value FROM settled s WHERE s.note = f.note AND s.lo < f.hi
                ORDER BY s.lo DESC LIMIT 2) AS s
            WHERE s.lo <> f.lo) AS beside
        WHERE beside.overlaps
            OR f.paid_to NOT IN (SELECT i.id FROM institution i)
            OR beside.alike IS NOT TRUE
                AND (SELECT n.value FROM note n WHERE n.serial = f.note) IS DISTINCT FROM f.note_value
        ORDER BY beside.overlaps DESC NULLS LAST LIMIT 1;
    IF refused.overlaps THEN
        RAISE EXCEPTION 'settled_once: a part of note % was settled before', refused.note
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'settled_once';
    ELSIF refused.note IS NOT NULL THEN
        RAISE EXCEPTION 'settled_of_a_note: a part of note %, which is not such a note, or paid to nobody', refused.note
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'settled_of_a_note';
    END IF;
    RETURN NULL;
END $$;

-- All transfers and inputs as they were signed, for whoever reads the record whole.
CREATE VIEW signed_transfer AS
    SELECT t.number, t.hash, c.key AS signer, t.seq, decode(lpad(to_hex(t.payee), 16, '0'), 'hex') AS payee,
            decode(lpad(to_hex(t.request), 16, '0'), 'hex') AS request, c.hash AS certificate, t.cose, coalesce(t.notes, n.id) AS notes
        FROM transfer t LEFT JOIN certificate c ON c.number = t.certificate LEFT JOIN note n ON n.serial = t.note;
CREATE VIEW signed_input AS
    SELECT i.transfer, i.position, i.parent, i.parent_index, i.lo, i.hi, i.note, i.via FROM transfer_input i
    UNION ALL
    SELECT i.transfer, i.position, CASE WHEN i.via = 0 THEN n.id ELSE p.hash END, i.parent_index, i.lo, i.hi, i.note, i.via
        FROM (SELECT hash AS transfer, 0 AS position, via_index AS parent_index, lo, hi, note, via FROM transfer
                WHERE note IS NOT NULL
            UNION ALL SELECT at_parent, at_index, via_index, lo, hi, note, via FROM settled WHERE via IS NOT NULL) AS i
        LEFT JOIN note n ON n.serial = i.note LEFT JOIN transfer p ON p.number = i.via;

-- What is looked up is found by index, whatever is known of these tables. So little is read to know them, and when they have doubled
-- instead of at each tenth that comes to them.
ALTER TABLE transfer SET (autovacuum_analyze_scale_factor = 1);
ALTER TABLE transfer_input SET (autovacuum_analyze_scale_factor = 1);
ALTER TABLE settled SET (autovacuum_analyze_scale_factor = 1);
DO $$
DECLARE
    a record;
BEGIN
    FOR a IN SELECT attrelid::regclass AS relation, attname FROM pg_attribute
        WHERE attrelid IN ('transfer'::regclass, 'transfer_input'::regclass, 'settled'::regclass)
            AND attnum > 0 AND NOT attisdropped LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 10', a.relation, a.attname);
    END LOOP;
END $$;
