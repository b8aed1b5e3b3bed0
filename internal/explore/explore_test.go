package explore_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/explore"
	"github.com/jinyang-city/jinyang/internal/explore/export"
	"github.com/jinyang-city/jinyang/internal/policy"
)

var who = policy.Local("test")

// world is a small city with two years of jobs, insured people and cases.
func world(t *testing.T) (*explore.Service, *app.App) {
	t.Helper()
	a, err := app.Open(t.Context(), app.Options{Data: t.TempDir(), Pack: "../analysis/testdata/pack"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	a.Analysis.Today = func() city.Date { return city.Date{Year: 2024, Month: time.July, Day: 15} }
	var jobs, cases strings.Builder
	jobs.WriteString("id,day,place,kind,amount\n")
	cases.WriteString("id,day,place,kind,note,cost\n")
	places, kinds, causes := []string{"140105", "140106", "140171"}, []string{"hire", "exit"}, []string{"wages", "injury", "other"}
	for i := range 300 {
		day := fmt.Sprintf("%d-%02d-%02d", 2023+i%2, i*i%6+1, i*7%28+1)
		fmt.Fprintf(&jobs, "j%d,%s,%s,%s,%d.50\n", i, day, places[i*i%7%3], kinds[i%5/4], i%17)
		fmt.Fprintf(&cases, "c%d,%s,%s,%s,=1+1,%d\n", i, day, places[i*i%7%3], causes[i*i%11%3], i%13)
	}
	for dataset, body := range map[string]string{"jobs.events": jobs.String(), "cases.register": cases.String(),
		"insured.months": "month,place,people\n2024-01,140105,10\n2024-01,140106,20\n2024-02,140105,15\n2024-02,140106,15\n"} {
		period := city.Span{From: city.Date{Year: 2023, Month: 1, Day: 1}, To: city.Date{Year: 2024, Month: 6, Day: 30}}
		m := &city.Manifest{Version: city.ManifestVersion, Dataset: dataset, Batch: "all", Period: period, Files: []city.ManifestFile{{Name: "rows.csv"}}}
		r, err := a.Delivery.Deliver(t.Context(), delivery.Request{Dataset: dataset, File: "rows.csv", Content: strings.NewReader(body), Actor: "test", Manifest: m, Entry: &m.Files[0]})
		if err != nil || r.Status != delivery.Committed || r.Quarantined > 0 {
			t.Fatalf("%v, %+v", err, r)
		}
	}
	return &explore.Service{Answers: a.Analysis, City: a.City}, a
}

func ask(t interface{ Fatal(...any) }, s *explore.Service, q explore.Question) *explore.Table {
	table, err := s.Ask(context.Background(), who, q, 0)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// A total is what the question gives without the dimension; shares of what is
// additive sum to a hundred; as of now is now; nothing that is withheld shows in
// any column.
func TestLaws(t *testing.T) {
	t.Parallel()
	s, _ := world(t)
	rapid.Check(t, func(rt *rapid.T) {
		q := explore.Question{Totals: true, Period: rapid.SampledFrom([]string{"2024", "2023-02..2024-05", "2024-01..2024-06"}).Draw(rt, "period"),
			Grain: rapid.SampledFrom([]city.Grain{city.GrainMonth, city.GrainQuarter, city.GrainYear, city.GrainAll}).Draw(rt, "grain"),
			By:    rapid.SampledFrom([][]string{{"place"}, {"kind"}, {"place", "kind"}}).Draw(rt, "by"),
			Measures: []explore.Measure{{Indicator: rapid.SampledFrom([]string{"jobs.year", "cases.month", "cases.cost"}).Draw(rt, "indicator"),
				Show: []explore.Show{explore.ShowValue, explore.ShowShare, explore.ShowYoY, explore.ShowRank}}}}
		table := ask(rt, s, q)
		plain := q
		plain.By, plain.Totals = nil, false
		plain.Measures = []explore.Measure{{Indicator: q.Measures[0].Indicator}}
		whole := map[string]explore.Cell{}
		for _, r := range ask(rt, s, plain).Rows {
			whole[r.Period] = r.Cells["m0.value"]
		}
		shares := map[string]float64{}
		withheld := map[string]bool{}
		for _, r := range table.Rows {
			value, share := r.Cells["m0.value"], r.Cells["m0.share"]
			if value.Status == analysis.StatusSuppressed {
				withheld[r.Period] = true
				for key, c := range r.Cells {
					if c.Value != nil || c.Display != "" || c.Rows != 0 {
						rt.Fatalf("%v: %s of a withheld figure shows %+v", r.Dims, key, c)
					}
				}
			}
			if r.Kind == explore.RowTotal && !same(value, whole[r.Period]) {
				rt.Fatalf("the total of %s is %+v, asked alone it is %+v", r.Period, value, whole[r.Period])
			}
			if r.Kind == explore.RowCell && share.Value != nil {
				shares[r.Period] += *share.Value
			}
		}
		for period, sum := range shares {
			if !withheld[period] && math.Abs(sum-100) > 1e-6 {
				rt.Fatalf("the shares of %s sum to %v", period, sum)
			}
		}
		now := q
		now.AsOf = "2100-01-01"
		if a, b := rowsOf(table), rowsOf(ask(rt, s, now)); a != b {
			rt.Fatalf("now:\n%s\nas of now:\n%s", a, b)
		}
	})
}

func rowsOf(t *explore.Table) string {
	doc, err := json.Marshal(t.Rows)
	if err != nil {
		return err.Error()
	}
	return string(doc)
}

func same(a, b explore.Cell) bool {
	return a.Status == b.Status && (a.Value == nil) == (b.Value == nil) && (a.Value == nil || *a.Value == *b.Value)
}

// The top and the rest are the total; ranks follow what is better and ties share
// one; what has no value sorts last.
func TestTopRestAndRanks(t *testing.T) {
	t.Parallel()
	s, _ := world(t)
	table := ask(t, s, explore.Question{By: []string{"place"}, Period: "2024-01..2024-06", Grain: city.GrainAll, Totals: true, Top: 1, Rest: true,
		Measures: []explore.Measure{{Indicator: "jobs.year"}}})
	var kinds []string
	sum, total := 0.0, 0.0
	for _, r := range table.Rows {
		kinds = append(kinds, string(r.Kind))
		if v := *r.Cells["m0.value"].Value; r.Kind == explore.RowTotal {
			total = v
		} else {
			sum += v
		}
	}
	if !slices.Equal(kinds, []string{"cell", "rest", "total"}) || sum != total {
		t.Errorf("%v sum to %v, the total is %v", kinds, sum, total)
	}
	ranks := ask(t, s, explore.Question{By: []string{"region"}, Period: "2024-02", Measures: []explore.Measure{{Indicator: "insured.people", Show: []explore.Show{explore.ShowValue, explore.ShowRank}}, {Indicator: "jobs.month"}}})
	for _, r := range ranks.Rows {
		if c := r.Cells["m0.rank"]; r.Dims["region"] != "140171" && (c.Value == nil || *c.Value != 1) {
			t.Errorf("equal values rank %+v", c)
		}
		if r.Dims["region"] == "140171" && (r.Cells["m0.value"].Value != nil || r.Cells["m1.value"].Value == nil) {
			t.Errorf("measures of two datasets in a row: %+v", r.Cells)
		}
	}
}

// What is counted since January is compared with the month before by the figures
// of the months, as the same measure without accumulation is; a part of a month
// is said to be one.
func TestPeriodBeforeOfAnAccumulation(t *testing.T) {
	t.Parallel()
	s, _ := world(t)
	shows := []explore.Show{explore.ShowMoM, explore.ShowMoMDiff, explore.ShowBefore}
	table := ask(t, s, explore.Question{By: []string{"place"}, Period: "2023-12..2024-06", Totals: true,
		Measures: []explore.Measure{{Indicator: "jobs.year", Show: shows}, {Indicator: "jobs.month", Show: shows}}})
	compared := 0
	for _, r := range table.Rows {
		for _, show := range shows {
			year, month := r.Cells["m0."+string(show)], r.Cells["m1."+string(show)]
			if !same(year, month) {
				t.Errorf("%s %v %s: %+v since January, %+v of months", r.Period, r.Dims, show, year, month)
			}
			if year.Value != nil {
				compared++
			}
		}
	}
	if compared == 0 || !strings.Contains(table.Columns[2].Title.ZH, "当期") {
		t.Errorf("%d compared, %s", compared, table.Columns[2].Title.ZH)
	}
	for period, want := range map[string]int{"2024-01..2024-02": 0, "2024-01-10..2024-02": 1, "2024-01-10..2024-02-20": 2, "2024-01-10..2024-01-20": 1} {
		table, got := ask(t, s, explore.Question{Measures: []explore.Measure{{Indicator: "jobs.month"}}, Period: period}), 0
		for _, n := range table.Notes {
			if strings.Contains(n.EN, "holds only 2024") {
				got++
			}
		}
		if got != want {
			t.Errorf("%s: %d periods are cut, want %d: %v", period, got, want, table.Notes)
		}
	}
}

// Every question that cannot be answered gets one sentence and a hint.
func TestImpossibleQuestions(t *testing.T) {
	t.Parallel()
	s, _ := world(t)
	m := func(name string, show ...explore.Show) []explore.Measure {
		return []explore.Measure{{Indicator: name, Show: show}}
	}
	for _, c := range []struct {
		q          explore.Question
		says, hint string
	}{
		{explore.Question{}, "names no measure", "at least one"},
		{explore.Question{Measures: m("jobs.yaer")}, `no indicator "jobs.yaer"`, "jobs.year"},
		{explore.Question{Measures: m("jobs.year"), By: []string{"colour"}}, `cannot be broken down by "colour"`, "place, kind"},
		{explore.Question{Measures: m("jobs.year"), By: []string{"place", "place"}}, "twice", "once"},
		{explore.Question{Measures: append(m("jobs.year"), m("insured.people")...), By: []string{"kind"}}, `insured.people has no dimension "kind", which jobs.year has`, "apart"},
		{explore.Question{Measures: m("jobs.year"), Where: []string{"colour=red"}}, "cannot be narrowed", "place"},
		{explore.Question{Measures: m("cases.month"), Where: []string{"cost=1"}}, "cannot be chosen by", "kind, place"},
		{explore.Question{Measures: m("insured.people"), Grain: city.GrainDay}, "figures of months", "by month"},
		{explore.Question{Measures: m("insured.people", explore.ShowYTD)}, "is a stock", "leave out ytd"},
		{explore.Question{Measures: m("jobs.year", explore.ShowRolling)}, "has no length", "rolling 12"},
		{explore.Question{Measures: m("air.mean", explore.ShowShare)}, "has no shares", "rank"},
		{explore.Question{Measures: m("jobs.year", explore.ShowShare)}, "needs a dimension", "place"},
		{explore.Question{Measures: m("jobs.year", explore.ShowRank)}, "needs a dimension", "place"},
		{explore.Question{Measures: m("jobs.year", explore.ShowFestival)}, "moves with no festival", "year before"},
		{explore.Question{Measures: m("jobs.year", "colour")}, "nothing that a measure can show", "share"},
		{explore.Question{Measures: m("jobs.year"), Period: "1950..2024", Grain: city.GrainDay}, "periods", "coarser grain"},
		{explore.Question{Measures: m("jobs.year"), Period: "last year"}, "is not a period", "2024Q1"},
		{explore.Question{Measures: m("jobs.year"), Grain: "week"}, "is not a grain", "month"},
		{explore.Question{Measures: m("jobs.year"), Sort: []explore.Sort{{Column: "m1.value"}}}, "no column", "m0.value"},
		{explore.Question{Measures: m("jobs.year"), Top: 3}, "needs a dimension", "place"},
		{explore.Question{Measures: m("jobs.year"), By: []string{"place"}, Rest: true}, "beside a top", "how many"},
		{explore.Question{Measures: m("jobs.year"), By: []string{"place", "kind"}, Top: 1, Rest: true}, "one dimension only", "keep one"},
		{explore.Question{Measures: m("jobs.year"), AsOf: "yesterday"}, "", ""},
	} {
		_, err := s.Ask(t.Context(), who, c.q, 0)
		e, ok := err.(*city.Error)
		if !ok || !strings.Contains(e.Message, c.says) || !strings.Contains(e.Hint, c.hint) || strings.HasSuffix(e.Message, ".") || e.Hint == "" {
			t.Errorf("%+v: %v", c.q, err)
		}
	}
}

// A period without data is no mistake: the table is empty and says so.
func TestEmptyPeriod(t *testing.T) {
	t.Parallel()
	s, _ := world(t)
	table := ask(t, s, explore.Question{Measures: []explore.Measure{{Indicator: "jobs.month"}}, By: []string{"place"}, Period: "2030"})
	if len(table.Rows) != 0 || len(table.Notes) == 0 || !strings.Contains(table.Notes[0].EN, "complete to 2024-06-30") {
		t.Errorf("%+v", table)
	}
}

// What a file holds is what the table holds: no withheld figure, and no text that
// a spreadsheet would run.
func TestExports(t *testing.T) {
	t.Parallel()
	s, _ := world(t)
	q := explore.Question{By: []string{"place", "kind"}, Period: "2024", Measures: []explore.Measure{{Indicator: "cases.month", Show: []explore.Show{explore.ShowValue, explore.ShowShare}}}}
	table := ask(t, s, q)
	if table.Suppressed == 0 || table.MinGroup != 3 {
		t.Fatalf("nothing is withheld: %+v", table.Notes)
	}
	table.Rows[0].Labels["place"] = city.Text{ZH: "=HYPERLINK(\"x\")"}
	for _, f := range export.Formats() {
		var b bytes.Buffer
		if err := export.Write(&b, f, q, table); err != nil {
			t.Fatal(err)
		}
		if b.Len() == 0 {
			t.Errorf("%s is empty", f)
		}
	}
	var b bytes.Buffer
	if err := export.Write(&b, export.CSV, q, table); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(b.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked || len(rows) != len(table.Rows)+1 || rows[1][2] != "'=HYPERLINK(\"x\")" {
		t.Errorf("%v, %v", err, rows[:2])
	}
	for _, r := range rows[1:] {
		if r[7] == "suppressed" && r[6] != "" || r[9] == "suppressed" && r[8] != "" {
			t.Errorf("a withheld figure is in the file: %v", r)
		}
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	_, a := world(t)
	now := time.Date(2024, 7, 15, 8, 0, 0, 0, time.UTC)
	views := &explore.Views{Store: a.Store, Now: func() time.Time { return now }}
	ctx := t.Context()
	v, err := views.Create(ctx, who, explore.View{Name: " 就业 ", Chart: "bar", Question: explore.Question{Measures: []explore.Measure{{Indicator: "jobs.year"}}, By: []string{"place"}}})
	if err != nil || v.Version != 1 || v.Name != "就业" || v.By != "test" {
		t.Fatalf("%+v, %v", v, err)
	}
	changed := v
	changed.Note = "mine"
	if changed, err = views.Change(ctx, who, changed); err != nil || changed.Version != 2 {
		t.Fatalf("%+v, %v", changed, err)
	}
	if _, err := views.Change(ctx, who, v); city.CodeOf(err) != "conflict.view" {
		t.Errorf("a change of what was changed meanwhile: %v", err)
	}
	if err := views.Delete(ctx, who, v.ID, 1); city.CodeOf(err) != "conflict.view" {
		t.Errorf("deleting another version: %v", err)
	}
	if err := views.Delete(ctx, who, v.ID, 2); err != nil {
		t.Fatal(err)
	}
	if _, err := views.Get(ctx, v.ID); city.CodeOf(err) != city.CodeNotFound {
		t.Errorf("a deleted view: %v", err)
	}
	if list, err := views.List(ctx, true); err != nil || len(list) != 1 {
		t.Errorf("deleted ones: %v, %v", list, err)
	}
	if back, err := views.Restore(ctx, who, v.ID); err != nil || back.Note != "mine" || back.Question.By[0] != "place" {
		t.Errorf("restored: %+v, %v", back, err)
	}
	if _, err := views.Create(ctx, who, explore.View{Name: "x", Chart: "pie", Question: v.Question}); err == nil {
		t.Error("a chart that there is not was saved")
	}
	if _, err := views.Create(ctx, who, explore.View{Question: v.Question}); err == nil {
		t.Error("a view without a name was saved")
	}
	if err := views.Delete(ctx, who, v.ID, 0); err != nil {
		t.Fatal(err)
	}
	now = now.Add(31 * 24 * time.Hour)
	other, err := views.Create(ctx, who, explore.View{Name: "other", Question: v.Question})
	if err != nil {
		t.Fatal(err)
	}
	if err := views.Delete(ctx, who, other.ID, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := views.Restore(ctx, who, v.ID); city.CodeOf(err) != city.CodeNotFound {
		t.Errorf("a view that was deleted long ago: %v", err)
	}
}
