package metric

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// closureCity has an index built from another indicator, a limit, the days of a
// festival and a field that is derived by a standard with two editions.
func closureCity() *city.City {
	c := testCity()
	points := func(p ...float64) []float64 { return p }
	table := func(pm ...float64) *city.IndexTable {
		return &city.IndexTable{Levels: points(0, 50, 100), Items: []city.IndexItem{{Name: "pm25", Points: pm}, {Name: "so2", Points: points(0, 9, 20)}},
			Grades: []city.IndexGrade{{Name: "good"}}}
	}
	air := &city.Rule{Name: "hj633", Kind: city.RuleIndex, Versions: []city.RuleVersion{
		{To: city.NewDate(2026, time.February, 28), Index: table(0, 35, 75)}, {From: city.NewDate(2026, time.March, 1), Index: table(0, 35, 60)}}}
	c.Rules = append(c.Rules, air)
	ds := c.Datasets[0]
	ds.Delivery.Period = "day"
	ds.Derived = []*city.Derived{{Name: "iaqi", Rule: air, Items: map[string]string{"pm25": "level"}, Yields: city.YieldIndex},
		{Name: "grade", Rule: air, Items: map[string]string{"pm25": "level"}, Yields: city.YieldClass}}
	base := indicator(city.WindowYear, field(city.MeasureMean, "iaqi", is("region", "140105")))
	base.Name = "test.base"
	top := indicator(city.WindowYear, of(city.MeasureIndex,
		of(city.MeasureRatio, &city.Measure{Kind: city.MeasureIndicator, Indicator: base, Of: []*city.Measure{base.Measure}}, &city.Measure{Kind: city.MeasureLimit, Rule: "test.limits", Param: "s"}),
		&city.Measure{Kind: city.MeasureGrowth, On: city.AgainstFestival, Of: []*city.Measure{count(is("kind", "hire", "self"))}}))
	top.Calendar, top.Dimensions = "test.festival", []string{"region", "grade"}
	c.Indicators = []*city.Indicator{base, top}
	c.Index()
	return c
}

// TestClosureNamesWhatChanged edits one thing of a city at a time.
func TestClosureNamesWhatChanged(t *testing.T) {
	t.Parallel()
	rule := func(c *city.City, name string) *city.Rule {
		r, err := c.Rule(name)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for name, tt := range map[string]struct {
		edit   func(c *city.City)
		period string // 2024 by default
		by     string
		want   string
	}{
		"nothing": {edit: func(*city.City) {}},
		"words": {edit: func(c *city.City) {
			c.Indicators[1].Title, c.Indicators[1].Note, c.Datasets[0].Fields[0].Title = city.Text{ZH: "别名"}, city.Text{ZH: "注"}, city.Text{ZH: "日"}
		}},
		"order": {edit: func(c *city.City) {
			slices.Reverse(c.Rules)
			slices.Reverse(c.Datasets[0].Derived[0].Rule.Versions[0].Index.Items)
			slices.Reverse(c.Indicators[1].Measure.Of[1].Of[0].Where[0].Values)
		}},
		"what may be told":           {edit: func(c *city.City) { c.Rules = append(c.Rules, &city.Rule{Name: "d", Kind: city.RuleDisclosure}) }},
		"an item that is not read":   {edit: func(c *city.City) { rule(c, "hj633").Versions[0].Index.Items[1].Points[1] = 8 }},
		"an item of a standard":      {edit: func(c *city.City) { rule(c, "hj633").Versions[0].Index.Items[0].Points[1] = 30 }, want: "rule hj633, item pm25: changed"},
		"an edition of other days":   {edit: func(c *city.City) { rule(c, "hj633").Versions[1].Index.Items[0].Points[1] = 30 }},
		"an edition of these days":   {edit: func(c *city.City) { rule(c, "hj633").Versions[1].Index.Items[0].Points[1] = 30 }, period: "2026-05", want: "rule hj633 (from 2026-03-01), item pm25: changed"},
		"a new edition":              {edit: func(c *city.City) { r := rule(c, "hj633"); r.Versions = r.Versions[:1]; r.Versions[0].To = city.Date{} }},
		"a limit":                    {edit: func(c *city.City) { rule(c, "test.limits").Versions[1].Params["s"] = 3 }, want: "rule test.limits (2023-07-01 to 2024-03-31), s: changed"},
		"another festival":           {edit: func(c *city.City) { rule(c, "test.festival").Versions[0].Dates[0] = city.NewDate(2023, 1, 23) }, want: "rule test.festival (2023-01-01 to 2023-12-31), festival 2023: changed"},
		"an indicator built from":    {edit: func(c *city.City) { c.Indicators[0].Measure.Kind = city.MeasureMax }, want: "indicator test.base, measure: changed"},
		"its regions":                {edit: func(c *city.City) { c.Indicators[0].Measure.Where[0].Values[0] = "140106" }, want: "regions of indicator test.base: changed"},
		"its own measure":            {edit: func(c *city.City) { c.Indicators[1].Measure.Of[0].Factor = 0.5 }, want: "indicator test.indicator, measure: changed"},
		"its window":                 {edit: func(c *city.City) { c.Indicators[1].Window = city.WindowPeriod }, want: "indicator test.indicator, window: changed"},
		"the field that is derived":  {edit: func(c *city.City) { c.Datasets[0].Derived[0].Items["pm25"] = "cases" }, want: "field test.facts.iaqi: changed"},
		"another field":              {edit: func(c *city.City) { c.Datasets[0].Derived[1].Items["pm25"] = "cases" }},
		"the field it is broken by":  {edit: func(c *city.City) { c.Datasets[0].Derived[1].Items["pm25"] = "cases" }, by: "grade", want: "field test.facts.grade: changed"},
		"the grades it is broken by": {edit: func(c *city.City) { rule(c, "hj633").Versions[0].Index.Grades[0].Name = "bad" }, by: "grade", want: "rule hj633, grades: changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			period, by := "2024", []string{tt.by}
			if tt.period != "" {
				period = tt.period
			}
			was, now := closureCity(), closureCity()
			tt.edit(now)
			a, b := ClosureOf(was, was.Indicators[1]).For(span(t, period), by), ClosureOf(now, now.Indicators[1]).For(span(t, period), by)
			var got []string
			for _, c := range Changes(a, b) {
				got = append(got, c.Text.EN)
			}
			if strings.Join(got, "; ") != tt.want {
				t.Errorf("changes: %s, want %s", strings.Join(got, "; "), tt.want)
			}
			if (a.Version() == b.Version()) != (tt.want == "") {
				t.Errorf("the versions are equal: %v", a.Version() == b.Version())
			}
		})
	}
}

// TestMonthsOfAYearHaveOneVersion unless a rule changes among them.
func TestMonthsOfAYearHaveOneVersion(t *testing.T) {
	t.Parallel()
	c := closureCity()
	of := func(period string) string {
		return ClosureOf(c, c.Indicators[0]).For(span(t, period), nil).Version()
	}
	if of("2024-03") != of("2024-10") || of("2024") != of("2023Q2") {
		t.Error("the version depends on the period though nothing that counts does")
	}
	if of("2026-02") == of("2026-03") {
		t.Error("a new edition of a standard does not change the version")
	}
}
