-- Whose accounts these are: set at the first start, and never again.
CREATE TABLE belonging (
    only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    id          bytea NOT NULL CHECK (length(id) = 16),          -- the key folder names it too
    fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32)  -- SHA-256 of the root key and the institution's number
);

-- What operators did to an account's block, and why.
CREATE TABLE block_record (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account text NOT NULL REFERENCES account,
    block   text NOT NULL,
    reason  text NOT NULL CHECK (length(reason) <= 256),
    at      bigint NOT NULL
);
CREATE INDEX block_record_by_account ON block_record (account, id);
