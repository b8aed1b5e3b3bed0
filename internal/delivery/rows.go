package delivery

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// checkers is how many goroutines check rows, and batches how many batches of
// rows are under way at most. More would only hold more memory: one goroutine
// reads and one stages, and they are soon the slowest.
const (
	checkers = 2
	batches  = 2*checkers + 2
)

// rowReader takes the records of a file through their checks, to the stage or
// the spool. One goroutine reads and decodes, several check, and one stages
// what passed and sets aside what failed, in the order of the file:
//
//	read ─→ work ─→ check (×2)
//	   └──→ order ───────┴──→ take
type rowReader struct {
	*run
	ctx     context.Context
	stage   lake.Stage
	whole   bool     // the batch speaks for more than its rows
	outside *outside // nil where no row can be
	notices *notices

	batch *batch      // being filled
	work  chan *batch // to be checked, by whoever is free
	order chan *batch // the same, to be taken in this order
	free  chan *batch
	all   sync.WaitGroup

	failed chan struct{} // closed when err is set
	err    error         // what staging or setting aside said
}

// newRowReader starts the goroutines; finish ends them.
func newRowReader(ctx context.Context, r *run, stage lake.Stage, bound *validate.Binding) *rowReader {
	w := &rowReader{run: r, ctx: ctx, stage: stage, whole: r.mode().Whole(), outside: newOutside(r.ds, r.within()), notices: newNotices(bound.Notices()), batch: newBatch(), failed: make(chan struct{}),
		work: make(chan *batch, batches), order: make(chan *batch, batches), free: make(chan *batch, batches)}
	for range batches - 1 {
		w.free <- newBatch()
	}
	for range checkers {
		own := bound.Fork()
		w.all.Go(func() {
			for b := range w.work {
				b.check(own, w.whole)
			}
		})
	}
	w.all.Go(w.takeAll)
	return w
}

// read hands over the records that follow.
func (w *rowReader) read(records format.Records) error {
	for {
		rec, err := records.Next()
		if errors.Is(err, io.EOF) {
			return w.ctx.Err()
		}
		if err != nil {
			return readError(err)
		}
		if err := w.add(rec); err != nil {
			return err
		}
	}
}

// add hands over a record. The error is the context's, or that of any record
// before.
func (w *rowReader) add(rec *format.Record) error {
	w.receipt.Received++
	w.batch.add(rec)
	if !w.batch.full() {
		return nil
	}
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.send()
	select {
	case w.batch = <-w.free:
		return nil
	case <-w.failed:
		w.batch = newBatch()
		return w.err
	}
}

// send passes the batch on. There is always room: the channels hold all batches.
func (w *rowReader) send() {
	w.work <- w.batch
	w.order <- w.batch
}

// finish waits until every record that was added is staged or set aside.
func (w *rowReader) finish() error {
	select {
	case <-w.failed:
	default:
		w.send()
	}
	close(w.work)
	close(w.order)
	w.all.Wait()
	return w.err
}

// takeAll takes the checked batches until the first error, and lets the others
// pass.
func (w *rowReader) takeAll() {
	for b := range w.order {
		<-b.checked
		if w.err != nil {
			continue
		}
		if err := w.take(b); err != nil {
			w.err = err
			close(w.failed)
			continue
		}
		b.reset()
		w.free <- b
	}
}

// take stages the rows of a batch that passed and sets the others aside.
func (w *rowReader) take(b *batch) error {
	values, keys := b.values, b.keys
	for i, fail := range b.fails {
		rec := &b.records[i]
		row := rec.Number
		if b.bound.Header {
			row--
		}
		var own, key []any
		switch {
		case fail == nil:
			own, values = values[:b.bound.Width()], values[b.bound.Width():]
			fail, key = w.outside.check(own)
		case w.whole:
			key, keys = keys[0], keys[1:]
		}
		var err error
		if fail == nil {
			w.totals.passed(own)
			w.notices.look(row, own)
			err = w.stage.Append(row, own)
		} else {
			err = errors.Join(w.hold(key), w.totals.failed(rec, b.bound, w.stage), w.setAside(row, rec, b.bound, fail))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// setAside keeps a row that failed for the quarantine.
func (r *run) setAside(row int64, rec *format.Record, bound *validate.Binding, fail *validate.Failure) error {
	r.receipt.Quarantined++
	masked := bound.Mask(rec)
	r.reasons.add(fail.Code, fail.Field, OutcomeQuarantined, 1, Sample{Row: row, Message: fail.Message, Text: masked})
	return r.spool.add(spooled{Row: row, Failure: *fail, Masked: masked, Sealed: r.Vault.Seal(rec.Raw, []byte(r.receipt.DeliveryID))})
}
