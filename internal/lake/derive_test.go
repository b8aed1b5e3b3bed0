package lake_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/lake"
)

// TestDerivedViews compares the views that the lake works out from its own
// changes with those that another reader reads from the manifests.
func TestDerivedViews(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	dir := filepath.Dir(filepath.Dir(filepath.Dir(b.lk.DataDir(b.ds.Name))))
	other, err := lake.Open(t.Context(), dir, lake.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	steps := []func() error{
		func() error { return b.upsert("D1", rows{"a": 1, "b": 1}) },
		func() error { return b.upsert("D2", rows{"c": 1}) },
		func() error { return b.upsert("D3", rows{"a": 2, "d": 2}) },         // rewrites a file
		func() error { return b.upsert("D4", rows{"b": 3, "c": 3, "d": 3}) }, // leaves nothing of some
		func() error {
			_, err := b.lk.Compact(t.Context(), b.eng, b.ds, lake.CompactOptions{MostSmall: 1})
			return err
		},
		func() error { return b.upsert("D5", rows{"a": 5}) },
	}
	for i, step := range steps {
		b.view() // the base, from which the next is derived
		if err := step(); err != nil {
			t.Fatal(err)
		}
		unread(t, b)
		// Another lake has seen none of the changes: it reads each state afresh.
		want, err := other.View(t.Context(), b.ds, b.view().CommittedAt.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if got := b.view(); !reflect.DeepEqual(got, want) {
			t.Errorf("after step %d: %+v, want %+v", i+1, got, want)
		}
		if _, err := b.shown(b.view()); err != nil {
			t.Errorf("after step %d: %v", i+1, err)
		}
	}
}

// unread holds that the view is known without reading the table's metadata.
func unread(t *testing.T, b *bench) {
	t.Helper()
	meta := filepath.Join(filepath.Dir(b.lk.DataDir(b.ds.Name)), "metadata")
	if err := os.Rename(meta, meta+"-away"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.lk.View(t.Context(), b.ds, time.Time{}); err != nil {
		t.Errorf("the view was read from the metadata: %v", err)
	}
	if err := os.Rename(meta+"-away", meta); err != nil {
		t.Fatal(err)
	}
}
