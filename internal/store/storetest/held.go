package storetest

import (
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// held takes a delivery with quarantined rows to an end.
func held(t fataler, s *store.Store, n int, quarantined int64, state store.State, change func(*store.Delivery)) store.Delivery {
	t.Helper()
	d := sample(n)
	if change != nil {
		change(&d)
	}
	stage(t, s, d)
	prepare(t, s, checked(d, quarantined))
	finish(t, s, d.ID, state)
	return d
}

// places names rows as delivery and number.
func places(rows []store.HeldRow) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, fmt.Sprintf("%s/%d", r.DeliveryID, r.Row))
	}
	return out
}

func testHeldRows(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	held(t, s, 1, 3, store.StateCommitted, func(d *store.Delivery) { d.Source = "inbox" })
	held(t, s, 2, 2, store.StateAborted, nil)
	held(t, s, 3, 0, store.StateCommitted, nil)
	held(t, s, 4, 2, store.StateRejected, func(d *store.Delivery) { d.Dataset = "env.air" })
	stage(t, s, sample(5))
	prepare(t, s, checked(sample(5), 4))
	got := pages(t, func(cursor string) (store.Page[store.HeldRow], error) {
		return s.HeldRows(ctx, store.HeldFilter{State: store.RowOpen}, cursor, 2)
	})
	all := slices.Concat(got...)
	if want := []string{"D00001/1", "D00001/3", "D00001/5", "D00004/1", "D00004/3"}; len(got) != 3 || !slices.Equal(places(all), want) {
		t.Errorf("rows are %v in %d pages, want %v", places(all), len(got), want)
	}
	if r := all[0]; r.Source != "inbox" || r.File != "就业.csv" || r.State != store.RowOpen || !r.Since.Equal(sample(1).ReceivedAt) || !r.At.IsZero() || r.Sealed != nil {
		t.Errorf("the first row is %+v", r)
	}
	for filter, want := range map[store.HeldFilter]int{
		{}: 5, {DeliveryID: "D00004"}: 2, {Dataset: "hrss.employment"}: 3, {Source: "inbox", Code: "region"}: 2,
		{Field: "region"}: 3, {Owner: "hrss"}: 5, {Owner: "x"}: 0, {State: store.RowMended}: 0, {DeliveryID: "D00002"}: 0, {DeliveryID: "D00005"}: 0,
	} {
		page, err := s.HeldRows(ctx, filter, "", 10)
		if err != nil || len(page.Items) != want {
			t.Errorf("%+v: %d rows, %v; want %d", filter, len(page.Items), err, want)
		}
		groups, err := s.HeldGroups(ctx, filter)
		sum := 0
		for _, g := range groups {
			sum += int(g.Count)
		}
		if err != nil || sum != want {
			t.Errorf("%+v: the groups count %d, %v; want %d", filter, sum, err, want)
		}
	}
	groups, err := s.HeldGroups(ctx, store.HeldFilter{State: store.RowOpen})
	want := store.HeldGroup{Dataset: "hrss.employment", Code: "region", Field: "region", Source: "inbox", Owner: "hrss", Count: 2,
		Oldest: sample(1).ReceivedAt, Newest: sample(1).ReceivedAt}
	if err != nil || len(groups) != 4 || groups[0] != want {
		t.Errorf("groups are %+v, %v", groups, err)
	}
	_, err = s.HeldRows(ctx, store.HeldFilter{}, "eA", 1)
	wantCode(t, err, city.CodeInvalid)
}

func testHeldOf(t *testing.T, f Factory) {
	s := open(t, f)
	const n = 2*store.MaxPage + 1
	held(t, s, 1, n, store.StateCommitted, nil)
	last, seen := int64(0), 0
	for r, err := range s.HeldOf(t.Context(), store.HeldFilter{DeliveryID: "D00001", State: store.RowOpen}) {
		must(t, err)
		if r.Row <= last {
			t.Fatalf("row %d after %d", r.Row, last)
		}
		last = r.Row
		seen++
	}
	if seen != n {
		t.Errorf("%d rows, want %d", seen, n)
	}
}

func rowChange(id string, to store.RowState, rows ...int64) store.RowChange {
	return store.RowChange{DeliveryID: id, Rows: rows, To: to, Note: "说明", By: "test", At: start()}
}

