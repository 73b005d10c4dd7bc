-- What a convicted key cost that the institution certified and has no account for: nobody owes it, and the institution bears
-- what the guarantee fund does not.
ALTER TABLE debt ALTER COLUMN account DROP NOT NULL;
