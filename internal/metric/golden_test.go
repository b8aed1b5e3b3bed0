package metric

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

var update = flag.Bool("update", false, "write the golden SQL in testdata")

// goldens are the questions whose SQL is kept in testdata, so that a change of
// what the engines are asked is seen in review.
func goldens(t *testing.T) map[string]func() (*Query, error) {
	c := testCity()
	compile := func(r Request, src Source) func() (*Query, error) {
		return func() (*Query, error) { return Compile(c, r, src) }
	}
	exit := is("kind", "exit")
	employment := indicator(city.WindowYear, of(city.MeasureDifference, field(city.MeasureCountDistinct, "person", not("kind", "exit")), count(exit)))
	insured := indicator(city.WindowStock, field(city.MeasureCountDistinct, "person"))
	insured.Scope = []city.Condition{is("kind", "hire", "self")}
	p95 := indicator(city.WindowYear, &city.Measure{Kind: city.MeasurePercentile, Field: "level", P: 95})
	mean := indicator(city.WindowYear, field(city.MeasureMean, "level"))
	growth := indicator(city.WindowYear, of(city.MeasureGrowth, field(city.MeasureSum, "amount")))
	growth.Unit = "percent"
	moments := indicator(city.WindowPeriod, field(city.MeasureMean, "level"))
	moments.Time = "sent"
	took := indicator(city.WindowPeriod, &city.Measure{Kind: city.MeasurePercentile, Field: "replied", Since: "sent", P: 90})
	other := indicator(city.WindowStock, field(city.MeasureSum, "level"))
	other.Dataset = "test.other"
	perOther := indicator(city.WindowYear, of(city.MeasureRatio, count(), &city.Measure{Kind: city.MeasureIndicator, Indicator: other, Of: []*city.Measure{other.Measure}}))
	overLimit := indicator(city.WindowPeriod, of(city.MeasureIndex, of(city.MeasureRatio, field(city.MeasureMean, "level"), &city.Measure{Kind: city.MeasureLimit, Rule: "test.limits", Param: "s"})))
	overLimit.Calendar = "test.festival"
	one := span(t, "2024-09..2024-10")
	sample := Source{Relation: "facts", Fraction: 0.02}
	daily := Request{Indicator: mean, By: []string{"region"}, Period: one, Grain: city.GrainMonth}
	return map[string]func() (*Query, error){
		"year_distinct":  compile(Request{Indicator: employment, By: []string{"region"}, Period: one, Grain: city.GrainMonth, Against: []Against{AgainstYear}}, sample),
		"stock_month":    compile(Request{Indicator: insured, Period: one, Grain: city.GrainMonth, Against: []Against{AgainstYear}}, sample),
		"stock_year":     compile(Request{Indicator: insured, By: []string{"region"}, Period: span(t, "2023..2024"), Grain: city.GrainYear}, whole),
		"percentile_ytd": compile(Request{Indicator: p95, Period: one, Grain: city.GrainMonth, Where: []city.Condition{is("region", "140105")}}, whole),
		"growth":         compile(Request{Indicator: growth, Period: span(t, "2024"), Grain: city.GrainYear, Against: []Against{AgainstYear}}, whole),
		"rows_stock": func() (*Query, error) {
			return CompileRows(c, Request{Indicator: insured, Period: span(t, "2024"), Grain: city.GrainYear}, whole)
		},
		"parts": compile(Request{Indicator: perOther, By: []string{"region"}, Period: span(t, "2024-10"), Grain: city.GrainMonth}, whole),
		"festival_index": compile(Request{Indicator: overLimit, Period: span(t, "2024-01..2024-05"), Grain: city.GrainMonth, Combine: true,
			Against: []Against{AgainstYear, AgainstPeriod, AgainstFestival}}, whole),
		"rolling_distinct": compile(Request{Indicator: employment, Period: one, Grain: city.GrainMonth, Rolling: 3}, whole),
		"days":             func() (*Query, error) { return CompileDays(c, daily, whole) },
		"moments":          compile(Request{Indicator: moments, Period: one, Grain: city.GrainMonth, Against: []Against{AgainstYear}}, whole),
		"since":            compile(Request{Indicator: took, By: []string{"region"}, Period: span(t, "2024"), Grain: city.GrainYear}, whole),
		"moments_days": func() (*Query, error) {
			return CompileDays(c, Request{Indicator: moments, Period: one, Grain: city.GrainMonth}, whole)
		},
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	db := openFacts(t)
	for name, compile := range goldens(t) {
		q, err := compile()
		if err != nil {
			t.Fatal(name, err)
		}
		rows, err := db.QueryContext(t.Context(), q.SQL, q.Args...)
		if err != nil {
			t.Fatalf("%s does not run: %v", name, err)
		}
		if cols, _ := rows.Columns(); strings.Join(cols, ",") != strings.Join(q.Columns, ",") {
			t.Errorf("%s: the columns are %v, declared %v", name, cols, q.Columns)
		}
		rows.Close()
		got := q.SQL + "\n-- args: " + fmt.Sprintf("%q", q.Args) + "\n"
		path := filepath.Join("testdata", name+".sql")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs from %s (run with -update after looking):\n%s", name, path, got)
		}
	}
}
