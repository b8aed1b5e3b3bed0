package storetest

import (
	"context"
	"testing"

	"github.com/jinyang-city/jinyang/internal/store"
)

func testSources(t *testing.T, f Factory) {
	again := f(t)
	s, ctx := reopen(t, again), context.Background()
	none, err := s.Source(ctx, "inbox")
	must(t, err)
	if none != (store.Source{Name: "inbox"}) {
		t.Fatalf("got %+v of a source that nobody knows", none)
	}
	kept := store.Source{Name: "inbox", Kind: "file", Cursor: "a\nb", StartedAt: start(), OKAt: start().Add(-1e9),
		Failures: 3, ErrorCode: "unavailable.source", ErrorMessage: "连不上", ErrorAt: start()}
	must(t, s.KeepSource(ctx, kept))
	must(t, s.PauseSource(ctx, "inbox", "file", true, entry("source.pause", "inbox")))
	kept.Cursor, kept.Failures, kept.ErrorCode, kept.ErrorMessage = "c", 0, "", ""
	must(t, s.KeepSource(ctx, kept))
	must(t, s.PauseSource(ctx, "other", "http", true, entry("source.pause", "other")))
	got, err := reopen(t, again).Source(ctx, "inbox")
	must(t, err)
	kept.Paused = true
	if got != kept {
		t.Errorf("got %+v, want %+v", got, kept)
	}
	head, err := s.AuditHead(ctx)
	must(t, err)
	if head.Seq != 2 {
		t.Errorf("%d audit records, want one for each pause", head.Seq)
	}
	wantCode(t, s.KeepSource(ctx, store.Source{Name: "x", Cursor: "\xff"}), "invalid")
}

// testSourceCounts holds that a source is credited with the deliveries that
// have a receipt, and with no others.
func testSourceCounts(t *testing.T, f Factory) {
	s, ctx := open(t, f), context.Background()
	for n := range 4 {
		d := sample(n)
		d.Source = "inbox"
		stage(t, s, d)
		if n == 3 {
			break // it is on its way
		}
		prepare(t, s, checked(d, int64(n)))
		finish(t, s, d.ID, []store.State{store.StateCommitted, store.StateRejected, store.StateAborted}[n])
	}
	commit(t, s, sample(9))
	got, err := s.Sources(ctx)
	must(t, err)
	want := store.Source{Name: "inbox", Deliveries: 2, Received: 201, Accepted: 194, LastDelivery: sample(1).ID}
	if len(got) != 1 || got["inbox"] != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
