package metric

import (
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// TestRefused lists questions that cannot be asked, and what is said.
func TestRefused(t *testing.T) {
	t.Parallel()
	good := func() Request {
		return Request{Indicator: indicator(city.WindowYear, count()), Period: span(t, "2024"), Grain: city.GrainYear}
	}
	tests := []struct {
		name string
		edit func(*Request, *Source)
		code city.Code
		want string
	}{
		{"no indicator", func(r *Request, _ *Source) { r.Indicator = nil }, city.CodeInvalid, "names no indicator"},
		{"undeclared dimension", func(r *Request, _ *Source) { r.By = []string{"person"} }, city.CodeInvalid, "use region, kind"},
		{"dimension twice", func(r *Request, _ *Source) { r.By = []string{"kind", "kind"} }, city.CodeInvalid, "twice"},
		{"no period", func(r *Request, _ *Source) { r.Period = city.Span{} }, city.CodeInvalid, "no period"},
		{"reversed", func(r *Request, _ *Source) { r.Period.To = city.NewDate(2023, 1, 1) }, city.CodeInvalid, "ends before"},
		{"too many", func(r *Request, _ *Source) { r.Period.From = city.NewDate(1900, 1, 1); r.Grain = city.GrainDay }, city.CodeInvalid, "coarser grain"},
		{"no grain", func(r *Request, _ *Source) { r.Grain = "week" }, city.CodeInvalid, "not a grain"},
		{"fraction 0", func(_ *Request, s *Source) { s.Fraction = 0 }, city.CodeInvalid, "sample fraction"},
		{"fraction above 1", func(_ *Request, s *Source) { s.Fraction = 1.01 }, city.CodeInvalid, "sample fraction"},
		{"unknown dataset", func(r *Request, _ *Source) { r.Indicator.Dataset = "a.b" }, city.CodeNotFound, `no dataset "a.b"`},
		{"time is no date", func(r *Request, _ *Source) { r.Indicator.Time = "kind" }, city.CodeInvalid, "not a date, datetime or month"},
		{"unknown field", func(r *Request, _ *Source) { r.Where = []city.Condition{is("colour", "red")} }, city.CodeInvalid, "its fields are day, month"},
		{"no value", func(r *Request, _ *Source) { r.Where = []city.Condition{{Field: "kind"}} }, city.CodeInvalid, "names no value"},
		{"unknown word", func(r *Request, _ *Source) { r.Where = []city.Condition{is("kind", "fired")} }, city.CodeInvalid, "use hire, self, exit"},
		{"unknown region", func(r *Request, _ *Source) { r.Where = []city.Condition{is("region", "110000")} }, city.CodeNotFound, `no region "110000"`},
		{"bad number", func(r *Request, _ *Source) { r.Where = []city.Condition{{Field: "level", Min: "NaN"}} }, city.CodeInvalid, "write a number"},
		{"bad integer", func(r *Request, _ *Source) { r.Where = []city.Condition{is("cases", "1.5")} }, city.CodeInvalid, "whole number"},
		{"bad decimal", func(r *Request, _ *Source) { r.Where = []city.Condition{is("amount", "1e3")} }, city.CodeInvalid, "write a number"},
		{"bad date", func(r *Request, _ *Source) { r.Where = []city.Condition{{Field: "day", Max: "2023-02-30"}} }, city.CodeInvalid, "YYYY-MM-DD"},
		{"bad bool", func(r *Request, _ *Source) { r.Where = []city.Condition{is("open", "yes")} }, city.CodeInvalid, "true or false"},
		{"range of a word", func(r *Request, _ *Source) { r.Where = []city.Condition{{Field: "kind", Min: "a"}} }, city.CodeInvalid, "has no range"},
		{"mean of a word", func(r *Request, _ *Source) { r.Indicator.Measure = field(city.MeasureMean, "kind") }, city.CodeInvalid, "needs a number"},
		{"one-sided ratio", func(r *Request, _ *Source) { r.Indicator.Measure = of(city.MeasureRatio, count()) }, city.CodeInvalid, "1 operands"},
		{"empty operand", func(r *Request, _ *Source) { r.Indicator.Measure = of(city.MeasureGrowth, nil) }, city.CodeInvalid, "empty operand"},
		{"unknown measure", func(r *Request, _ *Source) { r.Indicator.Measure = of("median") }, city.CodeInvalid, `no measure "median"`},
		{"percentile 101", func(r *Request, _ *Source) {
			r.Indicator.Measure = &city.Measure{Kind: city.MeasurePercentile, Field: "level", P: 101}
		}, city.CodeInvalid, "between 0 and 100"},
		{"window of a stock", func(r *Request, _ *Source) { r.Indicator.Window = city.WindowStock; r.Window = city.WindowYear }, city.CodeInvalid, "cannot be exchanged for year"},
		{"rolling stock", func(r *Request, _ *Source) { r.Indicator.Window = city.WindowStock; r.Rolling = 3 }, city.CodeInvalid, "ask without a window"},
		{"window made a stock", func(r *Request, _ *Source) { r.Window = city.WindowStock }, city.CodeInvalid, "cannot be exchanged for stock"},
		{"unknown window", func(r *Request, _ *Source) { r.Window = "month" }, city.CodeInvalid, "use period, year, stock or all"},
		{"rolling backwards", func(r *Request, _ *Source) { r.Rolling = -1 }, city.CodeInvalid, "use 1 to 366"},
		{"rolling and a window", func(r *Request, _ *Source) { r.Rolling, r.Window = 3, city.WindowPeriod }, city.CodeInvalid, "keep one"},
		{"rolling over all", func(r *Request, _ *Source) { r.Rolling, r.Grain = 3, city.GrainAll }, city.CodeInvalid, "follow each other"},
		{"combined years", func(r *Request, _ *Source) { r.Combine = true }, city.CodeInvalid, "ask by month"},
		{"compared with nothing", func(r *Request, _ *Source) { r.Against = []Against{"week"} }, city.CodeInvalid, "use year, period or festival"},
		{"compared twice", func(r *Request, _ *Source) { r.Against = []Against{AgainstYear, AgainstYear} }, city.CodeInvalid, "twice"},
		{"no festival", func(r *Request, _ *Source) { r.Against = []Against{AgainstFestival} }, city.CodeInvalid, "moves with no festival"},
		{"festival of a stock", func(r *Request, _ *Source) {
			r.Indicator.Window, r.Indicator.Calendar, r.Against = city.WindowStock, "test.festival", []Against{AgainstFestival}
		}, city.CodeInvalid, "nowhere to a festival"},
		{"unknown calendar", func(r *Request, _ *Source) {
			r.Indicator.Calendar, r.Against = "test.festivals", []Against{AgainstFestival}
		}, city.CodeNotFound, "did you mean test.festival"},
		{"unknown limit", func(r *Request, _ *Source) {
			r.Indicator.Measure = &city.Measure{Kind: city.MeasureLimit, Rule: "test.limits", Param: "t"}
		}, city.CodeInvalid, `no parameter "t"`},
		{"index of nothing", func(r *Request, _ *Source) { r.Indicator.Measure = of(city.MeasureIndex) }, city.CodeInvalid, "0 operands"},
		{"no indicator named", func(r *Request, _ *Source) { r.Indicator.Measure = of(city.MeasureIndicator, count()) }, city.CodeInvalid, "none is named"},
		{"built from itself", func(r *Request, _ *Source) {
			m := of(city.MeasureIncrease, nil)
			m.Of[0], r.Indicator.Measure = m, m
		}, city.CodeInvalid, "built from itself"},
		{"rows not at hand", func(r *Request, s *Source) {
			other := indicator(city.WindowYear, count())
			other.Dataset, s.Others = "test.other", nil
			r.Indicator.Measure = &city.Measure{Kind: city.MeasureIndicator, Indicator: other, Of: []*city.Measure{other.Measure}}
		}, city.CodeInvalid, "dataset test.other, whose rows are not at hand"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, src := good(), whole
			tt.edit(&r, &src)
			_, err := Compile(testCity(), r, src)
			if err == nil || city.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %s … %q", err, tt.code, tt.want)
			}
		})
	}
}

