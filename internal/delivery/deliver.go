package delivery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Request is one file to deliver.
type Request struct {
	Dataset  string
	File     string // the file's name, without folders
	Content  io.Reader
	Actor    string             // who delivers, for the audit chain
	Source   string             // name of the source that fetched it; "" when it was delivered by hand
	MendOf   string             // delivery whose quarantined rows these are, mended; "" for all others
	Manifest *city.Manifest     // nil when the sender gave none
	Entry    *city.ManifestFile // the manifest's line for this file
}

// run is one delivery on its way.
type run struct {
	*Service
	req     Request
	ds      *city.Dataset
	kept    *kept
	view    *lake.View
	receipt *Receipt
	spool   *spool
	reasons reasons
	totals  *totals      // nil until the manifest was read
	before  *Receipt     // of the same file; nil when there is none
	checks  []lake.Check // over sets of rows, with the tables that they refer to
	mend    *mending     // nil unless the rows were mended here
}

// Deliver takes one file and gives its receipt, whether committed or rejected.
// An error means that there is no receipt: the request was wrong, or something
// outside failed. Nothing was changed then, but with the code
// unavailable.unsettled, where the next delivery or start brings the receipt.
func (s *Service) Deliver(ctx context.Context, req Request) (*Receipt, error) {
	ds, err := s.City().Dataset(req.Dataset)
	if err != nil {
		return nil, err
	}
	unlock, err := s.lock(ctx, ds.Name)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := s.settleEarlier(ctx, ds.Name); err != nil {
		return nil, err
	}
	r := &run{Service: s, req: req, ds: ds}
	return r.toEnd(ctx)
}

// toEnd delivers and tells of a rejection; of a commit finish has told.
func (r *run) toEnd(ctx context.Context) (*Receipt, error) {
	receipt, err := r.deliver(ctx)
	if err != nil {
		return nil, city.Outside(err, "the delivery was cut off and changed nothing")
	}
	if receipt.Status == Rejected && r.Committed != nil {
		r.Committed(receipt)
	}
	return receipt, nil
}

func (r *run) deliver(ctx context.Context) (*Receipt, error) {
	now := r.Now()
	r.receipt = &Receipt{
		DeliveryID: newID(now), Dataset: r.ds.Name, Status: Committed, File: r.req.File, At: now.UTC(),
		Sums: map[string]string{}, Balance: []Balance{}, Distinct: []Distinct{}, Findings: []Finding{}, Drift: []validate.Drift{}, Reasons: []Reason{}, Fraction: 1, Declaration: declaration(r.ds),
	}
	if err := r.Lake.Ensure(ctx, r.ds); err != nil {
		return nil, err
	}
	var err error
	if r.view, err = r.Lake.View(ctx, r.ds, time.Time{}); err != nil {
		return nil, err
	}
	if err := r.lookUp(ctx); err != nil {
		return nil, err
	}
	r.describe()
	if r.kept, err = r.archive.keep(ctx, r.receipt.DeliveryID, r.req.Content); err != nil {
		return nil, err
	}
	r.step(StepKept)
	r.receipt.SHA256, r.receipt.Bytes = r.kept.sha256, r.kept.probe.Bytes
	if err := r.stage(ctx, r.entry(now, r.req.Actor, "delivery.stage", r.receipt.DeliveryID, balance(r.receipt))); err != nil {
		return nil, errors.Join(err, r.archive.remove(r.kept.name))
	}
	r.step(StepStaged)
	if err := r.archive.publish(r.kept); err != nil {
		return r.settle(ctx, err)
	}
	return r.settle(ctx, r.process(ctx))
}

// describe takes over what the manifest says of the batch.
func (r *run) describe() {
	r.receipt.Fraction, r.receipt.Simulated, r.receipt.Mode = r.view.Fraction, false, r.mode()
	r.receipt.Key = keyOf(r.ds)
	r.receipt.MendOf, r.receipt.Source = r.req.MendOf, r.req.Source
	if r.mend != nil {
		r.mend.describe(r.receipt)
	}
	m := r.req.Manifest
	if m == nil {
		return
	}
	r.receipt.Batch, r.receipt.SentAt, r.receipt.Simulated = m.Batch, m.SentAt, m.Simulated
	if m.Sample != nil {
		r.receipt.Fraction = m.Sample.Fraction
	} else {
		r.receipt.Fraction = 1
	}
	if !m.Period.IsZero() {
		period := m.Period
		r.receipt.Period = &period
	}
}

// rejection ends a delivery with a receipt instead of an error: the file is at
// fault, not the request and nothing outside.
type rejection struct{ err *city.Error }

func (x *rejection) Error() string { return x.err.Error() }
func (x *rejection) Unwrap() error { return x.err }

func reject(err *city.Error) error { return &rejection{err} }

// rejectFor makes an error of a package that reads files a rejection.
func rejectFor(err error) error {
	var e *city.Error
	if errors.As(err, &e) {
		return reject(e)
	}
	return err
}

// rejected turns the receipt into one of a rejected delivery: every row that
// was read is held back.
func (r *run) rejected(e *city.Error) {
	c := r.receipt
	failed := int64(0)
	kept := []Reason{}
	for _, x := range r.reasons.list {
		if x.Outcome == OutcomeQuarantined {
			failed += x.Count
			kept = append(kept, x)
		}
	}
	if rest := c.Received - failed; rest > 0 {
		kept = append(kept, Reason{Code: "batch_rejected", Outcome: OutcomeQuarantined, Count: rest, Sample: []Sample{}})
	}
	c.Status, c.Code, c.Message = Rejected, e.Code, e.Error()
	c.Accepted, c.Changed, c.Duplicate, c.Quarantined = 0, 0, 0, c.Received
	c.Vanished, c.Gone, c.Unkeyed = 0, nil, 0
	c.Reasons, c.Sums = kept, map[string]string{}
	c.SnapshotID = fmt.Sprint(r.view.SnapshotID)
	r.totals.heldBack(c)
}

// row is the delivery as the store keeps it.
func (r *run) row() store.Delivery {
	c := r.receipt
	d := store.Delivery{
		ID: c.DeliveryID, Dataset: c.Dataset, Batch: c.Batch, FileName: c.File, FileSHA256: c.SHA256, FileBytes: c.Bytes,
		Evidence: r.kept.name, SentAt: c.SentAt, ReceivedAt: c.At, Received: c.Received, Accepted: c.Accepted,
		Quarantined: c.Quarantined, Duplicate: c.Duplicate, Simulated: c.Simulated, SampleFraction: c.Fraction,
		MendOf: c.MendOf, Source: c.Source,
	}
	if c.Period != nil {
		d.Period = *c.Period
	}
	return d
}
