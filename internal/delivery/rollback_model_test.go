package delivery_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// modal is a dataset of three fields in a mode; keyed says that k tells rows
// apart, and not the whole row.
func modal(mode city.Mode, keyed bool) *city.Dataset {
	ds := &city.Dataset{
		Name: fmt.Sprintf("test.%s_%v", mode, keyed), Owner: "hrss",
		Delivery: city.DeliverySpec{Mode: mode, Period: "day", Every: city.GrainMonth, RejectAbove: 1, VanishAbove: 1, Header: city.HeaderRequired},
		Fields: []*city.Field{
			{Name: "k", Type: city.TypeString, Source: []string{"k"}},
			{Name: "day", Type: city.TypeDate, Source: []string{"day"}},
			{Name: "v", Type: city.TypeInt, Source: []string{"v"}, Optional: true},
		},
	}
	if keyed {
		ds.Key = []string{"k"}
	}
	return ds
}

// sent is a delivery as the model keeps it.
type sent struct {
	id         string
	rows       []string // k,day,v; v is x in a row that fails
	content    string
	period     city.Span // of the manifest; zero without
	committed  bool
	rolledBack bool
}

// world is what a table must hold, the plain way: everything that was not
// rolled back, done in turn.
type world struct {
	ds   *city.Dataset
	sent []*sent
}

func (w *world) key(row string) string {
	if len(w.ds.Key) == 0 {
		return row
	}
	return row[:strings.IndexByte(row, ',')]
}

func month(row string) string { return strings.Split(row, ",")[1][:7] }

// table does all deliveries in turn, but for those that were rolled back.
func (w *world) table() []string {
	rows, seen := map[string]string{}, map[string]bool{}
	for _, s := range w.sent {
		if s.rolledBack || !s.committed {
			continue
		}
		if !w.ds.Delivery.Mode.Whole() && seen[s.content] {
			continue // passed over as the same file
		}
		seen[s.content] = true
		w.apply(rows, s)
	}
	out := []string{}
	for _, r := range rows {
		out = append(out, strings.ReplaceAll(r, ",", "|"))
	}
	slices.Sort(out)
	return out
}

// sort parts the rows of a delivery: good ones by key, the keys of others that
// it holds, and the months of all good rows, also of those that a later one
// supersedes.
func (w *world) sort(s *sent) (good map[string]string, held map[string]bool, months map[string]bool) {
	good, held, months = map[string]string{}, map[string]bool{}, map[string]bool{}
	for _, r := range s.rows {
		bad := strings.HasSuffix(r, ",x")
		outside := w.ds.Delivery.Mode == city.ModeReplace && !s.period.IsZero() && month(r) != s.period.From.String()[:7]
		switch {
		case !bad && !outside:
			good[w.key(r)], months[month(r)] = r, true
		case bad && len(w.ds.Key) == 0: // the row cannot be read as a whole
		default:
			held[w.key(r)] = true
		}
	}
	return good, held, months
}

func (w *world) apply(rows map[string]string, s *sent) {
	good, held, scope := w.sort(s)
	if !s.period.IsZero() {
		scope = map[string]bool{s.period.From.String()[:7]: true}
	}
	months := slices.Sorted(maps.Keys(scope))
	for k, r := range rows {
		in := w.ds.Delivery.Mode == city.ModeSnapshot
		if w.ds.Delivery.Mode == city.ModeReplace && len(months) > 0 {
			in = months[0] <= month(r) && month(r) <= months[len(months)-1]
		}
		if _, has := good[k]; in && !has && !held[k] {
			delete(rows, k)
		}
	}
	maps.Copy(rows, good)
}