// TestConditions counts the rows that each condition keeps.
func TestConditions(t *testing.T) {
	t.Parallel()
	db := openFacts(t, `INSERT INTO facts VALUES
		('2024-01-10', '2024-01-01', 'a', '140105', 'hire', 10.25, 35, 3, true, 'd1', NULL, NULL, NULL),
		('2024-02-10', '2024-02-01', 'it''s', '140106', 'exit', 10.26, 35.5, 4, false, 'd1', NULL, NULL, NULL),
		('2024-03-10', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'd2', NULL, NULL, NULL)`)
	tests := []struct {
		name string
		cond city.Condition
		want int64
	}{
		{"enum", is("kind", "hire"), 1},
		{"list", is("kind", "hire", "exit"), 2},
		{"not keeps the empty", not("kind", "exit"), 2},
		{"not a list keeps the empty", not("kind", "exit", "hire"), 1},
		{"region", is("region", "140106"), 1},
		{"a quote is a value", is("person", "it's"), 1},
		{"SQL is a value", is("person", "' OR 1=1 --"), 0},
		{"integer", is("cases", "3"), 1},
		{"integer from", city.Condition{Field: "cases", Min: "3"}, 2},
		{"number to, included", city.Condition{Field: "level", Max: "35"}, 1},
		{"decimal is exact", is("amount", "10.26"), 1},
		{"decimal range", city.Condition{Field: "amount", Min: "10.251", Max: "10.26"}, 1},
		{"date range, both ends", city.Condition{Field: "day", Min: "2024-01-10", Max: "2024-02-10"}, 2},
		{"not in a range", city.Condition{Field: "day", Not: true, Min: "2024-01-10", Max: "2024-02-10"}, 1},
		{"month", is("month", "2024-02"), 1},
		{"month from", city.Condition{Field: "month", Min: "2024-02"}, 1},
		{"bool", is("open", "true"), 1},
		{"not a bool", not("open", "true"), 2},
		{"value and range", city.Condition{Field: "cases", Values: []string{"3", "4"}, Min: "4"}, 1},
	}
	for _, tt := range tests {
		r := Request{Indicator: indicator(city.WindowAll, count()), Period: span(t, "2024"), Grain: city.GrainYear, Where: []city.Condition{tt.cond}}
		if got := ask(t, db, r, whole)["2024-01-01"].n; got != tt.want {
			t.Errorf("%s: %d rows, want %d", tt.name, got, tt.want)
		}
	}
}

