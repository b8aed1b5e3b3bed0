package delivery_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// inMode makes hrss.jobs a dataset of another mode.
func (b *bench) inMode(mode city.Mode) *city.Dataset {
	b.t.Helper()
	ds, err := b.city.Dataset("hrss.jobs")
	if err != nil {
		b.t.Fatal(err)
	}
	ds.Delivery.Mode, ds.Delivery.VanishAbove = mode, 1
	return ds
}

// whole is a receipt in one line, with what vanished.
func whole(r *delivery.Receipt) string {
	doc, _ := json.Marshal(r.Gone)
	return brief(r) + strings.TrimSuffix(" vanished "+string(doc), " vanished null")
}

// TestWholeModes delivers to one table in turn.
func TestWholeModes(t *testing.T) {
	t.Parallel()
	const (
		january  = "A,,,2024-01-05,1\nB,,,2024-01-31,1\n"
		february = "C,,,2024-02-05,1\n"
	)
	type step struct{ content, receipt, table string }
	cases := map[string]struct {
		mode  city.Mode
		steps []step
	}{
		"replace lets the rest of its months vanish": {city.ModeReplace, []step{
			{january + february, "committed 3=3+0+0", "A1 B1 C1"},
			{"A,,,2024-01-05,2\n", `committed 1=1+0+0 changed 1 vanished [{"no":"B"}]`, "A2 C1"},
			{january, "committed 2=2+0+0 changed 1", "A1 B1 C1"},
			{january, "committed 2=0+0+2 unchanged:2", "A1 B1 C1"},
		}},
		"replace with a row that moved to another month": {city.ModeReplace, []step{
			{january, "committed 2=2+0+0", "A1 B1"},
			{"A,,,2024-02-05,1\n", "committed 1=1+0+0 changed 1", "A1 B1"},
		}},
		"snapshot lets all others vanish, and they come back": {city.ModeSnapshot, []step{
			{january + february, "committed 3=3+0+0", "A1 B1 C1"},
			{february, `committed 1=0+0+1 unchanged:1 vanished [{"no":"A"},{"no":"B"}]`, "C1"},
			{january + february, "committed 3=2+0+1 unchanged:1", "A1 B1 C1"},
		}},
		"a row that failed keeps its older version": {city.ModeSnapshot, []step{
			{january, "committed 2=2+0+0", "A1 B1"},
			{"A,,,2024-01-05,2\nB,,,2024-02-30,1\n", "committed 2=1+1+0 changed 1 not_a_date:1", "A2 B1"},
			{"A,,,2024-01-05,2\n,,,2024-01-05,1\n", `committed 2=0+1+1 missing:1 unchanged:1 vanished [{"no":"B"}]`, "A2"},
		}},
		"no row is good": {city.ModeSnapshot, []step{
			{january, "committed 2=2+0+0", "A1 B1"},
			{"A,,,2024-02-30,2\n", "rejected 1=0+1+0 invalid.too_many_failures not_a_date:1", "A1 B1"},
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.inMode(c.mode)
			for i, s := range c.steps {
				if got := whole(b.deliver("hrss.jobs", head+s.content)); got != s.receipt {
					t.Errorf("step %d: %s, want %s", i, got, s.receipt)
				}
				var got []string
				for _, r := range b.table("hrss.jobs") {
					f := strings.Split(r, "|")
					got = append(got, f[0]+strings.TrimSuffix(f[4], ".00"))
				}
				if g := strings.Join(got, " "); g != s.table {
					t.Errorf("step %d: the table holds %s, want %s", i, g, s.table)
				}
			}
		})
	}
}

// TestReplaceAPeriod takes the period from the manifest.
func TestReplaceAPeriod(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.inMode(city.ModeReplace)
	b.deliver("hrss.jobs", head+"A,,,2024-01-05,1\nB,,,2024-01-20,1\nC,,,2024-02-05,1\n")
	m := &city.Manifest{Version: 1, Dataset: "hrss.jobs", Files: []city.ManifestFile{{Name: "a.csv"}},
		Period: city.Span{From: city.NewDate(2024, 1, 1), To: city.NewDate(2024, 1, 15)}}
	send := func(content string) *delivery.Receipt {
		return b.request(delivery.Request{Dataset: "hrss.jobs", File: "a.csv", Actor: "test", Content: strings.NewReader(head + content), Manifest: m, Entry: &m.Files[0]})
	}
	if got := whole(send("D,,,2024-01-06,1\nC,,,2024-02-05,9\n")); got != `committed 2=1+1+0 outside_period:1 vanished [{"no":"A"}]` {
		t.Errorf("half a month: %s", got)
	}
	b.wantTable("hrss.jobs", "B|-|140100|2024-01-20|1.00", "C|-|140100|2024-02-05|1.00", "D|-|140100|2024-01-06|1.00")
	m.Files = append(m.Files, city.ManifestFile{Name: "b.csv"})
	if r := send("D,,,2024-01-06,1\n"); r.Code != "invalid.manifest" || !strings.Contains(r.Message, "is one file") {
		t.Errorf("two files: %s: %s", brief(r), r.Message)
	}
}

