-- Official texts that targets are read from, and what reviewers make of the
-- proposals. The text is public and kept as decoded; the file itself lies in the
-- data folder under its hash.

CREATE TABLE drafts (
    id         TEXT   NOT NULL PRIMARY KEY,
    file       TEXT   NOT NULL, -- name of the file as it came
    sha256     TEXT   NOT NULL, -- of the file
    reading    TEXT   NOT NULL, -- JSON: what was read, without the text
    body       TEXT   NOT NULL, -- the decoded text that the offsets count in
    targets    BIGINT NOT NULL CHECK (targets >= 0),
    created_by TEXT   NOT NULL,
    created_at TEXT   NOT NULL,
    -- The file of the pack that it was written to; '' before, and once undone.
    -- prior is what the file held before, and written what it holds since.
    pack_file  TEXT   NOT NULL DEFAULT '',
    written    TEXT   NOT NULL DEFAULT '',
    prior      TEXT   NOT NULL DEFAULT '',
    written_by TEXT   NOT NULL DEFAULT '',
    written_at TEXT   NOT NULL DEFAULT ''
);

CREATE INDEX drafts_time ON drafts (created_at, id);

-- Where a proposal stands; a proposal without a row is untouched.
CREATE TABLE draft_targets (
    draft_id   TEXT   NOT NULL REFERENCES drafts (id),
    number     BIGINT NOT NULL CHECK (number > 0),
    state      TEXT   NOT NULL CHECK (state IN ('proposed', 'accepted', 'rejected')),
    edit       TEXT   NOT NULL, -- JSON: the declaration as edited; '' as proposed
    version    BIGINT NOT NULL CHECK (version > 0),
    changed_by TEXT   NOT NULL,
    changed_at TEXT   NOT NULL,
    PRIMARY KEY (draft_id, number)
);

-- Every change of a proposal, never changed itself.
CREATE TABLE draft_changes (
    draft_id   TEXT   NOT NULL REFERENCES drafts (id),
    number     BIGINT NOT NULL CHECK (number > 0),
    version    BIGINT NOT NULL CHECK (version > 0),
    state      TEXT   NOT NULL,
    edit       TEXT   NOT NULL,
    note       TEXT   NOT NULL,
    changed_by TEXT   NOT NULL,
    changed_at TEXT   NOT NULL,
    PRIMARY KEY (draft_id, number, version)
);
