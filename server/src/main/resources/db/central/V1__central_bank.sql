-- The central bank's record: institutions, the registry, the books, the inbox and the bulletins.
-- Sums are minor units below 2^48. Instants are seconds since 1970.

CREATE TABLE institution (
    id          integer PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
    code        text NOT NULL UNIQUE,
    name        text NOT NULL,
    url         text NOT NULL,
    sealing_key bytea NOT NULL
);

CREATE TABLE institution_key (
    institution integer NOT NULL REFERENCES institution,
    generation  integer NOT NULL CHECK (generation BETWEEN 0 AND 255),
    key         bytea NOT NULL UNIQUE,
    not_before  bigint NOT NULL,
    not_after   bigint NOT NULL,
    PRIMARY KEY (institution, generation)
);

CREATE TABLE quota (
    institution integer NOT NULL REFERENCES institution,
    number      bigint NOT NULL,
    currency    text NOT NULL,
    allowed     bigint NOT NULL CHECK (allowed >= 0),
    outstanding bigint NOT NULL CHECK (outstanding >= 0),
    PRIMARY KEY (institution, number, currency)
);

-- The registry ---------------------------------------------------------------------------------------------------

CREATE TABLE note (
    serial     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         bytea NOT NULL UNIQUE,
    issuer     integer NOT NULL REFERENCES institution,
    currency   text NOT NULL,
    value      bigint NOT NULL CHECK (value BETWEEN 1 AND 281474976710655),
    expiry     bigint NOT NULL,
    holder     bytea NOT NULL,
    load_nonce bytea NOT NULL,
    late       boolean NOT NULL,
    cose       bytea NOT NULL,
    UNIQUE (serial, value)
);
CREATE INDEX note_by_load ON note (issuer, load_nonce);
CREATE INDEX note_by_holder ON note (holder);

CREATE TABLE certificate (
    hash   bytea PRIMARY KEY,
    key    bytea NOT NULL,
    issuer integer NOT NULL,
    cose   bytea NOT NULL
);
CREATE INDEX certificate_by_key ON certificate (key);

CREATE TABLE transfer (
    hash        bytea PRIMARY KEY,
    signer      bytea NOT NULL,
    seq         bigint NOT NULL,
    payee       bytea NOT NULL,
    certificate bytea NOT NULL REFERENCES certificate,
    cose        bytea NOT NULL
);
CREATE INDEX transfer_by_seq ON transfer (signer, seq);
CREATE INDEX transfer_by_payee ON transfer (payee);

CREATE TABLE transfer_input (
    transfer     bytea NOT NULL REFERENCES transfer,
    position     integer NOT NULL,
    parent       bytea NOT NULL,
    parent_index integer NOT NULL,
    lo           bigint NOT NULL,
    hi           bigint NOT NULL,
    note         bytea NOT NULL REFERENCES note (id),
    PRIMARY KEY (transfer, position),
    CHECK (lo < hi)
);
CREATE INDEX transfer_input_by_parent ON transfer_input (parent, parent_index);

-- What is outstanding no more. Every note has its own stretch of one number line, so that the database itself refuses
-- a second redemption of any unit, whatever the code above it believes.
CREATE TABLE settled (
    note        bigint NOT NULL,
    note_value  bigint NOT NULL,
    lo          bigint NOT NULL CHECK (lo >= 0),
    hi          bigint NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('REDEEMED', 'REFUNDED', 'CLAIMED')),
    paid_to     integer NOT NULL REFERENCES institution,
    at_parent   bytea NOT NULL,
    at_index    integer NOT NULL,
    claim       bytea,
    span        numrange GENERATED ALWAYS AS
                (numrange(note::numeric * 281474976710656 + lo, note::numeric * 281474976710656 + hi)) STORED,
    FOREIGN KEY (note, note_value) REFERENCES note (serial, value),
    CONSTRAINT settled_within_note CHECK (lo < hi AND hi <= note_value),
    CONSTRAINT settled_once EXCLUDE USING gist (span WITH &&),
    CHECK ((kind = 'CLAIMED') = (claim IS NOT NULL))
);
CREATE INDEX settled_by_note ON settled (note);

CREATE TABLE deposit (
    hash        bytea PRIMARY KEY,
    institution integer NOT NULL REFERENCES institution,
    depositor   bytea NOT NULL,
    currency    text NOT NULL,
    settlement  bytea NOT NULL,
    decided_at  bigint NOT NULL
);

CREATE TABLE conviction (
    culprit          bytea PRIMARY KEY,
    certifier        integer NOT NULL REFERENCES institution,
    currency         text NOT NULL,
    file             bytea NOT NULL,
    owed             bigint NOT NULL CHECK (owed >= 0),
    recovered        bigint NOT NULL CHECK (recovered >= 0),
    from_fund        bigint NOT NULL CHECK (from_fund >= 0),
    from_institution bigint NOT NULL CHECK (from_institution >= 0),
    CHECK (recovered + from_fund + from_institution <= owed)
);

CREATE TABLE revocation (
    key        bytea PRIMARY KEY,
    by         integer NOT NULL,
    reason     text NOT NULL,
    decided_at bigint NOT NULL
);

CREATE TABLE denial (
    hash        bytea PRIMARY KEY,
    payee       bytea NOT NULL,
    nonce       bytea NOT NULL,
    cose        bytea NOT NULL,
    certificate bytea NOT NULL
);
CREATE INDEX denial_by_request ON denial (payee, nonce);

