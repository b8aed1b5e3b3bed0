package app

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/sim"
	"github.com/jinyang-city/jinyang/internal/store"
)

// DemoOptions say what the demonstration simulates.
type DemoOptions struct {
	Scale float64
	Until city.Date // the day that the city stands at
	Seed  uint64
	// Progress is called as each phase goes on; total is 0 when unknown.
	Progress func(phase string, done, total int)
}

// DemoResult sums up a demonstration.
type DemoResult struct {
	Deliveries  int                `json:"deliveries"`
	Rejected    int                `json:"rejected"`
	Received    int64              `json:"received"`
	Accepted    int64              `json:"accepted"`
	Quarantined int64              `json:"quarantined"`
	Duplicate   int64              `json:"duplicate"`
	Tags        []string           `json:"tags"`    // of the months that have ended, made now
	Waiting     []string           `json:"waiting"` // batches of periods that are over, which are sent after the city's day
	Seconds     map[string]float64 `json:"seconds"` // by phase
}

// The first month of the demonstration: growth needs the year before a plan's.
var demoFrom = city.Date{Year: 2023, Month: time.January, Day: 1}

// demonstrator is the actor of what a demonstration does.
const demonstrator = "demo:simulation"

// inbox is where the demonstration puts the files that the province and the
// bureaus send.
const inbox = "inbox"

// Demo simulates a city, delivers its files by the road that real ones take,
// and computes the board. Batches that were delivered before are not delivered
// again.
func (a *App) Demo(ctx context.Context, o DemoOptions) (*DemoResult, error) {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	res := &DemoResult{Tags: []string{}, Waiting: []string{}, Seconds: map[string]float64{}}
	phase := func(name string, f func() error) error {
		start := time.Now()
		err := f()
		res.Seconds[name] = time.Since(start).Seconds()
		return err
	}
	dir := a.path(inbox)
	if err := phase("simulate", func() error { return a.simulate(ctx, dir, o) }); err != nil {
		return nil, err
	}
	if err := demoLate().holdBack(dir, a.City()); err != nil {
		return nil, err
	}
	if err := phase("deliver", func() error { return a.deliverInbox(ctx, dir, o, res) }); err != nil {
		return nil, err
	}
	if err := phase("publish", func() error { return a.closeMonths(ctx, o.Until) }); err != nil {
		return nil, err
	}
	tags, err := a.tagMonths(ctx, demonstrator)
	if err != nil {
		return nil, err
	}
	for _, t := range tags {
		res.Tags = append(res.Tags, t.Name)
	}
	if err := phase("compute", func() error { return a.warm(ctx, o.Progress) }); err != nil {
		return nil, err
	}
	if err := phase("report", func() error { return a.demoReports(ctx, o) }); err != nil {
		return nil, err
	}
	if err := phase("drafts", func() error { return a.demoDraft(ctx) }); err != nil {
		return nil, err
	}
	return res, phase("alerts", func() error { return a.demoAlerts(ctx) })
}

// simulated says what the files in the inbox were made from.
type simulated struct {
	Scale float64   `json:"scale"`
	Until city.Date `json:"until"`
	Seed  uint64    `json:"seed"`
	Pack  string    `json:"pack"`
}

// simulate fills the inbox, unless it holds the same files already. Another
// scale or seed would mix two cities in one folder.
func (a *App) simulate(ctx context.Context, dir string, o DemoOptions) error {
	marker := filepath.Join(dir, "simulated.json")
	want := simulated{o.Scale, o.Until, o.Seed, a.City().Pack.SHA256}
	var have simulated
	if doc, err := os.ReadFile(marker); err == nil && json.Unmarshal(doc, &have) == nil {
		if have == want {
			o.Progress("simulate", 1, 1)
			return nil
		}
		if have.Scale != o.Scale || have.Seed != o.Seed {
			return city.Errorf(city.CodeConflict, "the folder holds a city simulated at scale %v with seed %d", have.Scale, have.Seed).
				WithHint("use the same scale and seed, or another --data folder")
		}
	}
	if err := os.RemoveAll(dir); err != nil { // files of another day, or cut off by a crash
		return city.Errorf(city.CodeUnavailable, "cannot empty the inbox: %w", err)
	}
	_, err := sim.Generate(ctx, a.City(), sim.Options{Out: dir, Scale: o.Scale, From: demoFrom, To: o.Until.MonthEnd(), Seed: o.Seed,
		Progress: func(done, total int, _ string) { o.Progress("simulate", done, total) }})
	if err != nil {
		return err
	}
	doc, err := json.Marshal(want)
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot describe the simulation: %w", err)
	}
	if err := os.WriteFile(marker, doc, 0o600); err != nil {
		return city.Errorf(city.CodeUnavailable, "cannot write the inbox: %w", err)
	}
	return nil
}

// deliverInbox delivers the batches that were sent up to the city's day and
// have not been delivered yet.
func (a *App) deliverInbox(ctx context.Context, dir string, o DemoOptions, res *DemoResult) error {
	manifests, err := Manifests(dir)
	if err != nil {
		return err
	}
	done, err := a.committedFiles(ctx)
	if err != nil {
		return err
	}
	due := manifests[:0:0]
	for _, m := range manifests {
		if m.Sent.After(o.Until) {
			late, err := isLate(m, o.Until)
			if err != nil {
				return err
			}
			if late {
				res.Waiting = append(res.Waiting, strings.TrimSuffix(filepath.Base(m.Path), manifestSuffix))
			}
			continue
		}
		if m.Files, err = missing(m, done); err != nil {
			return err
		}
		if len(m.Files) > 0 {
			due = append(due, m)
		}
	}
	return a.deliverDue(ctx, due, o, res)
}

