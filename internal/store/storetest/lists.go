package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// ctx is for property tests, whose T is not the test's own.
func ctx() context.Context { return context.Background() }

// pages reads a list to its end.
func pages[T any](t fataler, page func(cursor string) (store.Page[T], error)) [][]T {
	t.Helper()
	var out [][]T
	for cursor := ""; ; {
		p, err := page(cursor)
		must(t, err)
		out = append(out, p.Items)
		if cursor = p.Next; cursor == "" || len(out) > 100 {
			return out
		}
	}
}

func ids(list []store.Delivery) []string {
	out := []string{}
	for _, d := range list {
		out = append(out, d.ID)
	}
	return out
}

func testPaging(t *testing.T, f Factory) {
	s := open(t, f)
	var want []string
	for n := range 12 {
		d := sample(n)
		d.ReceivedAt = start().Add(time.Duration(n/5) * time.Microsecond) // some at the same time
		stage(t, s, d)
		want = append([]string{d.ID}, want...)
	}
	for size, count := range map[int]int{1: 12, 5: 3, 6: 2, 12: 1, 0: 1, 5000: 1} {
		got := pages(t, func(cursor string) (store.Page[store.Delivery], error) {
			return s.Deliveries(t.Context(), store.Filter{}, cursor, size)
		})
		if all := ids(slices.Concat(got...)); len(got) != count || !slices.Equal(all, want) {
			t.Errorf("by %d: %d pages of %v", size, len(got), all)
		}
	}
	first, err := s.Deliveries(t.Context(), store.Filter{}, "", 2)
	must(t, err)
	stage(t, s, sample(99))
	second, err := s.Deliveries(t.Context(), store.Filter{}, first.Next, 2)
	must(t, err)
	if !slices.Equal(ids(second.Items), want[2:4]) {
		t.Errorf("after a new delivery the second page is %v", ids(second.Items))
	}
}

func testFilter(t *testing.T, f Factory) {
	s := open(t, f)
	for n := range 4 {
		d := sample(n)
		day := city.NewDate(2024, time.Month(n+1), 1)
		d.Period = city.Span{From: day, To: day.MonthEnd()}
		if n == 3 {
			d.Dataset, d.Period = "env.air", city.Span{}
		}
		stage(t, s, d)
	}
	finish(t, s, sample(1).ID, store.StateRejected)
	march := city.Span{From: city.NewDate(2024, 2, 29), To: city.NewDate(2024, 3, 31)}
	for name, tt := range map[string]struct {
		filter store.Filter
		want   []string
	}{
		"all":         {store.Filter{}, []string{"D00003", "D00002", "D00001", "D00000"}},
		"IDs":         {store.Filter{IDs: []string{"D00002", "D00000", "D9"}}, []string{"D00002", "D00000"}},
		"dataset":     {store.Filter{Dataset: "env.air"}, []string{"D00003"}},
		"states":      {store.Filter{States: []store.State{store.StateRejected, store.StateAborted}}, []string{"D00001"}},
		"period":      {store.Filter{Period: march}, []string{"D00002", "D00001"}},
		"together":    {store.Filter{Period: march, Dataset: "hrss.employment", States: []store.State{store.StateStaged}}, []string{"D00002"}},
		"nothing":     {store.Filter{Dataset: "x' OR 'a'='a"}, []string{}},
		"period only": {store.Filter{Period: city.Span{From: city.NewDate(2025, 1, 1), To: city.NewDate(2025, 1, 1)}}, []string{}},
	} {
		page, err := s.Deliveries(t.Context(), tt.filter, "", 10)
		if err != nil || !slices.Equal(ids(page.Items), tt.want) {
			t.Errorf("%s: %v, %v; want %v", name, ids(page.Items), err, tt.want)
		}
	}
	_, err := s.Deliveries(t.Context(), store.Filter{IDs: make([]string, store.MaxPage+1)}, "", 10)
	wantCode(t, err, city.CodeInvalid)
}

func testBadCursors(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	for _, cursor := range []string{"?", "1", "MQo", "eA", "Cg", "////"} {
		if _, err := s.Deliveries(ctx, store.Filter{}, cursor, 1); city.CodeOf(err).Root() != city.CodeInvalid {
			t.Errorf("deliveries from %q: %v", cursor, err)
		}
		if _, err := s.Quarantine(ctx, "D1", store.QuarantineFilter{}, cursor+"x", 1); city.CodeOf(err).Root() != city.CodeInvalid {
			t.Errorf("quarantine from %q: %v", cursor, err)
		}
		if _, err := s.AuditTrail(ctx, "", cursor+"x", 1); city.CodeOf(err).Root() != city.CodeInvalid {
			t.Errorf("audit from %q: %v", cursor, err)
		}
	}
}

