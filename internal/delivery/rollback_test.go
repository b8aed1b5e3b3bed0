package delivery_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// countOf counts the rows of a table that a delivery wrote.
func (b *bench) countOf(dataset, deliveryID string) (n int64) {
	b.t.Helper()
	ds, err := b.city.Dataset(dataset)
	if err != nil {
		b.t.Fatal(err)
	}
	v, err := b.lake.View(context.Background(), ds, time.Time{})
	if err != nil {
		b.t.Fatal(err)
	}
	rows, err := b.eng.Query(context.Background(), fmt.Sprintf(`SELECT count(*) FROM %s WHERE _delivery = ?`, b.eng.Relation(v)), deliveryID)
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			b.t.Fatal(err)
		}
	}
	return n
}

func (b *bench) rollBack(id string) *delivery.Rollback {
	b.t.Helper()
	r, err := b.svc.Rollback(b.t.Context(), delivery.RollbackRequest{DeliveryID: id, Reason: "sent by mistake", Actor: "test"})
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func changes(r *delivery.Rollback) string { return fmt.Sprintf("-%d+%d", r.Removed, r.Restored) }

// TestRollback takes deliveries back in the ways that differ; TestRollbackModel
// looks for those that nobody thought of.
func TestRollback(t *testing.T) {
	t.Parallel()
	row := func(no string, wage int) string { return fmt.Sprintf("%s,,,2024-01-05,%d\n", no, wage) }
	cases := map[string]struct {
		files   []string
		which   int
		changes string
		table   string // no:wage …
	}{
		"one that only added":            {[]string{row("A", 1), row("B", 2)}, 1, "-1+0", "A:1"},
		"the older version comes back":   {[]string{row("A", 1), row("A", 2)}, 1, "-1+1", "A:1"},
		"a newer version stays":          {[]string{row("A", 1), row("A", 2) + row("B", 2), row("A", 3)}, 1, "-1+0", "A:3"},
		"a row that came equal stays":    {[]string{row("A", 1), row("A", 1) + row("B", 2)}, 0, "-1+1", "A:1 B:2"},
		"a file that came again counts":  {[]string{row("A", 1), row("A", 1)}, 0, "-1+1", "A:1"},
		"a file that came again and won": {[]string{row("A", 1), row("A", 2), row("A", 1)}, 0, "-1+1", "A:1"},
		"one that changed nothing":       {[]string{row("A", 1), row("A", 1)}, 1, "-0+0", "A:1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			var ids []string
			for _, f := range c.files {
				ids = append(ids, b.deliver("hrss.jobs", head+f).DeliveryID)
			}
			if got := changes(b.rollBack(ids[c.which])); got != c.changes {
				t.Errorf("changed %s, want %s", got, c.changes)
			}
			var got []string
			for _, r := range b.table("hrss.jobs") {
				f := strings.Split(r, "|")
				got = append(got, f[0]+":"+strings.TrimSuffix(f[4], ".00"))
			}
			if g := strings.Join(got, " "); g != c.table {
				t.Errorf("the table holds %s, want %s", g, c.table)
			}
			if n := b.countOf("hrss.jobs", ids[c.which]); n != 0 {
				t.Errorf("%d rows are still the delivery's", n)
			}
		})
	}
}

// TestRollbackMovedRow takes back what moved a row out of a month that was
// replaced later: the row would have vanished with the rest of the month.
func TestRollbackMovedRow(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.inMode(city.ModeReplace)
	b.deliver("hrss.jobs", head+"B,,,2024-01-05,1\n")
	moved := b.deliver("hrss.jobs", head+"B,,,2024-02-05,1\n")
	b.deliver("hrss.jobs", head+"A,,,2024-01-05,1\n")
	b.wantTable("hrss.jobs", "A|-|140100|2024-01-05|1.00", "B|-|140100|2024-02-05|1.00")
	if got := changes(b.rollBack(moved.DeliveryID)); got != "-1+0" {
		t.Errorf("changed %s", got)
	}
	b.wantTable("hrss.jobs", "A|-|140100|2024-01-05|1.00")
}

