package duck_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
)

func dataset() *city.Dataset {
	return &city.Dataset{
		Name:     "test.payments",
		Delivery: city.DeliverySpec{Mode: city.ModeUpsert, Period: "day"},
		Key:      []string{"id"},
		Fields: []*city.Field{
			{Name: "id", Type: city.TypeString},
			{Name: "day", Type: city.TypeDate},
			{Name: "amount", Type: city.TypeDecimal, Scale: 2, Sum: true, Optional: true},
			{Name: "note", Type: city.TypeString, Optional: true},
		},
	}
}

type bench struct {
	t   *testing.T
	lk  *lake.Lake
	eng *duck.Engine
	ds  *city.Dataset
}

func newBench(t *testing.T) *bench {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a folder")
	lk, err := lake.Open(t.Context(), filepath.Join(dir, "lake"), lake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	eng, err := duck.Open(duck.Options{TempDir: filepath.Join(dir, "tmp"), MemoryMB: 256})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := eng.Close(); err != nil {
			t.Error(err)
		}
		if err := lk.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &bench{t, lk, eng, dataset()}
	if err := lk.Ensure(t.Context(), b.ds); err != nil {
		t.Fatal(err)
	}
	return b
}

type row struct {
	id     string
	day    string
	amount int64
	note   any
}

// deliver stages rows under a delivery ID, merges and commits them.
func (b *bench) deliver(id string, rows ...row) (*lake.Merged, int64) {
	b.t.Helper()
	ctx := b.t.Context()
	st, err := b.eng.Stage(ctx, b.ds, id)
	if err != nil {
		b.t.Fatal(err)
	}
	defer st.Close()
	for i, r := range rows {
		day, _ := time.Parse(time.DateOnly, r.day)
		if err := st.Append(int64(i+1), []any{r.id, day, r.amount, r.note}); err != nil {
			b.t.Fatal(err)
		}
	}
	v := b.view(time.Time{})
	m, err := st.Merge(ctx, v, b.lk.DataDir(b.ds.Name), lake.Scope{Mode: b.ds.Delivery.Mode})
	if err != nil {
		b.t.Fatal(err)
	}
	snap, err := b.lk.Commit(ctx, lake.Change{Dataset: b.ds.Name, DeliveryID: id, Base: v.SnapshotID, Add: m.Add, Remove: m.Remove})
	if err != nil {
		b.t.Fatal(err)
	}
	return m, snap
}

func (b *bench) view(asOf time.Time) *lake.View {
	b.t.Helper()
	v, err := b.lk.View(b.t.Context(), b.ds, asOf)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

func (b *bench) sum(v *lake.View) string {
	b.t.Helper()
	rows, err := b.eng.Query(context.Background(), "SELECT CAST(count(*) AS VARCHAR) || ' rows ' || coalesce(CAST(sum(amount) AS VARCHAR), '-') FROM "+b.eng.Relation(v))
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	rows.Next()
	var s string
	if err := rows.Scan(&s); err != nil {
		b.t.Fatal(err)
	}
	return s
}

func TestUpsert(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if got := b.sum(b.view(time.Time{})); got != "0 rows -" {
		t.Fatalf("empty table: %s", got)
	}
	m, first := b.deliver("D1",
		row{"a", "2024-01-01", 100, "x"}, row{"b", "2024-01-02", 250, nil},
		row{"b", "2024-01-02", 250, nil}, row{"c", "2024-01-03", 1, nil}, row{"c", "2024-01-03", 2, nil})
	if m.Accepted != 3 || m.Sums["amount"] != "3.52" || m.Period.String() != "2024-01-01..2024-01-03" {
		t.Fatalf("first delivery: %+v", m)
	}
	want := []lake.Duplicate{{Code: "duplicate_in_file", Count: 1, Sample: []int64{2}}, {Code: "superseded_in_file", Count: 1, Sample: []int64{4}}}
	if !slices.EqualFunc(m.Duplicates, want, func(a, b lake.Duplicate) bool {
		return a.Code == b.Code && a.Count == b.Count && slices.Equal(a.Sample, b.Sample)
	}) {
		t.Fatalf("duplicates: %+v", m.Duplicates)
	}
	if got := b.sum(b.view(time.Time{})); got != "3 rows 3.52" {
		t.Fatalf("after the first: %s", got)
	}
	before := time.Now()
	m, second := b.deliver("D2", row{"a", "2024-01-01", 100, "x"}, row{"b", "2024-01-02", 300, nil}, row{"d", "2024-02-01", 5, nil})
	if m.Accepted != 2 || m.Changed != 1 || len(m.Duplicates) != 1 || m.Duplicates[0].Code != "unchanged" {
		t.Fatalf("second delivery: %+v", m)
	}
	if first == second {
		t.Fatal("a change must make a snapshot")
	}
	if got := b.sum(b.view(time.Time{})); got != "4 rows 4.07" {
		t.Fatalf("after the second: %s", got)
	}
	if got := b.sum(b.view(before)); got != "3 rows 3.52" {
		t.Fatalf("as of before the second: %s", got)
	}
	m, third := b.deliver("D3", row{"a", "2024-01-01", 100, "x"})
	if m.Accepted != 0 || third != second || len(m.Add)+len(m.Remove) != 0 {
		t.Fatalf("a repeated row must change nothing: %+v", m)
	}
}

func TestCommitIsIdempotent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, snap := b.deliver("D1", row{"a", "2024-01-01", 100, nil})
	again, err := b.lk.Commit(t.Context(), lake.Change{Dataset: b.ds.Name, DeliveryID: "D1", Base: 0, Add: []string{"file:///nowhere"}})
	if err != nil || again != snap {
		t.Fatalf("repeating a commit gave %d, %v; want %d", again, err, snap)
	}
	_, err = b.lk.Commit(t.Context(), lake.Change{Dataset: b.ds.Name, DeliveryID: "D2", Base: 0})
	if city.CodeOf(err) != "conflict.base" {
		t.Fatalf("a stale base gave %v", err)
	}
}

func TestColumnAdded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.deliver("D1", row{"a", "2024-01-01", 100, nil})
	b.ds.Fields = slices.Insert(b.ds.Fields, 1, &city.Field{Name: "kind", Type: city.TypeString, Optional: true})
	if err := b.lk.Ensure(t.Context(), b.ds); err != nil {
		t.Fatal(err)
	}
	v := b.view(time.Time{})
	rows, err := b.eng.Query(t.Context(), `SELECT id, kind IS NULL FROM `+b.eng.Relation(v))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var id string
	var null bool
	if !rows.Next() || rows.Scan(&id, &null) != nil || id != "a" || !null {
		t.Fatalf("old rows must read with the new column empty: %v %v", id, null)
	}
}

