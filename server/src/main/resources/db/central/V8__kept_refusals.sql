-- A note or a remittance that was refused to whoever asked is refused for good: the asker lets it go, while a repetition of the
-- request may still be on its way.

CREATE TABLE refusal_kept (
    asker  integer NOT NULL REFERENCES institution,
    what   bytea NOT NULL,
    code   integer NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (asker, what)
);
