package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

func alertOf(n int, state string, severity city.Severity) store.Alert {
	a := store.Alert{ID: fmt.Sprintf("A%02d", n), Rule: "late", Subject: fmt.Sprintf("dataset %d", n), Owner: "hrss", Severity: severity, State: state, Body: []byte(`{"n":1}`)}
	if state == "firing" || state == "acknowledged" {
		a.Urgency = severity.Rank()
	}
	return a
}

// keepAlerts makes one change of alerts.
func keepAlerts(t *testing.T, s *store.Store, c store.AlertChange) error {
	t.Helper()
	return s.ChangeAlerts(t.Context(), start(), func(store.AlertBook) (store.AlertChange, error) {
		c.Entries = []audit.Entry{entry("alerts.evaluate", "alerts")}
		return c, nil
	})
}

func testAlerts(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	must(t, keepAlerts(t, s, store.AlertChange{Put: []store.Alert{
		alertOf(1, "firing", city.SeverityInfo), alertOf(2, "firing", city.SeverityCritical), alertOf(3, "recovered", city.SeverityCritical),
		alertOf(4, "pending", city.SeverityCritical), alertOf(5, "acknowledged", city.SeverityCritical)},
		Events: []store.AlertEvent{{AlertID: "A02", At: start(), Kind: "raised", Occurrence: 1, Text: city.Text{ZH: "迟", EN: "late"}}, {AlertID: "A02", At: start(), Kind: "silenced", Occurrence: 1, By: "张三"}}}))
	var got []string
	for _, page := range pages(t, func(cursor string) (store.Page[store.Alert], error) {
		return s.Alerts(ctx, store.AlertFilter{}, cursor, 3)
	}) {
		for _, a := range page {
			got = append(got, a.ID)
		}
	}
	if fmt.Sprint(got) != "[A05 A02 A01 A03]" {
		t.Errorf("the alerts are %v", got)
	}
	twice := alertOf(6, "firing", city.SeverityInfo)
	twice.Subject = alertOf(1, "", "").Subject
	wantCode(t, keepAlerts(t, s, store.AlertChange{Put: []store.Alert{twice}}), city.CodeConflict) // a second alert of one cause
	must(t, keepAlerts(t, s, store.AlertChange{Drop: []string{"A04", "A02"}}))                     // only what was never raised goes
	if _, err := s.Alert(ctx, "A02"); err != nil {
		t.Error(err)
	}
	_, err := s.Alert(ctx, "A04")
	wantCode(t, err, city.CodeNotFound)
	events, err := s.AlertEvents(ctx, "A02")
	if err != nil || len(events) != 2 || events[0].Text.ZH != "迟" || events[1].By != "张三" || !events[1].At.Equal(start()) {
		t.Errorf("events %+v, %v", events, err)
	}
	before, err := s.ChangeSeq(ctx)
	must(t, err)
	must(t, keepAlerts(t, s, store.AlertChange{}))
	if after, err := s.ChangeSeq(ctx); err != nil || after != before {
		t.Errorf("an empty change was written: %v", err)
	}
}

func testSilences(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	one := store.Silence{ID: "S1", Rule: "late", Until: start().Add(time.Hour), Reason: "演练", By: "张三", As: "test", At: start()}
	two := store.Silence{ID: "S2", Owner: "hrss", Until: start().Add(-time.Hour), Reason: "x", By: "张三", As: "test", At: start()}
	must(t, keepAlerts(t, s, store.AlertChange{Silences: []store.Silence{one, two}}))
	wantCode(t, keepAlerts(t, s, store.AlertChange{Silences: []store.Silence{{ID: "S3", Until: start()}}}), city.CodeConflict) // it silences everything
	in, err := s.Silences(ctx, start())
	must(t, err)
	all, err := s.Silences(ctx, time.Time{})
	if err != nil || len(in) != 1 || in[0] != one || len(all) != 2 {
		t.Errorf("in force %+v of %d, %v", in, len(all), err)
	}
	one.EndedAt, one.EndedBy = start().Add(time.Minute), "李四"
	must(t, keepAlerts(t, s, store.AlertChange{Silences: []store.Silence{one}}))
	if in, err := s.Silences(ctx, start()); err != nil || len(in) != 0 {
		t.Errorf("in force after its end: %+v, %v", in, err)
	}
}

func testNotifications(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	n := store.Notification{Key: "K1", Channel: "duty", Message: []byte(`{}`), Alerts: []string{"A1", "A2"}, NextAt: start(), CreatedAt: start()}
	other := n
	other.Key, other.NextAt = "K2", start().Add(time.Hour)
	must(t, keepAlerts(t, s, store.AlertChange{Tell: []store.Notification{n, n, other}}))
	must(t, keepAlerts(t, s, store.AlertChange{Tell: []store.Notification{n}})) // queued before: not again
	due, err := s.DueNotifications(ctx, start(), 0)
	if err != nil || len(due) != 1 || due[0].Key != "K1" || due[0].State != store.NotificationQueued {
		t.Fatalf("due %+v, %v", due, err)
	}
	later := due[0]
	later.Attempts, later.NextAt, later.ErrorCode, later.Error = 1, start().Add(time.Minute), "unavailable.email", "no"
	must(t, s.SettleNotification(ctx, later, nil))
	if next, err := s.NextNotification(ctx); err != nil || !next.Equal(later.NextAt) {
		t.Errorf("next at %s, %v", next, err)
	}
	sent := later
	sent.State, sent.EndedAt, sent.Attempts, sent.ErrorCode, sent.Error = store.NotificationSent, start().Add(time.Minute), 2, "", ""
	e := entry("alert.sent", "K1")
	must(t, s.SettleNotification(ctx, sent, &e))
	must(t, s.SettleNotification(ctx, later, nil)) // comes too late, and changes nothing
	of, err := s.NotificationsOf(ctx, "A2")
	if err != nil || len(of) != 2 || of[1].Key != "K1" || of[1].State != store.NotificationSent || of[1].Attempts != 2 || of[1].Error != "" {
		t.Errorf("messages about A2: %+v, %v", of, err)
	}
	must(t, keepAlerts(t, s, store.AlertChange{Tell: []store.Notification{n}})) // sent before: not again
	if due, err := s.DueNotifications(ctx, start().Add(time.Minute), 0); err != nil || len(due) != 0 {
		t.Errorf("what was sent is due again: %+v, %v", due, err)
	}
}
