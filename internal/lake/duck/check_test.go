package duck_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
)

// TestMain runs properties over fewer cases than usual, because each of them
// writes tables; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// readings is a dataset with what the checks look at: coded columns, empty
// fields, decimals, and an order of two fields.
func readings() *city.Dataset {
	return &city.Dataset{
		Name: "test.readings", Key: []string{"id"}, Delivery: city.DeliverySpec{Mode: city.ModeUpsert, Period: "day"},
		Fields: []*city.Field{
			{Name: "id", Type: city.TypeString},
			{Name: "group", Type: city.TypeEnum, Optional: true},
			{Name: "day", Type: city.TypeDate},
			{Name: "hour", Type: city.TypeInt},
			{Name: "value", Type: city.TypeNumber, Optional: true},
			{Name: "total", Type: city.TypeDecimal, Scale: 2, Optional: true},
			{Name: "ref", Type: city.TypeString, Optional: true},
		},
	}
}

func (r reading) values() []any {
	out := []any{r.id, nil, r.date().Time(), r.hour, nil, nil, nil}
	if r.group != nil {
		out[1] = *r.group
	}
	if r.value != nil {
		out[4] = *r.value
	}
	if r.total != nil {
		out[5] = *r.total
	}
	if r.ref != nil {
		out[6] = *r.ref
	}
	return out
}

