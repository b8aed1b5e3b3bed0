package rollup_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/rollup"
)

// columns of the table of the tests, as a view lists them.
var columns = []lake.Column{
	{Name: "day", FieldID: 1, SQLType: "DATE"}, {Name: "person", FieldID: 2, SQLType: "VARCHAR"}, {Name: "region", FieldID: 3, SQLType: "VARCHAR"},
	{Name: "kind", FieldID: 4, SQLType: "VARCHAR"}, {Name: "amount", FieldID: 5, SQLType: "DECIMAL(18,2)"},
}

func testCity() *city.City {
	fields := []*city.Field{{Name: "day", Type: city.TypeDate}, {Name: "person", Type: city.TypePerson}, {Name: "region", Type: city.TypeString}, {Name: "kind", Type: city.TypeString}, {Name: "amount", Type: city.TypeDecimal, Scale: 2}}
	c := &city.City{Datasets: []*city.Dataset{{Name: "t.facts", Fields: fields}}}
	c.Index()
	return c
}

func testIndicator(m *city.Measure, w city.Window) *city.Indicator {
	return &city.Indicator{Name: "t.ind", Dataset: "t.facts", Measure: m, Time: "day", Window: w, Dimensions: []string{"region", "kind"}}
}

// measures that units are kept of in every way that there is.
func measures() []*city.Measure {
	kind := func(v string) []city.Condition { return []city.Condition{{Field: "kind", Values: []string{v}}} }
	persons := &city.Measure{Kind: city.MeasureCountDistinct, Field: "person"}
	sum := &city.Measure{Kind: city.MeasureSum, Field: "amount"}
	return []*city.Measure{
		{Kind: city.MeasureCount, Field: ""}, persons, sum, {Kind: city.MeasureMax, Field: "amount"}, {Kind: city.MeasureMean, Field: "amount"},
		{Kind: city.MeasurePercentile, Field: "amount", P: 50},
		{Kind: city.MeasureRatio, Of: []*city.Measure{{Kind: city.MeasureCount, Where: kind("a")}, {Kind: city.MeasureCount}}},
		{Kind: city.MeasureDifference, Of: []*city.Measure{{Kind: city.MeasureCountDistinct, Field: "person", Where: kind("a")}, {Kind: city.MeasureCount, Where: kind("b")}}},
		{Kind: city.MeasureGrowth, Of: []*city.Measure{sum}},
	}
}

// model is a table of files, each of the rows that somebody delivered.
type model struct {
	t      failer
	engine *duck.Engine
	dir    string
	n      int
	files  []string
}

// failer is a test, or one run of a property.
type failer interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// write writes a file of rows that lie in some months.
func (m *model) write(from time.Month, months, rows, seed int) string {
	m.n++
	path := filepath.Join(m.dir, fmt.Sprintf("f%d.parquet", m.n))
	q := fmt.Sprintf(`COPY (SELECT (DATE '2023-01-01' + INTERVAL (%[1]d + (hash(i, %[5]d, 1) %% %[2]d)::INTEGER) MONTH + INTERVAL ((hash(i, %[5]d, 2) %% 28)::INTEGER) DAY)::DATE AS day,
 'p' || (hash(i, %[5]d, 3) %% 9) AS person, ['x', 'y', NULL][1 + (hash(i, %[5]d, 4) %% 3)::INTEGER] AS region, ['a', 'b'][1 + (hash(i, %[5]d, 5) %% 2)::INTEGER] AS kind,
 ((hash(i, %[5]d, 6) %% 1000) / 10)::DECIMAL(18,2) AS amount FROM range(%[3]d) AS r (i)) TO '%[4]s' (FORMAT parquet, FIELD_IDS {day: 1, person: 2, region: 3, kind: 4, amount: 5})`,
		int(from)-1, months, rows, path, seed)
	res, err := m.engine.Query(context.Background(), q)
	if err != nil {
		m.t.Fatal(err)
	}
	for res.Next() { // one row: the count
	}
	if err := res.Close(); err != nil {
		m.t.Fatal(err)
	}
	return lake.FileURI(path)
}

// change does what a delivery, a correction or a rollback does to the files.
func (m *model) change(t *rapid.T) {
	from, months := time.Month(rapid.IntRange(1, 23).Draw(t, "month")), rapid.IntRange(1, 3).Draw(t, "months")
	rows := rapid.IntRange(1, 12).Draw(t, "rows")
	i, seed := 0, rapid.IntRange(0, 1<<20).Draw(t, "seed")
	if len(m.files) > 0 {
		i = rapid.IntRange(0, len(m.files)-1).Draw(t, "file")
	}
	switch what := rapid.SampledFrom([]string{"deliver", "deliver", "correct", "roll back"}).Draw(t, "what"); {
	case what == "deliver" || len(m.files) == 0:
		m.files = append(m.files, m.write(from, months, rows, seed))
	case what == "correct":
		m.files[i] = m.write(from, months, rows, seed)
	default:
		m.files = slices.Delete(m.files, i, i+1)
	}
}

func (m *model) view() *lake.View {
	return &lake.View{Dataset: "t.facts", SnapshotID: int64(m.n), Files: slices.Sorted(slices.Values(m.files)), Columns: columns, Fraction: 1}
}