// TestRollbackCountsNoMore holds that nothing counts a delivery that was rolled
// back: same file, coverage, totals, quarantine.
func TestRollbackCountsNoMore(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	b.deliver("hrss.jobs", head+"A,,,2024-01-05,1\n")
	content := head + "A,,,2024-01-05,2\nB,,,2024-03-05,2\nC,,,2024-02-30,2\n"
	r := b.deliver("hrss.jobs", content)
	b.ended = nil
	b.rollBack(r.DeliveryID)
	spans, err := b.store.CommittedPeriods(ctx, "hrss.jobs", time.Time{})
	if err != nil || len(spans) != 1 || spans[0].To != city.NewDate(2024, 1, 5) {
		t.Errorf("covered: %v, %v", spans, err)
	}
	totals, err := b.store.DatasetTotals(ctx)
	if err != nil || len(totals) != 1 || totals[0].Committed != 1 || totals[0].Quarantined != 0 {
		t.Errorf("totals: %+v, %v", totals, err)
	}
	if again := b.deliver("hrss.jobs", content); brief(again) != "committed 3=2+1+0 changed 1 not_a_date:1" {
		t.Errorf("the same file again: %s", brief(again))
	}
	b.wantTable("hrss.jobs", "A|-|140100|2024-01-05|2.00", "B|-|140100|2024-03-05|2.00")
}

// TestRollbackRefused asks for what cannot be.
func TestRollbackRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	good := b.deliver("hrss.jobs", head+"A,,,2024-01-05,1\n")
	bad := b.deliver("hrss.strict", head+"A,,,2024-02-30,1\n")
	b.wantRefused(delivery.RollbackRequest{DeliveryID: "D0", Reason: "x"}, city.CodeNotFound)
	b.wantRefused(delivery.RollbackRequest{DeliveryID: good.DeliveryID, Reason: "  "}, "invalid.reason")
	b.wantRefused(delivery.RollbackRequest{DeliveryID: bad.DeliveryID, Reason: "x"}, "conflict.delivery")
	b.rollBack(good.DeliveryID)
	b.wantRefused(delivery.RollbackRequest{DeliveryID: good.DeliveryID, Reason: "x"}, "conflict.delivery")
	cancelled, cancel := context.WithCancel(ctx)
	again := b.deliver("hrss.jobs", head+"A,,,2024-01-05,1\n")
	b.svc.Step = func(string) { cancel() }
	if _, err := b.svc.Rollback(cancelled, delivery.RollbackRequest{DeliveryID: again.DeliveryID, Reason: "x", Actor: "test"}); city.CodeOf(err) != city.CodeCancelled {
		t.Errorf("cancelled: %v", err)
	}
	b.svc.Step = nil
	b.wantTable("hrss.jobs", "A|-|140100|2024-01-05|1.00")
	ds, err := b.city.Dataset("hrss.jobs")
	if err != nil {
		t.Fatal(err)
	}
	ds.Key = []string{"no", "day"}
	b.wantRefused(delivery.RollbackRequest{DeliveryID: again.DeliveryID, Reason: "x"}, "conflict.declaration")
	ds.Key = []string{"no"}
	b.rollBack(again.DeliveryID)
	b.wantTable("hrss.jobs")
}

func (b *bench) wantRefused(req delivery.RollbackRequest, want city.Code) {
	b.t.Helper()
	req.Actor = "test"
	if r, err := b.svc.Rollback(b.t.Context(), req); err == nil || city.CodeOf(err) != want {
		b.t.Errorf("got %+v, %v; want the code %s", r, err, want)
	}
}

// TestRollbackStoreFails takes the store away at every step; the next start
// settles what was left.
func TestRollbackStoreFails(t *testing.T) {
	t.Parallel()
	for _, at := range delivery.RollbackSteps() {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.deliver("hrss.jobs", rows(3))
			r := b.deliver("hrss.jobs", strings.Replace(rows(3), ",1\n", ",9\n", 1))
			b.svc.Step = func(name string) {
				if name == at {
					_ = b.store.Close()
				}
			}
			if _, err := b.svc.Rollback(t.Context(), delivery.RollbackRequest{DeliveryID: r.DeliveryID, Reason: "x", Actor: "test"}); err == nil {
				t.Fatal("nobody noticed")
			}
			b.reopen()
			b.settled()
			if open, err := b.store.OpenRollbacks(t.Context()); err != nil || len(open) > 0 {
				t.Errorf("rollbacks are open: %+v, %v", open, err)
			}
			d, err := b.store.Delivery(t.Context(), r.DeliveryID)
			done := slices.Index(delivery.RollbackSteps(), at) >= slices.Index(delivery.RollbackSteps(), delivery.StepRollbackCommitted)
			if err != nil || (d.State == store.StateRolledBack) != done {
				t.Errorf("the delivery is %s, %v", d.State, err)
			}
			if !done {
				b.rollBack(r.DeliveryID)
			}
			if got := b.table("hrss.jobs"); len(got) != 3 || !strings.HasSuffix(got[1], "|1.00") {
				t.Errorf("the table holds %q", got)
			}
		})
	}
}

