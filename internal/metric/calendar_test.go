package metric

import (
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// festivalCity has the Spring Festivals of three years.
func festivalCity() *city.City {
	c := testCity()
	c.Rules[0].Versions[0].Dates = []city.Date{city.NewDate(2022, 2, 1), city.NewDate(2023, 1, 22), city.NewDate(2024, 2, 10)}
	return c
}

// TestEarlierTimes states the days that a value is compared with.
func TestEarlierTimes(t *testing.T) {
	t.Parallel()
	const unknown = ""
	for _, tt := range []struct {
		window                     city.Window
		grain                      city.Grain
		asked                      string
		rolling                    int
		combine                    bool
		label, own                 string
		previous, before, festival string
	}{
		{city.WindowPeriod, city.GrainMonth, "2024-02", 0, false, "2024-02", "2024-02-01..2024-02-29",
			"2023-02-01..2023-02-28", "2024-01-01..2024-01-31", "2023-01-13..2023-02-10"},
		{city.WindowPeriod, city.GrainDay, "2024-02-10", 0, false, "2024-02-10", "2024-02-10..2024-02-10",
			"2023-02-10..2023-02-10", "2024-02-09..2024-02-09", "2023-01-22..2023-01-22"},
		{city.WindowYear, city.GrainMonth, "2024-03", 0, false, "2024-03", "2024-01-01..2024-03-31",
			"2023-01-01..2023-03-31", "2024-01-01..2024-02-29", "2022-12-13..2023-03-13"},
		{city.WindowPeriod, city.GrainMonth, "2024-01..2024-02", 0, true, "2024-01..02", "2024-01-01..2024-02-29",
			"2023-01-01..2023-02-28", "2023-11-01..2023-12-31", "2022-12-13..2023-02-10"},
		{city.WindowPeriod, city.GrainQuarter, "2024Q1", 0, false, "2024Q1", "2024-01-01..2024-03-31",
			"2023-01-01..2023-03-31", "2023-10-01..2023-12-31", "2022-12-13..2023-03-13"},
		{city.WindowPeriod, city.GrainMonth, "2024-02", 3, false, "2024-02", "2023-12-01..2024-02-29",
			"2022-12-01..2023-02-28", "2023-11-01..2024-01-31", "2022-11-12..2023-02-10"},
		{city.WindowPeriod, city.GrainAll, "2024-03..2024-04", 0, false, "2024-03-01..2024-04-30", "2024-03-01..2024-04-30",
			"2023-03-01..2023-04-30", "2024-01-01..2024-02-29", "2023-02-11..2023-04-12"},
		{city.WindowPeriod, city.GrainAll, "2024-03-05..2024-03-14", 0, false, "2024-03-05..2024-03-14", "2024-03-05..2024-03-14",
			"2023-03-05..2023-03-14", "2024-02-24..2024-03-04", "2023-02-15..2023-02-24"},
		{city.WindowPeriod, city.GrainMonth, "2022-02", 0, false, "2022-02", "2022-02-01..2022-02-28",
			"2021-02-01..2021-02-28", "2022-01-01..2022-01-31", unknown},
		{city.WindowAll, city.GrainYear, "2024", 0, false, "2024", "..2024-12-31", "..2023-12-31", "..2023-12-31", "..2023-12-13"},
	} {
		ind := indicator(tt.window, count())
		ind.Calendar = "test.festival"
		list, err := Periods(festivalCity(), Request{Indicator: ind, Period: span(t, tt.asked), Grain: tt.grain, Rolling: tt.rolling, Combine: tt.combine,
			Against: []Against{AgainstYear, AgainstPeriod, AgainstFestival}})
		if err != nil || len(list) != 1 {
			t.Fatalf("%s: %v %v", tt.asked, list, err)
		}
		p, earlier := list[0], map[Against]string{}
		for a, windows := range list[0].Earlier {
			earlier[a] = windows[0].String()
		}
		if p.Label != tt.label || p.Window.String() != tt.own || earlier[AgainstYear] != tt.previous || earlier[AgainstPeriod] != tt.before || earlier[AgainstFestival] != tt.festival {
			t.Errorf("%s by %s: %s %s, %v", tt.asked, tt.grain, p.Label, p.Window, earlier)
		}
	}
}

// TestCombinedMonths joins what the question holds of the months that are stated
// together, and leaves the others alone.
func TestCombinedMonths(t *testing.T) {
	t.Parallel()
	ind := indicator(city.WindowPeriod, count())
	ind.Calendar = "test.festival"
	for asked, want := range map[string]string{
		"2023-12..2024-03": "2023-12 2023-12-01..2023-12-31; 2024-01..02 2024-01-01..2024-02-29; 2024-03 2024-03-01..2024-03-31; ",
		"2024-02..2024-03": "2024-01..02 2024-02-01..2024-02-29; 2024-03 2024-03-01..2024-03-31; ",
		"2024-01":          "2024-01..02 2024-01-01..2024-01-31; ",
	} {
		list, err := Periods(festivalCity(), Request{Indicator: ind, Period: span(t, asked), Grain: city.GrainMonth, Combine: true})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range list {
			got += p.Label + " " + p.Window.String() + "; "
		}
		if got != want {
			t.Errorf("%s: %s, want %s", asked, got, want)
		}
	}
}
