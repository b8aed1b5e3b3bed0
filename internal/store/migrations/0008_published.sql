-- Published figures, and the declarations that they were computed by.
-- Nothing here is ever changed or removed.

-- The files of a pack as a zip archive, by the pack's hash. BYTEA is
-- PostgreSQL's name; SQLite keeps a blob in a column of any type.
CREATE TABLE pack_archives (
    sha256  TEXT  NOT NULL PRIMARY KEY,
    archive BYTEA NOT NULL
);

-- Which pack was in force from when on. The same pack may come back.
CREATE TABLE pack_editions (
    seq    BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
    sha256 TEXT   NOT NULL REFERENCES pack_archives (sha256),
    name   TEXT   NOT NULL,
    since  TEXT   NOT NULL
);

-- The definition of an indicator from an edition on, until the next one that
-- changed it; version '' says that it is no longer declared.
CREATE TABLE definitions (
    indicator TEXT   NOT NULL,
    seq       BIGINT NOT NULL REFERENCES pack_editions (seq),
    version   TEXT   NOT NULL,
    words_zh  TEXT   NOT NULL,
    words_en  TEXT   NOT NULL,
    body      TEXT   NOT NULL, -- the declaration, a JSON document
    PRIMARY KEY (indicator, seq)
);

-- A month, quarter or year that a person closed. Closed again, it has a
-- further revision, which names the one that it replaces.
CREATE TABLE closings (
    id          TEXT    NOT NULL PRIMARY KEY,
    period      TEXT    NOT NULL,
    grain       TEXT    NOT NULL,
    period_from TEXT    NOT NULL,
    period_to   TEXT    NOT NULL,
    revision    BIGINT  NOT NULL CHECK (revision > 0),
    replaces    TEXT    NOT NULL, -- ID of the revision before; '' of the first
    tag         TEXT    NOT NULL, -- of the lake, which keeps the snapshots
    pack_sha256 TEXT    NOT NULL REFERENCES pack_archives (sha256),
    today       TEXT    NOT NULL, -- the day that the city stood at
    closed_at   TEXT    NOT NULL,
    actor       TEXT    NOT NULL, -- as the audit chain names it
    person      TEXT    NOT NULL, -- who answers for it
    note        TEXT    NOT NULL,
    reason      TEXT    NOT NULL, -- why it was closed though incomplete; '' when it was complete
    simulated   BOOLEAN NOT NULL,
    figures     BIGINT  NOT NULL CHECK (figures >= 0),
    digest      TEXT    NOT NULL, -- SHA-256 over the sources and figures; the audit record has it too
    UNIQUE (period, revision)
);

CREATE INDEX closings_newest ON closings (period_to, closed_at, id);

-- What each dataset stood at.
CREATE TABLE closing_sources (
    closing_id   TEXT             NOT NULL REFERENCES closings (id),
    dataset      TEXT             NOT NULL,
    snapshot_id  TEXT             NOT NULL,
    committed_at TEXT             NOT NULL,
    complete_to  TEXT             NOT NULL,
    covered      TEXT             NOT NULL, -- the periods that deliveries spoke for, a JSON document
    fraction     DOUBLE PRECISION NOT NULL CHECK (fraction > 0 AND fraction <= 1),
    simulated    BOOLEAN          NOT NULL,
    PRIMARY KEY (closing_id, dataset)
);

CREATE TABLE published_figures (
    id         TEXT             NOT NULL PRIMARY KEY,
    closing_id TEXT             NOT NULL REFERENCES closings (id),
    number     BIGINT           NOT NULL CHECK (number > 0),
    indicator  TEXT             NOT NULL,
    version    TEXT             NOT NULL,
    dataset    TEXT             NOT NULL,
    dimension  TEXT             NOT NULL, -- '' for the whole city
    member     TEXT             NOT NULL, -- value of the dimension
    value      DOUBLE PRECISION,
    display    TEXT             NOT NULL,
    decimals   BIGINT           NOT NULL,
    unit       TEXT             NOT NULL,
    status     TEXT             NOT NULL,
    reason_zh  TEXT             NOT NULL,
    reason_en  TEXT             NOT NULL,
    row_count  BIGINT           NOT NULL CHECK (row_count >= 0),
    UNIQUE (closing_id, number),
    UNIQUE (closing_id, indicator, dimension, member)
);

CREATE INDEX published_figures_indicator ON published_figures (indicator, closing_id, number);
