-- The workbench over quarantined rows: what became of each, and why.

-- The source that fetched a delivery, and the delivery whose quarantined rows
-- it brings again, mended; '' where there is none.
ALTER TABLE deliveries ADD COLUMN source  TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN mend_of TEXT NOT NULL DEFAULT '';

CREATE INDEX deliveries_mends ON deliveries (mend_of) WHERE mend_of <> '';

-- A superseded row is the second failure of a row that was mended in vain: the
-- row itself stays open, with the new reason, and only it is listed.
ALTER TABLE quarantined_rows ADD COLUMN state      TEXT NOT NULL DEFAULT 'open'
    CHECK (state IN ('open', 'mended', 'waived', 'returned', 'superseded'));
ALTER TABLE quarantined_rows ADD COLUMN note       TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantined_rows ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantined_rows ADD COLUMN changed_at TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantined_rows ADD COLUMN mended_by  TEXT NOT NULL DEFAULT '';
-- Why the row failed as it came, when a mended version failed for another
-- reason since; '' before.
ALTER TABLE quarantined_rows ADD COLUMN first_code TEXT NOT NULL DEFAULT '';

CREATE INDEX quarantined_rows_state ON quarantined_rows (delivery_id, state, row_no);

-- How many rows of a delivery failed for one reason and are in one state, kept
-- with every change of the rows: counting millions would take seconds.
CREATE TABLE quarantine_counts (
    delivery_id TEXT   NOT NULL REFERENCES deliveries (id),
    code        TEXT   NOT NULL,
    field       TEXT   NOT NULL,
    owner       TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    row_count   BIGINT NOT NULL CHECK (row_count >= 0),
    PRIMARY KEY (delivery_id, code, field, owner, state)
);

INSERT INTO quarantine_counts (delivery_id, code, field, owner, state, row_count)
    SELECT delivery_id, code, field, owner, state, COUNT(*)
    FROM quarantined_rows GROUP BY delivery_id, code, field, owner, state;

-- Which row a row of a mending delivery was made of, by whom and why. It is written together
-- with the delivery, so that whoever finishes it, the sender's call or a start
-- after a crash, knows what to mark.
CREATE TABLE mended_rows (
    delivery_id TEXT   NOT NULL REFERENCES deliveries (id),
    row_no      BIGINT NOT NULL CHECK (row_no > 0),
    of_row      BIGINT NOT NULL CHECK (of_row > 0),
    note        TEXT   NOT NULL,
    actor       TEXT   NOT NULL,
    PRIMARY KEY (delivery_id, row_no)
);
