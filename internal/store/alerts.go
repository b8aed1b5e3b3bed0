package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Alert is what is kept of a cause; package alert says what the states mean.
type Alert struct {
	ID       string
	Seq      int64 // the order of raising; 0 has ChangeAlerts give the next one
	Rule     string
	Subject  string
	Owner    string
	Severity city.Severity
	State    string
	Silence  string // ID of the silence that holds its messages back; "" none
	Urgency  int    // rank of the severity; 0 when it is over
	Body     json.RawMessage
}

// AlertEvent is a line of an alert's history.
type AlertEvent struct {
	AlertID    string
	At         time.Time
	Kind       string
	Occurrence int
	Text       city.Text
	By         string
	Note       string
}

// Silence holds the messages of alerts back; empty matchers match all.
type Silence struct {
	ID, Rule, Subject, Owner string
	Until                    time.Time
	Reason, By, As           string
	At                       time.Time
	EndedAt                  time.Time
	EndedBy                  string
}

// AlertBook is all that is known of alerts: what a change is decided on.
type AlertBook struct {
	Alerts   []Alert   // also those that are over
	Silences []Silence // those that nobody ended and whose time has not run out
}

// AlertChange is what happens in one transaction.
type AlertChange struct {
	Put      []Alert
	Drop     []string // IDs of alerts that were never raised
	Events   []AlertEvent
	Silences []Silence      // made or ended
	Tell     []Notification // one whose key is kept already is passed over
	Entries  []audit.Entry
}

func (c AlertChange) empty() bool {
	return len(c.Put)+len(c.Drop)+len(c.Events)+len(c.Silences)+len(c.Tell) == 0
}

// ChangeAlerts hands all alerts and the silences in force at a time to decide,
// and writes what it answers in the same transaction, with the audit records and
// the messages to be sent: after a crash either an alert is raised and its
// message waits, or neither is. An empty answer writes nothing.
func (s *Store) ChangeAlerts(ctx context.Context, now time.Time, decide func(AlertBook) (AlertChange, error)) error {
	return s.change(ctx, "change the alerts", func(tx *sql.Tx) error {
		var book AlertBook
		var err error
		if book.Alerts, err = list(ctx, tx, scanAlert, `SELECT `+alertColumns+` FROM alerts ORDER BY seq`); err != nil {
			return err
		}
		if book.Silences, err = list(ctx, tx, scanSilence, `SELECT `+silenceColumns+` FROM silences WHERE ended_at = '' AND until_at > $1 ORDER BY until_at`, timeText(now)); err != nil {
			return err
		}
		c, err := decide(book)
		if err != nil || c.empty() {
			return err
		}
		return c.write(ctx, tx)
	})
}

func (c AlertChange) write(ctx context.Context, tx *sql.Tx) error {
	for _, f := range []func(context.Context, *sql.Tx) error{c.writeAlerts, c.writeEvents, c.writeSilences, c.writeMessages} {
		if err := f(ctx, tx); err != nil {
			return err
		}
	}
	for _, e := range c.Entries {
		if err := appendAudit(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

func (c AlertChange) writeAlerts(ctx context.Context, tx *sql.Tx) error {
	var seq int64
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0) FROM alerts`).Scan(&seq); err != nil {
		return err
	}
	for _, id := range c.Drop {
		if _, err := tx.ExecContext(ctx, `DELETE FROM alerts WHERE id = $1 AND state = 'pending'`, id); err != nil {
			return err
		}
	}
	for _, a := range c.Put {
		if !isText(a.Rule) || !isText(a.Subject) || !isDocument(a.Body) {
			return city.Errorf("invalid.alert", "the alert cannot be kept: something in it is not UTF-8 text")
		}
		if a.Seq == 0 {
			seq++
			a.Seq = seq
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO alerts (`+alertColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, owner = excluded.owner, severity = excluded.severity, state = excluded.state,
			silence = excluded.silence, urgency = excluded.urgency, body = excluded.body`,
			a.ID, a.Seq, a.Rule, a.Subject, a.Owner, string(a.Severity), a.State, a.Silence, a.Urgency, string(a.Body)); err != nil {
			return err
		}
	}
	return nil
}

func (c AlertChange) writeEvents(ctx context.Context, tx *sql.Tx) error {
	for _, e := range c.Events {
		if !isText(e.Text.ZH) || !isText(e.Text.EN) || !isText(e.By) || !isText(e.Note) {
			return city.Errorf("invalid.alert", "the event of an alert cannot be kept: something in it is not UTF-8 text")
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO alert_events (alert_id, event_no, at, kind, occurrence, text_zh, text_en, done_by, note)
			VALUES ($1, (SELECT COALESCE(MAX(event_no), 0) + 1 FROM alert_events WHERE alert_id = $2), $3, $4, $5, $6, $7, $8, $9)`,
			e.AlertID, e.AlertID, timeText(e.At), e.Kind, e.Occurrence, e.Text.ZH, e.Text.EN, e.By, e.Note); err != nil {
			return err
		}
	}
	return nil
}

func (c AlertChange) writeSilences(ctx context.Context, tx *sql.Tx) error {
	for _, s := range c.Silences {
		for _, text := range []string{s.ID, s.Rule, s.Subject, s.Owner, s.Reason, s.By, s.As, s.EndedBy} {
			if !isText(text) {
				return city.Errorf("invalid.silence", "the silence cannot be kept: something in it is not UTF-8 text")
			}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO silences (`+silenceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, ended_by = excluded.ended_by`,
			s.ID, s.Rule, s.Subject, s.Owner, timeText(s.Until), s.Reason, s.By, s.As, timeText(s.At), timeText(s.EndedAt), s.EndedBy); err != nil {
			return err
		}
	}
	return nil
}
