package delivery

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// This file runs the checks over sets of rows (city.SetCheck). They come when
// all rows are staged; what fails leaves the stage, and a second pass over the
// archived file sets it aside with its text. Nothing of that is durable before
// the draft receipt is, so that a crash is one of a delivery that was being
// checked.

// Finding is what a check noticed without holding rows back.
type Finding struct {
	Code    string   `json:"code"`
	Field   string   `json:"field"`
	Message string   `json:"message"`
	Count   int64    `json:"count"`  // rows, or missing steps of a series
	Sample  []Sample `json:"sample"` // the first few rows, or the longest gaps
}

// lookUp takes the tables that the dataset refers to as they are when the
// delivery begins: what is delivered to them meanwhile does not count.
func (r *run) lookUp(ctx context.Context) error {
	for i := range r.ds.SetChecks {
		k := lake.Check{SetCheck: &r.ds.SetChecks[i]}
		if k.Kind == city.CheckReference {
			other, err := r.City().Dataset(k.Dataset)
			if err != nil {
				return err
			}
			if k.Refers, err = r.Lake.View(ctx, other, time.Time{}); err != nil {
				return err
			}
		}
		r.checks = append(r.checks, k)
	}
	return nil
}

// checkSets runs the checks over sets of rows.
func (r *run) checkSets(ctx context.Context, stage lake.Stage) error {
	if len(r.checks) == 0 {
		return nil
	}
	checked, err := stage.Check(ctx, r.view, r.scope(), r.checks)
	if err != nil {
		return err
	}
	for _, n := range checked.Noticed {
		r.receipt.Findings = append(r.receipt.Findings, finding(&r.checks[n.Check], &n))
	}
	if checked.Failed == 0 {
		return nil
	}
	return r.setFailedAside(ctx, stage)
}

// setFailedAside reads the archived file again for the text of the rows that
// failed. Both go by the numbers of the rows.
func (r *run) setFailedAside(ctx context.Context, stage lake.Stage) error {
	checker, err := r.checker(nil)
	if err != nil {
		return err
	}
	records, err := r.open(ctx)
	if err != nil {
		return readError(err)
	}
	defer func() { _ = records.Close() }() // it was only read
	bound, rec, err := bindTo(checker, records)
	if err != nil {
		return readError(err)
	}
	fails := make([]validate.Failure, len(r.checks))
	for i := range r.checks {
		fails[i] = failure(&r.checks[i])
	}
	for failed, err := range stage.Failed(ctx) {
		if err != nil {
			return err
		}
		if rec, err = skipTo(records, rec, numberOf(failed.Row, bound)); err != nil {
			return err
		}
		if err := r.setAside(failed.Row, rec, bound, &fails[failed.Check]); err != nil {
			return err
		}
	}
	return nil
}

// numberOf is the number of the record that holds a row: a header counts too.
func numberOf(row int64, bound *validate.Binding) int64 {
	if bound.Header {
		return row + 1
	}
	return row
}

// skipTo reads on until the record of a number.
func skipTo(records format.Records, rec *format.Record, number int64) (*format.Record, error) {
	for rec.Number < number {
		var err error
		if rec, err = records.Next(); errors.Is(err, io.EOF) {
			return nil, city.Errorf(city.CodeInternal, "the archived file has no record %d, which failed a check", number)
		} else if err != nil {
			return nil, readError(err)
		}
	}
	return rec, nil
}
