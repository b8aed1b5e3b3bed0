package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

func rollbackOf(n, try int) store.Rollback {
	return store.Rollback{ID: fmt.Sprintf("R%05d-%d", n, try), DeliveryID: sample(n).ID, Dataset: sample(n).Dataset, Reason: "错批", Actor: "test", At: start()}
}

// testRollbacks takes a delivery back, and holds that nothing counts it then.
func testRollbacks(t *testing.T, f Factory) {
	again := f(t)
	s := reopen(t, again)
	ctx := t.Context()
	for n := 1; n <= 3; n++ {
		commit(t, s, sample(n))
	}
	r := rollbackOf(2, 1)
	must(t, s.StageRollback(ctx, r, entry("rollback.stage", r.ID)))
	open, err := reopen(t, again).OpenRollbacks(ctx)
	if err != nil || len(open) != 1 || open[0].ID != r.ID || open[0].State != store.RollbackStaged || open[0].AfterSeq != 3 {
		t.Errorf("open are %+v, %v", open, err)
	}
	must(t, s.PrepareRollback(ctx, r.ID, 5, 2, entry("rollback.prepare", r.ID)))
	at := start().Add(2 * time.Hour)
	for range 2 { // finishing again does nothing
		must(t, s.FinishRollback(ctx, r.ID, "77", at, entry("delivery.rollback", r.ID)))
	}
	d, err := s.Delivery(ctx, sample(2).ID)
	if err != nil || d.State != store.StateRolledBack || d.SnapshotID == "" || len(d.Receipt) == 0 {
		t.Errorf("the delivery is %+v, %v", d, err)
	}
	got, found, err := s.RollbackOf(ctx, d.ID)
	r.State, r.AfterSeq, r.FinishedAt, r.Removed, r.Restored, r.SnapshotID = store.RollbackCommitted, 3, at, 5, 2, "77"
	if err != nil || !found || got != r {
		t.Errorf("got %+v, %v, %v", got, found, err)
	}
	if _, found, err := s.CommittedFile(ctx, d.Dataset, d.FileSHA256); found || err != nil {
		t.Errorf("its file counts: %v", err)
	}
	if files, err := s.FileDeliveries(ctx, d.Dataset, d.FileSHA256); err != nil || len(files) != 1 {
		t.Errorf("its file is not known: %v", err)
	}
	since, err := s.Since(ctx, d.Dataset, 2)
	if err != nil || len(since) != 2 || since[0].ID != d.ID {
		t.Errorf("since it: %+v, %v", since, err)
	}
	for asOf, want := range map[time.Time]int{{}: 2, at.Add(-time.Second): 3, at: 2} {
		if spans, err := s.CommittedPeriods(ctx, d.Dataset, asOf); err != nil || len(spans) != want {
			t.Errorf("as of %s: %d periods, %v; want %d", asOf, len(spans), err, want)
		}
	}
	if totals, err := s.DatasetTotals(ctx); err != nil || totals[0].Committed != 2 {
		t.Errorf("totals %+v, %v", totals, err)
	}
	if _, err := s.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
}

// testRollbackPaths holds what may follow what.
func testRollbackPaths(t *testing.T, f Factory) {
	s := open(t, f)
	ctx := t.Context()
	stage(t, s, sample(1))
	r := rollbackOf(1, 1)
	try := func() error { return s.StageRollback(ctx, r, entry("rollback.stage", r.ID)) }
	wantCode(t, try(), "conflict.delivery") // it is not committed
	commit(t, s, sample(2))
	r = rollbackOf(2, 1)
	must(t, try())
	r = rollbackOf(2, 2)
	wantCode(t, try(), "conflict.rollback") // one is under way
	first := rollbackOf(2, 1).ID
	wantCode(t, s.FinishRollback(ctx, first, "1", start(), entry("x", first)), "conflict.rollback") // it is not prepared
	must(t, s.AbortRollback(ctx, first, start(), entry("x", first)))
	wantCode(t, s.PrepareRollback(ctx, first, 1, 1, entry("x", first)), "conflict.rollback")
	must(t, try()) // an aborted one changed nothing
	must(t, s.PrepareRollback(ctx, r.ID, 1, 1, entry("x", r.ID)))
	must(t, s.FinishRollback(ctx, r.ID, "1", start(), entry("x", r.ID)))
	wantCode(t, s.AbortRollback(ctx, r.ID, start(), entry("x", r.ID)), "conflict.rollback")
	r = rollbackOf(2, 3)
	wantCode(t, try(), "conflict.delivery") // it is rolled back
	r.Reason = " "
	wantCode(t, try(), city.CodeInvalid)
	wantCode(t, s.AbortRollback(ctx, "R0", start(), entry("x", "R0")), city.CodeNotFound)
}
