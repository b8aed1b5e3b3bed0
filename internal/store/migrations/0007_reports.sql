-- What the owners of promises report by hand. A report is never changed but for
-- its state and never deleted: a correction is a report of its own, which names
-- the one that it takes the place of.

CREATE TABLE progress_reports (
    id            TEXT    NOT NULL PRIMARY KEY,
    seq           BIGINT  NOT NULL UNIQUE CHECK (seq > 0), -- the order of filing
    rev           BIGINT  NOT NULL,                        -- grows with every change of any report
    target        TEXT    NOT NULL,
    period        TEXT    NOT NULL, -- 2024-10, 2024Q3 or 2024
    period_to     TEXT    NOT NULL, -- its last day
    version       BIGINT  NOT NULL CHECK (version > 0), -- within the target and period
    owner         TEXT    NOT NULL, -- city.Organisation.Name of who reports
    value         TEXT    NOT NULL, -- a decimal number; '' for a milestone
    done_on       TEXT    NOT NULL,
    expected_on   TEXT    NOT NULL,
    note          TEXT    NOT NULL,
    reported_by   TEXT    NOT NULL, -- the name that was stated
    reported_as   TEXT    NOT NULL, -- the principal who was let in
    reported_at   TEXT    NOT NULL,
    replaces      TEXT    NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('reported', 'approved', 'rejected', 'withdrawn', 'superseded')),
    decided_by    TEXT    NOT NULL,
    decided_as    TEXT    NOT NULL,
    decided_at    TEXT    NOT NULL,
    reason        TEXT    NOT NULL,
    superseded_by TEXT    NOT NULL,
    simulated     BOOLEAN NOT NULL,
    UNIQUE (target, period, version)
);

CREATE UNIQUE INDEX progress_rev ON progress_reports (rev);
-- At most one report waits, and at most one stands, for a target and period.
CREATE UNIQUE INDEX progress_waiting ON progress_reports (target, period) WHERE state = 'reported';
CREATE UNIQUE INDEX progress_standing ON progress_reports (target, period) WHERE state = 'approved';

CREATE TABLE progress_files (
    report_id  TEXT   NOT NULL REFERENCES progress_reports (id),
    file_no    BIGINT NOT NULL CHECK (file_no > 0),
    name       TEXT   NOT NULL,
    media_type TEXT   NOT NULL,
    bytes      BIGINT NOT NULL CHECK (bytes >= 0),
    sha256     TEXT   NOT NULL,
    PRIMARY KEY (report_id, file_no)
);

CREATE INDEX progress_files_content ON progress_files (sha256);