func testChangeRows(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	held(t, s, 1, 5, store.StateCommitted, nil)
	change := func(want int64, c store.RowChange) {
		t.Helper()
		before, err := s.AuditHead(ctx)
		must(t, err)
		n, err := s.ChangeRows(ctx, c, entry("quarantine.change", c.DeliveryID))
		after, _ := s.AuditHead(ctx)
		if err != nil || n != want || (after != before) != (want > 0) {
			t.Errorf("%+v: changed %d, %v, audit %d → %d; want %d", c, n, err, before.Seq, after.Seq, want)
		}
	}
	change(2, rowChange("D00001", store.RowWaived, 1, 3))
	change(0, rowChange("D00001", store.RowWaived, 1, 3)) // again
	byCode := rowChange("D00001", store.RowReturned)
	byCode.Code = "region"
	change(2, byCode) // 5 and 9; 1 is waived
	byCode.Code, byCode.Field = "ends_before_start", "x"
	change(0, byCode)
	change(1, rowChange("D00001", store.RowOpen, 1, 7)) // 7 is open
	page, err := s.HeldRows(ctx, store.HeldFilter{State: store.RowWaived}, "", 10)
	if err != nil || len(page.Items) != 1 || page.Items[0].Row != 3 || page.Items[0].Note != "说明" || page.Items[0].By != "test" || !page.Items[0].At.Equal(start()) {
		t.Errorf("waived are %+v, %v", page.Items, err)
	}
	refuse := func(code city.Code, c store.RowChange) {
		t.Helper()
		_, err := s.ChangeRows(ctx, c, entry("x", c.DeliveryID))
		wantCode(t, err, code)
	}
	refuse(city.CodeConflict, rowChange("D00001", store.RowReturned, 7, 3)) // 3 is waived
	refuse(city.CodeNotFound, rowChange("D00001", store.RowWaived, 7, 2))
	refuse(city.CodeNotFound, rowChange("D00009", store.RowWaived, 1))
	refuse(city.CodeInvalid, rowChange("D00001", store.RowWaived))
	refuse(city.CodeInvalid, rowChange("D00001", store.RowMended, 7))
	open, err := s.HeldRows(ctx, store.HeldFilter{State: store.RowOpen}, "", 10)
	if want := []string{"D00001/1", "D00001/7"}; err != nil || !slices.Equal(places(open.Items), want) {
		t.Errorf("open are %v, %v; want %v: what was refused must change nothing", places(open.Items), err, want)
	}
}

// mend takes a delivery that mends the rows of D00001 to its end; those of its
// rows that are given fail again.
func mend(t fataler, s *store.Store, n int, of []int64, fail map[int64]bool) {
	t.Helper()
	d := sample(n)
	d.MendOf = "D00001"
	must(t, s.StageMend(ctx(), d, store.Mend{Rows: of, Note: "补录"}, entry("quarantine.mend", d.ID)))
	d.Received = int64(len(of))
	d.Quarantined = int64(len(fail))
	d.Accepted = d.Received - d.Quarantined
	d.Receipt = []byte(`{"draft":true}`)
	var rows iter.Seq2[store.QuarantinedRow, error] = func(yield func(store.QuarantinedRow, error) bool) {
		for _, row := range slices.Sorted(mapKeys(fail)) {
			if !yield(store.QuarantinedRow{Row: row, Code: "still", Field: "day", Message: "again", Owner: "hrss"}, nil) {
				return
			}
		}
	}
	must(t, s.Prepare(ctx(), d, rows, entry("delivery.validate", d.ID)))
	finish(t, s, d.ID, store.StateCommitted)
}

func mapKeys(m map[int64]bool) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func testMend(t *testing.T, f Factory) {
	s := open(t, f)
	held(t, s, 1, 4, store.StateCommitted, nil) // rows 1, 3, 5, 7
	mend(t, s, 2, []int64{5, 1}, map[int64]bool{2: true})
	open, err := s.HeldRows(t.Context(), store.HeldFilter{State: store.RowOpen}, "", 10)
	if want := []string{"D00001/1", "D00001/3", "D00001/7"}; err != nil || !slices.Equal(places(open.Items), want) {
		t.Fatalf("open are %v, %v; want %v", places(open.Items), err, want)
	}
	if r := open.Items[0]; r.Code != "still" || r.Field != "day" || r.Message != "again" || r.Note != "补录" || r.Masked == "" {
		t.Errorf("the row that failed again is %+v", r)
	}
	mended, err := s.HeldRows(t.Context(), store.HeldFilter{State: store.RowMended}, "", 10)
	if err != nil || len(mended.Items) != 1 || mended.Items[0].Row != 5 || mended.Items[0].MendedBy != "D00002" || mended.Items[0].By != "test" {
		t.Errorf("mended are %+v, %v", mended.Items, err)
	}
	every, err := s.HeldRows(t.Context(), store.HeldFilter{}, "", 10)
	if err != nil || len(every.Items) != 4 {
		t.Errorf("in all there are %v, %v: a row is counted twice", places(every.Items), err)
	}
	if copies, err := s.Quarantine(t.Context(), "D00002", store.QuarantineFilter{}, "", 10); err != nil || len(copies.Items) != 1 {
		t.Errorf("the mending delivery holds %+v, %v", copies.Items, err)
	}
	if _, found, err := s.CommittedFile(t.Context(), "hrss.employment", sample(2).FileSHA256); found || err != nil {
		t.Errorf("mended rows count as a file of the sender, %v", err)
	}
	_, err = s.ChangeRows(t.Context(), rowChange("D00001", store.RowWaived, 5), entry("x", "D00001"))
	wantCode(t, err, city.CodeConflict)
	d := sample(3)
	d.MendOf = "D00001"
	must(t, s.StageMend(ctx(), d, store.Mend{Rows: []int64{7}, Note: "补录"}, entry("quarantine.mend", d.ID)))
	_, err = s.ChangeRows(t.Context(), rowChange("D00001", store.RowWaived, 7), entry("x", "D00001"))
	wantCode(t, err, city.CodeBusy)
	finish(t, s, d.ID, store.StateAborted)
	_, err = s.ChangeRows(t.Context(), rowChange("D00001", store.RowWaived, 7), entry("x", "D00001"))
	must(t, err)
	sealed, err := s.SealedRows(t.Context(), "D00001", []int64{5, 1}, entry("quarantine.open", "D00001"))
	if err != nil || len(sealed) != 2 || sealed[0].State != store.RowMended || !slices.Equal(sealed[0].Sealed, []byte{0, 2, 255}) || sealed[1].Code != "region" {
		t.Errorf("sealed are %+v, %v", sealed, err)
	}
	_, err = s.SealedRows(t.Context(), "D00001", []int64{2}, entry("quarantine.open", "D00001"))
	wantCode(t, err, city.CodeNotFound)
}

