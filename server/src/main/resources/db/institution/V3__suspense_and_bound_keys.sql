-- What no account here takes, and what proves that a purse key asked this institution to certify it.

-- The proof as it came, and the id of the message that brought it.
ALTER TABLE purse_key
    ADD COLUMN proof bytea CHECK (length(proof) = 64),
    ADD COLUMN proof_message bytea CHECK (length(proof_message) = 16);

-- Every row is a posting into the book 'suspense', and what becomes of it:
-- RETURNING until the central bank has sent it back; OPEN until a person names an account; PAYING until that has it.
CREATE TABLE suspense (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference        text NOT NULL UNIQUE, -- of the remittance, as the books name it
    state            text NOT NULL CHECK (state IN ('RETURNING', 'RETURNED', 'OPEN', 'PAYING', 'PAID')),
    from_institution integer NOT NULL,
    remittance       bytea,                -- what its sender had asked of the central bank; of our own that came back, none
    amount           minor_units NOT NULL CHECK (amount > 0),
    reason           integer NOT NULL,     -- a number of spec/errors.md
    text             text NOT NULL,
    account          text,                 -- who gets it in the end
    opened_at        bigint NOT NULL,
    CHECK (state NOT IN ('RETURNING', 'RETURNED') OR remittance IS NOT NULL),
    CHECK (state NOT IN ('PAYING', 'PAID') OR account IS NOT NULL)
);
CREATE INDEX suspense_waiting ON suspense (id) WHERE state IN ('RETURNING', 'OPEN', 'PAYING');

-- That an account takes a remittance is decided once, before it is credited.
CREATE TABLE remittance_taken (
    reference text PRIMARY KEY,
    taken_at  bigint NOT NULL
);
