-- Settings of the city and the audit chain.
-- Times are text, RFC 3339 in UTC with six decimals, so that they sort.

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE audit_records (
    seq       BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
    at        TEXT   NOT NULL,
    actor     TEXT   NOT NULL,
    action    TEXT   NOT NULL,
    subject   TEXT   NOT NULL,
    detail    TEXT   NOT NULL,
    prev_hash TEXT   NOT NULL UNIQUE,
    hash      TEXT   NOT NULL UNIQUE
);

CREATE INDEX audit_records_subject ON audit_records (subject, seq);
