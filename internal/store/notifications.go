package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// NotificationState is where a message stands.
type NotificationState string

const (
	NotificationQueued NotificationState = "queued" // it is sent, or sent again, from NextAt on
	NotificationSent   NotificationState = "sent"
	NotificationFailed NotificationState = "failed" // it was tried for so long that nobody would want it any more
)

// Notification is a message to a channel, kept until it is sent and after.
type Notification struct {
	Key       string // stable: receivers drop what came twice by it
	Channel   string
	Message   json.RawMessage
	Alerts    []string // IDs of the alerts that it tells of
	State     NotificationState
	Attempts  int
	NextAt    time.Time
	CreatedAt time.Time
	EndedAt   time.Time // zero while it is queued
	ErrorCode city.Code // of the last attempt
	Error     string
}

const notificationColumns = `key, channel, message, state, attempts, next_at, created_at, ended_at, error_code, error`

func scanNotification(row scanner) (n Notification, err error) {
	var message, next, created, ended string
	if err := row.Scan(&n.Key, &n.Channel, &message, &n.State, &n.Attempts, &next, &created, &ended, &n.ErrorCode, &n.Error); err != nil {
		return n, err
	}
	n.Message = json.RawMessage(message)
	for _, t := range []struct {
		text string
		to   *time.Time
	}{{next, &n.NextAt}, {created, &n.CreatedAt}, {ended, &n.EndedAt}} {
		if *t.to, err = timeValue(t.text); err != nil {
			return n, err
		}
	}
	return n, nil
}

// writeMessages queues messages. One whose key is there was queued before, and
// is not queued again.
func (c AlertChange) writeMessages(ctx context.Context, tx *sql.Tx) error {
	for _, n := range c.Tell {
		if n.Key == "" || !isText(n.Channel) || !isDocument(n.Message) {
			return city.Errorf("invalid.alert", "a message cannot be kept: it has no key, or is not a JSON document")
		}
		done, err := tx.ExecContext(ctx, `INSERT INTO notifications (seq, `+notificationColumns+`)
			VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM notifications), $1, $2, $3, $4, 0, $5, $6, '', '', '') ON CONFLICT (key) DO NOTHING`,
			n.Key, n.Channel, string(n.Message), string(NotificationQueued), timeText(n.NextAt), timeText(n.CreatedAt))
		if err != nil {
			return err
		}
		if added, err := done.RowsAffected(); err != nil || added == 0 {
			if err != nil {
				return err
			}
			continue
		}
		for _, id := range n.Alerts {
			if _, err := tx.ExecContext(ctx, `INSERT INTO notification_alerts (key, alert_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, n.Key, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// DueNotifications lists queued messages whose time has come, in the order in
// which they were queued.
func (s *Store) DueNotifications(ctx context.Context, now time.Time, limit int) ([]Notification, error) {
	found, err := list(ctx, s.read, scanNotification, `SELECT `+notificationColumns+` FROM notifications
		WHERE state = 'queued' AND next_at <= $1 ORDER BY seq LIMIT $2`, timeText(now), pageSize(limit))
	return found, s.fail(err, "read the messages to be sent")
}

// NextNotification is when the next queued message is due; zero when none is.
func (s *Store) NextNotification(ctx context.Context) (time.Time, error) {
	var next string
	if err := s.read.QueryRowContext(ctx, `SELECT COALESCE(MIN(next_at), '') FROM notifications WHERE state = 'queued'`).Scan(&next); err != nil {
		return time.Time{}, s.fail(err, "read the messages to be sent")
	}
	t, err := timeValue(next)
	return t, s.fail(err, "read the messages to be sent")
}

// SettleNotification keeps how an attempt at a queued message ended: its state,
// attempts, next time and error. The end of a message is kept together with its
// audit record; another attempt to come is no change that anybody made, and has
// none.
func (s *Store) SettleNotification(ctx context.Context, n Notification, e *audit.Entry) error {
	return s.change(ctx, "keep how a message was sent", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE notifications SET state = $1, attempts = $2, next_at = $3, ended_at = $4, error_code = $5, error = $6
			WHERE key = $7 AND state = 'queued'`, string(n.State), n.Attempts, timeText(n.NextAt), timeText(n.EndedAt), string(n.ErrorCode), n.Error, n.Key); err != nil {
			return err
		}
		if e == nil {
			return nil
		}
		return appendAudit(ctx, tx, *e)
	})
}

// NotificationsOf lists the messages about an alert, the newest first.
func (s *Store) NotificationsOf(ctx context.Context, alert string) ([]Notification, error) {
	found, err := list(ctx, s.read, scanNotification, `SELECT `+notificationColumns+` FROM notifications
		WHERE key IN (SELECT key FROM notification_alerts WHERE alert_id = $1) ORDER BY seq DESC LIMIT 200`, alert)
	return found, s.fail(err, "read the messages about the alert")
}

// NotificationCounts counts the messages by their state.
func (s *Store) NotificationCounts(ctx context.Context) (map[NotificationState]int, error) {
	type counted struct {
		state NotificationState
		n     int
	}
	found, err := list(ctx, s.read, func(r scanner) (c counted, err error) {
		err = r.Scan(&c.state, &c.n)
		return c, err
	}, `SELECT state, COUNT(*) FROM notifications GROUP BY state`)
	out := map[NotificationState]int{}
	for _, c := range found {
		out[c.state] = c.n
	}
	return out, s.fail(err, "count the messages")
}
