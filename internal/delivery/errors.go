package delivery

import (
	"context"
	"errors"
	"io"
	"iter"
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/errorfile"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/store"
)

// ErrorsRequest asks for the rows of a delivery that failed, to be sent back.
// An empty member does not narrow, but that rows which were mended or waived are
// given only to who asks for their state.
type ErrorsRequest struct {
	DeliveryID string         `json:"delivery_id"`
	Code       string         `json:"code,omitempty"`
	Field      string         `json:"field,omitempty"`
	State      store.RowState `json:"state,omitempty"`
	Actor      string         `json:"-"`
}

// ErrorFile is an error file that is ready to be written; see package errorfile.
// It holds what the sender wrote, in the clear, and belongs to nobody else.
type ErrorFile struct {
	Name      string // for the receiver
	MediaType string

	ds      *city.Dataset
	records format.Records
	bound   *validate.Binding
	first   *format.Record
	form    format.Form
	comma   rune
	rows    iter.Seq2[store.HeldRow, error]
}

// Errors opens the error file of a delivery. That somebody asked for it is in
// the audit chain before any of it is given out. The caller writes it, once,
// and closes it.
func (s *Service) Errors(ctx context.Context, q ErrorsRequest) (*ErrorFile, error) {
	d, err := s.Store.Delivery(ctx, q.DeliveryID)
	if err != nil {
		return nil, err
	}
	if !d.State.Final() || d.State == store.StateAborted {
		return nil, city.Errorf(city.CodeNotFound, "the delivery %s is %s: it has no rows in quarantine", d.ID, d.State)
	}
	rows := q.rows(ctx, s.Store)
	for _, err := range rows {
		if err != nil {
			return nil, err
		}
		return s.errorFile(ctx, q, d, rows)
	}
	return nil, city.Errorf(city.CodeNotFound, "the delivery %s has no such rows in quarantine", d.ID)
}

// rows lists what is asked for, in the order of the file.
func (q ErrorsRequest) rows(ctx context.Context, s *store.Store) iter.Seq2[store.HeldRow, error] {
	all := s.HeldOf(ctx, store.HeldFilter{DeliveryID: q.DeliveryID, Code: q.Code, Field: q.Field, State: q.State})
	if q.State != "" {
		return all
	}
	return func(yield func(store.HeldRow, error) bool) {
		for row, err := range all {
			settled := row.State == store.RowMended || row.State == store.RowWaived
			if (err != nil || !settled) && !yield(row, err) {
				return
			}
		}
	}
}

func (s *Service) errorFile(ctx context.Context, q ErrorsRequest, d store.Delivery, rows iter.Seq2[store.HeldRow, error]) (*ErrorFile, error) {
	ds, err := s.City().Dataset(d.Dataset)
	if err != nil {
		return nil, err
	}
	src := s.evidence(ctx, d.Evidence)
	probe, err := probeFile(src, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	e := &ErrorFile{ds: ds, comma: ds.Delivery.Delimiter, rows: rows}
	if e.records, e.bound, e.first, err = s.openWith(src, probe, ds, s.Vault.Token); err != nil {
		return nil, err
	}
	e.form = e.records.Form()
	e.Name, e.MediaType = errorfile.Name(d.FileName, e.form), errorfile.MediaType(e.form)
	if err := s.Store.Audit(ctx, s.entry(s.Now(), q.Actor, "quarantine.export", d.ID, q)); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// Close releases the delivered file.
func (e *ErrorFile) Close() error { return e.records.Close() }

// Write writes the file in constant memory: the delivered file and the list of
// its failed rows are read side by side.
func (e *ErrorFile) Write(w io.Writer) error {
	out := errorfile.New(w, e.form, e.comma)
	err := e.write(out)
	if cerr := out.Close(); err == nil {
		err = cerr
	}
	return city.Outside(err, "cannot write the error file")
}

func (e *ErrorFile) write(out errorfile.Writer) error {
	rec, before := e.first, int64(0)
	if e.bound.Header {
		if err := out.Header(rec); err != nil {
			return err
		}
		before, rec = 1, nil
	}
	for row, err := range e.rows {
		if err != nil {
			return err
		}
		for rec == nil || rec.Number-before < row.Row {
			if rec, err = e.records.Next(); err != nil {
				return lost(err, row.Row)
			}
		}
		if err := out.Row(rec, row.Code, errorfile.Why(e.ds, row.Field, row.Code, row.Message)); err != nil {
			return err
		}
	}
	return nil
}

// lost says that the archived file does not hold a row that it held.
func lost(err error, row int64) error {
	if errors.Is(err, io.EOF) {
		return city.Errorf(city.CodeInternal, "the archived file has no row %d, which failed its checks", row)
	}
	return err
}
