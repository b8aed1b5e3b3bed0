package progress

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Config is what a Service works with.
type Config struct {
	Dir    string // the data folder
	Store  *store.Store
	Sealer Sealer            // nil in a folder that was opened for reading only: then files can be neither kept nor opened
	City   func() *city.City // the declarations now in force
	Today  func() city.Date  // the day that the city stands at
	Now    func() time.Time  // the wall clock
	// Changed is called with each report that was filed or decided; nil when
	// nobody wants to know.
	Changed func(*Report)
	// Step is called as a report reaches each of Steps. It is for tests of
	// faults, which stop the process there; nil otherwise.
	Step func(name string)
}

// The durable steps of a report, in order.
const (
	StepStaged    = "staged"    // the files are sealed under temporary names
	StepPublished = "published" // the files have their final names
	StepKept      = "kept"      // the report is in the store
)

// Steps lists the durable steps of a report in order.
func Steps() []string { return []string{StepStaged, StepPublished, StepKept} }

// Service takes reports and decisions. It is safe for concurrent use.
type Service struct {
	Config
	files evidence

	mu sync.Mutex // held from publishing files to keeping or giving up their report

	known standings
}

// New makes a Service. Call Recover before the first report.
func New(c Config) *Service {
	return &Service{Config: c, files: evidence{filepath.Join(c.Dir, folder), c.Sealer}}
}

// Recover removes what a crash left of reports that never came to be.
func (s *Service) Recover(ctx context.Context) error {
	hashes, parts, err := s.files.names()
	if err != nil || len(hashes)+len(parts) == 0 {
		return err
	}
	named, err := s.Store.ProgressContents(ctx)
	if err != nil {
		return err
	}
	for _, part := range parts {
		err = errors.Join(err, os.Remove(filepath.Join(s.files.dir, part)))
	}
	for _, sha := range hashes {
		if _, ok := named[sha]; !ok {
			err = errors.Join(err, os.Remove(s.files.path(sha)))
		}
	}
	return city.Outside(err, "cannot remove what is left of unfinished reports")
}

// Stage seals a file for a report that is about to be filed. The caller
// discards it when no report is.
func (s *Service) Stage(ctx context.Context, name string, content io.Reader) (*Staged, error) {
	if s.Sealer == nil {
		return nil, city.Errorf(city.CodeForbidden, "the data folder was opened for reading only")
	}
	f, err := s.files.stage(ctx, name, content)
	if err == nil {
		s.step(StepStaged)
	}
	return f, err
}

// File files a report with its files. The same report again, while it waits,
// is answered with the one that is there.
func (s *Service) File(ctx context.Context, who policy.Principal, f Filing, files ...*Staged) (*Report, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	r, err := f.report(s.City(), s.Today())
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		r.Files = append(r.Files, file.ProgressFile)
	}
	if err := s.checkFiles(r); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	created, err := s.publish(ctx, files)
	if err == nil {
		s.step(StepPublished)
		r, err = s.keep(ctx, who, r)
	}
	if err != nil {
		return nil, errors.Join(err, s.unpublish(err, created))
	}
	s.step(StepKept)
	return s.tell(r), nil
}

func (s *Service) checkFiles(r store.ProgressReport) error {
	t, err := s.City().Target(r.Target)
	switch {
	case err != nil:
		return err
	case len(r.Files) > MaxFiles:
		return city.Errorf(CodeFile, "%d files are handed in, more than %d", len(r.Files), MaxFiles).At("file")
	case t.Report.Evidence && len(r.Files) == 0:
		return city.Errorf(CodeFile, "a report of %s needs a file that shows what it says", r.Target).At("file").
			WithHint("hand in one of %s", strings.Join(Accepted(), ", "))
	}
	return nil
}

// publish gives the files their final names and lists those that are new.
func (s *Service) publish(ctx context.Context, files []*Staged) (created []string, err error) {
	for _, f := range files {
		is, err := s.files.publish(ctx, f)
		if err != nil {
			return created, err
		}
		if is {
			created = append(created, f.SHA256)
		}
	}
	if len(files) > 0 {
		err = s.files.sync()
	}
	return created, err
}