func testCommittedFile(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	file := sample(0).FileSHA256
	for n, state := range []store.State{store.StateStaged, store.StateRejected, store.StateAborted} {
		d := sample(n)
		d.FileSHA256 = file
		reach(t, s, d, state)
	}
	if d, ok, err := s.CommittedFile(ctx, "hrss.employment", file); ok || err != nil {
		t.Fatalf("found %+v, %v before any was committed", d, err)
	}
	for n := 3; n < 5; n++ {
		d := sample(n)
		d.FileSHA256 = file
		commit(t, s, d)
	}
	if d, ok, err := s.CommittedFile(ctx, "hrss.employment", file); d.ID != sample(4).ID || !ok || err != nil {
		t.Errorf("found %q, %v, %v; want the newest", d.ID, ok, err)
	}
	if d, ok, err := s.CommittedFile(ctx, "env.air", file); ok || err != nil {
		t.Errorf("found %q, %v in another dataset", d.ID, err)
	}
}

func testCommittedPeriods(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	month := func(m time.Month) city.Span {
		from := city.NewDate(2024, m, 1)
		return city.Span{From: from, To: from.MonthEnd()}
	}
	for n, m := range []time.Month{3, 1, 1, 2} {
		d := sample(n)
		d.Period = month(m)
		if m == 2 {
			reach(t, s, d, store.StateRejected)
			continue
		}
		commit(t, s, d)
	}
	bare := sample(8)
	bare.Period = city.Span{}
	commit(t, s, bare)
	got, err := s.CommittedPeriods(ctx, "hrss.employment", time.Time{})
	if want := []city.Span{month(1), month(3)}; err != nil || !slices.Equal(got, want) {
		t.Errorf("periods are %v, %v; want %v", got, err, want)
	}
	ended := outcome(store.StateCommitted).At
	for at, want := range map[time.Time]int{ended: 2, ended.Add(-time.Microsecond): 0} {
		if got, err := s.CommittedPeriods(ctx, "hrss.employment", at); len(got) != want || err != nil {
			t.Errorf("as of %v: %v, %v", at, got, err)
		}
	}
}

func testTotals(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	if none, err := s.DatasetTotals(ctx); len(none) != 0 || err != nil {
		t.Fatalf("an empty database: %+v, %v", none, err)
	}
	for n, state := range []store.State{store.StateCommitted, store.StateRejected, store.StateStaged} {
		d := sample(n)
		stage(t, s, d)
		if state.Final() {
			prepare(t, s, checked(d, 4))
			finish(t, s, d.ID, state)
		}
	}
	other := sample(9)
	other.Dataset = "env.air"
	stage(t, s, other)
	got, err := s.DatasetTotals(ctx)
	want := []store.DatasetTotal{
		{Dataset: "env.air"},
		{Dataset: "hrss.employment", Committed: 1, Rejected: 1, Quarantined: 8, Last: outcome(store.StateCommitted).At},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("totals are %+v, %v; want %+v", got, err, want)
	}
}

func testQuarantine(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	for n := 1; n < 3; n++ {
		stage(t, s, sample(n))
		prepare(t, s, checked(sample(n), 5))
	}
	got := pages(t, func(cursor string) (store.Page[store.QuarantinedRow], error) {
		return s.Quarantine(ctx, sample(1).ID, store.QuarantineFilter{}, cursor, 2)
	})
	all := slices.Concat(got...)
	if len(got) != 3 || len(all) != 5 || all[1].Row != 3 || all[4].Message != "没有这个区划" || all[4].Sealed != nil {
		t.Errorf("quarantine is %+v", got)
	}
	for f, want := range map[store.QuarantineFilter]int{{Code: "region"}: 3, {Field: "region"}: 3, {Code: "ends_before_start"}: 2, {Code: "x"}: 0} {
		if page, err := s.Quarantine(ctx, sample(1).ID, f, "", 10); len(page.Items) != want || err != nil {
			t.Errorf("%+v: %d rows, %v; want %d", f, len(page.Items), err, want)
		}
	}
	counts, err := s.QuarantineCounts(ctx, sample(1).ID)
	want := []store.QuarantineCount{{Code: "region", Field: "region", Count: 3, First: 1}, {Code: "ends_before_start", Count: 2, First: 3}}
	if err != nil || !slices.Equal(counts, want) {
		t.Errorf("counts are %+v, %v; want %+v", counts, err, want)
	}
}

// testQuarantineSizes goes around the size of the chunks that rows are kept in.
func testQuarantineSizes(t *testing.T, f Factory) {
	s := open(t, f)
	for i, n := range []int64{0, 1, 99, 100, 101, 200, 1234} {
		d := sample(i)
		stage(t, s, d)
		prepare(t, s, checked(d, n))
		counts, err := s.QuarantineCounts(t.Context(), d.ID)
		must(t, err)
		var sum int64
		for _, c := range counts {
			sum += c.Count
		}
		if sum != n {
			t.Errorf("%d rows of %d were kept", sum, n)
		}
	}
}

