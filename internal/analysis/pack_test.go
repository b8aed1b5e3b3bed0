package analysis_test

import (
	"testing"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// Every indicator of the embedded pack is answered before anything was
// delivered: at every grain, alone and by each of its dimensions.
func TestEmbeddedPackOnEmptyTables(t *testing.T) {
	t.Parallel()
	a, err := app.Open(t.Context(), app.Options{Data: t.TempDir(), Today: city.Date{Year: 2024, Month: 3, Day: 31}})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for _, ind := range a.City().Indicators {
		breakdowns := [][]string{nil}
		for _, d := range ind.Dimensions {
			breakdowns = append(breakdowns, []string{d})
		}
		for _, by := range breakdowns {
			for _, grain := range []city.Grain{city.GrainDay, city.GrainMonth, city.GrainQuarter, city.GrainYear} {
				checkEmpty(t, a.Analysis, analysis.Question{Indicator: ind.Name, By: by, Grain: grain, Period: span(t, "2024-02-28..2024-03-01")})
			}
		}
	}
	for _, year := range []int{2023, 2024} {
		b, err := a.Analysis.Board(t.Context(), asker, year)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range b.Targets { // those that are reported by hand are overdue instead
			if target.Indicator != nil && (target.State != analysis.StateNoData || target.Probability != nil || target.Forecast != nil) {
				t.Errorf("%s is %s without any data", target.Target.Name, target.State)
			}
		}
		if b.Counts[analysis.StateNoData] == 0 {
			t.Errorf("every target of %d has data, before any came", year)
		}
	}
}

// asker is on whose behalf these tests ask.
var asker = policy.System("test")

func checkEmpty(t *testing.T, s *analysis.Service, q analysis.Question) {
	t.Helper()
	ans, err := s.Query(t.Context(), asker, q)
	if err != nil {
		t.Errorf("%s by %v, %s: %v", q.Indicator, q.By, q.Grain, err)
		return
	}
	if want := len(q.Period.Periods(q.Grain)); q.By == nil && len(ans.Rows) != want {
		t.Errorf("%s, %s: %d rows, want %d", q.Indicator, q.Grain, len(ans.Rows), want)
	}
	for _, r := range ans.Rows {
		if r.Status != analysis.StatusNoData || r.Value != nil || r.Display != "" || r.Reason.ZH == "" || r.Reason.EN == "" {
			t.Errorf("%s by %v, %s: %+v, want no data with a reason", q.Indicator, q.By, q.Grain, r)
		}
	}
	if ans.Definition.SQL == "" || ans.Definition.Words.EN == "" || ans.Definition.Version == "" {
		t.Errorf("%s: the definition is incomplete: %+v", q.Indicator, ans.Definition)
	}
}
