-- Inputs are found by the part of the note that they take and by what they take it from: what is recorded of a note lies side by
-- side, where what goes by a transfer's hash lies anywhere in an index of everything.
--
-- Transfers are numbered as they come, so that what they took from are numbers that grow. An input is via the transfer that it takes
-- from, 0 for the note itself.
--
-- An input takes 256 units or fewer, 65,536 or fewer, and so on: its size. Of one size, those that end above a place and take
-- nothing of what lies there begin beyond it, so that only those that end within one length of that size need be looked at, in
-- whatever order a slice is spent.
ALTER TABLE transfer ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
DROP INDEX transfer_input_by_parent;
ALTER TABLE transfer_input
    ADD COLUMN note bigint,
    ADD COLUMN via bigint,
    ADD COLUMN size integer GENERATED ALWAYS AS (CASE
        WHEN hi - lo <= 256 THEN 1
        WHEN hi - lo <= 65536 THEN 2
        WHEN hi - lo <= 16777216 THEN 3
        WHEN hi - lo <= 4294967296 THEN 4
        WHEN hi - lo <= 1099511627776 THEN 5
        ELSE 6 END) STORED;
UPDATE transfer_input i
    SET note = n.serial,
        via = CASE WHEN i.parent = n.id THEN 0 ELSE (SELECT p.number FROM transfer p WHERE p.hash = i.parent) END
    FROM transfer t, note n
    WHERE t.hash = i.transfer AND n.id = substr(t.notes, i.position * 32 + 1, 32);
ALTER TABLE transfer_input
    ALTER COLUMN note SET NOT NULL,
    ALTER COLUMN via SET NOT NULL;
CREATE INDEX transfer_input_by_slice ON transfer_input (via, note, size, hi);
