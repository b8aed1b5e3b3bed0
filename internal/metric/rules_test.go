package metric

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// TestVectors runs the vectors of the domain rules and the corner cases of
// every kind of measure through DuckDB.
func TestVectors(t *testing.T) {
	t.Parallel()
	null := sql.NullFloat64{}
	exit := is("kind", "exit")
	employment := of(city.MeasureDifference, field(city.MeasureCountDistinct, "person", not("kind", "exit")), count(exit))
	closing := of(city.MeasureRatio, field(city.MeasureSum, "cases", is("kind", "exit")), field(city.MeasureSum, "cases", is("kind", "hire", "self")))
	series := func(n int) []string {
		return []string{fmt.Sprintf(`INSERT INTO facts (day, level) SELECT DATE '2024-01-01' + CAST(i %% 366 AS INTEGER), i FROM range(1, %d) r(i)`, n+1)}
	}
	pct := func(p float64) *city.Measure {
		return &city.Measure{Kind: city.MeasurePercentile, Field: "level", P: p}
	}
	cases := func(rows string) []string { return []string{"INSERT INTO facts (day, kind, cases) VALUES " + rows} }
	amounts := []string{`INSERT INTO facts (day, region, amount) VALUES
		('2023-05-01', '140105', 0.10), ('2023-06-01', '140105', 0.20), ('2024-05-01', '140105', 0.45), ('2024-06-01', '140106', 1.00)`}
	tests := []struct {
		name     string
		rows     []string
		measure  *city.Measure
		window   city.Window
		unit     string
		period   string
		fraction float64
		want     sql.NullFloat64
	}{
		{"employment 4", []string{
			`INSERT INTO facts (day, person, kind) SELECT DATE '2024-01-01' + CAST(i % 366 AS INTEGER), 'p' || i, 'hire' FROM range(52300) r(i)`,
			`INSERT INTO facts (day, person, kind) SELECT DATE '2024-12-01', 'p' || i, 'self' FROM range(1100) r(i)`,
			`INSERT INTO facts (day, person, kind) SELECT DATE '2024-07-01', 'x' || i, 'exit' FROM range(3150) r(i)`,
		}, employment, city.WindowYear, "person", "2024", 1, num(49150)},
		{"arbitration 3.2 meets", cases(`('2024-01-01', 'hire', 120), ('2024-02-01', 'self', 880), ('2024-03-01', 'exit', 915)`), closing, city.WindowYear, "percent", "2024", 1, num(91.5)},
		{"arbitration 3.2 fails", cases(`('2024-01-01', 'hire', 200), ('2024-02-01', 'self', 800), ('2024-03-01', 'exit', 899)`), closing, city.WindowYear, "percent", "2024", 1, num(89.9)},
		{"boundary is exact", cases(`('2024-01-01', 'hire', 100), ('2024-03-01', 'exit', 57)`), closing, city.WindowYear, "percent", "2024", 1, num(57)},
		{"not percent", cases(`('2024-01-01', 'hire', 100), ('2024-03-01', 'exit', 57)`), closing, city.WindowYear, "", "2024", 1, num(0.57)},
		{"zero denominator", cases(`('2024-03-01', 'exit', 57)`), closing, city.WindowYear, "percent", "2024", 1, null},
		{"e-voucher 6.5", []string{`INSERT INTO facts (day, cases, level) VALUES ('2024-10-31', 4120000, 5150000)`},
			of(city.MeasureRatio, field(city.MeasureSum, "cases"), field(city.MeasureSum, "level")), city.WindowStock, "percent", "2024", 1, num(80)},
		{"HJ 663 1..10 p90", series(10), pct(90), city.WindowYear, "", "2024", 1, num(9.1)},
		{"HJ 663 1..20 p95", series(20), pct(95), city.WindowYear, "", "2024", 1, num(19.05)},
		{"HJ 663 1..365 p98", series(365), pct(98), city.WindowYear, "", "2024", 1, num(357.72)},
		{"HJ 663 1..366 p90", series(366), pct(90), city.WindowYear, "", "2024", 1, num(329.5)},
		{"HJ 663 1..324 p95", series(324), pct(95), city.WindowYear, "", "2024", 1, num(307.85)},
		{"p100 is the last", series(7), pct(100), city.WindowYear, "", "2024", 1, num(7)},
		{"p0 is the first", series(7), pct(0), city.WindowPeriod, "", "2024", 1, num(1)},
		{"sum is decimal", amounts, field(city.MeasureSum, "amount"), city.WindowYear, "", "2023", 1, num(0.3)},
		{"growth", amounts, of(city.MeasureGrowth, field(city.MeasureSum, "amount", is("region", "140105"))), city.WindowYear, "percent", "2024", 1, num(50)},
		{"growth without base", amounts, of(city.MeasureGrowth, field(city.MeasureSum, "amount")), city.WindowYear, "percent", "2023", 1, null},
		{"increase", amounts, of(city.MeasureIncrease, count()), city.WindowYear, "", "2024", 1, num(0)},
		{"increase without base", amounts, of(city.MeasureIncrease, count()), city.WindowYear, "", "2023", 1, null},
		{"factor", amounts, &city.Measure{Kind: city.MeasureSum, Field: "amount", Factor: 1e-2}, city.WindowAll, "", "2024", 1, num(0.0175)},
		{"const", amounts, of(city.MeasureRatio, count(), &city.Measure{Kind: city.MeasureConst, Value: 8}), city.WindowAll, "percent", "2024", 1, num(50)},
		{"sample expands a count", amounts, count(), city.WindowAll, "", "2024", 0.02, num(200)},
		{"sample expands a sum", amounts, field(city.MeasureSum, "amount"), city.WindowAll, "", "2024", 0.5, num(3.5)},
		{"sample leaves a mean", amounts, field(city.MeasureMean, "amount"), city.WindowAll, "", "2024", 0.02, num(0.4375)},
		{"sample cancels in a ratio", amounts, of(city.MeasureRatio, count(is("region", "140106")), count()), city.WindowAll, "percent", "2024", 0.02, num(25)},
		{"count of nothing", amounts, count(), city.WindowYear, "", "2022", 1, num(0)},
		{"sum of nothing", amounts, field(city.MeasureSum, "amount"), city.WindowYear, "", "2022", 1, null},
		{"sum of no such rows", amounts, field(city.MeasureSum, "amount", is("region", "140100")), city.WindowYear, "", "2023", 1, num(0)},
		{"min", amounts, field(city.MeasureMin, "amount"), city.WindowAll, "", "2024", 1, num(0.1)},
		{"max", amounts, field(city.MeasureMax, "amount"), city.WindowPeriod, "", "2023", 1, num(0.2)},
		{"stock takes the last month", amounts, count(), city.WindowStock, "", "2024", 1, num(1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ind := indicator(tt.window, tt.measure)
			ind.Unit = tt.unit
			period := span(t, tt.period)
			got := ask(t, openFacts(t, tt.rows...), Request{Indicator: ind, Period: period, Grain: city.GrainYear},
				Source{Relation: "facts", Fraction: tt.fraction})
			c, ok := got[period.From.String()]
			if !ok || len(got) != 1 || !near(c.value, tt.want) {
				t.Fatalf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestExactBoundaries compares without any tolerance: a promise of 90 % is kept
// at 90 and not below.
func TestExactBoundaries(t *testing.T) {
	t.Parallel()
	db := openFacts(t, `INSERT INTO facts (day, person, kind) SELECT DATE '2024-01-01', i, CASE WHEN i < 9000 THEN 'exit' ELSE 'hire' END FROM range(10000) r(i)`)
	ind := indicator(city.WindowYear, of(city.MeasureRatio, count(is("kind", "exit")), count()))
	ind.Unit = "percent"
	got := ask(t, db, Request{Indicator: ind, Period: span(t, "2024"), Grain: city.GrainYear}, whole)
	if v := got["2024-01-01"].value.Float64; v != 90 {
		t.Fatalf("9000 of 10000 is %v", v)
	}
}

// TestInsuredOncePerPerson counts a person with two schemes once (rules 5.1).
func TestInsuredOncePerPerson(t *testing.T) {
	t.Parallel()
	db := openFacts(t, `INSERT INTO facts (day, person, kind, region) VALUES
		('2024-09-01', 'a', 'hire', '140105'), ('2024-09-01', 'a', 'self', '140106'), ('2024-09-01', 'b', 'self', '140106'),
		('2024-10-01', 'a', 'hire', '140105'), ('2024-10-01', 'c', 'self', '140105'), ('2024-10-01', 'd', 'exit', NULL)`)
	ind := indicator(city.WindowStock, field(city.MeasureCountDistinct, "person"))
	ind.Scope = []city.Condition{is("kind", "hire", "self")}
	r := Request{Indicator: ind, Period: span(t, "2024-08..2024-10"), Grain: city.GrainMonth, Against: []Against{AgainstYear}}
	got := ask(t, db, r, whole)
	if got["2024-08-01"] != (cell{value: num(0)}) {
		t.Errorf("August: %+v", got["2024-08-01"])
	}
	if got["2024-09-01"] != (cell{value: num(2), n: 3}) || got["2024-10-01"] != (cell{value: num(2), n: 2}) {
		t.Errorf("months: %+v", got)
	}
	r.Grain, r.By = city.GrainYear, []string{"region"}
	got = ask(t, db, r, whole)
	if want := (cell{value: num(2), n: 2}); len(got) != 1 || got["2024-01-01 140105"] != want {
		t.Errorf("the year takes October for all districts, and 140106 has no row there: %+v", got)
	}
}