// testTakenBack takes deliveries back: one that mended, and one that holds rows.
func testTakenBack(t *testing.T, f Factory) {
	s := open(t, f)
	held(t, s, 1, 2, store.StateCommitted, nil) // rows 1, 3
	mend(t, s, 2, []int64{1}, nil)
	back := func(n int, want ...string) {
		t.Helper()
		r := store.Rollback{ID: fmt.Sprintf("R%d", n), DeliveryID: sample(n).ID, Dataset: sample(n).Dataset, Reason: "错批", Actor: "test", At: start()}
		must(t, s.StageRollback(ctx(), r, entry("rollback.stage", r.ID)))
		must(t, s.PrepareRollback(ctx(), r.ID, 1, 0, entry("rollback.prepare", r.ID)))
		must(t, s.FinishRollback(ctx(), r.ID, "1", start().Add(time.Hour), entry("rollback.commit", r.ID)))
		page, err := s.HeldRows(t.Context(), store.HeldFilter{State: store.RowOpen}, "", 10)
		if err != nil || !slices.Equal(places(page.Items), want) {
			t.Errorf("after %s: open are %v, %v; want %v", r.ID, places(page.Items), err, want)
		}
	}
	back(2, "D00001/1", "D00001/3")
	back(1)
}

func testRejectedRows(t *testing.T, f Factory) {
	s := open(t, f)
	d := sample(1)
	stage(t, s, d)
	o := outcome(store.StateRejected)
	o.Rows = rows(3)
	must(t, s.Finish(t.Context(), d.ID, o, entry("delivery.reject", d.ID)))
	must(t, s.Finish(t.Context(), d.ID, o, entry("delivery.reject", d.ID))) // again
	page, err := s.HeldRows(t.Context(), store.HeldFilter{State: store.RowOpen}, "", 10)
	if err != nil || len(page.Items) != 3 {
		t.Errorf("%d rows, %v", len(page.Items), err)
	}
	stage(t, s, sample(2))
	prepare(t, s, checked(sample(2), 0))
	o = outcome(store.StateCommitted)
	o.Rows = rows(1)
	wantCode(t, s.Finish(t.Context(), sample(2).ID, o, entry("x", "D2")), city.CodeInvalid)
}

// testCountsAgree does anything in any order, and then compares the counts with
// the rows.
func testCountsAgree(t *testing.T, f Factory) {
	rapid.Check(t, func(rt *rapid.T) {
		s, err := f(t)()
		must(rt, err)
		defer s.Close()
		held(rt, s, 1, 5, store.StateCommitted, nil) // rows 1, 3, 5, 7, 9
		for n := range rapid.IntRange(0, 6).Draw(rt, "steps") {
			row := int64(2*rapid.IntRange(0, 4).Draw(rt, "row") + 1)
			switch to := rapid.SampledFrom(append(store.RowStates(), store.RowSuperseded)).Draw(rt, "to"); to {
			case store.RowMended:
				mend(rt, s, n+2, []int64{row}, nil)
			case store.RowSuperseded:
				mend(rt, s, n+2, []int64{row}, map[int64]bool{1: true})
			default:
				c := rowChange("D00001", to, row)
				if to != store.RowOpen && rapid.Bool().Draw(rt, "by code") {
					c.Rows, c.Code = nil, "region"
				}
				if _, err := s.ChangeRows(ctx(), c, entry("x", "D00001")); err != nil {
					wantCode(rt, err, city.CodeConflict)
				}
			}
		}
		type key struct{ code, field string }
		total := 0
		for _, state := range store.RowStates() {
			page, err := s.HeldRows(ctx(), store.HeldFilter{State: state}, "", 100)
			must(rt, err)
			groups, err := s.HeldGroups(ctx(), store.HeldFilter{State: state})
			must(rt, err)
			counted := map[key]int64{}
			for _, g := range groups {
				counted[key{g.Code, g.Field}] += g.Count
			}
			for _, r := range page.Items {
				counted[key{r.Code, r.Field}]--
				total++
			}
			for k, n := range counted {
				if n != 0 {
					rt.Fatalf("%s: the count of %v is %d too high", state, k, n)
				}
			}
		}
		if total != 5 {
			rt.Fatalf("%d rows are listed, there are 5", total)
		}
	})
}
