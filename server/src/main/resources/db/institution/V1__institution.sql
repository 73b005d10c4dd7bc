-- An institution's accounts, purses, notes and books. Sums are minor units, times are seconds since 1970.

CREATE DOMAIN minor_units AS bigint CHECK (VALUE >= 0 AND VALUE < 281474976710656);
CREATE DOMAIN thumbprint AS bytea CHECK (length(VALUE) = 32);

CREATE TABLE account (
    name      text PRIMARY KEY CHECK (name ~ '^[a-z0-9-]{1,64}$'),
    holder    text NOT NULL CHECK (length(holder) BETWEEN 1 AND 128),
    tier      integer NOT NULL CHECK (tier BETWEEN 0 AND 255),
    currency  text NOT NULL,
    block     text NOT NULL DEFAULT 'NONE' CHECK (block IN ('NONE', 'OPERATOR', 'LOST', 'CONVICTED')),
    flagged   boolean NOT NULL DEFAULT false,
    opened_at bigint NOT NULL
);

-- Only the hash of a code is kept.
CREATE TABLE enrolment_code (
    code_hash  bytea PRIMARY KEY CHECK (length(code_hash) = 32),
    account    text NOT NULL REFERENCES account,
    expires_at bigint NOT NULL,
    used_at    bigint
);

CREATE TABLE account_key (
    thumbprint thumbprint PRIMARY KEY,
    account    text NOT NULL REFERENCES account,
    public_key bytea NOT NULL CHECK (length(public_key) = 33),
    bound_at   bigint NOT NULL
);

CREATE TABLE purse_key (
    thumbprint thumbprint PRIMARY KEY,
    account    text NOT NULL REFERENCES account,
    purse      thumbprint NOT NULL, -- the account key that enrolled it: one purse
    public_key bytea NOT NULL CHECK (length(public_key) = 33),
    element    smallint NOT NULL,
    status     text NOT NULL CHECK (status IN ('ACTIVE', 'RETIRED', 'REVOKED')),
    seq        bigint NOT NULL CHECK (seq >= 0),
    spent      minor_units NOT NULL,
    position   bigint GENERATED ALWAYS AS IDENTITY,
    bound_at   bigint NOT NULL
);
CREATE INDEX purse_key_by_account ON purse_key (account, position);

CREATE TABLE certificate (
    hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
    thumbprint thumbprint NOT NULL REFERENCES purse_key,
    cose       bytea NOT NULL,
    issued_at  bigint NOT NULL
);

-- One id of one sender is one message: it gets the stored answer, another body under it is refused.
CREATE TABLE message (
    sender    thumbprint NOT NULL,
    id        bytea NOT NULL CHECK (length(id) = 16),
    hash      bytea NOT NULL CHECK (length(hash) = 32),
    answer    bytea,
    opened_at bigint NOT NULL,
    PRIMARY KEY (sender, id)
);

-- What takes more than one transaction. It is run from its start again until it is done; every step of it acts once.
CREATE TABLE operation (
    reference text PRIMARY KEY,
    kind      text NOT NULL,
    account   text NOT NULL REFERENCES account,
    request   bytea NOT NULL,
    note      bytea,
    step      text CHECK (step IN ('CREDIT', 'NOTE')), -- a deposit's outcome, once chosen
    amount    minor_units NOT NULL DEFAULT 0,
    answer    bytea,
    opened_at bigint NOT NULL,
    done_at   bigint
);
CREATE INDEX operation_open ON operation (opened_at) WHERE done_at IS NULL;
CREATE INDEX operation_by_account ON operation (account, kind);

CREATE TABLE note (
    hash      bytea PRIMARY KEY CHECK (length(hash) = 32),
    operation text NOT NULL REFERENCES operation,
    account   text NOT NULL REFERENCES account,
    holder    thumbprint NOT NULL,
    currency  text NOT NULL,
    value     minor_units NOT NULL CHECK (value > 0),
    expiry    bigint NOT NULL,
    issued_at bigint NOT NULL
);

-- Double entry: a posting takes from one book and gives to another, so books always add up to zero.
CREATE TABLE book (
    name    text PRIMARY KEY,
    balance bigint NOT NULL DEFAULT 0,
    CONSTRAINT customers_never_owe CHECK (name !~ '^(user|held):' OR balance >= 0)
);

CREATE TABLE posting (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    debit     text NOT NULL REFERENCES book,
    credit    text NOT NULL REFERENCES book,
    amount    minor_units NOT NULL CHECK (amount > 0),
    text      text NOT NULL,
    at        bigint NOT NULL,
    CHECK (debit <> credit)
);
CREATE INDEX posting_debit ON posting (debit, id);
CREATE INDEX posting_credit ON posting (credit, id);

CREATE TABLE hold (
    reference text PRIMARY KEY,
    account   text NOT NULL REFERENCES account,
    amount    minor_units NOT NULL CHECK (amount > 0),
    state     text NOT NULL CHECK (state IN ('HELD', 'CAPTURED', 'RELEASED'))
);

CREATE TABLE deposit (
    hash      bytea PRIMARY KEY CHECK (length(hash) = 32),
    account   text NOT NULL REFERENCES account,
    signer    thumbprint NOT NULL,
    moved     minor_units NOT NULL, -- what the transfer moves
    credited  minor_units NOT NULL,
    withheld  minor_units NOT NULL,
    released  minor_units NOT NULL DEFAULT 0 CHECK (released <= withheld),
    returned  minor_units NOT NULL,
    answer    bytea NOT NULL,
    booked_at bigint NOT NULL
);

CREATE TABLE claim (
    id       bytea PRIMARY KEY CHECK (length(id) = 16),
    account  text NOT NULL REFERENCES account,
    returned minor_units NOT NULL,
    pending  minor_units NOT NULL DEFAULT 0
);

-- What an account owes; the key is a convicted purse key or a claim id.
CREATE TABLE debt (
    cause            bytea PRIMARY KEY,
    account          text NOT NULL REFERENCES account,
    owed             minor_units NOT NULL,
    recovered        minor_units NOT NULL CHECK (recovered <= owed),
    pending          minor_units NOT NULL DEFAULT 0,
    reported         bigint NOT NULL DEFAULT -1,
    from_fund        minor_units NOT NULL DEFAULT 0,
    from_institution minor_units NOT NULL DEFAULT 0,
    evidence         bytea
);
CREATE INDEX debt_by_account ON debt (account);

CREATE TABLE inbox (
    number bigint PRIMARY KEY,
    event  bytea NOT NULL,
    at     bigint NOT NULL
);

CREATE TABLE bulletin (
    epoch bigint PRIMARY KEY,
    cose  bytea NOT NULL
);

CREATE TABLE outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body       text NOT NULL,
    created_at bigint NOT NULL,
    attempts   integer NOT NULL DEFAULT 0,
    next_at    bigint NOT NULL,
    sent_at    bigint
);
CREATE INDEX outbox_waiting ON outbox (next_at) WHERE sent_at IS NULL;