// TestInPeriod holds rows back that lie outside the period of their manifest,
// where the dataset says that they lie in it.
func TestInPeriod(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ds := b.inMode(city.ModeUpsert)
	send := func(month time.Month, content string) string {
		m := &city.Manifest{Version: 1, Dataset: ds.Name, Batch: "x", Files: []city.ManifestFile{{Name: "a.csv"}}}
		if month > 0 {
			m.Period = city.Span{From: city.NewDate(2024, month, 1), To: city.NewDate(2024, month, 28)}
		}
		return brief(b.request(delivery.Request{Dataset: ds.Name, File: "a.csv", Actor: "test", Content: strings.NewReader(head + content), Manifest: m, Entry: &m.Files[0]}))
	}
	const rows = "A,,,2024-01-05,1\nB,,,2024-02-05,1\n"
	if got := send(1, rows+"C,,,2024-02-06,1\n"); got != "committed 3=3+0+0" {
		t.Errorf("any date: %s", got)
	}
	ds.Delivery.InPeriod = true
	for _, c := range []struct {
		month time.Month
		want  string
	}{
		{1, "committed 2=0+1+1 outside_period:1 unchanged:1"},
		{2, "committed 2=0+1+1 outside_period:1 unchanged:1"}, // the same file, held against another period
		{2, "committed 2=0+0+2 same_file:2"},
		{3, "rejected 2=0+2+0 invalid.manifest outside_period:2"},
		{0, "committed 2=0+0+2 same_file:2"}, // a manifest without period
	} {
		if got := send(c.month, rows); got != c.want {
			t.Errorf("month %d: %s, want %s", c.month, got, c.want)
		}
	}
	if r := b.deliver(ds.Name, head+"D,,,2023-01-05,1\n"); r.Accepted != 1 {
		t.Errorf("without manifest: %s", brief(r))
	}
}

// TestOtherDataset refuses a file whose manifest is of another dataset.
func TestOtherDataset(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := &city.Manifest{Version: 1, Dataset: "env.air", Files: []city.ManifestFile{{Name: "a.csv", Sums: map[string]string{"pm25": "1"}}}}
	r := b.request(delivery.Request{Dataset: "hrss.jobs", File: "a.csv", Actor: "test", Content: strings.NewReader(rows(1)), Manifest: m, Entry: &m.Files[0]})
	if r.Code != "invalid.manifest" || !strings.Contains(r.Message, `one of "env.air"`) {
		t.Errorf("%s: %s", brief(r), r.Message)
	}
}

// TestVanishAbove rejects a batch that was cut short, and changes nothing.
func TestVanishAbove(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ds := b.inMode(city.ModeSnapshot)
	b.deliver("hrss.jobs", rows(10))
	ds.Delivery.VanishAbove = 0.2
	before, files := b.table("hrss.jobs"), len(b.files())
	if r := b.deliver("hrss.jobs", rows(7)); r.Code != "invalid.too_many_vanished" || r.Vanished != 0 || !strings.Contains(r.Message, "3 of 10 rows") {
		t.Errorf("%s: %s", brief(r), r.Message)
	}
	if after := b.table("hrss.jobs"); !slices.Equal(after, before) || len(b.files()) != files+1 { // its evidence
		t.Errorf("the table holds %q; files %v", after, b.files())
	}
	if r := b.deliver("hrss.jobs", rows(8)); r.Status != delivery.Committed || r.Vanished != 2 {
		t.Errorf("%s vanished %d", brief(r), r.Vanished)
	}
}

// TestGoneHidesPersons holds that a receipt names no person who vanished.
func TestGoneHidesPersons(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ds := b.inMode(city.ModeSnapshot)
	ds.Key = []string{"person", "no"}
	ds.Fields[1].Optional = false
	b.deliver("hrss.jobs", head+"A,"+anna+",,2024-01-05,1\nB,"+bruno+",,2024-01-05,1\n")
	if got := whole(b.deliver("hrss.jobs", head+"A,"+anna+",,2024-01-05,1\n")); got != `committed 1=0+0+1 unchanged:1 vanished [{"no":"B"}]` {
		t.Error(got)
	}
}
