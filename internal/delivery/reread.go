package delivery

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// readAgain reads the archived file of a delivery, by the road that it came,
// for the keys of its rows. Which of them were quarantined the store knows:
// checks over the whole batch are not run again.
func (b *rollback) readAgain(ctx context.Context, r lake.Replay, w *replayed, batch lake.Batch) error {
	into, err := r.Read(ctx, batch)
	if err != nil {
		return err
	}
	held, err := b.heldBack(ctx, w)
	if err != nil {
		return err
	}
	src := b.evidence(ctx, w.Evidence)
	probe, err := probeFile(src, math.MaxInt64)
	if err != nil {
		return err
	}
	ds := *b.ds
	ds.Delivery.Mode = batch.Scope.Mode // of that time
	records, bound, first, err := b.openWith(src, probe, &ds, b.Vault.Token)
	if err != nil {
		return err
	}
	a := &again{into: into, bound: bound, held: held, ds: &ds}
	err = a.readAll(ctx, records, first)
	if cerr := records.Close(); err == nil {
		err = cerr
	}
	return city.Outside(err, "cannot read a delivered file again")
}

// heldBack lists the rows that were quarantined. A file that was passed over
// has none of its own: those of the delivery that it repeats count.
func (b *rollback) heldBack(ctx context.Context, w *replayed) ([]int64, error) {
	if !w.again {
		return b.Store.QuarantinedNumbers(ctx, w.ID)
	}
	files, err := b.Store.FileDeliveries(ctx, b.ds.Name, w.FileSHA256)
	if err != nil {
		return nil, err
	}
	for _, d := range slices.Backward(files) {
		before, err := b.read(d)
		if err != nil {
			return nil, err
		}
		if d.Seq < w.Seq && before.receipt.Declaration == w.receipt.Declaration && brought(&before.receipt, reasonSameFile) == 0 {
			return b.Store.QuarantinedNumbers(ctx, d.ID)
		}
	}
	return nil, city.Errorf(city.CodeInternal, "the delivery that %s repeats is not in the store", w.ID)
}

// again takes the rows of a file for the second time.
type again struct {
	into  lake.ReadStage
	bound *validate.Binding
	held  []int64 // rows that were quarantined, in order
	ds    *city.Dataset
}

func (a *again) readAll(ctx context.Context, records format.Records, rec *format.Record) (err error) {
	before := int64(0)
	if a.bound.Header {
		before = 1
		rec, err = records.Next()
	}
	for err == nil {
		if err = ctx.Err(); err == nil {
			err = a.take(rec.Number-before, rec)
		}
		if err == nil {
			rec, err = records.Next()
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// take passes a row on: whole where it passes its checks again, by its key
// where that can be read at least.
func (a *again) take(row int64, rec *format.Record) error {
	values, fail := a.bound.Row(rec)
	if _, held := slices.BinarySearch(a.held, row); held {
		if key, ok := a.bound.Key(rec); ok {
			return a.into.Hold(key)
		}
		return nil
	}
	if fail == nil {
		return a.into.Append(row, values)
	}
	key, ok := a.bound.Key(rec)
	if !ok {
		return nil
	}
	sparse := make([]any, len(a.ds.Fields))
	for i, name := range a.ds.Identity() {
		sparse[slices.IndexFunc(a.ds.Fields, func(f *city.Field) bool { return f.Name == name })] = key[i]
	}
	return a.into.Append(row, sparse)
}