CREATE TABLE refund (
    transfer    bytea PRIMARY KEY REFERENCES transfer,
    institution integer NOT NULL REFERENCES institution,
    amount      bigint NOT NULL CHECK (amount >= 0)
);

CREATE TABLE claim (
    id          bytea PRIMARY KEY,
    institution integer NOT NULL REFERENCES institution,
    account     text NOT NULL,
    keys        bytea NOT NULL,
    cose        bytea NOT NULL,
    returned    bigint NOT NULL CHECK (returned >= 0)
);
ALTER TABLE settled ADD FOREIGN KEY (claim) REFERENCES claim;

CREATE TABLE claim_moved (
    note       bigint NOT NULL REFERENCES note,
    lo         bigint NOT NULL,
    hi         bigint NOT NULL,
    from_claim bytea NOT NULL REFERENCES claim,
    to_institution integer NOT NULL REFERENCES institution,
    span       numrange GENERATED ALWAYS AS
               (numrange(note::numeric * 281474976710656 + lo, note::numeric * 281474976710656 + hi)) STORED,
    CONSTRAINT claim_moved_once EXCLUDE USING gist (span WITH &&)
);

CREATE TABLE withheld (
    deposit     bytea PRIMARY KEY REFERENCES deposit,
    institution integer NOT NULL REFERENCES institution,
    currency    text NOT NULL,
    amount      bigint NOT NULL CHECK (amount > 0),
    released    boolean NOT NULL
);

CREATE TABLE remit (
    from_institution integer NOT NULL REFERENCES institution,
    id               bytea NOT NULL,
    content          bytea NOT NULL,
    PRIMARY KEY (from_institution, id)
);

-- The books ------------------------------------------------------------------------------------------------------

CREATE TABLE posting (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    debit     text NOT NULL,
    credit    text NOT NULL,
    currency  text NOT NULL,
    amount    bigint NOT NULL CHECK (amount > 0),
    reason    text NOT NULL,
    reference text NOT NULL,
    booked_at bigint NOT NULL,
    CONSTRAINT posting_names_two CHECK (debit <> credit)
);

-- Follows from postings alone: only the trigger below writes here.
CREATE TABLE balance (
    account  text NOT NULL,
    currency text NOT NULL,
    minor    bigint NOT NULL,
    PRIMARY KEY (account, currency),
    CONSTRAINT balance_not_negative CHECK (minor >= 0 OR split_part(account, ':', 1) NOT IN ('float', 'held', 'guarantee')),
    CONSTRAINT balance_not_positive CHECK (minor <= 0 OR split_part(account, ':', 1) NOT IN ('issue', 'recovery'))
);

CREATE FUNCTION book_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- one row each: an upsert that would break a check on its way to a sound balance must not be tried
    UPDATE balance SET minor = minor - NEW.amount WHERE account = NEW.debit AND currency = NEW.currency;
    IF NOT FOUND THEN
        INSERT INTO balance VALUES (NEW.debit, NEW.currency, -NEW.amount);
    END IF;
    UPDATE balance SET minor = minor + NEW.amount WHERE account = NEW.credit AND currency = NEW.currency;
    IF NOT FOUND THEN
        INSERT INTO balance VALUES (NEW.credit, NEW.currency, NEW.amount);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER posting_books AFTER INSERT ON posting FOR EACH ROW EXECUTE FUNCTION book_posting();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER posting_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settled_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON settled
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A cycle takes in the postings after from_posting up to to_posting, netting itself left out.
CREATE TABLE netting_cycle (
    number       bigint PRIMARY KEY,
    from_posting bigint NOT NULL,
    to_posting   bigint NOT NULL,
    closed_at    bigint NOT NULL,
    CHECK (from_posting < to_posting)
);

CREATE TABLE netting_position (
    cycle          bigint NOT NULL REFERENCES netting_cycle,
    institution    integer NOT NULL REFERENCES institution,
    currency       text NOT NULL,
    gross_in       bigint NOT NULL,
    gross_out      bigint NOT NULL,
    float_redeemed bigint NOT NULL,
    net            bigint GENERATED ALWAYS AS (gross_in - gross_out) STORED,
    PRIMARY KEY (cycle, institution, currency)
);

-- Words out ------------------------------------------------------------------------------------------------------

CREATE TABLE inbox_event (
    institution integer NOT NULL REFERENCES institution,
    number      bigint NOT NULL CHECK (number > 0),
    body        bytea NOT NULL,
    PRIMARY KEY (institution, number)
);

CREATE FUNCTION refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 1
        AND NOT EXISTS (SELECT 1 FROM inbox_event WHERE institution = NEW.institution AND number = NEW.number - 1) THEN
        RAISE EXCEPTION 'event % of institution % leaves a gap', NEW.number, NEW.institution
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inbox_without_gaps BEFORE INSERT ON inbox_event FOR EACH ROW EXECUTE FUNCTION refuse_gap();

CREATE TABLE bulletin (
    epoch bigint PRIMARY KEY,
    cose  bytea NOT NULL
);

CREATE TABLE answered (
    institution integer NOT NULL REFERENCES institution,
    id          bytea NOT NULL,
    question    bytea NOT NULL,
    answer      bytea NOT NULL,
    PRIMARY KEY (institution, id)
);

CREATE TABLE operator_action (
    reference  text PRIMARY KEY,
    kind       text NOT NULL,
    decided_at bigint NOT NULL
);