// TestRollbackModel sends random deliveries, rolls some back, and holds that
// the table is always what it would be had those never come. Few keys, dates
// and values make deliveries meet.
func TestRollbackModel(t *testing.T) {
	t.Parallel()
	for _, mode := range []city.Mode{city.ModeAppend, city.ModeUpsert, city.ModeReplace, city.ModeSnapshot} {
		for _, keyed := range []bool{true, false} {
			if mode == city.ModeUpsert && !keyed || mode == city.ModeAppend && keyed {
				continue
			}
			t.Run(fmt.Sprint(mode, keyed), func(t *testing.T) {
				t.Parallel()
				b := newBench(t)
				n := 0
				rapid.Check(t, func(rt *rapid.T) {
					n++ // a table of its own for each try
					ds := modal(mode, keyed)
					ds.Name = fmt.Sprintf("%s_%d", ds.Name, n)
					b.city.Datasets = append(b.city.Datasets, ds)
					b.city.Index()
					w := &world{ds: ds}
					for range rapid.IntRange(2, 9).Draw(rt, "steps") {
						switch what := rapid.IntRange(0, 8).Draw(rt, "what"); {
						case len(w.sent) > 0 && what < 3:
							w.rollBack(b, rt)
						case len(w.sent) > 0 && what == 3:
							if _, err := b.lake.Compact(t.Context(), b.eng, ds, lake.CompactOptions{MostSmall: 1}); err != nil {
								rt.Fatal(err)
							}
						default:
							w.deliver(b, rt)
						}
						if got, want := b.table(ds.Name), w.table(); !slices.Equal(got, want) {
							rt.Fatalf("the table holds\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
						}
					}
				})
			})
		}
	}
}

func (w *world) deliver(b *bench, t *rapid.T) {
	s := &sent{}
	if len(w.sent) > 0 && rapid.IntRange(0, 4).Draw(t, "again") == 0 {
		old := w.sent[rapid.IntRange(0, len(w.sent)-1).Draw(t, "which")]
		s.rows, s.content, s.period = old.rows, old.content, old.period
	} else {
		row := rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("%s,2024-%s-05,%s", rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "k"),
				rapid.SampledFrom([]string{"01", "01", "02", "03"}).Draw(t, "month"), rapid.SampledFrom([]string{"0", "0", "1", "x"}).Draw(t, "v"))
		})
		s.rows = rapid.SliceOfN(row, 1, 4).Draw(t, "rows")
		s.content = "k,day,v\n" + strings.Join(s.rows, "\n") + "\n"
		if w.ds.Delivery.Mode == city.ModeReplace && rapid.Bool().Draw(t, "manifest") {
			s.period = city.GrainMonth.Span(city.NewDate(2024, 1, 1))
		}
	}
	req := delivery.Request{Dataset: w.ds.Name, File: "a.csv", Actor: "test", Content: strings.NewReader(s.content)}
	if !s.period.IsZero() {
		req.Manifest = &city.Manifest{Version: 1, Dataset: w.ds.Name, Period: s.period, Files: []city.ManifestFile{{Name: "a.csv"}}}
		req.Entry = &req.Manifest.Files[0]
	}
	before := len(b.table(w.ds.Name))
	r, err := b.svc.Deliver(b.t.Context(), req)
	if err != nil || !r.Balanced() {
		t.Fatalf("%+v, %v", r, err)
	}
	good, _, _ := w.sort(s)
	s.id, s.committed = r.DeliveryID, !w.ds.Delivery.Mode.Whole() || len(good) > 0
	w.sent = append(w.sent, s)
	if (r.Status == delivery.Committed) != s.committed {
		t.Fatalf("%s: %s", r.Status, r.Message)
	}
	if after := len(b.table(w.ds.Name)); int64(after-before) != r.Accepted-r.Changed-r.Vanished {
		t.Fatalf("%d rows became %d: %s vanished %d", before, after, brief(r), r.Vanished)
	}
}

func (w *world) rollBack(b *bench, t *rapid.T) {
	s := w.sent[rapid.IntRange(0, len(w.sent)-1).Draw(t, "which to roll back")]
	req := delivery.RollbackRequest{DeliveryID: s.id, Reason: "a test", Actor: "test"}
	before := len(b.table(w.ds.Name))
	dry := req
	dry.DryRun = true
	would, err := b.svc.Rollback(b.t.Context(), dry)
	if s.rolledBack || !s.committed {
		if city.CodeOf(err) != "conflict.delivery" {
			t.Fatalf("rolled back once more: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.svc.Rollback(b.t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	s.rolledBack = true
	if after := len(b.table(w.ds.Name)); int64(after-before) != r.Restored-r.Removed || r.Removed != would.Removed || r.Restored != would.Restored {
		t.Fatalf("%d rows became %d: %+v, the dry run said %+v", before, after, r, would)
	}
	if n := b.countOf(w.ds.Name, s.id); n != 0 {
		t.Fatalf("%d rows are still those of the delivery", n)
	}
	if d, err := b.store.Delivery(b.t.Context(), s.id); err != nil || d.State != store.StateRolledBack {
		t.Fatalf("the delivery is %s, %v", d.State, err)
	}
}
