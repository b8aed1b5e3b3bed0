-- Saved questions. A deleted view stays for a time, so that it can be had back.

CREATE TABLE views (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    question   TEXT   NOT NULL, -- a JSON document
    chart      TEXT   NOT NULL,
    note       TEXT   NOT NULL,
    version    BIGINT NOT NULL CHECK (version >= 1), -- counts the changes
    changed_by TEXT   NOT NULL,
    changed_at TEXT   NOT NULL,
    deleted_at TEXT   NOT NULL  -- empty while it is there
);

CREATE INDEX views_name ON views (deleted_at, name, id);
