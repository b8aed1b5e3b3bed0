package app_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// TestTheClockIsSetBack delivers, corrects, rolls back, maintains and verifies
// while the clock jumps between all of these.
func TestTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	for name, jumps := range map[string][2]int{"ten years back": {-10, 0}, "ten years ahead and back": {10, -10}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now, log := time.Now(), &bytes.Buffer{}
			o := app.Options{Data: t.TempDir(), Pack: packDir, Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(log, nil))}
			a := open(t, o)
			deliver(t, a, firstFile)
			first := committed(t, a)
			now = now.AddDate(jumps[0], 0, 0)
			second := deliver(t, a, secondFile)
			wantTable(t, a, afterSecond)
			now = now.AddDate(jumps[1], 0, 0)
			if _, err := a.Delivery.Rollback(t.Context(), delivery.RollbackRequest{DeliveryID: second.DeliveryID, Reason: "a test", Actor: "test"}); err != nil {
				t.Fatal(err)
			}
			wantTable(t, a, afterFirst)
			if _, err := a.Tag(t.Context(), "back", "test"); err != nil {
				t.Fatal(err)
			}
			last := deliver(t, a, strings.ReplaceAll(secondFile, "250", "260"))
			if got := balance(last); got != "committed 4 = 2 + 1 + 1" {
				t.Errorf("delivered again: %s", got)
			}
			if m := maintained(t, a, eager); m.Tables[0].Compacted == 0 {
				t.Errorf("maintained: %+v", m.Tables[0])
			}
			wantTag(t, a, "back", int64(len(afterFirst)))
			if v, err := a.Verify(t.Context()); err != nil || !v.OK || len(v.Notes) != 1 || !strings.Contains(v.Notes[0], "hrss.jobs: the clock is 87") {
				t.Errorf("verify: %+v, %v", v, err)
			}
			if n := strings.Count(log.String(), "the clock is behind"); n != 1 {
				t.Errorf("told %d times: %s", n, log)
			}
			if at := committed(t, a); !at.After(first) {
				t.Errorf("the last commit is at %s, the first at %s", at, first)
			}
		})
	}
}

// committed is the time of the last commit.
func committed(t *testing.T, a *app.App) time.Time {
	t.Helper()
	ds, err := a.City().Dataset("hrss.jobs")
	if err != nil {
		t.Fatal(err)
	}
	v, err := a.Lake.ViewAsOf(t.Context(), ds, lake.AsOf{})
	if err != nil {
		t.Fatal(err)
	}
	return v.CommittedAt
}
