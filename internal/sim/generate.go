package sim

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jinyang-city/jinyang/internal/city"
)

// rowsPerFile is where a sender begins the next file of a batch.
const rowsPerFile = 1_000_000

// Generate writes the batches of the simulated city below o.Out:
//
//	batches/<day sent>/<dataset>-<batch>.manifest.json and its data files
//
// A manifest is written after its data files, so that a batch without one is
// an interrupted batch. Errors are *city.Error, or the context's.
func Generate(ctx context.Context, c *city.City, o Options) (*Summary, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	w, err := newWorld(c, o)
	if err != nil {
		return nil, err
	}
	root := filepath.Join(o.Out, "batches")
	if err := claim(root); err != nil {
		return nil, err
	}
	plan := schedule(c, senders(), o.From, o.To)
	if len(plan) == 0 {
		return nil, city.Errorf(city.CodeInvalid, "the city declares no dataset that the simulator can send")
	}
	r := &run{w: w, root: root, rowsPerFile: rowsPerFile, by: map[string]*DatasetSummary{}}
	for i, b := range plan {
		if err := r.send(ctx, b); err != nil {
			return nil, err
		}
		if o.Progress != nil {
			o.Progress(i+1, len(plan), b.sender.dataset+" "+b.name)
		}
	}
	return r.summary(c), nil
}

// claim makes the folder, and refuses one that holds something: old batches
// beside new ones would make a city that never was.
func claim(root string) error {
	entries, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return city.Errorf(city.CodeUnavailable, "cannot read the output folder: %w", err)
	}
	if len(entries) > 0 {
		return city.Errorf(city.CodeConflict, "the folder already holds batches").At(root).WithHint("remove it or choose another")
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return city.Errorf(city.CodeUnavailable, "cannot make the output folder: %w", err)
	}
	return nil
}

// run is one call of Generate.
type run struct {
	w           *world
	root        string
	rowsPerFile int64
	total       Summary
	by          map[string]*DatasetSummary
}

// send writes one batch.
func (r *run) send(ctx context.Context, b batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d, err := r.w.city.Dataset(b.sender.dataset)
	if err != nil {
		return err
	}
	s, err := newSheet(d, b.sender.columns, b.sender.form)
	if err != nil {
		return err
	}
	s.ctx, s.maxRows = ctx, r.rowsPerFile
	s.dir, s.base = filepath.Join(r.root, b.sent.String()), d.Name+"-"+b.name
	s.regions = map[string]string{}
	for _, region := range r.w.city.Regions {
		s.regions[region.Code] = region.Name.ZH
	}
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return city.Errorf(city.CodeUnavailable, "cannot make the folder of the day: %w", err)
	}
	b.rows(r.w, s)
	if err := s.close(); err != nil {
		return err
	}
	r.count(s)
	return r.manifest(b, d, s)
}

// manifest says what was sent.
func (r *run) manifest(b batch, d *city.Dataset, s *sheet) error {
	m := city.Manifest{
		Version: city.ManifestVersion, Dataset: d.Name, Batch: b.name, Period: b.period,
		SentAt: sentAt(b.sent), Sender: "simulator/" + d.Owner, Simulated: true, Files: s.files,
	}
	if b.sender.people && r.w.scale < 1 {
		m.Sample = &city.Sample{Fraction: r.w.scale}
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot write a manifest: %w", err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, s.base+".manifest.json"), append(raw, '\n'), 0o644); err != nil {
		return city.Errorf(city.CodeUnavailable, "cannot write a manifest: %w", err)
	}
	return nil
}

// count adds a finished sheet to the summary.
func (r *run) count(s *sheet) {
	by := r.by[s.dataset.Name]
	if by == nil {
		by = &DatasetSummary{Dataset: s.dataset.Name}
		r.by[s.dataset.Name] = by
	}
	by.Batches++
	by.Rows += s.rows
	by.Defects += s.defects
	by.Duplicates += s.duplicates
	by.Bytes += s.bytes
	r.total.Batches++
	r.total.Files += len(s.files)
	r.total.Rows += s.rows
	r.total.Defects += s.defects
	r.total.Duplicates += s.duplicates
	r.total.Bytes += s.bytes
}

func (r *run) summary(c *city.City) *Summary {
	for _, d := range c.Datasets {
		if by := r.by[d.Name]; by != nil {
			r.total.Datasets = append(r.total.Datasets, *by)
		}
	}
	return &r.total
}
