package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Reasons for which rows add nothing.
const (
	reasonSameFile  = "same_file" // the file was committed before
	reasonUnchanged = "unchanged" // the table holds the row
)

// replayPlan is how to find out what the table would hold without a delivery:
// from the state base on, the deliveries of later are applied again to the rows
// whose keys the pairs of states of concern tell.
type replayPlan struct {
	added   bool // the delivery only added rows: no older state is needed
	base    *lake.View
	concern [][2]*lake.View // none: all keys
	later   []replayed
}

// replayed is a delivery that is applied again.
type replayed struct {
	store.Delivery
	receipt Receipt
	after   *lake.View // what the table held when it was done; nil when nobody asks
	again   bool       // it was passed over as the same file, and would not have been
}

// wrote says whether the delivery changed the table.
func (d *replayed) wrote() bool { return d.receipt.Accepted+d.receipt.Vanished > 0 }

// brought counts the rows of a delivery that had a certain fate.
func brought(r *Receipt, code string) (n int64) {
	for _, x := range r.Reasons {
		if x.Code == code && x.Outcome == OutcomeDuplicate {
			n += x.Count
		}
	}
	return n
}

// scope says what the delivery spoke for, as its receipt has it.
func (d *replayed) scope(ds *city.Dataset) lake.Scope {
	s := lake.Scope{Mode: d.receipt.Mode}
	if s.Mode == "" { // a receipt from before there was a choice of modes
		s.Mode = ds.Delivery.Mode
	}
	if s.Mode == city.ModeReplace && d.receipt.Period != nil {
		s.Period = *d.receipt.Period
	}
	return s
}

// plan decides what has to be looked at. It finds out whether the older states
// are still there before anything is written.
func (b *rollback) plan(ctx context.Context) (*replayPlan, error) {
	from, err := b.from(ctx)
	if err != nil {
		return nil, err
	}
	since, err := b.Store.Since(ctx, b.ds.Name, from)
	if err != nil {
		return nil, err
	}
	p, all := &replayPlan{}, false
	window := make([]replayed, len(since))
	for i, d := range since {
		if window[i], err = b.read(d); err != nil {
			return nil, err
		}
		w := &window[i]
		if d.State != store.StateCommitted || d.ID == b.delivery.ID {
			continue
		}
		if brought(&w.receipt, reasonSameFile) > 0 {
			if w.again, err = b.wouldCount(ctx, w); err != nil {
				return nil, err
			}
			if !w.again {
				continue
			}
			all = true
		}
		p.later = append(p.later, *w)
	}
	own := &window[slices.IndexFunc(window, func(w replayed) bool { return w.ID == b.delivery.ID })]
	if p.added = own.Seq == from && own.receipt.Changed+own.receipt.Vanished == 0 && !all; p.added {
		return p, nil
	}
	return p, b.states(ctx, p, window, all)
}

// from gives the Seq of the first delivery to look at: this one, unless one
// before it was rolled back after it came. Then the states of the table before
// this one still held that one's rows.
func (b *rollback) from(ctx context.Context) (int64, error) {
	done, err := b.Store.Rollbacks(ctx, b.ds.Name)
	if err != nil {
		return 0, err
	}
	seqs := make([]int64, len(done))
	for i, r := range done {
		d, err := b.Store.Delivery(ctx, r.DeliveryID)
		if err != nil {
			return 0, err
		}
		seqs[i] = d.Seq
	}
	from := b.delivery.Seq
	for again := true; again; {
		again = false
		for i, r := range done {
			if seqs[i] < from && r.AfterSeq >= from {
				from, again = seqs[i], true
			}
		}
	}
	return from, nil
}

// read reads the receipt of a delivery.
func (b *rollback) read(d store.Delivery) (replayed, error) {
	w := replayed{Delivery: d}
	if err := json.Unmarshal(d.Receipt, &w.receipt); err != nil {
		return w, city.Errorf(city.CodeInternal, "the receipt of %s cannot be read: %w", d.ID, err)
	}
	// A receipt from before there was a choice of modes names neither.
	if w.receipt.Mode != "" && !sameSet(w.receipt.Key, keyOf(b.ds)) {
		return w, city.Errorf("conflict.declaration", "rows of %s are told apart by another key now than when %s came", b.ds.Name, d.ID).
			WithHint("put the pack of that time in force for the rollback")
	}
	return w, nil
}

