CREATE TABLE counter (name text PRIMARY KEY, value bigint NOT NULL CONSTRAINT counter_small CHECK (value < 1000));
INSERT INTO counter VALUES ('a', 0), ('b', 0);
