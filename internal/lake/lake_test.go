package lake_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func dataset(name string) *city.Dataset {
	return &city.Dataset{
		Name: name, Key: []string{"id"}, Delivery: city.DeliverySpec{Mode: city.ModeUpsert},
		Fields: []*city.Field{{Name: "id", Type: city.TypeString}, {Name: "n", Type: city.TypeInt}},
	}
}

type bench struct {
	t   testing.TB
	lk  *lake.Lake
	eng *duck.Engine
	ds  *city.Dataset
}

// newBench opens a lake in a folder whose name Iceberg writes otherwise than
// the file system does.
func newBench(t testing.TB) *bench {
	t.Helper()
	return newBenchWith(t, lake.Options{})
}

func newBenchWith(t testing.TB, o lake.Options) *bench {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "晋阳 data+1")
	lk, err := lake.Open(t.Context(), filepath.Join(dir, "lake"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lk.Close() })
	eng, err := duck.Open(duck.Options{TempDir: filepath.Join(dir, "tmp"), MemoryMB: 256})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = eng.Close() })
	b := &bench{t, lk, eng, dataset("test.things")}
	if err := lk.Ensure(t.Context(), b.ds); err != nil {
		t.Fatal(err)
	}
	return b
}

// commit adds one row.
func (b *bench) commit(id string) (int64, error) {
	ctx := context.Background()
	v, err := b.lk.View(ctx, b.ds, time.Time{})
	if err != nil {
		return 0, err
	}
	m, err := b.merge(ctx, v, id)
	if err != nil {
		return 0, err
	}
	return b.lk.Commit(ctx, lake.Change{Dataset: b.ds.Name, DeliveryID: id, Base: v.SnapshotID, Add: m.Add, Remove: m.Remove})
}

func (b *bench) merge(ctx context.Context, v *lake.View, id string) (*lake.Merged, error) {
	st, err := b.eng.Stage(ctx, b.ds, id)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	values := append([]any{id, int64(1)}, make([]any, len(b.ds.Fields)-2)...)
	if err := st.Append(1, values); err != nil {
		return nil, err
	}
	return st.Merge(ctx, v, b.lk.DataDir(b.ds.Name), lake.Scope{})
}

func (b *bench) mustCommit(id string) int64 {
	b.t.Helper()
	s, err := b.commit(id)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *bench) view() *lake.View {
	b.t.Helper()
	v, err := b.lk.View(b.t.Context(), b.ds, time.Time{})
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// TestViewsBesideCommits asks for views while commits go on: a view that was
// being read when a commit came must not stay behind as the current one.
func TestViewsBesideCommits(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for last := int64(0); ; {
				select {
				case <-stop:
					return
				default:
				}
				v, err := b.lk.View(context.Background(), b.ds, time.Time{})
				if err != nil || v.Rows < last {
					t.Errorf("%d rows after %d, %v", v.Rows, last, err)
					return
				}
				last = v.Rows
			}
		})
	}
	for i := range 15 {
		if _, err := b.commit(fmt.Sprintf("D%d", i)); err != nil {
			t.Errorf("commit %d: %v", i, err)
			break
		}
		if got := b.view().Rows; got != int64(i+1) {
			t.Errorf("%d rows after %d commits", got, i+1)
		}
	}
	close(stop)
	readers.Wait()
}

func TestHistory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if h, err := b.lk.History(t.Context(), b.view()); err != nil || len(h) != 0 {
		t.Errorf("before the first commit: %v, %v", h, err)
	}
	first := b.mustCommit("D1")
	old := b.view()
	second := b.mustCommit("D2")
	h, err := b.lk.History(t.Context(), b.view())
	if err != nil || len(h) != 2 || h["D1"] != first || h["D2"] != second {
		t.Errorf("got %v, %v", h, err)
	}
	if h, err := b.lk.History(t.Context(), old); err != nil || len(h) != 1 || h["D1"] != first {
		t.Errorf("of the older view: %v, %v", h, err)
	}
	if id, found, err := b.lk.FindDelivery(t.Context(), b.ds.Name, "D1"); err != nil || !found || id != first {
		t.Errorf("found %d, %v, %v", id, found, err)
	}
	if _, found, err := b.lk.FindDelivery(t.Context(), "test.nothing", "D1"); err != nil || found {
		t.Errorf("in a dataset without table: %v, %v", found, err)
	}
}

// TestDiscard removes the files of a delivery that did not commit, and no others.
func TestDiscard(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustCommit("D1")
	if _, err := b.merge(t.Context(), b.view(), "D2"); err != nil {
		t.Fatal(err)
	}
	names := func() int {
		files, err := os.ReadDir(b.lk.DataDir(b.ds.Name))
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	if names() != 2 {
		t.Fatalf("%d files", names())
	}
	for _, id := range []string{"D1", "D", "D2", "D2"} {
		if err := b.lk.Discard(t.Context(), b.ds.Name, id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if names() != 1 || b.view().Rows != 1 {
		t.Errorf("%d files are left", names())
	}
	if err := b.lk.Discard(t.Context(), "test.nothing", "D1"); err != nil {
		t.Errorf("in a dataset without table: %v", err)
	}
}

func TestTypeMayNotChange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	changed := dataset(b.ds.Name)
	changed.Fields[1].Type = city.TypeString
	if err := b.lk.Ensure(t.Context(), changed); city.CodeOf(err) != city.CodeConflict {
		t.Errorf("got %v", err)
	}
}

func TestPathsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a*", "a?", "a[b]", "{a}", `a\b`, "a%41", "a#b"} {
		dir := filepath.Join(t.TempDir(), name)
		if _, err := lake.Open(t.Context(), dir, lake.Options{}); city.CodeOf(err) != city.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s was made", name)
		}
	}
}

// TestReadOnly reads a lake beside its writer and after it, and changes nothing.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustCommit("D1")
	dir := filepath.Dir(filepath.Dir(filepath.Dir(b.lk.DataDir(b.ds.Name))))
	read := func(when string) {
		t.Helper()
		ro, err := lake.Open(t.Context(), dir, lake.Options{ReadOnly: true})
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		defer ro.Close()
		if v, err := ro.View(t.Context(), b.ds, time.Time{}); err != nil || v.Rows != 1 {
			t.Errorf("%s: %+v, %v", when, v, err)
		}
		if err := ro.Ensure(t.Context(), dataset("test.other")); err == nil {
			t.Errorf("%s: a reader made a table", when)
		}
	}
	read("beside the writer")
	if err := b.lk.Close(); err != nil {
		t.Fatal(err)
	}
	read("after the writer")
	_, err := lake.Open(t.Context(), filepath.Join(dir, "missing"), lake.Options{ReadOnly: true})
	if city.CodeOf(err) != city.CodeNotFound {
		t.Errorf("a lake that is not there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "missing")); err == nil {
		t.Error("reading made a folder")
	}
}