// deliverers is how many datasets are delivered side by side: while one waits
// for the disk, another computes.
const deliverers = 2

// deliverDue delivers day by day; the batches of a day run side by side unless
// they belong to one dataset.
func (a *App) deliverDue(ctx context.Context, due []SentManifest, o DemoOptions, res *DemoResult) error {
	tally := tally{total: len(due), res: res, progress: o.Progress}
	o.Progress("deliver", 0, tally.total)
	for len(due) > 0 {
		day := due[0].Sent
		if err := a.closeMonths(ctx, day); err != nil {
			return err
		}
		g, gctx := errgroup.WithContext(ctx)
		g.SetLimit(deliverers)
		for len(due) > 0 && due[0].Sent == day {
			var batches []SentManifest
			batches, due = sameDataset(due)
			g.Go(func() error {
				for _, m := range batches {
					if err := a.Delivery.DeliverManifest(gctx, m.Path, m.Files, demonstrator, tally.receipt); err != nil {
						return err
					}
					tally.batch()
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// sameDataset cuts the batches of the first one's dataset and day off a list.
func sameDataset(due []SentManifest) (batches, rest []SentManifest) {
	dataset := func(m SentManifest) string { name, _, _ := strings.Cut(filepath.Base(m.Path), "-"); return name }
	n := 1
	for n < len(due) && due[n].Sent == due[0].Sent && dataset(due[n]) == dataset(due[0]) {
		n++
	}
	return due[:n], due[n:]
}

// tally counts what deliverers that run side by side have done.
type tally struct {
	mu          sync.Mutex
	done, total int
	res         *DemoResult
	progress    func(string, int, int)
}

func (t *tally) receipt(r *delivery.Receipt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.res.add(r)
}

func (t *tally) batch() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done++
	t.progress("deliver", t.done, t.total)
}

// isLate says whether a batch that is still to be sent covers a period that is
// over.
func isLate(m SentManifest, until city.Date) (bool, error) {
	manifest, err := delivery.ReadManifest(m.Path)
	if err != nil {
		return false, err
	}
	return !manifest.Period.To.After(until), nil
}

// batchFile names a file of a batch. Its content would not do: a register that
// did not change is sent again, and then speaks for another month.
type batchFile struct{ dataset, batch, file string }

// missing lists the files of a batch that have not been committed. A large batch
// has several, and a crash may come between them.
func missing(m SentManifest, done map[batchFile]bool) ([]string, error) {
	manifest, err := delivery.ReadManifest(m.Path)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range manifest.Files {
		if name := filepath.Base(f.Name); !done[batchFile{manifest.Dataset, manifest.Batch, name}] {
			out = append(out, name)
		}
	}
	return out, nil
}

// committedFiles names what has been committed.
func (a *App) committedFiles(ctx context.Context) (map[batchFile]bool, error) {
	done := map[batchFile]bool{}
	for cursor := ""; ; {
		page, err := a.Store.Deliveries(ctx, store.Filter{States: []store.State{store.StateCommitted}}, cursor, store.MaxPage)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			done[batchFile{d.Dataset, d.Batch, d.FileName}] = true
		}
		if cursor = page.Next; cursor == "" {
			return done, nil
		}
	}
}

func (res *DemoResult) add(r *delivery.Receipt) {
	res.Deliveries++
	if r.Status == delivery.Rejected {
		res.Rejected++
	}
	res.Received += r.Received
	res.Accepted += r.Accepted
	res.Quarantined += r.Quarantined
	res.Duplicate += r.Duplicate
}

// warm computes the boards of all years, so that the first reader does not wait.
func (a *App) warm(ctx context.Context, progress func(string, int, int)) error {
	who := policy.System("warm")
	b, err := a.Analysis.Board(ctx, who, 0)
	if err != nil {
		return err
	}
	for i, y := range b.Years {
		progress("compute", i, len(b.Years))
		if _, err := a.Analysis.Board(ctx, who, y); err != nil {
			return err
		}
	}
	progress("compute", len(b.Years), len(b.Years))
	return nil
}

// SentManifest is a manifest in a folder of batches, and the day it was sent.
type SentManifest struct {
	Path  string
	Sent  city.Date
	Files []string // names of the files to deliver; empty means all
}

const manifestSuffix = ".manifest.json"

// Manifests lists the manifests below dir/batches/YYYY-MM-DD/, by the day that
// they were sent and then by name.
func Manifests(dir string) ([]SentManifest, error) {
	var out []SentManifest
	root := filepath.Join(dir, "batches")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, manifestSuffix) {
			return err
		}
		sent, err := city.ParseDate(filepath.Base(filepath.Dir(path)))
		if err != nil {
			return err
		}
		out = append(out, SentManifest{Path: path, Sent: sent})
		return nil
	})
	if err != nil && !os.IsNotExist(err) {
		return nil, city.Errorf(city.CodeUnavailable, "cannot list the batches: %w", err)
	}
	slices.SortFunc(out, func(a, b SentManifest) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}
