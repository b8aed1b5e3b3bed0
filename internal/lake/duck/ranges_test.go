package duck_test

import (
	"path/filepath"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
)

// TestRanges holds that the days of files are read from their footers, that a
// file which does not say is left out, and that a view within some days keeps
// the files that may hold them.
func TestRanges(t *testing.T) {
	t.Parallel()
	e, err := duck.Open(duck.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	dir := t.TempDir()
	v := &lake.View{Dataset: "t.facts"}
	for name, values := range map[string]string{
		"january": "(DATE '2024-01-01', TIMESTAMP '2024-01-05 08:00:00'), (DATE '2024-01-31', NULL)",
		"spring":  "(DATE '2024-03-01', TIMESTAMP '2024-03-01 23:59:59.999999'), (DATE '2024-05-02', TIMESTAMP '2024-04-01 00:00:00')",
		"empty":   "(CAST(NULL AS DATE), CAST(NULL AS TIMESTAMP))",
	} {
		path := filepath.Join(dir, name+".parquet")
		rows, err := e.Query(t.Context(), "COPY (SELECT * FROM (VALUES "+values+") AS v (day, moment)) TO '"+path+"' (FORMAT parquet)")
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() { // one row: the count
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		v.Files = append(v.Files, lake.FileURI(path))
	}
	for range 2 { // read, and remembered
		days, err := e.Ranges(t.Context(), v, "day")
		if err != nil || len(days) != 2 || days[lake.FileURI(filepath.Join(dir, "spring.parquet"))].String() != "2024-03-01..2024-05-02" {
			t.Fatalf("%v, %v", days, err)
		}
		for span, want := range map[string]int{"2024-02": 1, "2024-05": 2, "2024-01..2024-04": 3} {
			s, err := city.ParseSpan(span)
			if err != nil {
				t.Fatal(err)
			}
			if got := v.Within(days, []city.Span{s}); len(got.Files) != want {
				t.Errorf("%s: %v", span, got.Files)
			}
		}
	}
	at, err := e.Ranges(t.Context(), v, "moment")
	if err != nil || at[lake.FileURI(filepath.Join(dir, "january.parquet"))].String() != "2024-01-05..2024-01-05" {
		t.Errorf("%v, %v", at, err)
	}
	if none, err := e.Ranges(t.Context(), v, "nothing"); err != nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
}
