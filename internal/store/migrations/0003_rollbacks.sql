-- Roll one delivery back: a further state of deliveries, their order, and who
-- rolled which back, when and why.

-- The list of states is part of the column, and no dialect can change it in
-- place: a column with the longer list takes the old one's name.
DROP INDEX deliveries_file;
DROP INDEX deliveries_open;
ALTER TABLE deliveries ADD COLUMN next_state TEXT NOT NULL DEFAULT 'staged'
    CHECK (next_state IN ('staged', 'validated', 'committed', 'rejected', 'aborted', 'rolled_back'));
UPDATE deliveries SET next_state = state;
ALTER TABLE deliveries DROP COLUMN state;
ALTER TABLE deliveries RENAME COLUMN next_state TO state;

-- The order in which deliveries were staged, from 1: clocks may be set back.
ALTER TABLE deliveries ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE deliveries SET seq = (SELECT COUNT(*) FROM deliveries AS d
    WHERE d.received_at < deliveries.received_at OR (d.received_at = deliveries.received_at AND d.id <= deliveries.id));

CREATE INDEX deliveries_seq  ON deliveries (seq);
CREATE INDEX deliveries_turn ON deliveries (dataset, seq);
CREATE INDEX deliveries_file ON deliveries (dataset, file_sha256) WHERE state = 'committed';
CREATE INDEX deliveries_open ON deliveries (seq) WHERE state IN ('staged', 'validated');

-- Removed and restored count rows of the table: a draft until committed.
CREATE TABLE rollbacks (
    id          TEXT   NOT NULL PRIMARY KEY,
    delivery_id TEXT   NOT NULL REFERENCES deliveries (id),
    dataset     TEXT   NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('staged', 'prepared', 'committed', 'aborted')),
    after_seq   BIGINT NOT NULL, -- the last delivery that was staged before it
    reason      TEXT   NOT NULL,
    actor       TEXT   NOT NULL,
    at          TEXT   NOT NULL,
    finished_at TEXT   NOT NULL,
    removed     BIGINT NOT NULL CHECK (removed >= 0),
    restored    BIGINT NOT NULL CHECK (restored >= 0),
    snapshot_id TEXT   NOT NULL
);

CREATE UNIQUE INDEX rollbacks_once ON rollbacks (delivery_id) WHERE state = 'committed';
CREATE INDEX rollbacks_delivery ON rollbacks (delivery_id);
CREATE INDEX rollbacks_dataset  ON rollbacks (dataset, after_seq);
CREATE INDEX rollbacks_open     ON rollbacks (at) WHERE state IN ('staged', 'prepared');
