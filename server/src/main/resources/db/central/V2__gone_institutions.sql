-- Institutions that an operator declares gone or back, and the deposits at them that were honoured elsewhere.

-- The last word on an institution holds.
CREATE TABLE standing (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    institution integer NOT NULL REFERENCES institution,
    gone        boolean NOT NULL,
    since       bigint NOT NULL,
    reason      text NOT NULL CHECK (length(reason) <= 256)
);
CREATE INDEX standing_by_institution ON standing (institution, id);
CREATE TRIGGER standing_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON standing
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE honoured (
    deposit          bytea PRIMARY KEY REFERENCES deposit,
    from_institution integer NOT NULL REFERENCES institution,
    to_institution   integer NOT NULL REFERENCES institution,
    handover         bytea NOT NULL,
    currency         text NOT NULL,
    due              bigint NOT NULL CHECK (due >= 0), -- what had been settled for the one that is gone
    released         boolean NOT NULL,                 -- whether it has left that one's clearing
    CHECK (from_institution <> to_institution)
);
