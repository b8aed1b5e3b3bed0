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

func figure(c cell) string { return fmt.Sprintf("%.1f", c.value.Float64) }
