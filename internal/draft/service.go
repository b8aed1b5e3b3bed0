package draft

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/doctext"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Pack is the pack in force, as far as drafts change it.
type Pack interface {
	// File gives a file of the pack; ok is false when it is not there.
	File(name string) (text []byte, ok bool, err error)
	// Without is the city as declared without a file.
	Without(name string) (*city.City, error)
	// Try checks the pack with a file changed (nil removes it). Mistakes are a
	// pack.Problems.
	Try(name string, text []byte) error
	// Use puts the pack with the file changed in force.
	Use(ctx context.Context, name string, text []byte) error
	// Writable says why the pack may not be written, nil when it may.
	Writable() error
}

// Config is what drafts work with.
type Config struct {
	Dir   string // of the files, below the data folder
	Store *store.Store
	City  func() *city.City
	Pack  Pack
	Now   func() time.Time
}

// Service keeps drafts.
type Service struct {
	Config
	docs    doctext.Reader
	writing sync.Mutex // the pack is read, changed and put in force by one at a time
}

// New makes the service.
func New(c Config) *Service { return &Service{Config: c} }

// maxFile is the size of the largest file, in bytes.
const maxFile = 32 << 20

// Add reads a file, keeps it and its proposals. year is the plan's, 0 to tell it
// from the text.
func (s *Service) Add(ctx context.Context, who policy.Principal, file string, r io.Reader, year int) (*Draft, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, city.Outside(err, "cannot read the document")
	}
	x, err := Extract(ctx, &s.docs, file, bytes.NewReader(b), s.City(), year)
	if err != nil {
		return nil, err
	}
	if err := s.keep(x.SHA256, b); err != nil {
		return nil, err
	}
	reading, err := json.Marshal(x)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot keep what was read: %w", err)
	}
	now := s.Now()
	d := store.Draft{ID: newID(now), File: file, SHA256: x.SHA256, Reading: reading, Body: x.Text, Targets: int64(len(x.Targets)), By: who.Name, At: now}
	e := audit.Entry{At: now, Actor: who.Name, Action: "draft.add", Subject: d.ID, Detail: detail("sha256", x.SHA256)}
	if err := s.Store.AddDraft(ctx, d, e); err != nil {
		return nil, err
	}
	return s.Draft(ctx, who, d.ID)
}

// detail is the particulars of an audit record.
func detail(key, value string) json.RawMessage {
	b, _ := json.Marshal(map[string]string{key: value}) // texts always can be
	return b
}

func newID(now time.Time) string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return "f" + now.UTC().Format("20060102150405") + "-" + hex.EncodeToString(b[:])
}

// keep writes the file under its hash, whole or not at all.
func (s *Service) keep(sum string, b []byte) error {
	to := filepath.Join(s.Dir, sum)
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	fail := func(err error) error { return city.Outside(err, "cannot keep the document") }
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return fail(err)
	}
	f, err := os.CreateTemp(s.Dir, "*.part")
	if err != nil {
		return fail(err)
	}
	defer os.Remove(f.Name()) // gone already after the renaming
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		return fail(err)
	}
	return nil
}

// Drafts lists the drafts, the newest first.
func (s *Service) Drafts(ctx context.Context, _ policy.Principal) ([]Summary, error) {
	all, err := s.Store.Drafts(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Summary, 0, len(all))
	for _, d := range all {
		x, err := readingOf(d)
		if err != nil {
			return nil, err
		}
		out = append(out, summary(d, x))
	}
	return out, nil
}

func readingOf(d store.Draft) (*Extraction, error) {
	var x Extraction
	if err := json.Unmarshal(d.Reading, &x); err != nil {
		return nil, city.Errorf(city.CodeInternal, "what was read of draft %s cannot be understood: %w", d.ID, err)
	}
	return &x, nil
}

func summary(d store.Draft, x *Extraction) Summary {
	s := Summary{ID: d.ID, File: d.File, SHA256: d.SHA256, Kind: x.Kind, Encoding: string(x.Encoding), Year: x.Year, Characters: x.Characters,
		Proposals: int(d.Targets), Accepted: int(d.Accepted), Refused: int(d.Rejected), By: d.By, At: d.At}
	if w := d.Written; w != nil {
		s.Written = &Written{File: w.File, By: w.By, At: w.At}
	}
	return s
}

// Draft gives a draft with its text and proposals.
func (s *Service) Draft(ctx context.Context, _ policy.Principal, id string) (*Draft, error) {
	d, err := s.Store.Draft(ctx, id)
	if err != nil {
		return nil, err
	}
	x, err := readingOf(d)
	if err != nil {
		return nil, err
	}
	touched, err := s.Store.DraftTargets(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &Draft{Summary: summary(d, x), Text: d.Body, Pages: x.Pages, Furniture: x.Furniture, Sections: x.Sections, Rejected: x.Result.Rejected, Targets: []Proposal{}}
	for n, t := range x.Targets {
		out.Targets = append(out.Targets, s.proposal(n+1, t, x))
	}
	for _, t := range touched {
		if t.Number <= int64(len(out.Targets)) {
			if err := out.Targets[t.Number-1].apply(t); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (p *Proposal) apply(t store.DraftTarget) error {
	p.State, p.Version, p.ChangedBy, p.ChangedAt = t.State, t.Version, t.By, &t.At
	if t.Edit == nil {
		return nil
	}
	p.Edited = true
	if err := json.Unmarshal(t.Edit, &p.Declared); err != nil {
		return city.Errorf(city.CodeInternal, "an edit of proposal %d cannot be understood: %w", p.Number, err)
	}
	return nil
}
