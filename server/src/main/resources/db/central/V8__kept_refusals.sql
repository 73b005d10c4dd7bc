-- A note or a remittance that was refused to whoever asked is refused for good: the asker lets it go, while a repetition of the
-- request may still be on its way.

CREATE TABLE refusal_kept (
    asker  integer NOT NULL REFERENCES institution,
    what   bytea NOT NULL CHECK (length(what) = 32),
    code   integer NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (asker, what)
);
CREATE TRIGGER refusal_kept_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON refusal_kept
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