// workshop makes a new table for each case of a property. Its tables are views
// over Parquet files without a catalogue, which is quicker.
type workshop struct {
	dir   string
	eng   *duck.Engine
	ds    *city.Dataset
	empty *lake.View
	n     int
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	dir := t.TempDir()
	lk, err := lake.Open(t.Context(), filepath.Join(dir, "lake"), lake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer lk.Close()
	w := &workshop{dir: dir, ds: readings()}
	if w.empty, err = lk.View(t.Context(), w.ds, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if w.eng, err = duck.Open(duck.Options{TempDir: filepath.Join(dir, "tmp"), MemoryMB: 256}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.eng.Close() })
	return w
}

// fataler is what testing.T and rapid.T have in common.
type fataler interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// deliver stages rows, checks them, and moves the view on to what is left; it
// gives the rows that failed, with the check.
func (w *workshop) deliver(t fataler, v **lake.View, batch []staged, checks []lake.Check) (map[int64]int, *lake.Checked) {
	return w.deliverFor(t, v, batch, checks, lake.Scope{Mode: city.ModeUpsert})
}

func (w *workshop) deliverFor(t fataler, v **lake.View, batch []staged, checks []lake.Check, scope lake.Scope) (map[int64]int, *lake.Checked) {
	ctx, ds := context.Background(), *w.ds
	ds.Delivery.Mode = scope.Mode
	w.n++
	st, err := w.eng.Stage(ctx, &ds, fmt.Sprintf("D%d", w.n))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, s := range batch {
		if err := st.Append(s.row, s.values()); err != nil {
			t.Fatal(err)
		}
	}
	for i := range checks {
		if checks[i].Kind == city.CheckReference {
			checks[i].Refers = *v
		}
	}
	checked, err := st.Check(ctx, *v, scope, checks)
	if err != nil {
		t.Fatal(err)
	}
	failed, last := map[int64]int{}, int64(0)
	for f, err := range st.Failed(ctx) {
		if err != nil || f.Row <= last {
			t.Fatalf("row %d after %d, %v", f.Row, last, err)
		}
		failed[f.Row], last = f.Check, f.Row
	}
	m, err := st.Merge(ctx, *v, w.dir, scope)
	if err != nil {
		t.Fatal(err)
	}
	next := **v
	next.Files = slices.DeleteFunc(slices.Clone(next.Files), func(f string) bool { return slices.Contains(m.Remove, f) })
	next.Files = append(next.Files, m.Add...)
	*v = &next
	return failed, checked
}

// draw makes a reading out of few values, so that they meet.
func draw(t *rapid.T, id string) reading {
	r := reading{id: id, day: rapid.IntRange(0, 4).Draw(t, "day"), hour: int64(rapid.IntRange(0, 2).Draw(t, "hour"))}
	if g := rapid.SampledFrom([]string{"", "a", "b'\"c"}).Draw(t, "group"); g != "" {
		r.group = &g
	}
	if v := rapid.IntRange(-1, 2).Draw(t, "value"); v >= 0 {
		f := float64(v)
		r.value = &f
	}
	if v := rapid.Int64Range(-1, 4).Draw(t, "total"); v >= 0 {
		r.total = &v
	}
	if s := rapid.SampledFrom([]string{"", "0", "1", "2"}).Draw(t, "ref"); s != "" {
		r.ref = &s
	}
	return r
}

func drawBatch(t *rapid.T, ids int) []staged {
	out := []staged{}
	for i := range rapid.IntRange(0, 10).Draw(t, "rows") {
		out = append(out, staged{draw(t, fmt.Sprint(rapid.IntRange(0, ids).Draw(t, "id"))), int64(i + 1)})
	}
	return out
}

func drawChecks(t *rapid.T) []lake.Check {
	order := []string{"day", "hour"}
	reset := rapid.SampledFrom([]city.Grain{"", city.GrainYear, city.GrainMonth}).Draw(t, "reset")
	checks := []lake.Check{
		{SetCheck: &city.SetCheck{Code: "a", Kind: city.CheckUnique, Fields: []string{"value", "ref"}}},
		{SetCheck: &city.SetCheck{Code: "b", Kind: city.CheckReference, Fields: []string{"ref"}, To: "id"}},
		{SetCheck: &city.SetCheck{Code: "c", Kind: city.CheckMonotonic, Fields: []string{"total"}, By: []string{"group"}, Order: order,
			Reset: reset, Down: rapid.Bool().Draw(t, "down")}},
		{SetCheck: &city.SetCheck{Code: "d", Kind: city.CheckStuck, Fields: []string{"value"}, By: []string{"group"}, Order: order,
			Run: rapid.IntRange(2, 4).Draw(t, "run"), Ignore: rapid.SampledFrom([][]float64{nil, {0}}).Draw(t, "ignore")}},
		{SetCheck: &city.SetCheck{Code: "e", Kind: city.CheckGap, By: []string{"group"}, Order: order, Notice: true,
			Every: rapid.SampledFrom([]city.Step{city.StepHour, city.StepDay, city.StepMonth}).Draw(t, "every"), Most: rapid.IntRange(0, 3).Draw(t, "most")}},
	}
	keep := checks[:0]
	for _, k := range checks {
		if rapid.IntRange(0, 3).Draw(t, "kept") > 0 {
			keep = append(keep, k)
		}
	}
	return keep
}

// apart gives every row a place of its own in the order, because the order of
// rows at one place means nothing to a series of readings.
func apart(table map[string]reading, batch []staged) {
	for id, r := range table {
		var n int64
		_, _ = fmt.Sscan(id, &n)
		r.hour = 3 + n
		table[id] = r
	}
	for i := range batch {
		batch[i].hour = 20 + batch[i].row
	}
}

// TestChecksAgreeWithModel compares the checks with the plain way over random
// tables and deliveries.
func TestChecksAgreeWithModel(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	rapid.Check(t, func(t *rapid.T) {
		m := &model{table: map[string]reading{}}
		for _, s := range drawBatch(t, 8) {
			m.table[s.id] = s.reading
		}
		m.batch = drawBatch(t, 12)
		if n := len(m.batch); n > 0 { // one row comes again, as when a file is joined of two
			m.batch = append(m.batch, staged{m.batch[rapid.IntRange(0, n-1).Draw(t, "again")].reading, int64(n + 1)})
		}
		m.scope = rapid.SampledFrom([]lake.Scope{
			{Mode: city.ModeUpsert}, {Mode: city.ModeAppend}, {Mode: city.ModeSnapshot},
			{Mode: city.ModeReplace, Period: city.Span{From: city.NewDate(2023, 12, 31), To: city.NewDate(2024, 1, 1)}},
		}).Draw(t, "scope")
		checks := drawChecks(t)
		if slices.ContainsFunc(checks, func(k lake.Check) bool { return k.Kind == city.CheckStuck }) {
			apart(m.table, m.batch)
		}
		v := w.empty
		first := []staged{}
		for _, r := range m.table {
			first = append(first, staged{r, int64(len(first) + 1)})
		}
		w.deliver(t, &v, first, nil)
		got, checked := w.deliverFor(t, &v, m.batch, checks, m.scope)
		if want := m.failed(checks); !maps.Equal(got, want) {
			t.Fatalf("failed %v, want %v", got, want)
		}
		if checked.Failed != int64(len(got)) {
			t.Fatalf("%d rows failed, %d are named", checked.Failed, len(got))
		}
		m.wantGaps(t, checks, checked)
	})
}

func (m *model) wantGaps(t fataler, checks []lake.Check, checked *lake.Checked) {
	for i, k := range checks {
		if k.Kind != city.CheckGap {
			continue
		}
		got := int64(0)
		for _, n := range checked.Noticed {
			if n.Check == i {
				got = n.Count
			}
		}
		if want := m.missing(k); got != want {
			t.Fatalf("%d steps are missing, want %d", got, want)
		}
	}
}

// TestMonotonicMayBeSplit holds that a series gives the same result delivered
// whole or in two parts, and that what is kept never falls.
func TestMonotonicMayBeSplit(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	rapid.Check(t, func(t *rapid.T) {
		batch := []staged{}
		for i := range rapid.IntRange(1, 12).Draw(t, "rows") {
			r := draw(t, fmt.Sprint(i))
			r.day, r.hour = i/4, int64(i)
			batch = append(batch, staged{r, int64(i + 1)})
		}
		check := func() []lake.Check {
			return []lake.Check{{SetCheck: &city.SetCheck{Code: "c", Kind: city.CheckMonotonic, Fields: []string{"total"}, By: []string{"group"}, Order: []string{"day", "hour"}}}}
		}
		v := w.empty
		whole, _ := w.deliver(t, &v, batch, check())
		at := rapid.IntRange(0, len(batch)).Draw(t, "at")
		v = w.empty
		parts, _ := w.deliver(t, &v, batch[:at], check())
		second, _ := w.deliver(t, &v, batch[at:], check())
		maps.Copy(parts, second)
		if !maps.Equal(whole, parts) {
			t.Fatalf("whole %v, in parts %v", whole, parts)
		}
		last := map[string]int64{}
		for _, s := range batch {
			if _, bad := whole[s.row]; bad || s.total == nil {
				continue
			}
			if *s.total < last[text(s.group)] {
				t.Fatalf("row %d falls", s.row)
			}
			last[text(s.group)] = *s.total
		}
	})
}

// TestStuckAcrossDeliveries holds that a run is recognised however it is cut
// into deliveries: no more than run-1 equal readings enter.
func TestStuckAcrossDeliveries(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	five, six := 5.0, 6.0
	check := func() []lake.Check {
		return []lake.Check{{SetCheck: &city.SetCheck{Code: "d", Kind: city.CheckStuck, Fields: []string{"value"}, By: []string{"group"}, Order: []string{"day", "hour"}, Run: 4}}}
	}
	rapid.Check(t, func(t *rapid.T) {
		v, n, kept := w.empty, 0, 0
		for n < 10 {
			size := rapid.IntRange(1, 4).Draw(t, "size")
			batch := []staged{}
			for i := range size {
				batch = append(batch, staged{reading{id: fmt.Sprint(n + i), hour: int64(n + i), value: &five}, int64(i + 1)})
			}
			failed, _ := w.deliver(t, &v, batch, check())
			n, kept = n+size, kept+size-len(failed)
			if len(failed) != 0 && len(failed) != size {
				t.Fatalf("of equal readings %v failed", failed)
			}
		}
		if kept > 3 {
			t.Fatalf("%d equal readings entered", kept)
		}
		failed, _ := w.deliver(t, &v, []staged{{reading{id: "x", hour: 99, value: &six}, 1}}, check())
		if len(failed) > 0 {
			t.Fatal("another reading failed")
		}
	})
}

// TestChecksThatOnlyNotice holds that rows stay, with the first few named, and
// what a gap says.
func TestChecksThatOnlyNotice(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	v := w.empty
	batch := []staged{}
	group, gone := "上兰", "x"
	for i := range 8 {
		batch = append(batch, staged{reading{id: fmt.Sprint(i), group: &group, day: i / 4 * 3, hour: 23, ref: &gone}, int64(i + 1)})
	}
	failed, checked := w.deliver(t, &v, batch, []lake.Check{
		{SetCheck: &city.SetCheck{Kind: city.CheckReference, Fields: []string{"ref"}, To: "id", Notice: true}},
		{SetCheck: &city.SetCheck{Kind: city.CheckGap, By: []string{"group"}, Order: []string{"day", "hour"}, Every: city.StepHour, Notice: true}},
		{SetCheck: &city.SetCheck{Kind: city.CheckGap, By: []string{"group"}, Order: []string{"day"}, Every: city.StepDay, Most: 2, Notice: true}},
	})
	if len(failed) > 0 || len(checked.Noticed) != 2 {
		t.Fatalf("%v failed, noticed %+v", failed, checked.Noticed)
	}
	if n := checked.Noticed[0]; n.Check != 0 || n.Count != 8 || !slices.Equal(n.Sample, []int64{1, 2, 3, 4, 5}) {
		t.Errorf("reference: %+v", n)
	}
	n := checked.Noticed[1]
	if n.Count != 71 || len(n.Gaps) != 1 || n.Gaps[0].Group[0] != group || n.Gaps[0].From != "2023-12-31 00" || n.Gaps[0].To != "2024-01-02 22" {
		t.Errorf("gap: %+v", n)
	}
	if len(v.Files) != 1 {
		t.Errorf("the rows did not enter: %v", v.Files)
	}
}
