package lake

import (
	"context"

	"github.com/apache/iceberg-go/table"

	"github.com/jinyang-city/jinyang/internal/city"
)

// CodeSnapshotGone is the code of errors that say that a snapshot is not, or no
// longer, in its table.
const CodeSnapshotGone city.Code = "not_found.snapshot"

// ViewAt gives the state of a dataset that one of its snapshots holds. 0 stands
// for the time before the first commit. A snapshot that the table never had or
// that has expired is an error with CodeSnapshotGone.
func (l *Lake) ViewAt(ctx context.Context, ds *city.Dataset, snapshotID int64) (*View, error) {
	if current, _ := l.handle(ds.Name).get(); current != nil && current.SnapshotID == snapshotID {
		return current, nil
	}
	t, err := l.load(ctx, ds.Name)
	if err != nil {
		return nil, err
	}
	if t == nil && snapshotID == 0 {
		return emptyView(ds), nil
	}
	if snapshotID == 0 {
		return viewOf(ctx, ds.Name, t, nil)
	}
	snap, err := snapshotOf(ds.Name, t, snapshotID)
	if err != nil {
		return nil, err
	}
	return viewOf(ctx, ds.Name, t, snap)
}

// Parent gives the snapshot that a snapshot was committed on. ok is false for
// the first one of a table and when the parent has expired. A snapshot that is
// not in the table is an error with CodeSnapshotGone.
func (l *Lake) Parent(ctx context.Context, dataset string, snapshotID int64) (parent int64, ok bool, err error) {
	t, err := l.load(ctx, dataset)
	if err != nil {
		return 0, false, err
	}
	snap, err := snapshotOf(dataset, t, snapshotID)
	if err != nil || snap.ParentSnapshotID == nil || t.SnapshotByID(*snap.ParentSnapshotID) == nil {
		return 0, false, err
	}
	return *snap.ParentSnapshotID, true, nil
}

// snapshotOf looks a snapshot up in a table, which may be nil.
func snapshotOf(dataset string, t *table.Table, id int64) (*table.Snapshot, error) {
	if t != nil {
		if s := t.SnapshotByID(id); s != nil {
			return s, nil
		}
	}
	return nil, city.Errorf(CodeSnapshotGone, "%s has no snapshot %d", dataset, id).
		WithHint("it may have expired; tags keep theirs for ever: jinyang tags")
}
