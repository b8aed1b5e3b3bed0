package metric

import (
	"context"
	"database/sql"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// refill replaces the rows of the tables facts and others.
func refill(t *rapid.T, db *sql.DB, facts []fact) {
	lines := map[string][]string{}
	for _, f := range facts {
		table := "facts"
		if f.other {
			table = "others"
		}
		lines[table] = append(lines[table], f.sql())
	}
	q := "DELETE FROM facts; DELETE FROM others"
	for table, rows := range lines {
		q += "; INSERT INTO " + table + " (day, person, region, kind, level, _delivery) VALUES " + strings.Join(rows, ", ")
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
			other:    rapid.IntRange(0, 3).Draw(t, "other") == 0,
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

func drawMeasure(t *rapid.T, w city.Window, levels int) *city.Measure {
	kinds := []city.MeasureKind{city.MeasureCount, city.MeasureCountDistinct, city.MeasureSum, city.MeasureMean,
		city.MeasureMin, city.MeasureMax, city.MeasurePercentile}
	if levels > 0 {
		kinds = append(kinds, city.MeasureRatio, city.MeasureDifference, city.MeasureGrowth, city.MeasureIncrease,
			city.MeasureShare, city.MeasureIndex, city.MeasureIndicator, city.MeasureLimit)
	}
	m := &city.Measure{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	switch m.Kind {
	case city.MeasureLimit:
		m.Rule, m.Param = "test.limits", "s"
		return m
	case city.MeasureIndicator:
		m.Indicator = drawOther(t, w, levels)
		m.Of = []*city.Measure{m.Indicator.Measure}
		return m
	case city.MeasureIndex:
		for range rapid.IntRange(1, 3).Draw(t, "terms") {
			m.Of = append(m.Of, drawMeasure(t, w, levels-1))
			m.Of[len(m.Of)-1].Factor = float64(rapid.IntRange(1, 3).Draw(t, "weight"))
		}
	default:
		for range max(0, operands[m.Kind]) {
			m.Of = append(m.Of, drawMeasure(t, w, levels-1))
		}
	}
	if m.Changes() {
		m.On = rapid.SampledFrom(append(againsts(w), "")).Draw(t, "on")
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

// drawOther draws an indicator that another one of the window is built from.
func drawOther(t *rapid.T, w city.Window, levels int) *city.Indicator {
	windows := []city.Window{w, city.WindowStock}
	if w != city.WindowStock {
		windows = []city.Window{city.WindowPeriod, city.WindowYear, city.WindowAll, city.WindowStock}
	}
	other := indicator(rapid.SampledFrom(windows).Draw(t, "other's window"), drawMeasure(t, w, levels-1))
	other.Dataset = rapid.SampledFrom([]string{"test.facts", "test.other"}).Draw(t, "dataset")
	other.Scope = drawConditions(t, 1)
	return other
}

// againsts are the times that a window can be compared with.
func againsts(w city.Window) []Against {
	if w == city.WindowStock {
		return []Against{AgainstYear, AgainstPeriod}
	}
	return []Against{AgainstYear, AgainstPeriod, AgainstFestival}
}

func drawRequest(t *rapid.T) Request {
	windows := []city.Window{city.WindowPeriod, city.WindowYear, city.WindowStock, city.WindowAll}
	w := rapid.SampledFrom(windows).Draw(t, "window")
	ind := indicator(w, drawMeasure(t, w, 2))
	ind.Scope = drawConditions(t, 1)
	ind.Calendar = "test.festival"
	r := Request{
		Indicator: ind,
		Period:    city.Span{From: city.NewDate(2023, 1, 1), To: city.NewDate(2024, 6, 30)},
		Grain:     rapid.SampledFrom([]city.Grain{city.GrainMonth, city.GrainQuarter, city.GrainYear, city.GrainAll}).Draw(t, "grain"),
		Where:     drawConditions(t, 1),
		Against:   rapid.SliceOfNDistinct(rapid.SampledFrom(againsts(w)), 0, -1, rapid.ID[Against]).Draw(t, "against"),
		By:        rapid.SampledFrom([][]string{nil, {"region"}, {"kind", "region"}}).Draw(t, "by"),
	}
	if rapid.Bool().Draw(t, "cut") {
		r.Period.From, r.Period.To = city.NewDate(2023, 2, 11), city.NewDate(2024, 2, 20)
	}
	if rapid.IntRange(0, 7).Draw(t, "days") == 0 {
		r.Grain, r.Period = city.GrainDay, city.Span{From: city.NewDate(2024, 2, 25), To: city.NewDate(2024, 3, 3)}
	}
	r.Combine = r.Grain == city.GrainMonth && rapid.Bool().Draw(t, "combine")
	if ind.Window == city.WindowStock {
		return r
	}
	switch rapid.IntRange(0, 2).Draw(t, "ask for") {
	case 0:
		r.Window = rapid.SampledFrom([]city.Window{city.WindowPeriod, city.WindowYear, city.WindowAll}).Draw(t, "instead")
	case 1:
		if r.Grain != city.GrainAll && !r.Combine {
			r.Rolling = rapid.IntRange(1, 4).Draw(t, "rolling")
		}
	}
	return r
}

// TestCompiledEqualsOracle holds every layout to a brute-force answer over the
// same rows.
func TestCompiledEqualsOracle(t *testing.T) {
	t.Parallel()
	db := openFacts(t)
	rapid.Check(t, func(rt *rapid.T) {
		facts, r := drawFacts(rt), drawRequest(rt)
		refill(rt, db, facts)
		k, err := newCompiler(testCity(), r, whole)
		if err == nil {
			err = k.attach()
		}
		if err != nil {
			rt.Fatal(err)
		}
		want := oracle{facts, r}.answer()
		for name, chosen := range map[string]func(*part) layout{"cheapest": choose, "row by row": plainest} {
			q := k.query(chosen)
			if d := differ(run(t, db, q), want); d != "" {
				rt.Fatalf("%s\n%s\n%s", name, d, q.SQL)
			}
		}
		if got, ok := assembled(rt, db, r, whole); ok {
			if d := differ(got, want); d != "" {
				rt.Fatalf("put together from units\n%s", d)
			}
		}
	})
}

// TestChoose says which layout each kind of question gets.
func TestChoose(t *testing.T) {
	t.Parallel()
	p95 := &city.Measure{Kind: city.MeasurePercentile, Field: "level", P: 95}
	for _, tt := range []struct {
		window  city.Window
		measure *city.Measure
		ask     Request
		want    layout
	}{
		{city.WindowPeriod, p95, Request{Grain: city.GrainYear}, layout{bucket: city.GrainYear}},
		{city.WindowPeriod, p95, Request{Grain: city.GrainMonth, Against: []Against{AgainstPeriod}}, layout{bucket: city.GrainMonth}},
		{city.WindowPeriod, p95, Request{Grain: city.GrainMonth, Against: []Against{AgainstFestival}}, rowByRow},
		{city.WindowPeriod, count(), Request{Grain: city.GrainMonth, Against: []Against{AgainstFestival}}, layout{bucket: city.GrainDay}},
		{city.WindowPeriod, count(), Request{Grain: city.GrainMonth, Rolling: 3}, layout{bucket: city.GrainMonth}},
		{city.WindowPeriod, field(city.MeasureCountDistinct, "person"), Request{Grain: city.GrainMonth, Rolling: 3}, rowByRow},
		{city.WindowYear, field(city.MeasureCountDistinct, "person"), Request{Grain: city.GrainMonth}, layout{bucket: city.GrainMonth, first: true}},
		{city.WindowYear, field(city.MeasureCountDistinct, "person"), Request{Grain: city.GrainDay}, layout{bucket: city.GrainDay, first: true}},
		{city.WindowYear, field(city.MeasureCountDistinct, "person"), Request{Grain: city.GrainMonth, Against: []Against{AgainstFestival}}, rowByRow},
		{city.WindowAll, field(city.MeasureCountDistinct, "person"), Request{Grain: city.GrainYear}, layout{bucket: city.GrainMonth, first: true}},
		{city.WindowPeriod, p95, Request{Grain: city.GrainAll}, rowByRow},
		{city.WindowStock, p95, Request{Grain: city.GrainMonth}, layout{bucket: city.GrainMonth}},
		{city.WindowStock, p95, Request{Grain: city.GrainYear}, layout{bucket: city.GrainMonth, last: true}},
	} {
		r := tt.ask
		r.Indicator, r.Period = indicator(tt.window, tt.measure), span(t, "2023..2024")
		r.Indicator.Calendar = "test.festival"
		k, err := newCompiler(testCity(), r, whole)
		if err != nil {
			t.Fatal(err)
		}
		if got := choose(k.parts[0]); got != tt.want {
			t.Errorf("%s of %s by %s, rolling %d, against %v: %+v, want %+v", tt.measure.Kind, tt.window, r.Grain, r.Rolling, r.Against, got, tt.want)
		}
	}
}

// plainest is the layout without any cleverness. A stock has one layout only.
func plainest(p *part) layout {
	if p.req.windowKind() == city.WindowStock {
		return choose(p)
	}
	return rowByRow
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

// TestTotalsAreAskedFor: the value without a dimension is not made of its parts,
// so it must be the one of the same rows asked for by a condition that keeps
// them all: what a total is computed by elsewhere.
func TestTotalsAreAskedFor(t *testing.T) {
	t.Parallel()
	db := openFacts(t)
	rapid.Check(t, func(rt *rapid.T) {
		facts, r := drawFacts(rt), drawRequest(rt)
		refill(rt, db, facts)
		r.By, r.Where = nil, nil
		total := ask(rt, db, r, whole)
		r.Where = []city.Condition{not("region", "140100")} // where no fact lies
		if d := differ(ask(rt, db, r, whole), total); d != "" {
			rt.Fatal(d)
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
