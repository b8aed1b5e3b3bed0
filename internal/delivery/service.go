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
	Keyed
	Signer
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
	// RolledBack is called after each rollback; nil when nobody wants to know.
	RolledBack func(*Rollback)
	Log        *slog.Logger
	// Step is called as a delivery reaches each of Steps. It is for tests of
	// faults, which stop the process or take something away there; nil otherwise.
	Step func(name string)
}

// Service takes deliveries. It is safe for concurrent use.
type Service struct {
	Config
	archive archive

	mu         sync.Mutex
	locks      map[string]chan struct{} // by dataset; holds one element while taken
	unfinished map[string]bool          // datasets with a delivery whose end could not be noted
}

// New makes a Service. Call Recover before the first delivery.
func New(c Config) *Service {
	return &Service{
		Config: c, archive: archive{dir: filepath.Join(c.Dir, "evidence"), sealer: c.Vault},
		locks: map[string]chan struct{}{}, unfinished: map[string]bool{},
	}
}

// lock waits for the deliveries of a dataset that came before.
func (s *Service) lock(ctx context.Context, dataset string) (unlock func(), err error) {
	s.mu.Lock()
	l, ok := s.locks[dataset]
	if !ok {
		l = make(chan struct{}, 1)
		s.locks[dataset] = l
	}
	s.mu.Unlock()
	select {
	case l <- struct{}{}:
		return func() { <-l }, nil
	case <-ctx.Done():
		return nil, city.Outside(ctx.Err(), "the delivery waited for another of "+dataset)
	}
}

// newID makes a delivery ID: the second, so that IDs sort by time, and 48
// random bits.
func newID(now time.Time) string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the program instead
	return "D" + now.UTC().Format("20060102150405") + "-" + hex.EncodeToString(b[:])
}

// finish makes the receipt of a committed delivery final.
func (s *Service) finish(ctx context.Context, r *Receipt, snapshot int64, actor string) error {
	now := s.Now()
	r.SnapshotID = strconv.FormatInt(snapshot, 10)
	doc, err := s.seal(r)
	if err != nil {
		return err
	}
	out := store.Outcome{State: store.StateCommitted, SnapshotID: r.SnapshotID, Receipt: doc, At: now}
	if err := s.Store.Finish(ctx, r.DeliveryID, out, s.entry(now, actor, "delivery.commit", r.DeliveryID, balance(r))); err != nil {
		return err
	}
	s.step(StepFinished)
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
