package analysis

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// asks is a page that is computed when the test lets it.
type asks struct {
	p     *pages
	count atomic.Int64
	let   chan error // one for each computation: how it ends
}

func (a *asks) get(t *testing.T, seq int64) (string, error) {
	page, err := a.p.get(t.Context(), "board", pageState{seq: seq}, func(context.Context) (any, error) {
		a.count.Add(1)
		return seq, <-a.let
	})
	return string(page.Doc), err
}

// newAsks makes a page whose readers wait that long.
func newAsks(t *testing.T, wait time.Duration) *asks {
	a := &asks{p: newPages(), let: make(chan error, 8)}
	a.p.wait = wait
	t.Cleanup(a.p.close)
	return a
}

// TestPageIsComputedOnce holds that all who ask for a state share one
// computation, and that it is kept.
func TestPageIsComputedOnce(t *testing.T) {
	t.Parallel()
	a := newAsks(t, time.Hour)
	a.let <- nil
	var wait sync.WaitGroup
	for range 100 {
		wait.Go(func() {
			if doc, err := a.get(t, 1); err != nil || doc != "1\n" {
				t.Errorf("%q, %v", doc, err)
			}
		})
	}
	wait.Wait()
	if n := a.count.Load(); n != 1 {
		t.Errorf("it was computed %d times", n)
	}
}

// TestPageBeforeIsGivenMeanwhile holds that a slow computation does not hold
// readers up who can be given the page before, and that they get the new one as
// soon as it is there.
func TestPageBeforeIsGivenMeanwhile(t *testing.T) {
	t.Parallel()
	a := newAsks(t, 0)
	a.let <- nil
	if doc, err := a.get(t, 1); err != nil || doc != "1\n" {
		t.Fatalf("%q, %v", doc, err)
	}
	if doc, err := a.get(t, 2); err != nil || doc != "1\n" {
		t.Errorf("while state 2 is computed: %q, %v", doc, err)
	}
	a.let <- nil
	for doc := "1\n"; doc != "2\n"; { // ends, or the test's time is up
		var err error
		if doc, err = a.get(t, 2); err != nil {
			t.Fatal(err)
		}
	}
	if doc, err := a.get(t, 1); err != nil || doc != "2\n" {
		t.Errorf("who asked before the change and comes late: %q, %v", doc, err)
	}
	if n := a.count.Load(); n != 2 {
		t.Errorf("it was computed %d times", n)
	}
}

// TestPageErrorIsNotHidden holds that readers are told of an error, and are not
// given the page of a state that is over for ever.
func TestPageErrorIsNotHidden(t *testing.T) {
	t.Parallel()
	a := newAsks(t, time.Hour)
	a.let <- nil
	if _, err := a.get(t, 1); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	a.let <- broken
	if _, err := a.get(t, 2); !errors.Is(err, broken) {
		t.Errorf("the first: %v", err)
	}
	a.let <- broken
	if _, err := a.get(t, 2); !errors.Is(err, broken) {
		t.Errorf("the second: %v", err)
	}
	a.let <- nil
	if doc, err := a.get(t, 2); err != nil || doc != "2\n" {
		t.Errorf("when it is mended: %q, %v", doc, err)
	}
}

// TestPagesClosed holds that nothing is begun after the end.
func TestPagesClosed(t *testing.T) {
	t.Parallel()
	a := newAsks(t, time.Hour)
	a.p.close()
	if _, err := a.get(t, 1); err == nil || a.count.Load() > 0 {
		t.Errorf("it was computed after the end: %v", err)
	}
}
