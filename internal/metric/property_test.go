package metric

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// refill replaces the rows of the table facts.
func refill(t *rapid.T, db *sql.DB, facts []fact) {
	lines := make([]string, len(facts))
	for i, f := range facts {
		lines[i] = f.sql()
	}
	q := "DELETE FROM facts"
	if len(lines) > 0 {
		q += "; INSERT INTO facts (day, person, region, kind, level, _delivery) VALUES " + strings.Join(lines, ", ")
	}
	if _, err := db.ExecContext(context.Background(), q); err != nil {
		t.Fatal(err)
	}
}

func drawFacts(t *rapid.T) []fact {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) fact {
		level := math.NaN()
		if rapid.IntRange(0, 5).Draw(t, "known") > 0 {
			level = float64(rapid.IntRange(-4, 40).Draw(t, "level")) / 4
		}
		return fact{
			day:      city.NewDate(2022, 1, 1+rapid.IntRange(0, 3*365).Draw(t, "day")),
			person:   rapid.SampledFrom([]string{"", "a", "b", "c", "d", "e"}).Draw(t, "person"),
			region:   rapid.SampledFrom([]string{"", "140105", "140106"}).Draw(t, "region"),
			kind:     rapid.SampledFrom([]string{"", "hire", "self", "exit"}).Draw(t, "kind"),
			level:    level,
			delivery: rapid.SampledFrom([]string{"d1", "d2"}).Draw(t, "delivery"),
		}
	}), 0, 60).Draw(t, "facts")
}

func drawConditions(t *rapid.T, max int) []city.Condition {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) city.Condition {
		return rapid.SampledFrom([]city.Condition{
			is("kind", "hire"), is("kind", "hire", "exit"), not("kind", "exit"), not("kind", "exit", "self"),
			is("region", "140105"), not("region", "140105"),
		}).Draw(t, "condition")
	}), 0, max).Draw(t, "conditions")
}

func drawMeasure(t *rapid.T, levels int) *city.Measure {
	kinds := []city.MeasureKind{city.MeasureCount, city.MeasureCountDistinct, city.MeasureSum, city.MeasureMean,
		city.MeasureMin, city.MeasureMax, city.MeasurePercentile}
	if levels > 0 {
		kinds = append(kinds, city.MeasureRatio, city.MeasureDifference, city.MeasureGrowth, city.MeasureIncrease)
	}
	m := &city.Measure{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	for range max(0, operands[m.Kind]) {
		m.Of = append(m.Of, drawMeasure(t, levels-1))
	}
	if len(m.Of) > 0 {
		return m
	}
	m.Where = drawConditions(t, 1)
	switch m.Kind {
	case city.MeasureCount:
	case city.MeasureCountDistinct:
		m.Field = "person"
	default:
		m.Field = "level"
		m.P = rapid.SampledFrom([]float64{0, 50, 90, 95, 100}).Draw(t, "p")
	}
	return m
}

func drawRequest(t *rapid.T) Request {
	w := rapid.SampledFrom([]city.Window{city.WindowPeriod, city.WindowYear, city.WindowStock, city.WindowAll}).Draw(t, "window")
	ind := indicator(w, drawMeasure(t, 2))
	ind.Scope = drawConditions(t, 1)
	r := Request{
		Indicator: ind,
		Period:    city.Span{From: city.NewDate(2023, 1, 1), To: city.NewDate(2024, 6, 30)},
		Grain:     rapid.SampledFrom([]city.Grain{city.GrainMonth, city.GrainQuarter, city.GrainYear}).Draw(t, "grain"),
		Where:     drawConditions(t, 1),
		Previous:  rapid.Bool().Draw(t, "previous"),
		By:        rapid.SampledFrom([][]string{nil, {"region"}, {"kind", "region"}}).Draw(t, "by"),
	}
	if rapid.Bool().Draw(t, "cut") {
		r.Period.From, r.Period.To = city.NewDate(2023, 2, 11), city.NewDate(2024, 2, 20)
	}
	return r
}

// TestCompiledEqualsOracle holds every layout to a brute-force answer over the
// same rows.
func TestCompiledEqualsOracle(t *testing.T) {
	t.Parallel()
	db := openFacts(t)
	used := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		facts, r := drawFacts(rt), drawRequest(rt)
		refill(rt, db, facts)
		k, err := newCompiler(testCity(), r, whole)
		if err != nil {
			rt.Fatal(err)
		}
		want := oracle{facts, r}.answer()
		layouts := []layout{choose(k)}
		if r.Indicator.Window != city.WindowStock {
			layouts = append(layouts, rowByRow)
		}
		for _, l := range layouts {
			used[fmt.Sprintf("%+v", l)]++
			q := k.query(l)
			if d := differ(run(t, db, q), want); d != "" {
				rt.Fatalf("layout %+v\n%s\n%s", l, d, q.SQL)
			}
		}
	})
	for _, l := range []layout{rowByRow, {bucket: city.GrainMonth}, {bucket: city.GrainMonth, first: true}, {bucket: city.GrainMonth, last: true}, {bucket: city.GrainYear}, {bucket: city.GrainDay, first: true}} {
		if !testing.Short() && used[fmt.Sprintf("%+v", l)] == 0 {
			t.Errorf("layout %+v was never chosen: %v", l, used)
		}
	}
}

// TestPartsMakeTheWhole: an additive value is the sum of its parts, and so is
// the number of rows; and the deliveries of a value add up to its rows.
func TestPartsMakeTheWhole(t *testing.T) {
	t.Parallel()
	db := openFacts(t)
	rapid.Check(t, func(rt *rapid.T) {
		facts := drawFacts(rt)
		refill(rt, db, facts)
		w := rapid.SampledFrom([]city.Window{city.WindowPeriod, city.WindowYear, city.WindowStock, city.WindowAll}).Draw(rt, "window")
		ind := indicator(w, of(city.MeasureDifference, count(not("kind", "exit")), count(is("kind", "exit"))))
		r := Request{Indicator: ind, Period: span(t, "2023..2024"), Grain: city.GrainQuarter, Where: drawConditions(rt, 1)}
		total := ask(t, db, r, whole)
		r.By = []string{"region", "kind"}
		parts := map[string]cell{}
		for key, c := range ask(t, db, r, whole) {
			p := parts[key[:10]]
			p.value = num(p.value.Float64 + c.value.Float64)
			p.n += c.n
			parts[key[:10]] = p
		}
		for key, c := range total {
			if parts[key].n != c.n || parts[key].value.Float64 != c.value.Float64 {
				rt.Fatalf("%s: parts %+v, whole %+v", key, parts[key], c)
			}
		}
		if got, want := drill(t, db, r), total["2024-10-01"].n; got != want {
			rt.Fatalf("the deliveries wrote %d rows, the value counts %d", got, want)
		}
	})
}

// drill adds up the rows of the deliveries behind the last period.
func drill(t *testing.T, db *sql.DB, r Request) int64 {
	t.Helper()
	q, err := CompileRows(testCity(), r, whole)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(context.Background(), q.SQL, q.Args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, q.SQL)
	}
	defer rows.Close()
	sum := int64(0)
	for rows.Next() {
		var name sql.NullString
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return sum
}
