-- A hash lies anywhere in an index of everything, so that each row of transfers went to a page of its own in two of them. Where these
-- do not fit into memory such a page is read, changed, and written twice for one row. So those indexes are small: they keep four
-- bytes of each row, and what is found is compared.
ALTER TABLE refund DROP CONSTRAINT refund_transfer_fkey;
ALTER TABLE transfer
    DROP CONSTRAINT transfer_pkey,
    ADD CONSTRAINT transfer_once EXCLUDE USING hash (hash WITH =);

DROP INDEX transfer_by_request;
CREATE INDEX transfer_by_request ON transfer USING hash ((payee || nonce));
-- those from before the record kept the request (V5)
CREATE INDEX transfer_without_request ON transfer (payee) WHERE nonce IS NULL;
CREATE INDEX transfer_by_payee ON transfer (payee);