func question(t *rapid.T) metric.Request {
	r := metric.Request{
		Indicator: testIndicator(rapid.SampledFrom(measures()).Draw(t, "measure"), rapid.SampledFrom([]city.Window{city.WindowPeriod, city.WindowYear, city.WindowAll, city.WindowStock}).Draw(t, "window")),
		Grain:     rapid.SampledFrom([]city.Grain{city.GrainMonth, city.GrainQuarter, city.GrainYear}).Draw(t, "grain"),
		By:        rapid.SampledFrom([][]string{nil, {"region"}, {"region", "kind"}}).Draw(t, "by"),
		Against:   rapid.SampledFrom([][]metric.Against{nil, {metric.AgainstYear}}).Draw(t, "against"),
	}
	span := rapid.SampledFrom([]string{"2024", "2023-01..2024-12", "2024-01-10..2024-03-20", "2024-02"}).Draw(t, "period")
	var err error
	if r.Period, err = city.ParseSpan(span); err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "narrow") {
		r.Where = []city.Condition{{Field: "kind", Values: []string{"a"}}}
	}
	return r
}

// texts reads rows as text, numbers rounded to what floating point gives again.
func texts(rows *sql.Rows) (out []string, err error) {
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, into := make([]any, len(cols)), make([]any, len(cols))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		parts := make([]string, len(values))
		for i, v := range values {
			if f, ok := v.(float64); ok {
				v = fmt.Sprintf("%.9g", f)
			}
			parts[i] = fmt.Sprint(v)
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out, rows.Err()
}

// TestSameNumbers holds that answers from kept units are those of the question
// asked in one go, whatever was delivered, corrected and taken back in between,
// and however little is kept.
func TestSameNumbers(t *testing.T) {
	t.Parallel()
	e, err := duck.Open(duck.Options{TempDir: t.TempDir(), Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	c, dir, n := testCity(), t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		m := &model{t: t, engine: e, dir: dir, n: n}
		s := rollup.New(e, rollup.Limits{Units: rapid.SampledFrom([]int64{1, 20, 100000}).Draw(t, "limit")})
		asked := rapid.SliceOfN(rapid.Custom(question), 1, 3).Draw(t, "questions")
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			m.change(t)
			for _, r := range asked {
				compare(t, c, e, s, r, m.view())
			}
		}
		n = m.n
	})
}

func compare(t failer, c *city.City, e *duck.Engine, s *rollup.Store, r metric.Request, v *lake.View) {
	src := metric.Source{Relation: e.Relation(v), Fraction: 1}
	plan, err := metric.PlanUnits(c, r, src)
	if err != nil {
		t.Fatal(err)
	}
	if plan == nil || !plan.Keep {
		return
	}
	q, err := metric.Compile(c, r, src)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := e.Query(context.Background(), q.SQL, q.Args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	want, err := texts(rows)
	if err != nil {
		t.Fatal(err)
	}
	units, ok, err := s.Units(context.Background(), plan, map[string]*lake.View{"t.facts": v})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	lines, ok := plan.Answer(units)
	if !ok {
		t.Fatal("a few units are too many")
	}
	var got []string
	for _, l := range lines {
		got = append(got, lineText(l))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s by %v over %s, %s:\nkept    %v\nin one  %v", r.Indicator.Window, r.By, r.Period, r.Grain, got, want)
	}
}

// lineText writes a line as texts writes a row.
func lineText(l metric.Line) string {
	parts := []string{fmt.Sprint(l.Period.Start.Time())}
	for _, d := range l.Dims {
		text := "<nil>"
		if d != nil {
			text = *d
		}
		parts = append(parts, text)
	}
	for _, v := range []*float64{l.Value, l.Previous, l.Before, l.Festival} {
		text := "<nil>"
		if v != nil {
			text = fmt.Sprintf("%.9g", *v)
		}
		parts = append(parts, text)
	}
	return strings.Join(append(parts, fmt.Sprint(l.Rows)), " ")
}

// TestOnlyWhatChanged holds that a delivery of one month has one month of units
// made, and that nothing is made when nothing changed.
func TestOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	e, err := duck.Open(duck.Options{TempDir: t.TempDir(), Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	c, dir := testCity(), t.TempDir()
	r := metric.Request{Indicator: testIndicator(&city.Measure{Kind: city.MeasureSum, Field: "amount"}, city.WindowYear), Grain: city.GrainMonth}
	if r.Period, err = city.ParseSpan("2023-01..2024-12"); err != nil {
		t.Fatal(err)
	}
	m, s := &model{t: t, engine: e, dir: dir}, rollup.New(e, rollup.Limits{})
	made := func() int64 {
		before := s.Counts().Made
		compare(t, c, e, s, r, m.view())
		return s.Counts().Made - before
	}
	for month := time.January; month <= 6; month++ {
		m.files = append(m.files, m.write(month, 1, 5, 1))
	}
	if first, again := made(), made(); first != 24 || again != 0 {
		t.Fatalf("%d blocks were made first, and %d for the same files", first, again)
	}
	m.files = append(m.files, m.write(7, 1, 5, 1))
	if n := made(); n != 1 {
		t.Fatalf("%d blocks were made for one new month", n)
	}
	m.files[1] = m.write(2, 1, 4, 2)
	if n := made(); n != 1 {
		t.Fatalf("%d blocks were made for one corrected month", n)
	}
	if err := s.Close(t.Context()); err != nil || s.Counts().Units != 0 {
		t.Fatalf("%d units are left: %v", s.Counts().Units, err)
	}
}