// sameSet says that two lists hold the same names.
func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// wouldCount says whether a delivery that was passed over as the same file
// would have counted: no other of the same bytes, checked against the same
// declaration, stands before it.
func (b *rollback) wouldCount(ctx context.Context, w *replayed) (bool, error) {
	files, err := b.Store.CommittedFiles(ctx, b.ds.Name, w.FileSHA256)
	if err != nil {
		return false, err
	}
	for _, d := range slices.Backward(files) {
		if d.Seq >= w.Seq || d.ID == b.delivery.ID {
			continue
		}
		before, err := b.read(d)
		if err != nil {
			return false, err
		}
		if before.receipt.Declaration == w.receipt.Declaration {
			return false, nil
		}
		break
	}
	if w.receipt.Declaration != declaration(b.ds) {
		return false, city.Errorf("conflict.declaration", "%s brought the same file, which counts now, and its declaration has changed since", w.ID).
			WithHint("put the pack of that time in force for the rollback")
	}
	return true, nil
}

// states looks up the states of the table that the replay passes through.
func (b *rollback) states(ctx context.Context, p *replayPlan, window []replayed, all bool) (err error) {
	if p.base, err = b.before(ctx, &window[0]); err != nil {
		return err
	}
	for i := range window {
		if w := &window[i]; !all && w.wrote() && w.Seq <= b.delivery.Seq {
			before, err := b.before(ctx, w)
			if err != nil {
				return err
			}
			after, err := b.at(ctx, w.SnapshotID)
			if err != nil {
				return err
			}
			p.concern = append(p.concern, [2]*lake.View{before, after})
		}
	}
	for i := range p.later {
		if p.later[i].after, err = b.at(ctx, p.later[i].SnapshotID); err != nil {
			return err
		}
	}
	return nil
}

// before is the state that a delivery was merged with.
func (b *rollback) before(ctx context.Context, w *replayed) (*lake.View, error) {
	if !w.wrote() {
		return b.at(ctx, w.SnapshotID)
	}
	id, err := strconv.ParseInt(w.SnapshotID, 10, 64)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "the delivery %s has no snapshot", w.ID)
	}
	parent, ok, err := b.Lake.Parent(ctx, b.ds.Name, id)
	if err != nil {
		return nil, b.expired(err)
	}
	if !ok {
		first, err := b.isFirst(ctx, id)
		if err != nil || !first {
			return nil, errors.Join(err, b.expired(city.Errorf(lake.CodeSnapshotGone, "the state before %s has expired", w.ID)))
		}
	}
	v, err := b.Lake.ViewAt(ctx, b.ds, parent)
	return v, b.expired(err)
}

// isFirst says whether a snapshot is the first one of its table.
func (b *rollback) isFirst(ctx context.Context, id int64) (bool, error) {
	v, err := b.Lake.ViewAt(ctx, b.ds, id)
	if err != nil {
		return false, b.expired(err)
	}
	history, err := b.Lake.History(ctx, v)
	return len(history) == 1, err
}

func (b *rollback) at(ctx context.Context, snapshotID string) (*lake.View, error) {
	id, err := strconv.ParseInt(snapshotID, 10, 64)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "the snapshot %q is not a number", snapshotID)
	}
	v, err := b.Lake.ViewAt(ctx, b.ds, id)
	return v, b.expired(err)
}

// expired says of a state that is gone what that means here.
func (b *rollback) expired(err error) error {
	if err == nil || city.CodeOf(err) != lake.CodeSnapshotGone {
		return err
	}
	return city.Errorf("conflict.expired", "%s cannot be rolled back any more: states of the table that are needed for it have expired: %w", b.delivery.ID, err).
		WithHint("deliver the right rows instead; to be able to roll back longer, keep snapshots longer")
}
