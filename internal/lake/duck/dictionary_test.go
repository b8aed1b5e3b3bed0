package duck_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// TestListedTexts holds that enums and regions, which are staged as numbers, are
// the texts again in the table, in keys too, and when some or all are empty.
func TestListedTexts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ds = &city.Dataset{
		Name: "test.listed", Delivery: city.DeliverySpec{Mode: city.ModeUpsert}, Key: []string{"kind", "place"},
		Fields: []*city.Field{
			{Name: "kind", Type: city.TypeEnum},
			{Name: "place", Type: city.TypeRegion},
			{Name: "state", Type: city.TypeEnum, Optional: true},
			{Name: "never", Type: city.TypeEnum, Optional: true},
		},
	}
	if err := b.lk.Ensure(t.Context(), b.ds); err != nil {
		t.Fatal(err)
	}
	m := b.stageValues("D1", []any{"hire", "140105", "it's", nil}, []any{"exit", "140105", nil, nil}, []any{"hire", "140106", "new", nil}, []any{"exit", "140105", nil, nil}, []any{"Hire", "140106", "", nil})
	if m.Accepted != 4 || len(m.Duplicates) != 1 || m.Duplicates[0].Code != "duplicate_in_file" {
		t.Errorf("at first: %+v", m)
	}
	m = b.stageValues("D2", []any{"exit", "140105", "it's", nil}, []any{"hire", "140106", "new", nil})
	if m.Accepted != 1 || m.Changed != 1 || len(m.Duplicates) != 1 || m.Duplicates[0].Code != "unchanged" {
		t.Errorf("then: %+v", m)
	}
	got := b.strings("SELECT concat_ws('|', kind, place, coalesce(state, '-'), coalesce(never, '-')) FROM " + b.eng.Relation(b.view(time.Time{})) + " ORDER BY 1")
	if want := "Hire|140106||- exit|140105|it's|- hire|140105|it's|- hire|140106|new|-"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	for _, file := range b.view(time.Time{}).Files {
		got := b.strings("SELECT name FROM parquet_schema('" + lake.FilePath(file) + "') WHERE type = 'BYTE_ARRAY' AND converted_type = 'UTF8' ORDER BY name")
		if want := "_delivery kind never place state"; strings.Join(got, " ") != want {
			t.Errorf("the columns of texts are %v in the file, want %s", got, want)
		}
	}
}

// stageValues delivers rows of any dataset.
func (b *bench) stageValues(id string, rows ...[]any) *lake.Merged {
	b.t.Helper()
	ctx := b.t.Context()
	st, err := b.eng.Stage(ctx, b.ds, id)
	if err != nil {
		b.t.Fatal(err)
	}
	defer st.Close()
	for i, r := range rows {
		if err := st.Append(int64(i+1), r); err != nil {
			b.t.Fatal(err)
		}
	}
	v := b.view(time.Time{})
	m, err := st.Merge(ctx, v, b.lk.DataDir(b.ds.Name), lake.Scope{})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.lk.Commit(ctx, lake.Change{Dataset: b.ds.Name, DeliveryID: id, Base: v.SnapshotID, Add: m.Add, Remove: m.Remove}); err != nil {
		b.t.Fatal(err)
	}
	return m
}

// strings runs a query for one column of texts.
func (b *bench) strings(query string) (out []string) {
	b.t.Helper()
	rows, err := b.eng.Query(context.Background(), query)
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			b.t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}
