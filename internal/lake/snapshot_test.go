package lake_test

import (
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// TestSnapshots looks at single snapshots and at what they were committed on.
func TestSnapshots(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first, second := b.mustCommit("D1"), b.mustCommit("D2")
	for id, rows := range map[int64]int64{0: 0, first: 1, second: 2} {
		v, err := b.lk.ViewAt(t.Context(), b.ds, id)
		if err != nil || v.SnapshotID != id || v.Rows != rows || len(v.Columns) != 4 {
			t.Errorf("snapshot %d: %+v, %v", id, v, err)
		}
	}
	if p, ok, err := b.lk.Parent(t.Context(), b.ds.Name, second); err != nil || !ok || p != first {
		t.Errorf("parent of the second: %d, %v, %v", p, ok, err)
	}
	if p, ok, err := b.lk.Parent(t.Context(), b.ds.Name, first); err != nil || ok || p != 0 {
		t.Errorf("parent of the first: %d, %v, %v", p, ok, err)
	}
}

func TestSnapshotsThatAreGone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustCommit("D1")
	if _, err := b.lk.ViewAt(t.Context(), b.ds, 7); city.CodeOf(err) != lake.CodeSnapshotGone {
		t.Errorf("a snapshot that never was: %v", err)
	}
	if _, _, err := b.lk.Parent(t.Context(), b.ds.Name, 7); city.CodeOf(err) != lake.CodeSnapshotGone {
		t.Errorf("its parent: %v", err)
	}
	other := dataset("test.nothing")
	if v, err := b.lk.ViewAt(t.Context(), other, 0); err != nil || v.SnapshotID != 0 || len(v.Files) != 0 {
		t.Errorf("a dataset without table: %+v, %v", v, err)
	}
	if _, err := b.lk.ViewAt(t.Context(), other, 7); city.CodeOf(err) != lake.CodeSnapshotGone {
		t.Errorf("its snapshot: %v", err)
	}
}