// unpublish removes files that a report which was refused brought. After any
// other error it is not certain that the report was not kept: then the files
// stay, and Recover removes those that no report names.
func (s *Service) unpublish(cause error, created []string) error {
	switch city.CodeOf(cause).Root() {
	case city.CodeInvalid, city.CodeConflict, city.CodeNotFound, city.CodeForbidden:
	default:
		return nil
	}
	var err error
	for _, sha := range created {
		err = errors.Join(err, os.Remove(s.files.path(sha)))
	}
	return city.Outside(err, "cannot remove the file of a report that was not kept")
}

// keep writes the report with its audit record.
func (s *Service) keep(ctx context.Context, who policy.Principal, r store.ProgressReport) (out store.ProgressReport, err error) {
	r = s.signed(r, who)
	err = s.Store.ChangeProgress(ctx, []string{r.Target}, func(have []store.ProgressReport) (c store.ProgressChange, err error) {
		if have, err = s.filled(ctx, have); err != nil {
			return c, err
		}
		if c, out, err = admit(have, r); err == nil && len(c.Add) > 0 {
			c.Entries = append(c.Entries, s.entry(who, "progress.report", out.ID, reported(out)))
		}
		return c, err
	})
	return out, err
}

// signed gives a report its ID, its time and its principal.
func (s *Service) signed(r store.ProgressReport, who policy.Principal) store.ProgressReport {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the program instead
	r.At, r.As = s.Now(), who.Name
	r.ID = "P" + r.At.UTC().Format("20060102150405") + "-" + hex.EncodeToString(b[:])
	return r
}

// filled adds their files to the reports that wait, which a report filed again
// is compared with.
func (s *Service) filled(ctx context.Context, have []store.ProgressReport) ([]store.ProgressReport, error) {
	for i, r := range have {
		if r.State != store.ProgressReported {
			continue
		}
		full, err := s.Store.ProgressReport(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		have[i].Files = full.Files
	}
	return have, nil
}

// Decision is what a person decides about a report.
type Decision struct {
	By     string `json:"by" maxLength:"50" doc:"name of who decides, as stated"`
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"needed to reject and to withdraw"`
}

// Approve makes a report count. It must be somebody else's than who filed it.
func (s *Service) Approve(ctx context.Context, who policy.Principal, id string, d Decision) (*Report, error) {
	return s.decide(ctx, who, id, store.ProgressApproved, d)
}

// Reject sends a report back; it is owed again.
func (s *Service) Reject(ctx context.Context, who policy.Principal, id string, d Decision) (*Report, error) {
	return s.decide(ctx, who, id, store.ProgressRejected, d)
}

// Withdraw takes back what one has filed oneself.
func (s *Service) Withdraw(ctx context.Context, who policy.Principal, id string, d Decision) (*Report, error) {
	return s.decide(ctx, who, id, store.ProgressWithdrawn, d)
}

func (s *Service) decide(ctx context.Context, who policy.Principal, id string, to store.ProgressState, d Decision) (*Report, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	by, err := personName(d.By)
	if err != nil {
		return nil, err
	}
	reason, err := text(d.Reason, "reason", longestReason)
	if err != nil {
		return nil, err
	}
	r, err := s.Store.ProgressReport(ctx, id)
	if err != nil {
		return nil, err
	}
	err = s.Store.ChangeProgress(ctx, []string{r.Target}, func(have []store.ProgressReport) (c store.ProgressChange, err error) {
		var moved store.ProgressReport
		c, moved, err = decide(have, decision{id: id, to: to, by: by, as: who.Name, reason: reason, at: s.Now()})
		if err == nil && len(c.Set) > 0 {
			c.Entries = []audit.Entry{s.entry(who, "progress."+string(to), id, decided(moved))}
		}
		files := r.Files
		r = moved
		r.Files = files
		return c, err
	})
	if err != nil {
		return nil, err
	}
	return s.tell(r), nil
}

// tell gives the report as it now stands, to the caller and who wants to know.
func (s *Service) tell(r store.ProgressReport) *Report {
	out := newReport(s.City(), r)
	if s.Changed != nil {
		s.Changed(&out)
	}
	return &out
}

func (s *Service) step(name string) {
	if s.Step != nil {
		s.Step(name)
	}
}

// entry writes an audit entry; detail is free of personal data.
func (s *Service) entry(who policy.Principal, action, id string, detail any) audit.Entry {
	e := audit.Entry{At: s.Now(), Actor: who.Name, Action: action, Subject: id}
	if doc, err := json.Marshal(detail); err == nil {
		e.Detail = doc
	}
	return e
}
