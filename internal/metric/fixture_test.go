package metric

import (
	"context"
	"database/sql"
	"math"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jinyang-city/jinyang/internal/city"
)

// testCity declares one dataset with a field of every type that matters here.
func testCity() *city.City {
	title := func(zh, en string) city.Text { return city.Text{ZH: zh, EN: en} }
	c := &city.City{
		Code: "140100",
		Regions: []*city.Region{
			{Code: "140100", Name: title("太原市", "Taiyuan")},
			{Code: "140105", Name: title("小店区", "Xiaodian District"), Parent: "140100"},
			{Code: "140106", Name: title("迎泽区", "Yingze District"), Parent: "140100"},
		},
		Rules: []*city.Rule{{Name: "test.festival", Kind: city.RuleCalendar, Versions: []city.RuleVersion{{
			Dates: []city.Date{city.NewDate(2023, 1, 22), city.NewDate(2024, 2, 10)}, Combine: city.Months{First: 1, Last: 2},
		}}}, {Name: "test.limits", Title: title("限值", "Limits"), Kind: city.RuleLimits, Versions: []city.RuleVersion{
			{To: city.NewDate(2023, 6, 30), Params: map[string]float64{"s": 4}},
			{From: city.NewDate(2023, 7, 1), To: city.NewDate(2024, 3, 31), Params: map[string]float64{"s": 2.5}},
		}}},
		Datasets: []*city.Dataset{{
			Name:  "test.facts",
			Title: title("测试台账", "Test register"),
			Fields: []*city.Field{
				{Name: "day", Type: city.TypeDate, Title: title("登记日期", "Date of registration")},
				{Name: "month", Type: city.TypeMonth, Title: title("月份", "Month"), Optional: true},
				{Name: "person", Type: city.TypePerson, Title: title("登记人", "Person"), Optional: true},
				{Name: "region", Type: city.TypeRegion, Title: title("登记地", "Place"), Optional: true},
				{Name: "kind", Type: city.TypeEnum, Title: title("类型", "Kind"), Optional: true, Values: []city.EnumValue{
					{Code: "hire", Title: title("单位就业", "Hired")}, {Code: "self", Title: title("自主创业", "Self-employed")},
					{Code: "exit", Title: title("自然减员", "Natural decrease")},
				}},
				{Name: "amount", Type: city.TypeDecimal, Scale: 2, Title: title("金额", "Amount"), Optional: true},
				{Name: "level", Type: city.TypeNumber, Title: title("浓度", "Concentration"), Optional: true},
				{Name: "cases", Type: city.TypeInt, Title: title("件数", "Cases"), Optional: true},
				{Name: "sent", Type: city.TypeDateTime, Title: title("留言时间", "Sent"), Optional: true},
				{Name: "replied", Type: city.TypeDateTime, Title: title("答复时间", "Replied"), Optional: true},
				{Name: "due", Type: city.TypeDate, Title: title("办理期限", "Due"), Optional: true},
				{Name: "open", Type: city.TypeBool, Title: title("是否开放", "Open"), Optional: true},
			},
		}},
	}
	other := *c.Datasets[0]
	other.Name, other.Title = "test.other", title("另一台账", "Other register")
	c.Datasets = append(c.Datasets, &other)
	c.Index()
	return c
}

const createOthers = `CREATE TABLE others AS FROM facts`

const createFacts = `CREATE TABLE facts (day DATE, month DATE, person VARCHAR, region VARCHAR, kind VARCHAR,
	amount DECIMAL(18,2), level DOUBLE, cases BIGINT, "open" BOOLEAN, _delivery VARCHAR, sent TIMESTAMP, replied TIMESTAMP, due DATE)`

var whole = Source{Relation: "facts", Fraction: 1, Others: map[string]Source{"test.other": {Relation: "others", Fraction: 1}}}

// openFacts makes a database in memory with an empty table facts.
func openFacts(t testing.TB, inserts ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1) // one connection is one database in memory
	for _, q := range append([]string{createFacts, createOthers}, inserts...) {
		if _, err := db.ExecContext(context.Background(), q); err != nil {
			t.Fatalf("%v\n%s", err, q)
		}
	}
	return db
}

// cell is one row of an answer.
type cell struct {
	value, previous, before, festival sql.NullFloat64
	n                                 int64
}

// run executes a compiled query; the keys are the period and the dimensions
// joined by a blank.
func run(t tester, db *sql.DB, q *Query) map[string]cell {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), q.SQL, q.Args...)
	if err != nil {
		t.Fatalf("%v\n%s\n%v", err, q.SQL, q.Args)
	}
	defer rows.Close()
	out := map[string]cell{}
	for rows.Next() {
		var period city.Date
		var start sql.NullTime
		var c cell
		dims := make([]sql.NullString, len(q.Columns)-6)
		dest := []any{&start}
		for i := range dims {
			dest = append(dest, &dims[i])
		}
		if err := rows.Scan(append(dest, &c.value, &c.previous, &c.before, &c.festival, &c.n)...); err != nil {
			t.Fatal(err)
		}
		period = city.DateOf(start.Time)
		key := []string{period.String()}
		for _, d := range dims {
			if !d.Valid {
				d.String = "NULL"
			}
			key = append(key, d.String)
		}
		if _, dup := out[strings.Join(key, " ")]; dup {
			t.Fatalf("two rows for %v\n%s", key, q.SQL)
		}
		out[strings.Join(key, " ")] = c
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// tester is what of a test both kinds have.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// ask compiles and executes.
func ask(t tester, db *sql.DB, r Request, src Source) map[string]cell {
	t.Helper()
	q, err := Compile(testCity(), r, src)
	if err != nil {
		t.Fatal(err)
	}
	return run(t, db, q)
}

func span(t testing.TB, s string) city.Span {
	t.Helper()
	p, err := city.ParseSpan(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// near says whether two results are the same but for the order of additions.
func near(a, b sql.NullFloat64) bool {
	if a.Valid != b.Valid || !a.Valid {
		return a.Valid == b.Valid
	}
	return math.Abs(a.Float64-b.Float64) <= 1e-9*math.Max(1, math.Abs(b.Float64))
}

func num(v float64) sql.NullFloat64 { return sql.NullFloat64{Float64: v, Valid: true} }

// Short forms of measures.

func count(where ...city.Condition) *city.Measure {
	return &city.Measure{Kind: city.MeasureCount, Where: where}
}

func field(kind city.MeasureKind, name string, where ...city.Condition) *city.Measure {
	return &city.Measure{Kind: kind, Field: name, Where: where}
}

func of(kind city.MeasureKind, ms ...*city.Measure) *city.Measure {
	return &city.Measure{Kind: kind, Of: ms}
}

func is(name string, values ...string) city.Condition {
	return city.Condition{Field: name, Values: values}
}

func not(name string, values ...string) city.Condition {
	return city.Condition{Field: name, Not: true, Values: values}
}

func indicator(w city.Window, m *city.Measure) *city.Indicator {
	return &city.Indicator{Name: "test.indicator", Dataset: "test.facts", Measure: m, Time: "day", Window: w,
		Dimensions: []string{"region", "kind"}}
}
