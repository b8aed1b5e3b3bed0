package watch

import (
	"testing"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

func number(f float64) *float64 { return &f }

// TestFigures holds what is watched of a row: changes in percent, of percentages
// in points, and nothing that is not valid.
func TestFigures(t *testing.T) {
	t.Parallel()
	valid := analysis.Row{Status: analysis.StatusValid, Value: number(90), Previous: number(100), Before: number(80)}
	provisional := valid
	provisional.Status = analysis.StatusProvisional
	nothing := valid
	nothing.Previous = number(0)
	for name, c := range map[string]struct {
		show city.Show
		unit string
		row  analysis.Row
		want *float64
	}{
		"value": {city.ShowValue, "person", valid, number(90)}, "on the year": {city.ShowYoY, "person", valid, number(-10)}, "on the period": {city.ShowMoM, "person", valid, number(12.5)},
		"points": {city.ShowYoY, "percent", valid, number(-10)}, "provisional": {city.ShowValue, "person", provisional, nil}, "nothing to compare with": {city.ShowYoY, "person", nothing, nil},
		"withheld": {city.ShowValue, "person", analysis.Row{Status: analysis.StatusSuppressed}, nil},
	} {
		got := figure(&city.IndicatorWatch{Show: c.show}, &analysis.Answer{Unit: analysis.Named{Name: c.unit}}, c.row)
		if (got == nil) != (c.want == nil) || got != nil && city.Figure(*got, 6) != city.Figure(*c.want, 6) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestReadingOfSeries reads a member whose newest month is provisional and whose
// March is missing.
func TestReadingOfSeries(t *testing.T) {
	t.Parallel()
	w := &city.IndicatorWatch{Indicator: "air", Show: city.ShowYoY, Below: number(-15), Clear: -10, Periods: 2, Grain: city.GrainMonth, By: []string{"region"}}
	a := &analysis.Answer{Indicator: analysis.Named{Name: "air", Title: city.Text{ZH: "就业", EN: "Jobs"}}, Unit: analysis.Named{Name: "person"}}
	row := func(month int, v float64, status analysis.Status) analysis.Row {
		first := city.NewDate(2024, 1, 1)
		for range month - 1 {
			first = city.GrainMonth.Next(first)
		}
		return analysis.Row{Period: city.GrainMonth.Label(first), From: first, To: first.MonthEnd(), Status: status, Value: number(v), Previous: number(100),
			Dimensions: map[string]string{"region": "140105"}, Labels: map[string]city.Text{"region": {ZH: "小店区", EN: "Xiaodian"}}}
	}
	rows := []analysis.Row{row(5, 99, analysis.StatusProvisional), row(4, 80, analysis.StatusValid), row(2, 70, analysis.StatusValid)}
	r := reading(w, a, rows)
	if r.Level != alert.Hold || r.Basis != "2024-04" || r.Title.ZH != "就业·小店区" {
		t.Errorf("with a gap: %+v", r)
	}
	if want := "2024-04 同比 -20.0%，预警线为低于 -15%（连续 2 期）"; r.Text.ZH != want || r.Display != "-20.0%" {
		t.Errorf("it says %q %q, want %q", r.Text.ZH, r.Display, want)
	}
	if r := reading(w, a, append(rows, row(3, 75, analysis.StatusValid))); r.Level != alert.Raise {
		t.Errorf("without the gap: %+v", r)
	}
}

// TestLooksWhereDataAre holds that a rule looks at the newest figures that there
// are: not at the last days, when their batch comes by the month.
func TestLooksWhereDataAre(t *testing.T) {
	t.Parallel()
	today := city.NewDate(2024, 11, 22)
	october := city.Span{From: city.NewDate(2024, 10, 1), To: city.NewDate(2024, 10, 31)}
	for name, c := range map[string]struct {
		grain     city.Grain
		delivered []city.Span
		want      city.Span
	}{
		"nothing was delivered": {city.GrainMonth, nil, city.Span{From: city.NewDate(2023, 9, 1), To: city.NewDate(2024, 11, 30)}},
		"days by the month":     {city.GrainDay, []city.Span{october}, city.Span{From: city.NewDate(2024, 10, 17), To: october.To}},
		"data of long ago":      {city.GrainMonth, []city.Span{{From: city.NewDate(2021, 1, 1), To: city.NewDate(2021, 3, 31)}, {From: city.NewDate(2020, 1, 1), To: city.NewDate(2020, 12, 31)}}, city.Span{From: city.NewDate(2020, 1, 1), To: city.NewDate(2021, 3, 31)}},
		"a plan for the year":   {city.GrainMonth, []city.Span{{From: city.NewDate(2024, 1, 1), To: city.NewDate(2024, 12, 31)}}, city.Span{From: city.NewDate(2023, 9, 1), To: city.NewDate(2024, 11, 30)}},
	} {
		if got := lookedAt(&city.IndicatorWatch{Grain: c.grain, Periods: 2}, c.delivered, today); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
