package duck_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
)

// TestRelationOfLikeFiles holds that files are read as they are once they are
// known to have the view's columns, and by field ID otherwise, and that both give
// the same rows.
func TestRelationOfLikeFiles(t *testing.T) {
	t.Parallel()
	e, err := duck.Open(duck.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	dir := filepath.Join(t.TempDir(), "year=2024") // no partition, whatever it looks like
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name, query, ids string) string {
		path := filepath.Join(dir, name+".parquet")
		run(t, e, fmt.Sprintf("COPY (%s) TO '%s' (FORMAT parquet, FIELD_IDS {%s})", query, path, ids))
		return lake.FileURI(path)
	}
	columns := []lake.Column{{Name: "day", FieldID: 1, SQLType: "DATE"}, {Name: "amount", FieldID: 2, SQLType: "DECIMAL(18,2)"}}
	now := "SELECT DATE '2024-01-0%d' AS day, CAST(%d AS DECIMAL(18,2)) AS amount"
	alike := []string{write("a", fmt.Sprintf(now, 1, 10), "day: 1, amount: 2"), write("b", fmt.Sprintf(now, 2, 20), "day: 1, amount: 2")}
	for name, c := range map[string]struct {
		other string
		want  string
	}{
		"renamed":   {write("c", "SELECT DATE '2024-01-03' AS day, CAST(30 AS DECIMAL(18,2)) AS total", "day: 1, total: 2"), "60"},
		"reordered": {write("d", "SELECT CAST(30 AS DECIMAL(18,2)) AS amount, DATE '2024-01-03' AS day", "day: 1, amount: 2"), "60"},
		"narrower":  {write("e", "SELECT DATE '2024-01-03' AS day, CAST(30 AS DECIMAL(9,1)) AS amount", "day: 1, amount: 2"), "60"},
		"without":   {write("f", "SELECT DATE '2024-01-03' AS day", "day: 1"), "30"},
		"swapped":   {write("g", "SELECT DATE '2024-01-03' AS amount, CAST(30 AS DECIMAL(18,2)) AS day", "amount: 1, day: 2"), "60"},
		"like":      {write("h", fmt.Sprintf(now, 3, 30), "day: 1, amount: 2"), "60"},
	} {
		v := &lake.View{Dataset: "t.facts", Files: append([]string{c.other}, alike...), Columns: columns}
		before := e.Relation(v)
		if _, err := e.Ranges(t.Context(), v, "day"); err != nil {
			t.Fatal(err)
		}
		after := e.Relation(v)
		if mapped := strings.Contains(after, "schema"); mapped == (name == "like") || !strings.Contains(before, "schema") {
			t.Errorf("%s: %s and then %s", name, before, after)
		}
		for _, relation := range []string{before, after} {
			got := run(t, e, "SELECT CAST(CAST(sum(amount) AS INTEGER) AS VARCHAR) || ' ' || count(*) || ' ' || count(day) FROM "+relation)
			if got != c.want+" 3 3" {
				t.Errorf("%s: %s, want %s\n%s", name, got, c.want, relation)
			}
		}
	}
}

// run gives the first column of the last row as text.
func run(t *testing.T, e *duck.Engine, query string) (text string) {
	t.Helper()
	rows, err := e.Query(t.Context(), query)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return text
}