// TestRollbackExpired needs older states of the table, which are gone, unless
// the delivery only added rows.
func TestRollbackExpired(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.deliver("hrss.jobs", head+"A,,,2024-01-05,1\n")
	changed := b.deliver("hrss.jobs", head+"A,,,2024-01-05,2\n")
	added := b.deliver("hrss.jobs", head+"B,,,2024-01-05,1\nC,,,2024-01-05,1\n")
	b.deliver("hrss.jobs", head+"B,,,2024-01-05,1\nD,,,2024-01-05,1\n")
	if n, err := b.lake.Expire(t.Context(), "hrss.jobs", time.Now().Add(time.Hour)); err != nil || n == 0 {
		t.Fatalf("%d snapshots expired, %v", n, err)
	}
	b.wantRefused(delivery.RollbackRequest{DeliveryID: changed.DeliveryID, Reason: "x"}, "conflict.expired")
	if got := changes(b.rollBack(added.DeliveryID)); got != "-2+1" {
		t.Errorf("changed %s", got)
	}
	b.wantTable("hrss.jobs", "A|-|140100|2024-01-05|2.00", "B|-|140100|2024-01-05|1.00", "D|-|140100|2024-01-05|1.00")
}

// TestRollbackSideBySide rolls deliveries back while others of the dataset come.
func TestRollbackSideBySide(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var ids []string
	for i := range 4 {
		ids = append(ids, b.deliver("hrss.jobs", head+fmt.Sprintf("same,,,2024-01-05,%d\nold%d,,,2024-01-05,1\n", i, i)).DeliveryID)
	}
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			if _, err := b.svc.Rollback(t.Context(), delivery.RollbackRequest{DeliveryID: ids[i], Reason: "x", Actor: "test"}); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			content := head + fmt.Sprintf("new%d,,,2024-01-05,1\nold%d,,,2024-01-05,1\n", i, i)
			if _, err := b.svc.Deliver(t.Context(), delivery.Request{Dataset: "hrss.jobs", File: "a.csv", Actor: "test", Content: strings.NewReader(content)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	want := []string{}
	for _, name := range []string{"new", "old"} {
		for i := range 4 {
			want = append(want, fmt.Sprintf("%s%d|-|140100|2024-01-05|1.00", name, i))
		}
	}
	b.wantTable("hrss.jobs", want...)
}

// TestClockSetBack delivers and rolls back while the clock jumps: what counts
// is the order in which things came.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	b.svc.Now = func() time.Time { at = at.AddDate(-1, 0, 0); return at } // a year back with every look
	first := b.deliver("hrss.jobs", head+"A,,,2024-01-05,1\n")
	b.deliver("hrss.jobs", head+"A,,,2024-01-05,2\nB,,,2024-01-05,2\n")
	third := b.deliver("hrss.jobs", head+"A,,,2024-01-05,3\n")
	b.wantTable("hrss.jobs", "A|-|140100|2024-01-05|3.00", "B|-|140100|2024-01-05|2.00")
	b.rollBack(third.DeliveryID)
	b.wantTable("hrss.jobs", "A|-|140100|2024-01-05|2.00", "B|-|140100|2024-01-05|2.00")
	if r := b.deliver("hrss.jobs", head+"A,,,2024-01-05,1\n"); !strings.Contains(brief(r), "same_file:1") || !strings.Contains(r.Reasons[0].Sample[0].Message, first.DeliveryID) {
		t.Errorf("the first file again: %s", brief(r))
	}
	b.rollBack(first.DeliveryID) // the file that came again counts now, as the last one
	b.wantTable("hrss.jobs", "A|-|140100|2024-01-05|1.00", "B|-|140100|2024-01-05|2.00")
	all, err := b.store.Since(t.Context(), "hrss.jobs", 0)
	if err != nil || len(all) != 4 || all[0].ID != first.DeliveryID || all[3].ReceivedAt.After(all[0].ReceivedAt) {
		t.Errorf("%d deliveries, %v", len(all), err)
	}
}

// TestRollbackNature holds that a table is no longer called simulated once the
// delivery that was is gone.
func TestRollbackNature(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := &city.Manifest{Version: 1, Dataset: "hrss.jobs", Simulated: true, Sample: &city.Sample{Fraction: 0.5}, Files: []city.ManifestFile{{Name: "a.csv"}}}
	r := b.request(delivery.Request{Dataset: "hrss.jobs", File: "a.csv", Actor: "test", Content: strings.NewReader(rows(2)), Manifest: m, Entry: &m.Files[0]})
	ds, err := b.city.Dataset("hrss.jobs")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		v, err := b.lake.View(t.Context(), ds, time.Time{})
		if err != nil || v.Simulated != want || (v.Fraction == 0.5) != want {
			t.Errorf("simulated %v, fraction %v, %v", v.Simulated, v.Fraction, err)
		}
		if want {
			b.rollBack(r.DeliveryID)
		}
	}
}
