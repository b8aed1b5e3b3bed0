-- How far each source has been fetched, and how its last polls ended. What it
-- brought is counted from deliveries, whose column source names it.

CREATE TABLE sources (
    name          TEXT    NOT NULL PRIMARY KEY,
    kind          TEXT    NOT NULL, -- the kind that wrote the cursor; another kind begins anew
    cursor        TEXT    NOT NULL,
    paused        BOOLEAN NOT NULL,
    started_at    TEXT    NOT NULL,
    ok_at         TEXT    NOT NULL,
    failures      BIGINT  NOT NULL CHECK (failures >= 0), -- polls in a row that failed
    error_code    TEXT    NOT NULL,
    error_message TEXT    NOT NULL,
    error_at      TEXT    NOT NULL
);

CREATE INDEX deliveries_source ON deliveries (source, seq, state, received, accepted) WHERE source <> '';
