-- Whoever puts transfers on record numbers them, out of a stretch of numbers that is its own: what takes from another one that is put
-- there with it is written without looking that one's number up. The sequence gives where a stretch begins.
ALTER TABLE transfer ALTER COLUMN number SET INCREMENT BY 4096;
