package progress_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

// TestAnyOrder files, corrects and decides at random. Whatever is tried: for a
// period at most one report waits and at most one stands, nobody decided about
// their own, versions have no gap, nothing vanishes, and the chain agrees.
func TestAnyOrder(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	people := []string{"张三", "李四", "王五"}
	known := 0
	rapid.Check(t, func(rt *rapid.T) {
		page, err := b.Reports(t.Context(), clerk, store.ProgressFilter{Target: "homes.2024"}, "", store.MaxPage)
		if err != nil {
			rt.Fatal(err)
		}
		id := "P0"
		if n := len(page.Items); n > 0 {
			id = page.Items[rapid.IntRange(0, n-1).Draw(rt, "report")].ID
		}
		by := rapid.SampledFrom(people).Draw(rt, "by")
		d := progress.Decision{By: by, Reason: "x"}
		switch rapid.IntRange(0, 4).Draw(rt, "what") {
		case 0, 1:
			f := homes(rapid.SampledFrom([]string{"2024-08", "2024-09"}).Draw(rt, "period"), float64(rapid.IntRange(0, 5).Draw(rt, "value")))
			f.By = by
			if rapid.Bool().Draw(rt, "correct") {
				f.Replaces = id
			}
			_, err = b.File(t.Context(), clerk, f)
		case 2:
			_, err = b.Approve(t.Context(), clerk, id, d)
		case 3:
			_, err = b.Reject(t.Context(), clerk, id, d)
		default:
			_, err = b.Withdraw(t.Context(), clerk, id, d)
		}
		if err != nil && city.CodeOf(err) == city.CodeInternal {
			rt.Fatal(err)
		}
		if page, err = b.Reports(t.Context(), clerk, store.ProgressFilter{Target: "homes.2024"}, "", store.MaxPage); err != nil {
			rt.Fatal(err)
		}
		if len(page.Items) < known {
			rt.Fatalf("%d reports, there were %d", len(page.Items), known)
		}
		known = len(page.Items)
		holds(rt, page.Items)
	})
	b.verified(t)
}

// holds checks the laws of a history.
func holds(t *rapid.T, reports []progress.Report) {
	live, versions := map[string]int{}, map[string]int64{}
	for _, r := range reports { // the newest first
		if r.State == store.ProgressReported || r.State == store.ProgressApproved {
			if live[r.Period+string(r.State)]++; live[r.Period+string(r.State)] > 1 {
				t.Fatalf("two of %s are %s", r.Period, r.State)
			}
		}
		own, second := r.State == store.ProgressWithdrawn, r.State == store.ProgressApproved || r.State == store.ProgressRejected
		if own && r.By != r.DecidedBy || second && (r.By == r.DecidedBy || r.DecidedBy == "") {
			t.Fatalf("%s of %s was decided by %q", r.State, r.By, r.DecidedBy)
		}
		if later, ok := versions[r.Period]; ok && later != r.Version+1 {
			t.Fatalf("%s: version %d follows %d", r.Period, later, r.Version)
		}
		versions[r.Period] = r.Version
	}
}
