package metric

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// TestMoments places rows in time by a moment: the first and the last
// microsecond of a period belong to it, whatever the grain.
func TestMoments(t *testing.T) {
	t.Parallel()
	db := openFacts(t, `INSERT INTO facts (day, sent) VALUES
		('2024-01-01', '2023-12-31 23:59:59.999999'), ('2024-01-01', '2024-01-01 00:00:00'),
		('2024-01-01', '2024-01-31 23:59:59.999999'), ('2024-01-01', '2024-02-01 00:00:00'),
		('2024-01-01', '2024-02-29 12:00:00'), ('2024-01-01', NULL)`)
	for _, c := range []struct {
		window city.Window
		grain  city.Grain
		period string
		want   string
	}{
		{city.WindowPeriod, city.GrainMonth, "2024-01..2024-02", "2024-01-01:2 2024-02-01:2"},
		{city.WindowPeriod, city.GrainDay, "2024-01-31..2024-02-01", "2024-01-31:1 2024-02-01:1"},
		{city.WindowYear, city.GrainMonth, "2024-01..2024-02", "2024-01-01:2 2024-02-01:4"},
		{city.WindowAll, city.GrainYear, "2023..2024", "2023-01-01:1 2024-01-01:5"},
		{city.WindowStock, city.GrainYear, "2024", "2024-01-01:2"},
	} {
		ind := indicator(c.window, count())
		ind.Time = "sent"
		answer := ask(t, db, Request{Indicator: ind, Period: span(t, c.period), Grain: c.grain}, whole)
		var got []string
		for _, p := range span(t, c.period).Periods(c.grain) {
			got = append(got, p.String()+":"+strings.TrimSuffix(figure(answer[p.String()]), ".0"))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s by %s over %s: %s, want %s", c.window, c.grain, c.period, s, c.want)
		}
	}
}

// TestMomentConditions compares a moment by its day.
func TestMomentConditions(t *testing.T) {
	t.Parallel()
	db := openFacts(t, `INSERT INTO facts (day, sent) VALUES ('2024-01-01', '2024-01-31 23:59:59.999999'), ('2024-01-01', '2024-02-01 00:00:00'), ('2024-01-01', NULL)`)
	for _, c := range []struct {
		cond city.Condition
		want string
	}{
		{is("sent", "2024-01-31"), "1.0"},
		{is("sent", "2024-01-31", "2024-02-01"), "2.0"},
		{not("sent", "2024-01-31"), "2.0"},
		{city.Condition{Field: "sent", Max: "2024-01-31"}, "1.0"},
		{city.Condition{Field: "sent", Min: "2024-02-01"}, "1.0"},
	} {
		r := Request{Indicator: indicator(city.WindowPeriod, count(c.cond)), Period: span(t, "2024"), Grain: city.GrainYear}
		if got := figure(ask(t, db, r, whole)["2024-01-01"]); got != c.want {
			t.Errorf("%+v keeps %s rows, want %s", c.cond, got, c.want)
		}
	}
}

// TestSince measures the time between two moments, and between two days.
func TestSince(t *testing.T) {
	t.Parallel()
	db := openFacts(t, `INSERT INTO facts (day, sent, replied, due) VALUES
		('2024-01-01', '2024-01-01 12:00:00', '2024-01-02 00:00:00', '2024-01-11'), ('2024-01-01', '2024-01-01 00:00:00', '2024-01-03 12:00:00', '2024-03-01'),
		('2024-01-01', '2024-01-01 00:00:00', NULL, NULL), ('2024-01-01', NULL, '2024-01-03 12:00:00', '2023-12-31')`)
	for _, c := range []struct {
		kind      city.MeasureKind
		to, since string
		grain     city.Grain
		value     string
	}{
		{city.MeasureMean, "replied", "sent", city.GrainYear, "1.5"},
		{city.MeasureMin, "replied", "sent", city.GrainYear, "0.5"},
		{city.MeasureMax, "replied", "sent", city.GrainMonth, "2.5"},
		{city.MeasureSum, "replied", "sent", city.GrainYear, "3.0"},
		{city.MeasurePercentile, "replied", "sent", city.GrainYear, "1.5"},
		{city.MeasureMax, "sent", "replied", city.GrainYear, "-0.5"},
		{city.MeasureMean, "due", "day", city.GrainYear, "23.0"},
	} {
		m := &city.Measure{Kind: c.kind, Field: c.to, Since: c.since, P: 50}
		r := Request{Indicator: indicator(city.WindowPeriod, m), Period: span(t, "2024-01"), Grain: c.grain}
		if got := figure(ask(t, db, r, whole)["2024-01-01"]); got != c.value {
			t.Errorf("%s of %s since %s: %s, want %s", c.kind, c.to, c.since, got, c.value)
		}
	}
	for _, m := range []*city.Measure{
		{Kind: city.MeasureMean, Field: "replied", Since: "day"}, {Kind: city.MeasureMean, Field: "level", Since: "level"},
		{Kind: city.MeasureMean, Field: "replied", Since: "nothing"}, {Kind: city.MeasureCountDistinct, Field: "replied", Since: "sent"},
	} {
		if _, err := Compile(testCity(), Request{Indicator: indicator(city.WindowPeriod, m), Period: span(t, "2024"), Grain: city.GrainYear}, whole); city.CodeOf(err) != city.CodeInvalid {
			t.Errorf("%+v: %v", m, err)
		}
	}
	took := &city.Measure{Kind: city.MeasureMean, Field: "replied", Since: "sent"}
	one, other := indicator(city.WindowPeriod, took), indicator(city.WindowPeriod, &city.Measure{Kind: city.MeasureMean, Field: "replied"})
	if Fingerprint(one) == Fingerprint(other) {
		t.Error("what is measured is a part of the definition")
	}
	words := speaker{city: testCity(), dataset: testCity().Datasets[0]}.node(took, false)
	if words.ZH != "从“留言时间”到“答复时间”的天数的平均值" || words.EN != `the mean of the days from "Sent" to "Replied"` {
		t.Errorf("%+v", words)
	}
}

func figure(c cell) string { return fmt.Sprintf("%.1f", c.value.Float64) }
