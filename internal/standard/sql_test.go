package standard_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/standard"
)

var waterItems = []string{"ph", "do", "cod", "nh3n", "tp"}

// TestSQLAgrees holds the SQL of derived fields to what the functions say, for
// two thousand samples in each edition, many of them on a breakpoint.
func TestSQLAgrees(t *testing.T) {
	t.Parallel()
	c := declared(t)
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	days := []city.Date{in2012, in2026, in2026.AddDays(-1)}
	air, water := samples(airItems, 20), samples(waterItems, 1000)
	for i, got := range ask(t, db, derivedSet(t, c, "hj633.daily", airItems), days, air) {
		sample, day := air[i/len(days)], days[i%len(days)]
		want := standard.IndexOf(edition(t, c, "hj633.daily", day).Index, sample, airItems)
		if text := strings.TrimSuffix(describeIndex(standard.Index{Value: want.Value, Grade: want.Grade}), " -"); got != text {
			t.Errorf("%v on %s: SQL gives %s, want %s", sample, day, got, text)
		}
	}
	table := edition(t, c, "gb3838.class", in2012).Grading
	for i, got := range ask(t, db, derivedSet(t, c, "gb3838.class", waterItems), days, water) {
		want := "NA -"
		if g := standard.GradeOf(table, water[i/len(days)]); g.Class >= 0 {
			want = table.Classes[g.Class].Name + " " + table.Classes[g.Class].Name
		}
		if got != want {
			t.Errorf("%v: SQL gives %s, want %s", water[i/len(days)], got, want)
		}
	}
}

// derivedSet is a dataset with what a rule yields derived from fields that are
// named like its items.
func derivedSet(t *testing.T, c *city.City, rule string, items []string) *city.Dataset {
	t.Helper()
	r, err := c.Rule(rule)
	if err != nil {
		t.Fatal(err)
	}
	ds := &city.Dataset{Name: "t.t", Delivery: city.DeliverySpec{Period: "day"}, Fields: []*city.Field{{Name: "day", Type: city.TypeDate}}}
	fields := map[string]string{}
	for _, it := range items {
		ds.Fields = append(ds.Fields, &city.Field{Name: it, Type: city.TypeNumber})
		fields[it] = it
	}
	for _, y := range []city.Yield{city.YieldIndex, city.YieldClass} {
		ds.Derived = append(ds.Derived, &city.Derived{Name: "d_" + string(y), Rule: r, Items: fields, Yields: y})
	}
	return ds
}

// samples makes values of few decimals, one in ten of them missing.
func samples(items []string, scale float64) []map[string]float64 {
	chance := rand.New(rand.NewPCG(1, 2))
	out := make([]map[string]float64, 2000)
	for i := range out {
		out[i] = map[string]float64{}
		for _, it := range items {
			if chance.IntN(10) > 0 {
				out[i][it] = float64(chance.IntN(1<<(2+chance.IntN(13)))) / scale
			}
		}
	}
	return out
}

// ask derives both fields for every sample on every day, in that order.
func ask(t *testing.T, db *sql.DB, ds *city.Dataset, days []city.Date, list []map[string]float64) []string {
	t.Helper()
	names := []string{"i", `"day"`}
	for _, f := range ds.Fields[1:] {
		names = append(names, fmt.Sprintf("%q", f.Name))
	}
	var rows []string
	for i, sample := range list {
		for j, day := range days {
			row := fmt.Sprintf("(%d, DATE '%s'", i*len(days)+j, day)
			for _, f := range ds.Fields[1:] {
				v := "NULL"
				if x, ok := sample[f.Name]; ok {
					v = strconv.FormatFloat(x, 'f', -1, 64)
				}
				row += ", CAST(" + v + " AS DOUBLE)"
			}
			rows = append(rows, row+")")
		}
	}
	from := "(SELECT * FROM (VALUES " + strings.Join(rows, ",\n") + ") t (" + strings.Join(names, ", ") + "))"
	res, err := db.Query("SELECT coalesce(CAST(d_index AS VARCHAR), 'NA') || ' ' || coalesce(d_class, '-') FROM " +
		standard.Relation(ds, from, []string{"d_index", "d_class"}, city.Span{}) + " ORDER BY i")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Close()
	var out []string
	for res.Next() {
		var text string
		if err := res.Scan(&text); err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	if err := res.Err(); err != nil || len(out) != len(rows) {
		t.Fatalf("%d answers for %d rows: %v", len(out), len(rows), err)
	}
	return out
}
