package lake

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/apache/iceberg-go/table"

	"github.com/jinyang-city/jinyang/internal/city"
)

// View names the rows of one snapshot of a dataset. It is immutable.
type View struct {
	Dataset     string
	SnapshotID  int64 // 0 before the first commit
	CommittedAt time.Time
	Files       []string // file:// names of the Parquet files; empty when there are no rows
	Rows        int64
	Columns     []Column // declared columns, then ColumnDelivery and ColumnRow
	Fraction    float64  // 0 < Fraction <= 1: the share of the population that the rows sample
	Simulated   bool     // some rows come from a simulation

	sequence int64 // orders the snapshots of a table
}

// Table properties. They describe the rows, not the declaration.
const (
	propFraction  = "jinyang.sample-fraction"
	propSimulated = "jinyang.simulated"
	propDelivery  = "jinyang.delivery-id"
)

// get gives the current view, or nil, and the state that set needs.
func (h *handle) get() (*View, uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.view, h.state
}

// set keeps a view, unless the table changed while the view was read, or a
// reader that began later came first with a newer one.
func (h *handle) set(v *View, state uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.state == state && (h.view == nil || h.view.sequence <= v.sequence) {
		h.view = v
	}
}

// changed forgets the view and gives the state that set needs.
func (h *handle) changed() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.view, h.state = nil, h.state+1
	return h.state
}

// Changes counts the changes of all tables since the lake was opened.
func (l *Lake) Changes() (n uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range l.tables {
		_, state := h.get()
		n += state
	}
	return n
}

// tell says whether it is the first time that the clock is behind the table.
func (h *handle) tell() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := !h.told
	h.told = true
	return first
}

// View gives the state of a dataset now or, when asOf is not zero, the last
// one committed at or before asOf. A dataset without table or snapshot gives a
// View without files; one whose snapshot of that time has expired an error with
// CodeSnapshotGone.
func (l *Lake) View(ctx context.Context, ds *city.Dataset, asOf time.Time) (*View, error) {
	h := l.handle(ds.Name)
	current, state := h.get()
	if asOf.IsZero() && current != nil {
		return current, nil
	}
	t, err := l.load(ctx, ds.Name)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return emptyView(ds), nil
	}
	snap := t.CurrentSnapshot()
	if !asOf.IsZero() {
		if snap, err = l.lastAt(ctx, ds.Name, t, asOf.UnixMilli(), byCommit); err != nil {
			return nil, err
		}
	}
	v, err := viewOf(ctx, ds.Name, t, snap)
	if err != nil {
		return nil, err
	}
	if asOf.IsZero() {
		h.set(v, state)
	}
	return v, nil
}

// emptyView is the view of a dataset without table.
func emptyView(ds *city.Dataset) *View {
	return &View{Dataset: ds.Name, Fraction: 1, Columns: declared(ds)}
}

func declared(ds *city.Dataset) []Column {
	var out []Column
	for i, f := range ds.Fields {
		out = append(out, Column{f.Name, i + 1, SQLType(f)})
	}
	n := len(out)
	return append(out, Column{ColumnDelivery, n + 1, "VARCHAR"}, Column{ColumnRow, n + 2, "BIGINT"})
}

// viewWithout gives the view of a snapshot, or of none, but for its files.
func viewWithout(dataset string, t *table.Table, snap *table.Snapshot) *View {
	v := &View{Dataset: dataset, Fraction: 1, Simulated: t.Properties()[propSimulated] == "true"}
	if f, err := strconv.ParseFloat(t.Properties()[propFraction], 64); err == nil {
		v.Fraction = f
	}
	for _, f := range t.Schema().Fields() {
		v.Columns = append(v.Columns, Column{f.Name, f.ID, sqlTypeOf(f.Type)})
	}
	if snap != nil {
		v.SnapshotID, v.CommittedAt, v.sequence = snap.SnapshotID, time.UnixMilli(snap.TimestampMs).UTC(), snap.SequenceNumber
	}
	return v
}

func viewOf(ctx context.Context, dataset string, t *table.Table, snap *table.Snapshot) (*View, error) {
	v := viewWithout(dataset, t, snap)
	if snap == nil {
		return v, nil
	}
	tasks, err := t.Scan(table.WithSnapshotID(snap.SnapshotID)).PlanFiles(ctx)
	if err != nil {
		return nil, outside(err, "cannot plan a scan of "+dataset)
	}
	for _, task := range tasks {
		if len(task.DeleteFiles)+len(task.EqualityDeleteFiles)+len(task.DeletionVectorFiles) > 0 {
			return nil, city.Errorf(city.CodeConflict, "the table of %s holds merge-on-read deletes, which another engine wrote", dataset).
				WithHint("rewrite the table's files (copy on write) with that engine first")
		}
		v.Files = append(v.Files, task.File.FilePath())
		v.Rows += task.File.Count()
	}
	slices.Sort(v.Files)
	v.Files = slices.Compact(v.Files)
	return v, nil
}
