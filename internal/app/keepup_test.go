package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
)

// TestServingMaintains lets a server's turns at maintenance come: the first soon
// after its start, the next an hour later, and none after its end.
func TestServingMaintains(t *testing.T) {
	t.Parallel()
	waits, turns := make(chan time.Duration), make(chan time.Time)
	a := open(t, app.Options{
		Data: t.TempDir(), Pack: packDir, Today: city.Date{Year: 2024, Month: time.January, Day: 31},
		After: func(d time.Duration) <-chan time.Time { waits <- d; return turns },
	})
	deliver(t, a, firstFile)
	l, err := app.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, l) }()
	if d := <-waits; d != time.Minute {
		t.Errorf("the first turn comes after %s", d)
	}
	turns <- time.Time{}
	if d := <-waits; d != time.Hour { // the turn is over
		t.Errorf("the next turn comes after %s", d)
	}
	wantTag(t, a, "month-2024-01", int64(len(afterFirst)))
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
