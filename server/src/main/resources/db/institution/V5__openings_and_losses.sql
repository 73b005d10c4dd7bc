-- An account is opened once under its opener's reference; those from before have none.
ALTER TABLE account ADD COLUMN opened_under text UNIQUE CHECK (length(opened_under) BETWEEN 1 AND 64);

-- How often a debt's loss was booked: what an institution bears may rise and fall to the same sum more than once.
ALTER TABLE debt ADD COLUMN losses bigint NOT NULL DEFAULT 0;
