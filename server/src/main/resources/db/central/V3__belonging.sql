-- Whose registry this is: set at its first start, and never again.
CREATE TABLE belonging (
    only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    id          bytea NOT NULL CHECK (length(id) = 16),          -- the key folder names it too
    fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32)  -- SHA-256 of the root key, compressed
);
CREATE TRIGGER belonging_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON belonging
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
