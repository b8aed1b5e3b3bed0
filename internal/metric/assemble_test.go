package metric

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// assembled answers a question from its units. It is false when the question has
// none.
func assembled(t tester, db *sql.DB, r Request, src Source) (map[string]cell, bool) {
	t.Helper()
	p, units := unitsOf(t, db, r, src)
	if p == nil {
		return nil, false
	}
	lines, ok := p.Answer(units)
	if !ok {
		t.Fatal("a few units are too many")
	}
	out := map[string]cell{}
	for _, l := range lines {
		key := l.Period.Start.String()
		for _, d := range l.Dims {
			text := "NULL"
			if d != nil {
				text = *d
			}
			key += " " + text
		}
		if _, dup := out[key]; dup {
			t.Fatalf("two lines for %s", key)
		}
		out[key] = cell{null(l.Value), null(l.Previous), null(l.Before), null(l.Festival), l.Rows}
	}
	return out, true
}

func null(v *float64) (out sql.NullFloat64) {
	if v != nil {
		out.Float64, out.Valid = *v, true
	}
	return out
}

// unitsOf plans a question and reads its units; the plan is nil when it has none.
func unitsOf(t tester, db *sql.DB, r Request, src Source) (*Plan, [][]Unit) {
	t.Helper()
	p, err := PlanUnits(testCity(), r, src)
	if err != nil {
		t.Fatal(err)
	}
	if p == nil {
		return nil, nil
	}
	var last *Query
	out, ok, err := p.Collect(func(u *Units) (Rows, error) {
		last = u.Read("")
		return db.QueryContext(context.Background(), last.SQL, last.Args...)
	})
	if err != nil || !ok {
		t.Fatalf("%v, %v\n%+v", ok, err, last)
	}
	return p, out
}

// TestUnitsKeepTheOrder holds the lines of units to the order and the values of
// the question that is asked in one go, also for sums of money, which are exact
// in both ways.
func TestUnitsKeepTheOrder(t *testing.T) {
	t.Parallel()
	db := openFacts(t, `INSERT INTO facts (day, person, region, kind, amount, cases)
		SELECT CAST(DATE '2023-01-01' + CAST(i * 7 % 700 AS INTEGER) AS DATE), 'p' || i % 17, ['140105', '140106', NULL][1 + i % 3], ['hire', 'exit', NULL][1 + i % 4 % 3], (i * 37 % 1001) / 100, i % 5
		FROM range(900) r(i)`)
	for _, m := range []*city.Measure{field(city.MeasureSum, "amount"), field(city.MeasureSum, "cases"), field(city.MeasureMax, "amount"),
		of(city.MeasureGrowth, field(city.MeasureSum, "amount", is("kind", "hire"))), {Kind: city.MeasurePercentile, Field: "amount", P: 90}} {
		for _, w := range []city.Window{city.WindowPeriod, city.WindowYear, city.WindowAll} {
			r := Request{Indicator: indicator(w, m), By: []string{"kind", "region"}, Period: span(t, "2023-03..2024-09"), Grain: city.GrainMonth, Against: []Against{AgainstYear}}
			q, err := Compile(testCity(), r, Source{Relation: "facts", Fraction: 0.02})
			if err != nil {
				t.Fatal(err)
			}
			p, units := unitsOf(t, db, r, Source{Relation: "facts", Fraction: 0.02})
			lines, _ := p.Answer(units)
			var got []string
			for _, l := range lines {
				got = append(got, fmt.Sprint(l.Period.Start, dimText(l.Dims[0]), dimText(l.Dims[1]), null(l.Value), null(l.Previous), l.Rows))
			}
			if want := inOrder(t, db, q); strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Fatalf("%s of %s:\n%s\nwant\n%s", m.Kind, w, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

func dimText(d *string) string {
	if d == nil {
		return " NULL"
	}
	return " " + *d
}

// inOrder reads the rows of a compiled query with two dimensions.
func inOrder(t *testing.T, db *sql.DB, q *Query) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), q.SQL, q.Args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var start sql.NullTime
		var a, b *string
		var c cell
		if err := rows.Scan(&start, &a, &b, &c.value, &c.previous, &c.before, &c.festival, &c.n); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(city.DateOf(start.Time), dimText(a), dimText(b), c.value, c.previous, c.n))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestUnitsTellTheDays holds the days that units tell to those that CompileDays
// counts.
func TestUnitsTellTheDays(t *testing.T) {
	t.Parallel()
	db := openFacts(t)
	told := 0
	rapid.Check(t, func(rt *rapid.T) {
		facts, r := drawFacts(rt), drawRequest(rt)
		refill(rt, db, facts)
		r.Indicator.Complete = "test.rule"
		p, units := unitsOf(rt, db, r, whole)
		if p == nil {
			return
		}
		list, ok := p.Days(units)
		if !ok {
			return
		}
		told++
		got := map[string]int{}
		for _, d := range list {
			got[d.Month.String()+keyOf(d.Dims)] = d.Days
		}
		if want := daysOf(rt, db, r); fmt.Sprint(got) != fmt.Sprint(want) {
			rt.Fatalf("units tell %v, want %v", got, want)
		}
	})
	if told == 0 {
		t.Error("no question had its days told")
	}
}

func daysOf(t tester, db *sql.DB, r Request) map[string]int {
	t.Helper()
	q, err := CompileDays(testCity(), r, whole)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(context.Background(), q.SQL, q.Args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, q.SQL)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var month sql.NullTime
		var n int
		dims := make([]*string, len(r.By))
		dest := []any{&month}
		for i := range dims {
			dest = append(dest, &dims[i])
		}
		if err := rows.Scan(append(dest, &n)...); err != nil {
			t.Fatal(err)
		}
		out[city.DateOf(month.Time).String()+keyOf(dims)] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTally holds sums of decimals to what a person would write down.
func TestTally(t *testing.T) {
	t.Parallel()
	huge, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	for _, c := range []struct {
		add  []any
		want float64
	}{
		{nil, 0},
		{[]any{nil, int64(3), nil, int64(4)}, 7},
		{[]any{decimal("10.10"), decimal("20.2"), decimal("-0.30")}, 30},
		{[]any{decimal("0.1"), decimal("0.2")}, 0.3},
		{[]any{0.25, int64(2)}, 2.25},
		{[]any{huge, int64(1)}, 123456789012345678901234567891},
		{[]any{int64(math.MaxInt64), int64(math.MaxInt64)}, 2 * float64(math.MaxInt64)},
	} {
		var sum tally
		for _, v := range c.add {
			var f tally
			if err := f.Scan(v); err != nil {
				t.Fatal(err)
			}
			sum.put(mergeSum, f)
		}
		if got := sum.float(); got != c.want || sum.known != (len(c.add) > 0) {
			t.Errorf("%v: %v, want %v", c.add, got, c.want)
		}
	}
	var f tally
	for _, bad := range []any{"text", decimal("1,5"), []any{"x"}, true} {
		if err := f.Scan(bad); err == nil {
			t.Errorf("%v is no number", bad)
		}
	}
}

type decimal string

func (d decimal) String() string { return string(d) }
