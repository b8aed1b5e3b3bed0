package analysis_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// register is a register of cases with small groups.
func register() string {
	var b strings.Builder
	b.WriteString("id,day,place,kind,note,cost\n")
	places, kinds := []string{"140105", "140106", "140171"}, []string{"wages", "injury", "other"}
	for i := range 140 {
		fmt.Fprintf(&b, "secret-%03d,2024-%02d-%02d,%s,%s,private %d,%d\n", i, i*i%7+1, i*5%28+1, places[i%7%3], kinds[i*i%11%3], i, i%13)
	}
	return b.String()
}

func registered(t *testing.T) *world {
	w := newWorld(t)
	w.deliver([]string{"cases.register", "2024-01..2024-07"}, register())
	return w
}

// What a principal of one region sees is what anybody sees who asks about that
// region: the narrowing is a condition of the query.
func TestNarrowedPrincipalIsACondition(t *testing.T) {
	t.Parallel()
	w := registered(t)
	whole, narrowed := policy.Local("test"), policy.Local("test")
	narrowed.Regions = []string{"140106"}
	rapid.Check(t, func(rt *rapid.T) {
		q := analysis.Question{Indicator: rapid.SampledFrom([]string{"cases.month", "cases.cost"}).Draw(rt, "indicator"),
			Grain:  rapid.SampledFrom([]city.Grain{city.GrainMonth, city.GrainQuarter, city.GrainYear}).Draw(rt, "grain"),
			By:     rapid.SampledFrom([][]string{nil, {"kind"}, {"place"}, {"place", "kind"}}).Draw(rt, "by"),
			Period: span(t, rapid.SampledFrom([]string{"2024", "2024-02..2024-05"}).Draw(rt, "period"))}
		got, err := w.app.Analysis.Query(t.Context(), narrowed, q)
		if err != nil {
			rt.Fatal(err)
		}
		q.Where = []city.Condition{{Field: "place", Values: []string{"140106"}}}
		want, err := w.app.Analysis.Query(t.Context(), whole, q)
		if err != nil {
			rt.Fatal(err)
		}
		if a, b := answerText(got), answerText(want); a != b {
			rt.Fatalf("narrowed:\n%sasked:\n%s", a, b)
		}
	})
}

// No masked value is shown: not in rows, nor in the cursor, nor in an error.
func TestMaskedColumnsStayMasked(t *testing.T) {
	t.Parallel()
	w := registered(t)
	q := analysis.Drill{Indicator: "cases.month", Period: span(t, "2024"), Limit: 30}
	seen := map[string]bool{}
	for {
		page, err := w.app.Analysis.DrillRows(t.Context(), policy.Local("test"), q)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := json.Marshal(page)
		if err != nil {
			t.Fatal(err)
		}
		if text := string(doc); strings.Contains(text, "secret-") || strings.Contains(text, "private") {
			t.Fatalf("a page shows what is masked: %s", text)
		}
		if page.Total != 140 {
			t.Errorf("%d rows in all", page.Total)
		}
		for _, r := range page.Items {
			seen[fmt.Sprint(r.DeliveryID, r.Record)] = true
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if len(seen) != 140 {
		t.Errorf("%d rows on all pages", len(seen))
	}
	for _, field := range []string{"id", "note"} {
		_, err := w.app.Analysis.Query(t.Context(), asker, analysis.Question{Indicator: "cases.month", Where: []city.Condition{{Field: field, Values: []string{"secret-001"}}}})
		if city.CodeOf(err) != analysis.CodeDisclosure || strings.Contains(err.Error(), "secret") {
			t.Errorf("a condition on %s: %v", field, err)
		}
	}
}

// The rows behind a withheld figure are withheld, and rows about persons need a
// right.
func TestDrillOfASmallGroup(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver([]string{"cases.register", "2024"}, "id,day,place,kind,note,cost\na,2024-01-01,140105,wages,,1\nb,2024-01-01,140105,wages,,1\nc,2024-01-01,140105,wages,,1\nd,2024-01-01,140106,wages,,1\n")
	small := analysis.Drill{Indicator: "cases.month", Dims: map[string]string{"place": "140106"}, Period: span(t, "2024")}
	for name, ask := range map[string]func() error{
		"rows":       func() error { _, err := w.app.Analysis.DrillRows(t.Context(), policy.Local("test"), small); return err },
		"deliveries": func() error { _, err := w.app.Analysis.DrillDeliveries(t.Context(), asker, small); return err },
	} {
		if err := ask(); city.CodeOf(err) != "forbidden.small_group" {
			t.Errorf("%s of a small group: %v", name, err)
		}
	}
	all := analysis.Drill{Indicator: "cases.month", Period: span(t, "2024")}
	var e *city.Error
	if _, err := w.app.Analysis.DrillRows(t.Context(), policy.System("test"), all); !errors.As(err, &e) || e.Code != "forbidden.rows" {
		t.Errorf("without the right: %v", err)
	}
	granted := policy.Local("test", policy.RightSmallGroups)
	if page, err := w.app.Analysis.DrillRows(t.Context(), granted, small); err != nil || page.Total != 1 {
		t.Errorf("with the right to see small groups: %v, %v", page, err)
	}
}

func TestForbiddenDataset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	who := policy.Local("test")
	who.Datasets = []string{"jobs.events"}
	if _, err := w.app.Analysis.Query(t.Context(), who, analysis.Question{Indicator: "cases.month"}); city.CodeOf(err) != "forbidden.dataset" {
		t.Errorf("another dataset: %v", err)
	}
	who.Datasets, who.Regions = nil, []string{"140105"}
	if _, err := w.app.Analysis.Query(t.Context(), who, analysis.Question{Indicator: "air.mean"}); city.CodeOf(err) != "forbidden.region" {
		t.Errorf("a dataset without regions: %v", err)
	}
}

// sparse is a register of cases in which many groups are empty.
func sparse() string {
	var b strings.Builder
	b.WriteString("id,day,place,kind,note,cost\n")
	for i, g := range []struct {
		month, cases int
		place, kind  string
	}{{1, 3, "140105", "wages"}, {1, 1, "140105", "injury"}, {1, 3, "140106", "wages"}, {1, 1, "140171", "wages"},
		{2, 4, "140105", "wages"}, {2, 3, "140106", "wages"}, {2, 1, "140171", "wages"}, {3, 2, "140171", "wages"}} {
		for n := range g.cases {
			fmt.Fprintf(&b, "c%d-%d,2024-%02d-03,%s,%s,,1\n", i, n, g.month, g.place, g.kind)
		}
	}
	return b.String()
}

// A list of groups tells no more than a question about each: a group that may
// not be told of stands in it as withheld, also when nobody is in it.
func TestAListTellsNoMoreThanItsGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver([]string{"cases.register", "2024-01..2024-06"}, sparse())
	values := map[string][]string{"place": {"140105", "140106", "140171"}, "kind": {"wages", "injury"}} // that some row has
	empty := 0
	for _, grain := range []city.Grain{city.GrainMonth, city.GrainQuarter} {
		for _, of := range [][2]string{{"place", "kind"}, {"kind", "place"}} {
			for _, kept := range values[of[0]] {
				q := analysis.Question{Indicator: "cases.month", Period: span(t, "2024-01..2024-06"), Grain: grain, Where: []city.Condition{{Field: of[0], Values: []string{kept}}}}
				empty += w.wantListAsAsked(q, of[1], values[of[1]])
			}
		}
	}
	if empty == 0 {
		t.Error("no empty group is withheld, so that nothing was tried")
	}
}

