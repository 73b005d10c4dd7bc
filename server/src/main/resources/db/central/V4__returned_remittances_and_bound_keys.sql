-- Remittances that went back, and the keys for which institutions may claim and revoke.

ALTER TABLE remit ADD COLUMN returned integer; -- why: a number of spec/errors.md

-- A key's own word that it asked an institution to certify it. Since an institution can sign a certificate for any key,
-- only this proves whose it is; of two that have it, one that was never gone is the later.
CREATE TABLE bound_key (
    thumbprint  bytea NOT NULL CHECK (length(thumbprint) = 32),
    institution integer NOT NULL REFERENCES institution,
    key         bytea NOT NULL CHECK (length(key) = 33),
    message     bytea NOT NULL CHECK (length(message) = 16),
    proof       bytea NOT NULL CHECK (length(proof) = 64),
    shown_at    bigint NOT NULL,
    PRIMARY KEY (thumbprint, institution)
);
CREATE TRIGGER bound_key_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON bound_key
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