// TestWindows states the days of a period for every window.
func TestWindows(t *testing.T) {
	t.Parallel()
	tests := []struct {
		window city.Window
		grain  city.Grain
		asked  string
		want   string
	}{
		{city.WindowPeriod, city.GrainMonth, "2024-02", "2024-02-01..2024-02-29"},
		{city.WindowPeriod, city.GrainYear, "2024-03..2024-06", "2024-03-01..2024-06-30"},
		{city.WindowYear, city.GrainMonth, "2024-02", "2024-01-01..2024-02-29"},
		{city.WindowYear, city.GrainYear, "2024-03-05..2024-06-20", "2024-01-01..2024-06-20"},
		{city.WindowStock, city.GrainQuarter, "2024Q2", "2024-04-01..2024-06-30"},
		{city.WindowStock, city.GrainDay, "2024-02-10", "2024-02-01..2024-02-29"},
		{city.WindowAll, city.GrainMonth, "2024-02", "..2024-02-29"},
	}
	for _, tt := range tests {
		asked := span(t, tt.asked)
		got := Window(indicator(tt.window, count()), tt.grain, tt.grain.Start(asked.From), asked)
		if got.String() != tt.want {
			t.Errorf("%s by %s of %s: got %s, want %s", tt.window, tt.grain, tt.asked, got, tt.want)
		}
	}
}

// TestMonthsBefore keeps the last day of February the last.
func TestMonthsBefore(t *testing.T) {
	t.Parallel()
	tests := []struct {
		day       string
		years     int
		monthEnds bool
		want      string
	}{
		{"2024-02-29", 1, true, "2023-02-28"},
		{"2024-02-29", 1, false, "2023-02-28"},
		{"2025-02-28", 1, true, "2024-02-29"},
		{"2025-02-28", 1, false, "2024-02-28"},
		{"2024-02-28", 1, true, "2023-02-28"},
		{"2024-02-29", 4, true, "2020-02-29"},
		{"2024-06-30", 2, true, "2022-06-30"},
		{"2024-06-30", 0, true, "2024-06-30"},
	}
	for _, tt := range tests {
		d, err := city.ParseDate(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := monthsBefore(d, 12*tt.years, tt.monthEnds); got.String() != tt.want {
			t.Errorf("%s − %d (%v): got %s, want %s", tt.day, tt.years, tt.monthEnds, got, tt.want)
		}
	}
}
