-- A payee's denial speaks of every payment of its request, so those are looked up by it. What is on record already is
-- read from its bytes instead.

ALTER TABLE transfer ADD COLUMN nonce bytea CHECK (length(nonce) = 16);
CREATE INDEX transfer_by_request ON transfer (payee, nonce);
DROP INDEX transfer_by_payee; -- the one above finds by payee as well
