-- Postings come many at a time, and most of them move the same few balances: each balance is changed once for all that
-- one statement books. The checks look at where balances end.

DROP TRIGGER posting_books ON posting;
DROP FUNCTION book_posting();
CREATE FUNCTION book_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- two steps: an upsert that would break a check on its way to a sound balance must not be tried
    WITH change AS (
        SELECT account, currency, sum(amount)::bigint AS amount FROM (
            SELECT debit AS account, currency, -amount AS amount FROM booked
            UNION ALL
            SELECT credit, currency, amount FROM booked) AS each
        GROUP BY account, currency
    ), changed AS (
        UPDATE balance b SET minor = b.minor + c.amount FROM change c
            WHERE b.account = c.account AND b.currency = c.currency RETURNING b.account, b.currency
    )
    INSERT INTO balance (account, currency, minor)
        SELECT account, currency, amount FROM change c
            WHERE NOT EXISTS (SELECT 1 FROM changed d WHERE d.account = c.account AND d.currency = c.currency);
    RETURN NULL;
END $$;
CREATE TRIGGER posting_books AFTER INSERT ON posting REFERENCING NEW TABLE AS booked
    FOR EACH STATEMENT EXECUTE FUNCTION book_postings();
