package app_test

import (
	"slices"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// TestKilledRollingBack kills a process at every step of a rollback, and opens
// the folder again. The first delivery is taken back: the second corrected one
// of its rows and brought the other again, so that nothing vanishes.
func TestKilledRollingBack(t *testing.T) {
	t.Parallel()
	steps := delivery.RollbackSteps()
	for i, step := range steps {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			c := child{Data: t.TempDir(), Content: []string{firstFile, secondFile}, Undo: step}
			if p := c.start(t); !p.wait() {
				t.Fatal("the process was not killed")
			}
			a := open(t, app.Options{Data: c.Data})
			wantTidy(t, a)
			wantVerified(t, a)
			wantTable(t, a, afterSecond)
			page, err := a.Store.Deliveries(t.Context(), store.Filter{Dataset: "hrss.jobs"}, "", store.MaxPage)
			if err != nil || len(page.Items) != 2 {
				t.Fatalf("%d deliveries, %v", len(page.Items), err)
			}
			first, second := page.Items[1], page.Items[0]
			if first.Seq > second.Seq {
				first, second = second, first
			}
			want := store.StateCommitted
			if i >= slices.Index(steps, delivery.StepRollbackCommitted) {
				want = store.StateRolledBack
			}
			if first.State != want {
				t.Errorf("the delivery is %s, want %s", first.State, want)
			}
			if want == store.StateCommitted { // it changed nothing and can be done again
				if _, err := a.Delivery.Rollback(t.Context(), delivery.RollbackRequest{DeliveryID: first.ID, Reason: "a test", Actor: "test"}); err != nil {
					t.Fatal(err)
				}
			}
			wantTable(t, a, afterSecond)
			wantVerified(t, a)
			if r, err := a.Delivery.Rollback(t.Context(), delivery.RollbackRequest{DeliveryID: second.ID, Reason: "a test", Actor: "test"}); err != nil || r.Removed != 3 {
				t.Errorf("the other one: %+v, %v", r, err)
			}
			wantTable(t, a, nil)
			wantTidy(t, a)
			wantVerified(t, a)
			if r := deliver(t, a, firstFile); balance(r) != "committed 2 = 2 + 0 + 0" {
				t.Errorf("the same file again: %s", balance(r))
			}
			wantTable(t, a, afterFirst)
			wantVerified(t, a)
		})
	}
}
