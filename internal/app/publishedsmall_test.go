package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// sendCases delivers cases: so many of each place, numbered from a first one.
func sendCases(t *testing.T, a *app.App, first int, places ...string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,day,place,kind,note,cost\n")
	for i, place := range places {
		fmt.Fprintf(&b, "c%03d,2024-01-%02d,%s,wages,,10\n", first+i, 1+i%28, place)
	}
	if _, err := a.Delivery.Deliver(t.Context(), delivery.Request{Dataset: "cases.register", File: "b.csv", Actor: "test", Content: strings.NewReader(b.String())}); err != nil {
		t.Fatal(err)
	}
}

func times(n int, place string) []string {
	return strings.Split(strings.TrimSuffix(strings.Repeat(place+" ", n), " "), " ")
}

// TestPublishedSmallGroups holds that what is published, explained and told of
// the past is withheld wherever a plain question as of then is answered with
// nothing, also when somebody publishes who may see small groups.
func TestPublishedSmallGroups(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: "../analysis/testdata/pack"})
	everybody := policy.Local("test")
	moved := append(append(times(5, "140105"), times(4, "140106")...), times(1, "140171")...)
	sendCases(t, a, 1, append(append(times(4, "140105"), times(4, "140106")...), times(4, "140171")...)...)
	c, err := a.Ledger.Publish(t.Context(), reader, ledger.Request{Period: "2024-01", Indicators: []string{"cases.month"}, By: []string{"place"}, Person: "王敏", Reason: "test"})
	if err != nil {
		t.Fatal(err)
	}
	sendCases(t, a, 3, moved...) // one case is left of 140171, and is withheld with another place
	sendCases(t, a, 20, times(6, "140171")...)
	small, err := a.Ledger.Publish(t.Context(), reader, ledger.Request{Period: "2024-01", Indicators: []string{"cases.cost"}, By: []string{"kind", "place"}, Person: "王敏", Reason: "test"})
	if err != nil {
		t.Fatal(err)
	}
	hidden := 0
	for _, place := range []string{"", "140105", "140106", "140171"} {
		q := ledger.Question{Indicator: "cases.month", Period: "2024-01", Member: place}
		if place != "" {
			q.Dimension = "place"
		}
		hidden += wantHistoryAsAsked(t, a, everybody, q)
	}
	if hidden < 2 {
		t.Errorf("%d figures of the past are withheld, want a small group and its partner", hidden)
	}
	for _, closing := range []store.Closing{c, small} {
		wantExplained(t, a, everybody, closing.ID)
	}
}

// wantHistoryAsAsked compares every moment of a history with the answer as of it,
// and counts those that are withheld.
func wantHistoryAsAsked(t *testing.T, a *app.App, who policy.Principal, q ledger.Question) (hidden int) {
	t.Helper()
	month, err := city.ParseSpan(q.Period)
	if err != nil {
		t.Fatal(err)
	}
	h, err := a.Ledger.History(t.Context(), who, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range h.Points {
		asked := analysis.Question{Indicator: q.Indicator, Period: month, AsOf: lake.AsOf{At: p.AsOf}}
		if q.Dimension != "" {
			asked.By = []string{q.Dimension}
		}
		answer, err := a.Analysis.Query(t.Context(), who, asked)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range answer.Rows {
			if r.Dimensions[q.Dimension] == q.Member && (r.Status != p.Status || r.Display != p.Display) {
				t.Errorf("%s %q as of %s: %s %q in the history, %s %q when asked", q.Indicator, q.Member, p.AsOf, p.Status, p.Display, r.Status, r.Display)
			}
		}
		if p.Status == analysis.StatusSuppressed {
			hidden++
		}
	}
	return hidden
}

// wantExplained holds that no explanation of a closing tells of a state that is
// withheld: neither its value nor the rows by which it came about.
func wantExplained(t *testing.T, a *app.App, who policy.Principal, closing string) {
	t.Helper()
	figures, err := a.Store.Figures(t.Context(), store.FigureFilter{ClosingID: closing})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		d, err := a.Ledger.Figure(t.Context(), who, f.ID)
		if err != nil {
			t.Fatal(err)
		}
		gone := d.Status == analysis.StatusSuppressed || d.Now.Status == analysis.StatusSuppressed
		if gone && (len(d.Explanation.Parts) > 0 || d.Explanation.Difference != nil) {
			t.Errorf("%s %q is withheld and explained: %s", f.Indicator, f.Member, parts(d.Explanation))
		}
		if d.Member == "140171" && !gone { // it was withheld between the two deliveries
			for _, p := range d.Explanation.Parts {
				if p.Rows != 0 {
					t.Errorf("%s %q tells the rows of a state that is withheld: %s", f.Indicator, f.Member, parts(d.Explanation))
				}
			}
		}
		wantSum(t, d)
	}
}

// TestExplanationsOfAFew holds that a cause that concerns fewer persons than may
// be told of is told together with another, and by itself only to who may see
// small groups.
func TestExplanationsOfAFew(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: "../analysis/testdata/pack"})
	sendCases(t, a, 1, times(20, "140105")...)
	c, err := a.Ledger.Publish(t.Context(), reader, ledger.Request{Period: "2024-01", Indicators: []string{"cases.month"}, Person: "王敏", Reason: "test"})
	if err != nil {
		t.Fatal(err)
	}
	figures, err := a.Store.Figures(t.Context(), store.FigureFilter{ClosingID: c.ID})
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct {
		first, n       int
		everybody, all string
	}{
		{21, 1, "together 1 (0)", "late_rows 1 (1)"},
		{22, 8, "together 9 (0)", "late_rows 9 (9)"},
		{30, 9, "late_rows 9 (9), together 9 (0)", "late_rows 18 (18)"},
	} {
		sendCases(t, a, step.first, times(step.n, "140105")...)
		for _, asked := range []struct {
			who  policy.Principal
			want string
		}{{policy.Local("test"), step.everybody}, {reader, step.all}} {
			d, err := a.Ledger.Figure(t.Context(), asked.who, figures[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if got := parts(d.Explanation); got != asked.want {
				t.Errorf("%d: %s, want %s", i, got, asked.want)
			}
			wantSum(t, d)
		}
	}
}
