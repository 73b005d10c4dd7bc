-- Lineages are hashes and signatures: trying to compress them takes time and saves nothing.
ALTER TABLE operation ALTER COLUMN request SET STORAGE EXTERNAL;