func testSealedRows(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	stage(t, s, sample(1))
	prepare(t, s, checked(sample(1), 2))
	before, err := s.AuditHead(ctx)
	must(t, err)
	sealed, err := s.SealedRow(ctx, sample(1).ID, 3, entry("quarantine.open", sample(1).ID))
	if err != nil || !slices.Equal(sealed, []byte{0, 1, 255}) {
		t.Errorf("got %v, %v", sealed, err)
	}
	if after, _ := s.AuditHead(ctx); after.Seq != before.Seq+1 {
		t.Error("giving out a sealed row left no audit record")
	}
	_, err = s.SealedRow(ctx, sample(1).ID, 2, entry("quarantine.open", sample(1).ID))
	wantCode(t, err, city.CodeNotFound)
	sealed, err = s.SealedRow(ctx, sample(1).ID, 3, audit.Entry{})
	if wantCode(t, err, city.CodeInvalid); sealed != nil {
		t.Error("a row was given out without an audit record")
	}
}

func testAuditChain(t *testing.T, f Factory) {
	again, ctx := f(t), t.Context()
	s := reopen(t, again)
	if head, err := s.VerifyAudit(ctx); head != (audit.Head{}) || err != nil {
		t.Fatalf("an empty chain: %v, %v", head, err)
	}
	for n := range 7 {
		e := entry("test.action", fmt.Sprintf("S%d", n%2))
		e.At = start().Add(time.Duration(n) * time.Nanosecond)
		e.Detail = []byte(`{ "序号": 1 }`)
		must(t, s.Audit(ctx, e))
	}
	s = reopen(t, again)
	anchor, err := s.AuditHead(ctx)
	must(t, err)
	must(t, s.Audit(ctx, entry("test.action", "S1")))
	head, err := s.VerifyAudit(ctx, anchor)
	if err != nil || head.Seq != 8 || anchor.Seq != 7 {
		t.Errorf("chain ends at %v, %v", head, err)
	}
	_, err = s.VerifyAudit(ctx, audit.Head{Seq: 9, Hash: "x"})
	wantCode(t, err, audit.CodeBroken)
	for subject, want := range map[string][]int64{"": {8, 7, 6, 5, 4, 3, 2, 1}, "S1": {8, 6, 4, 2}, "S2": nil} {
		got := pages(t, func(cursor string) (store.Page[audit.Record], error) { return s.AuditTrail(ctx, subject, cursor, 3) })
		var seqs []int64
		for _, r := range slices.Concat(got...) {
			seqs = append(seqs, r.Seq)
		}
		if !slices.Equal(seqs, want) {
			t.Errorf("trail of %q is %v, want %v", subject, seqs, want)
		}
	}
}

// testAuditWithChange spoils the audit record of each change: the change must
// not happen without it.
func testAuditWithChange(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	none := audit.Entry{}
	wantCode(t, s.SetSettings(ctx, map[string]string{"a": "b"}, none), city.CodeInvalid)
	wantCode(t, s.Stage(ctx, sample(1), none), city.CodeInvalid)
	stage(t, s, sample(2))
	wantCode(t, s.Prepare(ctx, checked(sample(2), 3), rows(3), none), city.CodeInvalid)
	same(t, s, sample(2))
	wantCode(t, s.Finish(ctx, sample(2).ID, outcome(store.StateRejected), none), city.CodeInvalid)
	same(t, s, sample(2))
	if _, err := s.Delivery(ctx, sample(1).ID); city.CodeOf(err) != city.CodeNotFound {
		t.Errorf("a delivery was staged without its record: %v", err)
	}
	if all, err := s.Settings(ctx); len(all) != 0 || err != nil {
		t.Errorf("settings were changed without their record: %v, %v", all, err)
	}
}

func testManyWriters(t *testing.T, f Factory) {
	again := f(t)
	first, second := reopen(t, again), reopen(t, again)
	const writers, each = 4, 6
	var wg sync.WaitGroup
	for w := range writers {
		s := first
		if w%2 == 1 {
			s = second
		}
		wg.Go(func() {
			for i := range each {
				d := sample(w*each + i)
				if err := attempt(s, d, store.StateStaged); err != nil {
					t.Error(err)
				}
				if _, err := s.Deliveries(t.Context(), store.Filter{}, "", 5); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	head, err := first.VerifyAudit(t.Context())
	if err != nil || head.Seq != writers*each {
		t.Errorf("the chain ends at %d, %v", head.Seq, err)
	}
}

func testEndedContext(t *testing.T, f Factory) {
	s := open(t, f)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Delivery(ctx, "D1")
	wantCode(t, err, "unavailable.cancelled")
	wantCode(t, s.Stage(ctx, sample(1), entry("x", "D1")), "unavailable.cancelled")
	stage(t, s, sample(2))
	halfway, stop := context.WithCancel(t.Context())
	err = s.Prepare(halfway, checked(sample(2), 900), func(yield func(store.QuarantinedRow, error) bool) {
		n := 0
		for r := range rows(900) {
			if n++; n == 450 {
				stop()
			}
			if !yield(r, nil) {
				return
			}
		}
	}, entry("x", "D2"))
	wantCode(t, err, "unavailable.cancelled")
	same(t, s, sample(2))
}
