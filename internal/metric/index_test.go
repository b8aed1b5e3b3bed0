package metric

import (
	"fmt"
	"math"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// airCity declares a table of daily air and the limits of GB 3095, grade two.
func airCity() *city.City {
	fields := []*city.Field{{Name: "day", Type: city.TypeDate}}
	for _, name := range []string{"so2", "no2", "pm10", "pm25", "co", "o3"} {
		fields = append(fields, &city.Field{Name: name, Type: city.TypeNumber, Optional: true})
	}
	limits := func(so2, no2, pm10, pm25 float64) map[string]float64 {
		return map[string]float64{"so2": so2, "no2": no2, "pm10": pm10, "pm25": pm25, "co": 4, "o3": 160}
	}
	c := &city.City{
		Datasets: []*city.Dataset{{Name: "env.air", Fields: fields}},
		Rules: []*city.Rule{{Name: "gb3095", Title: city.Text{ZH: "二级限值", EN: "Grade two"}, Kind: city.RuleLimits, Versions: []city.RuleVersion{
			{To: city.NewDate(2026, 2, 28), Params: limits(60, 40, 70, 35)},
			{From: city.NewDate(2026, 3, 1), To: city.NewDate(2030, 12, 31), Params: limits(60, 40, 60, 30)},
			{From: city.NewDate(2031, 1, 1), Params: limits(20, 30, 50, 25)},
		}}},
	}
	c.Index()
	return c
}

// compositeIndex is the index of 环办监测〔2018〕19号 (rules 1.4): four means, CO
// at percentile 95 and O3 at percentile 90, each over its limit.
func compositeIndex(window city.Window, weights map[string]float64) *city.Indicator {
	m := &city.Measure{Kind: city.MeasureIndex}
	for _, name := range []string{"so2", "no2", "pm10", "pm25", "co", "o3"} {
		leaf := field(city.MeasureMean, name)
		switch name {
		case "co":
			leaf = &city.Measure{Kind: city.MeasurePercentile, Field: name, P: 95}
		case "o3":
			leaf = &city.Measure{Kind: city.MeasurePercentile, Field: name, P: 90}
		}
		limit := &city.Measure{Kind: city.MeasureLimit, Rule: "gb3095", Param: name}
		m.Of = append(m.Of, &city.Measure{Kind: city.MeasureRatio, Of: []*city.Measure{leaf, limit}, Factor: weights[name]})
	}
	return &city.Indicator{Name: "air.index", Dataset: "env.air", Measure: m, Time: "day", Window: window, Unit: "index"}
}

// TestCompositeIndex runs the vector of the domain rules: 4.87 by the limits of
// 2012 and 5.25 by those of the transition of 2026. One question over all
// editions tells them apart by the last day of each window.
func TestCompositeIndex(t *testing.T) {
	t.Parallel()
	db := openFacts(t, `CREATE TABLE air AS SELECT CAST(d AS DATE) AS day, 12.0 AS so2, 38.0 AS no2, 76.0 AS pm10, 41.0 AS pm25, 1.4 AS co, 178.0 AS o3
		FROM range(DATE '2025-01-01', DATE '2031-03-01', INTERVAL 1 DAY) r(d)`)
	for _, tt := range []struct {
		window  city.Window
		grain   city.Grain
		period  string
		weights map[string]float64
		want    string
	}{
		{city.WindowYear, city.GrainYear, "2025", nil, "4.87"},
		{city.WindowYear, city.GrainYear, "2026", nil, "5.25"},
		{city.WindowPeriod, city.GrainMonth, "2026-01..2026-04", nil, "4.87 4.87 5.25 5.25"},
		{city.WindowYear, city.GrainMonth, "2026-02..2026-03", nil, "4.87 5.25"},
		{city.WindowPeriod, city.GrainYear, "2030..2031", nil, "5.25 6.49"},
		// With a weight, as in the ranking that rules 1.4 knows from a secondary source.
		{city.WindowYear, city.GrainYear, "2025", map[string]float64{"pm25": 3}, "7.21"},
	} {
		asked := span(t, tt.period)
		q, err := Compile(airCity(), Request{Indicator: compositeIndex(tt.window, tt.weights), Period: asked, Grain: tt.grain}, Source{Relation: "air", Fraction: 1})
		if err != nil {
			t.Fatal(err)
		}
		answer, got := run(t, db, q), ""
		for _, p := range asked.Periods(tt.grain) {
			got += fmt.Sprintf(" %.2f", math.Round(answer[p.String()].value.Float64*100)/100)
		}
		if got != " "+tt.want {
			t.Errorf("%s by %s of %s: got%s, want %s", tt.window, tt.grain, tt.period, got, tt.want)
		}
	}
}

// TestIndexWithoutAnItem states no index when an item or a limit is missing.
func TestIndexWithoutAnItem(t *testing.T) {
	t.Parallel()
	db := openFacts(t, `CREATE TABLE air AS SELECT DATE '2025-05-01' AS day, 12.0 AS so2, 38.0 AS no2, 76.0 AS pm10, 41.0 AS pm25, 1.4 AS co, CAST(NULL AS DOUBLE) AS o3`)
	q, err := Compile(airCity(), Request{Indicator: compositeIndex(city.WindowPeriod, nil), Period: span(t, "2025"), Grain: city.GrainYear}, Source{Relation: "air", Fraction: 1})
	if err != nil {
		t.Fatal(err)
	}
	if c := run(t, db, q)["2025-01-01"]; c.value.Valid || c.n != 1 {
		t.Errorf("got %+v", c)
	}
}

func TestComposedWords(t *testing.T) {
	t.Parallel()
	s := speaker{city: testCity(), dataset: testCity().Datasets[0]}
	other := indicator(city.WindowYear, count())
	other.Title = city.Text{ZH: "登记件数", EN: "Registrations"}
	limit := &city.Measure{Kind: city.MeasureLimit, Rule: "test.limits", Param: "s"}
	quotient := of(city.MeasureRatio, field(city.MeasureMean, "level"), limit)
	quotient.Factor = 2
	for _, tt := range []struct {
		m      *city.Measure
		zh, en string
	}{
		{of(city.MeasureIndex, quotient, count()), "（（“浓度”的平均值除以《限值》中期末适用版本的s）乘以2）、行数之和",
			`the sum of ((the mean of "Concentration" divided by s of "Limits" in the edition in force at the end of the period) times 2) and the number of rows`},
		{of(city.MeasureShare, count(is("kind", "hire")), count()), "“类型”为“单位就业”的行数占行数的比重，以百分数表示",
			`the share of the number of rows where "Kind" is "Hired" in the number of rows, in percent`},
		{&city.Measure{Kind: city.MeasureGrowth, On: AgainstPeriod, Of: []*city.Measure{count()}}, "行数比上期的增长率（%）", "the growth of the number of rows over the period before, in percent"},
		{&city.Measure{Kind: city.MeasureIncrease, On: AgainstFestival, Of: []*city.Measure{count()}}, "行数比上年距节日相同天数的同期的增加量",
			"the increase of the number of rows over the days of the year before that lay as far from the festival"},
		{&city.Measure{Kind: city.MeasureIndicator, Indicator: other, Of: []*city.Measure{other.Measure}}, "指标“登记件数”", `the indicator "Registrations"`},
	} {
		if got := s.measure(tt.m, true); got.ZH != tt.zh || got.EN != tt.en {
			t.Errorf("got  %s\n     %s\nwant %s\n     %s", got.ZH, got.EN, tt.zh, tt.en)
		}
	}
}
