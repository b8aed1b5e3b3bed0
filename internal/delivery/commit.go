package delivery

import (
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// commit makes the change durable: draft receipt, lake, final receipt.
func (r *run) commit(ctx context.Context, m *lake.Merged) error {
	c := r.receipt
	c.Reasons = append([]Reason{}, r.reasons.list...)
	c.Duplicate = c.Received - c.Accepted - c.Quarantined
	if !c.Balanced() {
		return city.Errorf(city.CodeInternal, "the receipt of %s does not balance; nothing was changed", c.DeliveryID)
	}
	doc, err := json.Marshal(c)
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot write the receipt: %w", err)
	}
	d := r.row()
	d.Receipt = doc
	now := r.Now()
	if err := r.Store.Prepare(ctx, d, r.quarantined(), r.entry(now, r.req.Actor, "delivery.validate", c.DeliveryID, balance(c))); err != nil {
		return err
	}
	change := lake.Change{Dataset: r.ds.Name, DeliveryID: c.DeliveryID, Base: r.view.SnapshotID, Add: m.Add, Remove: m.Remove, Simulated: c.Simulated}
	if m.Accepted > 0 {
		change.Fraction = c.Fraction
	}
	snapshot, err := r.Lake.Commit(ctx, change)
	if err != nil {
		return err
	}
	return r.finish(ctx, c, snapshot, r.req.Actor)
}

// quarantined reads the spooled rows back for the store.
func (r *run) quarantined() iter.Seq2[store.QuarantinedRow, error] {
	return func(yield func(store.QuarantinedRow, error) bool) {
		if r.spool == nil {
			return
		}
		for s, err := range r.spool.all() {
			row := store.QuarantinedRow{Row: s.Row, Field: s.Failure.Field, Code: s.Failure.Code, Message: s.Failure.Message,
				Masked: s.Masked, Sealed: s.Sealed, Owner: r.ds.Owner}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// spooled is a quarantined row on its way to the store.
type spooled struct {
	Row     int64
	Failure validate.Failure
	Masked  string
	Sealed  []byte
}

// spool keeps quarantined rows in a temporary file, because a file may hold
// more of them than memory.
type spool struct {
	f   *os.File
	enc *gob.Encoder
}

func newSpool(dataDir string) (*spool, error) {
	dir := filepath.Join(dataDir, "tmp")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, diskError("make room for quarantined rows", err)
	}
	f, err := os.CreateTemp(dir, "quarantine-*")
	if err != nil {
		return nil, diskError("make room for quarantined rows", err)
	}
	// The name goes at once: a crash leaves nothing behind.
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(diskError("make room for quarantined rows", err), f.Close())
	}
	return &spool{f: f, enc: gob.NewEncoder(f)}, nil
}

func (s *spool) add(v spooled) error {
	if err := s.enc.Encode(v); err != nil {
		return diskError("set a row aside", err)
	}
	return nil
}

func (s *spool) all() iter.Seq2[spooled, error] {
	return func(yield func(spooled, error) bool) {
		if _, err := s.f.Seek(0, io.SeekStart); err != nil {
			yield(spooled{}, diskError("read quarantined rows back", err))
			return
		}
		dec := gob.NewDecoder(s.f)
		for {
			var v spooled
			err := dec.Decode(&v)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				err = diskError("read quarantined rows back", err)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

func (s *spool) close() error { return s.f.Close() }
