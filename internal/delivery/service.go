package delivery

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Vault is what deliveries need of the city's keys.
type Vault interface {
	Sealer
	Token(id string) string
}

// Config is what a Service works with.
type Config struct {
	Dir    string // the data folder
	Lake   *lake.Lake
	Engine lake.Stager
	Store  *store.Store
	Vault  Vault
	City   func() *city.City // the declarations now in force
	Today  func() city.Date  // the day that the city stands at
	Now    func() time.Time  // the wall clock
	// Committed is called after each delivery that ended, with its receipt.
	Committed func(*Receipt)
	Log       *slog.Logger
}

// Service takes deliveries. It is safe for concurrent use.
type Service struct {
	Config
	archive archive

	mu    sync.Mutex
	locks map[string]*sync.Mutex // by dataset
}

// New makes a Service. Call Recover before the first delivery.
func New(c Config) *Service {
	return &Service{Config: c, archive: archive{dir: filepath.Join(c.Dir, "evidence"), sealer: c.Vault}, locks: map[string]*sync.Mutex{}}
}

func (s *Service) lock(dataset string) *sync.Mutex {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.locks[dataset]
	if !ok {
		l = &sync.Mutex{}
		s.locks[dataset] = l
	}
	return l
}

// newID makes a delivery ID: the second, so that IDs sort by time, and 48
// random bits.
func newID(now time.Time) string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the program instead
	return "D" + now.UTC().Format("20060102150405") + "-" + hex.EncodeToString(b[:])
}

// Recover settles what an earlier process left unfinished. It must run before
// the first delivery, while no other process uses the data folder.
func (s *Service) Recover(ctx context.Context) error {
	open, err := s.Store.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, d := range open {
		if err := s.recoverOne(ctx, d); err != nil {
			return err
		}
	}
	return s.archive.sweep()
}

func (s *Service) recoverOne(ctx context.Context, d store.Delivery) error {
	snapshot, found, err := s.Lake.FindDelivery(ctx, d.Dataset, d.ID)
	if err != nil {
		return err
	}
	now := s.Now()
	if !found {
		s.Log.Warn("a delivery was cut off and changed nothing; deliver the file again", "delivery", d.ID, "dataset", d.Dataset, "file", d.FileName)
		if err := s.Lake.Discard(ctx, d.Dataset, d.ID); err != nil {
			return err
		}
		if err := s.Store.Finish(ctx, d.ID, store.Outcome{State: store.StateAborted, At: now}, s.entry(now, "system:recover", "delivery.abort", d.ID, nil)); err != nil {
			return err
		}
		return s.archive.remove(d.Evidence)
	}
	s.Log.Info("a delivery had been committed when the process ended; its receipt is final now", "delivery", d.ID, "dataset", d.Dataset)
	var r Receipt
	if err := json.Unmarshal(d.Receipt, &r); err != nil {
		return city.Errorf(city.CodeInternal, "the draft receipt of %s cannot be read: %w", d.ID, err)
	}
	return s.finish(ctx, &r, snapshot, "system:recover")
}

// finish makes the receipt of a committed delivery final.
func (s *Service) finish(ctx context.Context, r *Receipt, snapshot int64, actor string) error {
	now := s.Now()
	r.SnapshotID = strconv.FormatInt(snapshot, 10)
	doc, err := json.Marshal(r)
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot write the receipt: %w", err)
	}
	out := store.Outcome{State: store.StateCommitted, SnapshotID: r.SnapshotID, Receipt: doc, At: now}
	if err := s.Store.Finish(ctx, r.DeliveryID, out, s.entry(now, actor, "delivery.commit", r.DeliveryID, balance(r))); err != nil {
		return err
	}
	if s.Committed != nil {
		s.Committed(r)
	}
	return nil
}

// entry writes an audit entry; detail must be free of personal data.
func (s *Service) entry(at time.Time, actor, action, subject string, detail any) audit.Entry {
	e := audit.Entry{At: at, Actor: actor, Action: action, Subject: subject}
	if detail != nil {
		if doc, err := json.Marshal(detail); err == nil {
			e.Detail = doc
		}
	}
	return e
}

// balance is what the audit chain keeps of a receipt.
func balance(r *Receipt) map[string]any {
	return map[string]any{"dataset": r.Dataset, "sha256": r.SHA256, "received": r.Received, "accepted": r.Accepted,
		"quarantined": r.Quarantined, "duplicate": r.Duplicate, "snapshot_id": r.SnapshotID, "code": r.Code}
}

// declaration is the hash of what a dataset declares, without its position.
func declaration(ds *city.Dataset) string { return city.Fingerprint(ds) }