// wantListAsAsked compares the lines of a list with the answers about each of its
// groups, and counts the withheld ones in which nobody is.
func (w *world) wantListAsAsked(q analysis.Question, by string, values []string) (empty int) {
	w.t.Helper()
	ask := func(who policy.Principal, q analysis.Question) []analysis.Row {
		a, err := w.app.Analysis.Query(w.t.Context(), who, q)
		if err != nil {
			w.t.Fatal(err)
		}
		return a.Rows
	}
	list, lines := q, map[string]analysis.Status{}
	list.By = []string{by}
	for _, r := range ask(asker, list) {
		lines[r.Period+" "+r.Dimensions[by]] = r.Status
	}
	for _, v := range values {
		q.Where = append(q.Where[:1:1], city.Condition{Field: by, Values: []string{v}})
		all := ask(policy.Local("test", policy.RightSmallGroups), q)
		for i, r := range ask(asker, q) {
			hidden := r.Status == analysis.StatusSuppressed
			if hidden != (lines[r.Period+" "+v] == analysis.StatusSuppressed) {
				w.t.Errorf("%v in %s: alone it is %s, in the list %q", q.Where, r.Period, r.Status, lines[r.Period+" "+v])
			}
			if hidden && all[i].Rows == 0 {
				empty++
			}
		}
	}
	return empty
}

// Which deliveries stand behind a figure is told, and not how many of its rows
// each of them wrote: one of a single row would be a person, and so would the
// rows of two figures, one less the other.
func TestDeliveriesOfPersonsAreNotCounted(t *testing.T) {
	t.Parallel()
	w := registered(t)
	w.deliver([]string{"cases.register"}, "id,day,place,kind,note,cost\nlate,2024-01-09,140105,wages,,1\n")
	q := analysis.Drill{Indicator: "cases.month", Period: span(t, "2024")}
	for _, who := range []policy.Principal{asker, policy.Local("test"), policy.Local("test", policy.RightSmallGroups)} {
		list, err := w.app.Analysis.DrillDeliveries(t.Context(), who, q)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d deliveries, %v", len(list), err)
		}
		granted := slices.Contains(who.Rights, policy.RightSmallGroups)
		for _, d := range list {
			if (d.Rows != nil) != granted {
				t.Errorf("%v sees the rows of a delivery: %v", who.Rights, d.Rows)
			}
		}
		if granted && *list[0].Rows != 1 {
			t.Errorf("%d rows of the late delivery", *list[0].Rows)
		}
	}
}
