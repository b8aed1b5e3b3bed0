package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// bencher runs the contenders.
type bencher struct {
	o  options
	in *inputs
	n  int // folders made so far
}

// folder makes an empty folder.
func (b *bencher) folder() (string, error) {
	b.n++
	dir := filepath.Join(b.o.work, fmt.Sprintf("run-%d", b.n))
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o700)
}

// fresh runs a measurement in an empty folder and removes it.
func (b *bencher) fresh(ctx context.Context, what string, files ...string) (*sample, error) {
	dir, err := b.folder()
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	return runChild(ctx, what, append([]string{dir}, files...)...)
}

// profile measures one delivery of the month, and then the small ones, under
// the profiler.
func (b *bencher) profile(ctx context.Context) error {
	s, err := b.fresh(ctx, "profile", filepath.Join(b.o.profile, "month"), b.in.utf8)
	if err != nil {
		return err
	}
	small, err := b.smallFiles()
	if err != nil {
		return err
	}
	t, err := b.fresh(ctx, "profile", append([]string{filepath.Join(b.o.profile, "small")}, small...)...)
	if err == nil {
		fmt.Fprintf(os.Stderr, "%.0f rows/s and %.0f ms per small delivery under the profiler; see %s\n",
			float64(b.in.rows)/s.Seconds[0], median(t.Seconds)*1000, b.o.profile)
	}
	return err
}

// report measures everything.
func (b *bencher) report(ctx context.Context) (*report, error) {
	r := &report{Dataset: dataset, Scale: b.o.scale, Rows: b.in.rows, Bytes: b.in.bytes, Repeat: b.o.repeat, CPUs: runtime.NumCPU(), LoadBefore: loadAverage()}
	if err := b.roads(ctx, r); err != nil {
		return nil, err
	}
	if err := b.fixed(ctx, r); err != nil {
		return nil, err
	}
	if err := b.correction(ctx, r); err != nil {
		return nil, err
	}
	r.LoadAfter = loadAverage()
	r.compare()
	return r, nil
}

// roads measures the contenders in turn, again and again.
func (b *bencher) roads(ctx context.Context, r *report) error {
	pg, err := startPostgres(b.o.work)
	if err != nil {
		r.Without = append(r.Without, "PostgreSQL: "+err.Error())
	} else {
		defer pg.stop()
	}
	steps := []struct {
		name string
		rows int64
		do   func() (*sample, error)
	}{
		{"road", b.in.rows, func() (*sample, error) { return b.fresh(ctx, "road", b.in.utf8) }},
		{"floor", b.in.rows, func() (*sample, error) { return b.fresh(ctx, "floor", b.in.utf8) }},
		{"postgres", b.in.accepted, func() (*sample, error) { return pg.copy(ctx, b.in.clean) }},
		{"road_gb18030", b.in.rows, func() (*sample, error) { return b.fresh(ctx, "road", b.in.original) }},
		{"road_quarter", b.in.rows / 4, func() (*sample, error) { return b.fresh(ctx, "road", b.in.quarter) }},
	}
	results := make([]result, len(steps))
	for range b.o.repeat {
		for i, s := range steps {
			if s.name == "postgres" && pg == nil {
				continue
			}
			got, err := s.do()
			if err != nil {
				return err
			}
			results[i].add(got)
		}
	}
	for i, s := range steps {
		if len(results[i].Seconds) > 0 {
			results[i].Name, results[i].Rows = s.name, s.rows
			results[i].settle()
			r.Results = append(r.Results, results[i])
		}
	}
	return nil
}

// fixed measures deliveries of ten rows each into one data folder.
func (b *bencher) fixed(ctx context.Context, r *report) error {
	files, err := b.smallFiles()
	if err != nil {
		return err
	}
	s, err := b.fresh(ctx, "road", files...)
	if err != nil {
		return err
	}
	r.FixedMS = median(s.Seconds) * 1000
	r.FixedWorstMS = quantile(s.Seconds, 1) * 1000
	return nil
}

// smallFiles writes files of ten rows each.
func (b *bencher) smallFiles() ([]string, error) {
	lines, err := b.lines(10 * b.o.small)
	if err != nil {
		return nil, err
	}
	var files []string
	for i := range b.o.small {
		path := filepath.Join(b.o.work, fmt.Sprintf("small-%d.csv", i))
		rows := lines[1+10*i : 11+10*i]
		if err := os.WriteFile(path, []byte(lines[0]+strings.Join(rows, "")), 0o600); err != nil {
			return nil, err
		}
		files = append(files, path)
	}
	return files, nil
}

// lines gives the header and the first n sound rows, with their line ends.
func (b *bencher) lines(n int) ([]string, error) {
	f, err := os.Open(b.in.utf8)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 4096)
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, err
	}
	header, _, _ := bytes.Cut(head, []byte{'\n'})
	doc, err := os.ReadFile(b.in.clean)
	if err != nil {
		return nil, err
	}
	rows := strings.SplitAfterN(string(doc), "\n", n+1)
	if len(rows) <= n {
		return nil, fmt.Errorf("the month has %d sound rows, %d are needed: use a larger -scale", len(rows)-1, n)
	}
	return append([]string{string(header) + "\n"}, rows[:n]...), nil
}

func loadAverage() float64 {
	var load float64
	if doc, err := os.ReadFile("/proc/loadavg"); err == nil {
		_, _ = fmt.Sscanf(string(doc), "%f", &load) // 0 says that it is not known
	}
	return load
}
