-- Alerts: one for each cause, which is a rule and a subject. What a list asks by
-- stands in columns; the rest is the body, as package alert knows it.

CREATE TABLE alerts (
    id       TEXT   NOT NULL PRIMARY KEY,
    seq      BIGINT NOT NULL UNIQUE CHECK (seq > 0), -- the order in which they were last raised
    rule     TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    owner    TEXT   NOT NULL,
    severity TEXT   NOT NULL,
    state    TEXT   NOT NULL CHECK (state IN ('pending', 'firing', 'acknowledged', 'recovered')),
    silence  TEXT   NOT NULL, -- ID of the silence that holds its messages back; '' none
    urgency  BIGINT NOT NULL, -- 3 critical, 2 warning, 1 info; 0 when it is over
    body     TEXT   NOT NULL,
    UNIQUE (rule, subject)
);

CREATE INDEX alerts_place ON alerts (urgency, seq);

CREATE TABLE alert_events (
    alert_id   TEXT   NOT NULL,
    event_no   BIGINT NOT NULL CHECK (event_no > 0),
    at         TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    occurrence BIGINT NOT NULL,
    text_zh    TEXT   NOT NULL,
    text_en    TEXT   NOT NULL,
    done_by    TEXT   NOT NULL, -- the name that was stated; '' the program
    note       TEXT   NOT NULL,
    PRIMARY KEY (alert_id, event_no)
);

CREATE TABLE silences (
    id       TEXT NOT NULL PRIMARY KEY,
    rule     TEXT NOT NULL, -- '' any, and likewise below
    subject  TEXT NOT NULL,
    owner    TEXT NOT NULL,
    until_at TEXT NOT NULL,
    reason   TEXT NOT NULL,
    made_by  TEXT NOT NULL, -- the name that was stated
    made_as  TEXT NOT NULL, -- the principal who was let in
    made_at  TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    ended_by TEXT NOT NULL,
    CHECK (rule <> '' OR subject <> '' OR owner <> '')
);

-- What is to be sent. The key is made of what is told, so that it is kept once.
CREATE TABLE notifications (
    key        TEXT   NOT NULL PRIMARY KEY,
    seq        BIGINT NOT NULL UNIQUE CHECK (seq > 0),
    channel    TEXT   NOT NULL,
    message    TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    attempts   BIGINT NOT NULL,
    next_at    TEXT   NOT NULL,
    created_at TEXT   NOT NULL,
    ended_at   TEXT   NOT NULL,
    error_code TEXT   NOT NULL, -- of the last attempt
    error      TEXT   NOT NULL
);

CREATE INDEX notifications_queued ON notifications (next_at) WHERE state = 'queued';

CREATE TABLE notification_alerts (
    key      TEXT NOT NULL REFERENCES notifications (key),
    alert_id TEXT NOT NULL,
    PRIMARY KEY (key, alert_id)
);

CREATE INDEX notification_alerts_alert ON notification_alerts (alert_id);