// TestAppendAddsEveryVersion holds that appended rows are told apart by all of
// their fields, even where a key is declared.
func TestAppendAddsEveryVersion(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ds.Delivery.Mode = city.ModeAppend
	m, _ := b.deliver("D1", row{"a", "2024-01-01", 100, nil}, row{"a", "2024-01-01", 200, nil}, row{"a", "2024-01-01", 100, nil})
	if m.Accepted != 2 || len(m.Duplicates) != 1 || m.Duplicates[0].Code != "duplicate_in_file" {
		t.Errorf("first: %+v", m)
	}
	m, _ = b.deliver("D2", row{"a", "2024-01-01", 300, nil}, row{"a", "2024-01-01", 200, nil})
	if m.Accepted != 1 || m.Changed != 0 || len(m.Remove) != 0 {
		t.Errorf("second: %+v", m)
	}
	if got := b.sum(b.view(time.Time{})); got != "3 rows 6.00" {
		t.Errorf("got %s", got)
	}
}

// TestEngineErrors holds the codes of what goes wrong in the engine.
func TestEngineErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		query string
		want  city.Code
	}{
		"cancelled":     {gone, "SELECT 1", city.CodeCancelled},
		"a file gone":   {t.Context(), "SELECT * FROM read_parquet('/nowhere.parquet')", city.CodeUnavailable},
		"wrong SQL":     {t.Context(), "SELEC 1", city.CodeInternal},
		"nothing there": {t.Context(), "SELECT * FROM nothing", city.CodeInternal},
	} {
		rows, err := b.eng.Query(c.ctx, c.query)
		if err == nil {
			_ = rows.Close()
		}
		if err == nil || city.CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

// TestSpillFolderIsEmptied holds that what a crash left in it is of no use.
func TestSpillFolderIsEmptied(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	left := filepath.Join(dir, "duckdb_temp_storage-0.tmp")
	if err := os.WriteFile(left, []byte("rows"), 0o600); err != nil {
		t.Fatal(err)
	}
	eng, err := duck.Open(duck.Options{TempDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	if _, err := os.Stat(left); err == nil {
		t.Error("the spill of an earlier process is still there")
	}
}
