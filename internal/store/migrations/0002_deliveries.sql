-- Deliveries and the rows that they left in quarantine.
-- Days are text, 2006-01-02, and '' when the sender gave none.

CREATE TABLE deliveries (
    id              TEXT             NOT NULL PRIMARY KEY,
    dataset         TEXT             NOT NULL,
    batch           TEXT             NOT NULL,
    state           TEXT             NOT NULL CHECK (state IN ('staged', 'validated', 'committed', 'rejected', 'aborted')),
    file_name       TEXT             NOT NULL,
    file_sha256     TEXT             NOT NULL,
    file_bytes      BIGINT           NOT NULL CHECK (file_bytes >= 0),
    period_from     TEXT             NOT NULL,
    period_to       TEXT             NOT NULL,
    sent_at         TEXT             NOT NULL,
    received_at     TEXT             NOT NULL,
    finished_at     TEXT             NOT NULL,
    received        BIGINT           NOT NULL CHECK (received >= 0),
    accepted        BIGINT           NOT NULL CHECK (accepted >= 0),
    quarantined     BIGINT           NOT NULL CHECK (quarantined >= 0),
    duplicate       BIGINT           NOT NULL CHECK (duplicate >= 0),
    snapshot_id     TEXT             NOT NULL,
    simulated       BOOLEAN          NOT NULL,
    sample_fraction DOUBLE PRECISION NOT NULL CHECK (sample_fraction > 0 AND sample_fraction <= 1),
    receipt         TEXT             NOT NULL,
    evidence        TEXT             NOT NULL,
    CHECK (received = accepted + quarantined + duplicate),
    CHECK (period_from <= period_to)
);

CREATE INDEX deliveries_newest  ON deliveries (received_at, id);
CREATE INDEX deliveries_period  ON deliveries (dataset, period_from, period_to);
CREATE INDEX deliveries_dataset ON deliveries (dataset, received_at, id);
CREATE INDEX deliveries_file    ON deliveries (dataset, file_sha256) WHERE state = 'committed';
CREATE INDEX deliveries_open    ON deliveries (received_at, id) WHERE state IN ('staged', 'validated');

-- BYTEA is PostgreSQL's name; SQLite keeps a blob in a column of any type.
CREATE TABLE quarantined_rows (
    delivery_id TEXT   NOT NULL REFERENCES deliveries (id),
    row_no      BIGINT NOT NULL CHECK (row_no > 0),
    field       TEXT   NOT NULL,
    code        TEXT   NOT NULL,
    message     TEXT   NOT NULL,
    masked      TEXT   NOT NULL,
    sealed      BYTEA  NOT NULL,
    owner       TEXT   NOT NULL,
    PRIMARY KEY (delivery_id, row_no)
);

CREATE INDEX quarantined_rows_reason ON quarantined_rows (delivery_id, code, field, row_no);
