package duck_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// TestRewrite joins files of which one was written before a column was added:
// values, origins and the order of the rows are right, in the field IDs that the
// table has.
func TestRewrite(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ds = &city.Dataset{
		Name: "test.rewritten", Delivery: city.DeliverySpec{Mode: city.ModeUpsert, Period: "day"}, Key: []string{"id"},
		Fields: []*city.Field{{Name: "id", Type: city.TypeString}, {Name: "day", Type: city.TypeDate}, {Name: "sum", Type: city.TypeDecimal, Scale: 2, Optional: true}},
	}
	ensure := func() {
		t.Helper()
		if err := b.lk.Ensure(t.Context(), b.ds); err != nil {
			t.Fatal(err)
		}
	}
	day := func(n int) time.Time { return time.Date(2024, 1, n, 0, 0, 0, 0, time.UTC) }
	ensure()
	b.stageValues("D1", []any{"b", day(9), int64(150)}, []any{"a", day(9), nil})
	b.ds.Fields = append([]*city.Field{{Name: "note", Type: city.TypeString, Optional: true}}, b.ds.Fields...)
	ensure()
	b.stageValues("D2", []any{"it's", "c", day(3), int64(-1)}, []any{nil, "d", day(10), int64(0)})
	c, err := b.lk.Compact(t.Context(), b.eng, b.ds, lake.CompactOptions{MostSmall: 1})
	if err != nil || c.Files != 2 || c.Before == 0 || c.After == 0 {
		t.Fatalf("compacted %+v, %v", c, err)
	}
	v := b.view(time.Time{})
	if len(v.Files) != 1 || v.Rows != 4 || !strings.Contains(v.Files[0], "/C") {
		t.Fatalf("the table has %+v", v)
	}
	got := b.strings(fmt.Sprintf("SELECT concat_ws('|', id, day, coalesce(CAST(sum AS VARCHAR), '-'), coalesce(note, '-'), %s, %s) FROM %s",
		lake.ColumnDelivery, lake.ColumnRow, b.eng.Relation(v)))
	want := "c|2024-01-03|-0.01|it's|D2|1 a|2024-01-09|-|-|D1|2 b|2024-01-09|1.50|-|D1|1 d|2024-01-10|0.00|-|D2|2"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
	for _, name := range v.Columns {
		ids := b.strings(fmt.Sprintf("SELECT CAST(field_id AS VARCHAR) FROM parquet_schema('%s') WHERE name = '%s'", lake.FilePath(v.Files[0]), name.Name))
		if len(ids) != 1 || ids[0] != fmt.Sprint(name.FieldID) {
			t.Errorf("the column %s has the field ID %v, want %d", name.Name, ids, name.FieldID)
		}
	}
}

// TestRewriteOfWhatIsGone fails without leaving a file.
func TestRewriteOfWhatIsGone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.view(time.Time{})
	_, err := b.eng.Rewrite(t.Context(), lake.Rewrite{Dataset: b.ds, View: v, Files: []string{"file:///nowhere.parquet"}, ID: "C1", Dir: t.TempDir()})
	if city.CodeOf(err) != city.CodeUnavailable {
		t.Errorf("got %v", err)
	}
}
