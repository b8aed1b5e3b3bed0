package store

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

const (
	alertColumns   = `id, seq, rule, subject, owner, severity, state, silence, urgency, body`
	silenceColumns = `id, rule, subject, owner, until_at, reason, made_by, made_as, made_at, ended_at, ended_by`
)

func scanAlert(row scanner) (a Alert, err error) {
	var body string
	err = row.Scan(&a.ID, &a.Seq, &a.Rule, &a.Subject, &a.Owner, &a.Severity, &a.State, &a.Silence, &a.Urgency, &body)
	a.Body = json.RawMessage(body)
	return a, err
}

func scanSilence(row scanner) (s Silence, err error) {
	var until, at, ended string
	if err := row.Scan(&s.ID, &s.Rule, &s.Subject, &s.Owner, &until, &s.Reason, &s.By, &s.As, &at, &ended, &s.EndedBy); err != nil {
		return s, err
	}
	for _, t := range []struct {
		text string
		to   *time.Time
	}{{until, &s.Until}, {at, &s.At}, {ended, &s.EndedAt}} {
		if *t.to, err = timeValue(t.text); err != nil {
			return s, err
		}
	}
	return s, nil
}

// AlertFilter narrows a list of alerts. An empty member does not narrow.
type AlertFilter struct {
	States   []string
	Severity city.Severity
	Owner    string
	Rule     string
	Silenced *bool
}

// Alerts pages through the alerts that were ever raised: those that are there
// by severity, then those that are over; in each the newest first.
func (s *Store) Alerts(ctx context.Context, f AlertFilter, cursor string, limit int) (Page[Alert], error) {
	q := newQuery(`SELECT ` + alertColumns + ` FROM alerts`)
	q.where(`state <> `, "pending")
	q.whereIn(`state`, f.States)
	for _, w := range []struct{ column, value string }{{`severity = `, string(f.Severity)}, {`owner = `, f.Owner}, {`rule = `, f.Rule}} {
		if w.value != "" {
			q.where(w.column, w.value)
		}
	}
	if f.Silenced != nil {
		op := `silence = `
		if *f.Silenced {
			op = `silence <> `
		}
		q.where(op, "")
	}
	if cursor != "" {
		urgency, seq, err := parseAlertCursor(cursor)
		if err != nil {
			return Page[Alert]{}, err
		}
		q.whereAfter([2]string{"urgency", "seq"}, "<", urgency, seq)
	}
	size := pageSize(limit)
	found, err := list(ctx, s.read, scanAlert, q.page(`urgency DESC, seq DESC`, size), q.args...)
	if err != nil {
		return Page[Alert]{}, s.fail(err, "read the alerts")
	}
	return paged(found, size, func(a Alert) string { return encodeCursor(strconv.Itoa(a.Urgency), strconv.FormatInt(a.Seq, 10)) }), nil
}

func parseAlertCursor(cursor string) (urgency, seq int64, err error) {
	parts, err := decodeCursor(cursor, 2)
	if err != nil {
		return 0, 0, err
	}
	urgency, err = strconv.ParseInt(parts[0], 10, 8)
	if err == nil {
		seq, err = strconv.ParseInt(parts[1], 10, 64)
	}
	if err != nil {
		return 0, 0, badCursor()
	}
	return urgency, seq, nil
}

// Alert gives one alert, or fails with not_found.
func (s *Store) Alert(ctx context.Context, id string) (Alert, error) {
	a, err := scanAlert(s.read.QueryRowContext(ctx, `SELECT `+alertColumns+` FROM alerts WHERE id = $1`, id))
	if isNone(err) {
		return a, city.Errorf(city.CodeNotFound, "there is no alert %.100q", id)
	}
	return a, s.fail(err, "read the alert")
}

// AlertEvents gives the history of an alert, the oldest first.
func (s *Store) AlertEvents(ctx context.Context, id string) ([]AlertEvent, error) {
	found, err := list(ctx, s.read, func(r scanner) (e AlertEvent, err error) {
		var at string
		if err := r.Scan(&e.AlertID, &at, &e.Kind, &e.Occurrence, &e.Text.ZH, &e.Text.EN, &e.By, &e.Note); err != nil {
			return e, err
		}
		e.At, err = timeValue(at)
		return e, err
	}, `SELECT alert_id, at, kind, occurrence, text_zh, text_en, done_by, note FROM alert_events WHERE alert_id = $1 ORDER BY event_no`, id)
	return found, s.fail(err, "read the history of the alert")
}

// AlertCount is how many alerts are in a state.
type AlertCount struct {
	Severity city.Severity
	State    string
	Silenced bool
	Count    int
}

// AlertCounts counts the alerts that are there.
func (s *Store) AlertCounts(ctx context.Context) ([]AlertCount, error) {
	found, err := list(ctx, s.read, func(r scanner) (c AlertCount, err error) {
		err = r.Scan(&c.Severity, &c.State, &c.Silenced, &c.Count)
		return c, err
	}, `SELECT severity, state, silence <> '', COUNT(*) FROM alerts WHERE urgency > 0 GROUP BY severity, state, silence <> ''`)
	return found, s.fail(err, "count the alerts")
}

// Silences lists silences, those that last longest first: those in force at a
// time, or all when the time is zero.
func (s *Store) Silences(ctx context.Context, inForce time.Time) ([]Silence, error) {
	q := newQuery(`SELECT ` + silenceColumns + ` FROM silences`)
	if !inForce.IsZero() {
		q.where(`until_at > `, timeText(inForce))
		q.where(`ended_at = `, "")
	}
	found, err := list(ctx, s.read, scanSilence, q.text.String()+` ORDER BY until_at DESC, id LIMIT `+strconv.Itoa(MaxPage), q.args...)
	return found, s.fail(err, "read the silences")
}

// Silence gives one silence, or fails with not_found.
func (s *Store) Silence(ctx context.Context, id string) (Silence, error) {
	out, err := scanSilence(s.read.QueryRowContext(ctx, `SELECT `+silenceColumns+` FROM silences WHERE id = $1`, id))
	if isNone(err) {
		return out, city.Errorf(city.CodeNotFound, "there is no silence %.100q", id)
	}
	return out, s.fail(err, "read the silence")
}
