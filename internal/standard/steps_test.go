package standard_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/standard"
)

// TestStepsCompareAlike holds an index that is told in steps to the index itself:
// it compares alike with every number that it was made for, in both editions,
// for values around every breakpoint and halves that are rounded.
func TestStepsCompareAlike(t *testing.T) {
	t.Parallel()
	c := declared(t)
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1) // one connection is one database in memory
	ds := derivedSet(t, c, "hj633.daily", airItems)
	index := ds.Derived[0]
	load(t, db, airItems, []city.Date{in2012, in2026}, around(edition(t, c, "hj633.daily", in2012).Index))
	chance := rand.New(rand.NewPCG(3, 4))
	for n := range 24 {
		var cuts []standard.Cut
		var compare []string
		for range 1 + chance.IntN(3) {
			low, high := float64(chance.IntN(1100)-50)/2, float64(chance.IntN(1100)-50)/2
			switch chance.IntN(3) {
			case 0:
				cuts, compare = append(cuts, standard.Cut{Min: &low}), append(compare, fmt.Sprintf("%%[1]s >= %v", low))
			case 1:
				cuts, compare = append(cuts, standard.Cut{Max: &high}), append(compare, fmt.Sprintf("%%[1]s <= %v", high))
			default:
				cuts, compare = append(cuts, standard.Cut{Min: &low, Max: &high}), append(compare, fmt.Sprintf("%%[1]s >= %v AND %%[1]s <= %v", low, high))
			}
		}
		full := standard.Relation(ds, "t", []string{index.Name}, city.Span{})
		steps := standard.Compared(ds, "t", []string{index.Name}, city.Span{}, standard.Cuts{index.Name: cuts})
		var where []string
		for _, text := range append(compare, "%[1]s IS NULL") {
			where = append(where, "("+fmt.Sprintf(text, "f."+index.Name)+") IS DISTINCT FROM ("+fmt.Sprintf(text, "s."+index.Name)+")")
		}
		q := "SELECT count(*), coalesce(min(f.i || ': ' || coalesce(f." + index.Name + ", -1) || ' as ' || coalesce(s." + index.Name + ", -1)), '') FROM " +
			full + " f JOIN " + steps + " s ON s.i = f.i WHERE " + strings.Join(where, " OR ")
		var wrong int
		var first string
		if err := db.QueryRow(q).Scan(&wrong, &first); err != nil {
			t.Fatal(err)
		}
		if wrong > 0 {
			t.Fatalf("%d: %v: %d samples compare otherwise, such as %s", n, compare, wrong, first)
		}
	}
}

// around makes samples whose items lie at a breakpoint, a half of the last
// decimal beside it, anywhere, or are missing.
func around(table *city.IndexTable) []map[string]float64 {
	chance := rand.New(rand.NewPCG(5, 6))
	out := make([]map[string]float64, 3000)
	for i := range out {
		out[i] = map[string]float64{}
		for _, item := range table.Items {
			point := item.Points[chance.IntN(len(item.Points))]
			half := 0.5
			for range item.Decimals {
				half /= 10
			}
			switch chance.IntN(12) {
			case 0: // missing
			case 1:
				out[i][item.Name] = -half * float64(chance.IntN(4))
			case 2, 3, 4:
				out[i][item.Name] = point + half*float64(chance.IntN(7)-3)
			case 5:
				out[i][item.Name] = point * 3
			default:
				out[i][item.Name] = float64(chance.IntN(400)) * half
			}
		}
	}
	return out
}

// load fills the table t with every sample on every day.
func load(t *testing.T, db *sql.DB, items []string, days []city.Date, list []map[string]float64) {
	t.Helper()
	cols := []string{"i BIGINT", `"day" DATE`}
	for _, it := range items {
		cols = append(cols, fmt.Sprintf("%q DOUBLE", it))
	}
	var rows []string
	for i, sample := range list {
		for _, day := range days {
			row := fmt.Sprintf("(%d, DATE '%s'", i*len(days)+len(rows)%len(days), day)
			for _, it := range items {
				v := "NULL"
				if x, ok := sample[it]; ok {
					v = fmt.Sprint(x)
				}
				row += ", " + v
			}
			rows = append(rows, row+")")
		}
	}
	if _, err := db.Exec("CREATE TABLE t (" + strings.Join(cols, ", ") + "); INSERT INTO t VALUES " + strings.Join(rows, ", ")); err != nil {
		t.Fatal(err)
	}
}
