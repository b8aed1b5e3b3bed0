package progress

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Check is what Verify found.
type Check struct {
	Reports  int
	Files    int
	Problems []string
	Notes    []string
}

func (c *Check) problem(id, what string) { c.Problems = append(c.Problems, "report "+id+": "+what) }

// traces are what the audit chain says of one report.
type traces struct {
	filed   *proof
	decided *proof
	state   store.ProgressState
}

// Verify holds the reports to the audit chain, and looks whether their files
// are there. It changes nothing, and needs no keys. The chain and the store are
// read one after the other, and a report may be filed between: what does not
// agree is looked at again.
func (s *Service) Verify(ctx context.Context) (c *Check, err error) {
	for range looks {
		if c, err = s.verify(ctx); err != nil || len(c.Problems) == 0 {
			break
		}
	}
	return c, err
}

// looks is how often Verify looks before it tells of a problem.
const looks = 3

func (s *Service) verify(ctx context.Context) (*Check, error) {
	chain, err := s.traces(ctx)
	if err != nil {
		return nil, err
	}
	c := &Check{}
	for cursor := ""; ; {
		page, err := s.Store.ProgressReports(ctx, store.ProgressFilter{}, cursor, store.MaxPage)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Items {
			c.Reports++
			c.report(r, chain[r.ID])
			delete(chain, r.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	for _, id := range slices.Sorted(maps.Keys(chain)) {
		c.problem(id, "the audit chain knows of it, and the store does not hold it any more")
	}
	return c, s.verifyNames(ctx, c)
}

// traces reads what the audit chain says of reports.
func (s *Service) traces(ctx context.Context) (map[string]*traces, error) {
	out := map[string]*traces{}
	for r, err := range s.Store.AuditRecords(ctx) {
		if err != nil {
			return nil, err
		}
		what, ok := strings.CutPrefix(r.Action, "progress.")
		if !ok || what == "open" {
			continue
		}
		p := &proof{}
		if json.Unmarshal(r.Detail, p) != nil {
			continue // then it matches nothing, and the report is told of
		}
		t := out[r.Subject]
		if t == nil {
			t = &traces{}
			out[r.Subject] = t
		}
		if what == "report" {
			t.filed = p
		} else {
			t.decided, t.state = p, store.ProgressState(what)
		}
	}
	return out, nil
}

// report holds one report to its traces.
func (c *Check) report(r store.ProgressReport, t *traces) {
	c.Files += len(r.Files)
	if t == nil || t.filed == nil {
		c.problem(r.ID, "the audit chain knows of no such report")
		return
	}
	if *t.filed != reported(r) {
		c.problem(r.ID, "it is not what was filed")
	}
	if t.decided != nil && *t.decided != decided(r) {
		c.problem(r.ID, "its decision is not what was decided")
	}
	switch {
	case r.State == store.ProgressSuperseded && (t.decided == nil || t.state == store.ProgressApproved):
	case r.State == store.ProgressReported && t.decided == nil:
	case t.decided == nil || r.State != t.state:
		c.problem(r.ID, "it is "+string(r.State)+", which the audit chain does not say")
	}
	if t.state == store.ProgressApproved && samePerson(r.By, r.DecidedBy) {
		c.problem(r.ID, "it was approved by who filed it")
	}
}

// verifyNames looks whether each file that a report names is there.
func (s *Service) verifyNames(ctx context.Context, c *Check) error {
	hashes, _, err := s.files.names()
	if err != nil {
		return err
	}
	named, err := s.Store.ProgressContents(ctx)
	if err != nil {
		return err
	}
	for _, sha := range slices.Sorted(maps.Keys(named)) {
		if _, err := os.Stat(s.files.path(sha)); errors.Is(err, fs.ErrNotExist) {
			c.Problems = append(c.Problems, "the file "+sha+" that a report names is not there any more")
		} else if err != nil {
			c.Problems = append(c.Problems, "the file "+sha+" that a report names cannot be read")
		}
	}
	if n := len(hashes) - len(named); n > 0 {
		c.Notes = append(c.Notes, "the folder "+folder+" holds files that no report names; the next start that writes removes them")
	}
	return nil
}

// VerifyFiles reads the files of reports back and holds each to its hash. It
// gives how many hold what was handed in, and what is wrong with the others.
func (s *Service) VerifyFiles(ctx context.Context, keys Sealer) (good int, problems []string, err error) {
	named, err := s.Store.ProgressContents(ctx)
	if err != nil {
		return 0, nil, err
	}
	files := evidence{s.files.dir, keys}
	for _, sha := range slices.Sorted(maps.Keys(named)) {
		have, err := files.hash(ctx, sha)
		switch {
		case ctx.Err() != nil:
			return good, problems, city.Outside(ctx.Err(), "the files of reports were not all read")
		case errors.Is(err, fs.ErrNotExist): // Verify says so
		case err != nil:
			problems = append(problems, "the file "+sha+" of a report cannot be read back")
		case have != sha:
			problems = append(problems, "the file "+sha+" of a report does not hold what was handed in")
		default:
			good++
		}
	}
	return good, problems, nil
}
