-- What a deposit writes for each of its slices, at a cost that does not grow with the record.

-- A transfer names the notes of its inputs itself, one after the other, in the order of the inputs.
ALTER TABLE transfer ADD COLUMN notes bytea;
ALTER TABLE transfer DISABLE TRIGGER transfer_only_grows;
UPDATE transfer t SET notes =
    (SELECT string_agg(i.note, '\x'::bytea ORDER BY i.position) FROM transfer_input i WHERE i.transfer = t.hash);
ALTER TABLE transfer ENABLE TRIGGER transfer_only_grows;
ALTER TABLE transfer
    ALTER COLUMN notes SET NOT NULL,
    ALTER COLUMN notes SET STORAGE EXTERNAL,  -- hashes do not compress
    ALTER COLUMN cose SET STORAGE EXTERNAL,   -- nor do they and signatures
    ADD CHECK (length(notes) > 0 AND length(notes) % 32 = 0),
    DROP CONSTRAINT transfer_certificate_fkey;

-- Found by what they spend, from the spent range upwards: a purse spends its slices from below. They refer to a transfer that is
-- written in the same statement's transaction, and nothing on record is ever removed.
ALTER TABLE transfer_input
    DROP CONSTRAINT transfer_input_pkey,
    DROP CONSTRAINT transfer_input_transfer_fkey,
    DROP CONSTRAINT transfer_input_note_fkey,
    DROP COLUMN note;
DROP INDEX transfer_input_by_parent;
CREATE INDEX transfer_input_by_parent ON transfer_input (parent, parent_index, hi);

-- A note's settled parts lie beside each other and never overlap: whoever begins at another place may overlap its neighbours
-- only, so that two look-ups say for each new part whether a unit of it was settled before.
ALTER TABLE settled
    DROP CONSTRAINT settled_once,
    DROP CONSTRAINT settled_note_note_value_fkey,
    DROP CONSTRAINT settled_paid_to_fkey,
    DROP COLUMN span,
    ADD CONSTRAINT settled_once PRIMARY KEY (note, lo);
DROP INDEX settled_by_note;

-- By index whatever the planner knows of a table: it keeps the plan that it made when there was nothing in it.
CREATE FUNCTION refuse_overlap() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    taken bigint;
BEGIN
    -- at any other level two transactions that do not see each other could both settle a unit
    IF current_setting('transaction_isolation') <> 'serializable' THEN
        RAISE EXCEPTION 'parts are settled in serializable transactions' USING ERRCODE = 'check_violation';
    END IF;
    SELECT f.note INTO taken FROM fresh f WHERE
        (SELECT s.hi FROM settled s WHERE s.note = f.note AND s.lo < f.lo ORDER BY s.lo DESC LIMIT 1) > f.lo
        OR (SELECT s.lo FROM settled s WHERE s.note = f.note AND s.lo > f.lo ORDER BY s.lo LIMIT 1) < f.hi
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
CREATE TRIGGER settled_parts AFTER INSERT ON settled REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_overlap();
