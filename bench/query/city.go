package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// standsAt is the day that the simulated city stands at. The month after it is
// delivered by the measurements of readers, the one after that by those of
// refreshing.
const standsAt = "2024-10-31"

// bench runs the measurements.
type bench struct {
	o         options
	program   string // the program, built from this tree
	data      string // the data folder, a fresh copy
	questions []question
	views     map[string]*lake.View // what the questions read
	fraction  map[string]float64
}

// prepare has the program deliver the simulated city, unless the cache has one, and lays a copy of it out. A data folder knows its own path, so the
// copy is what is kept, and is copied back for each run.
func prepare(ctx context.Context, o options) (*bench, error) {
	b := &bench{o: o, program: filepath.Join(o.cache, "jinyang"), data: filepath.Join(o.cache, "city-"+strconv.FormatFloat(o.scale, 'g', -1, 64))}
	var err error
	if b.questions, err = questions(o.only); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.cache, 0o755); err != nil {
		return nil, err
	}
	saved := b.data + ".saved"
	if _, err := os.Stat(saved); errors.Is(err, os.ErrNotExist) {
		if err := b.deliver(ctx, saved); err != nil {
			return nil, err
		}
	}
	if err := os.RemoveAll(b.data); err != nil {
		return nil, err
	}
	if err := b.command(ctx, "cp", "-a", saved, b.data); err != nil {
		return nil, err
	}
	return b, b.look(ctx)
}

// deliver makes the city and keeps a copy.
func (b *bench) deliver(ctx context.Context, saved string) error {
	fmt.Fprintf(os.Stderr, "delivering a city at scale %v into %s, once\n", b.o.scale, b.data)
	if err := os.RemoveAll(b.data); err != nil {
		return err
	}
	if err := b.command(ctx, "go", "build", "-o", b.program, "./cmd/jinyang"); err != nil {
		return err
	}
	err := b.command(ctx, b.program, "demo", "--data", b.data, "--once", "--until", standsAt, "--scale", strconv.FormatFloat(b.o.scale, 'g', -1, 64))
	if err != nil {
		return err
	}
	// Renamed when it is whole, so that a run that was cut off leaves none.
	if err := b.command(ctx, "cp", "-a", b.data, saved+".part"); err != nil {
		return err
	}
	return os.Rename(saved+".part", saved)
}

func (b *bench) command(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, args[0], err)
	}
	return nil
}

// look finds the files of the tables that the questions read.
func (b *bench) look(ctx context.Context) error {
	a, err := app.Open(ctx, app.Options{Data: b.data, Existing: true})
	if err != nil {
		return err
	}
	defer a.Close()
	b.views, b.fraction = map[string]*lake.View{}, map[string]float64{}
	for _, q := range b.questions {
		for _, name := range tables(q.DuckDB) {
			ds, err := a.City().Dataset(name)
			if err != nil {
				return err
			}
			if b.views[name], err = a.Lake.ViewAsOf(ctx, ds, lake.AsOf{}); err != nil {
				return err
			}
		}
		ind, err := a.City().Indicator(q.Ask.Indicator)
		if err != nil {
			return err
		}
		b.fraction[q.Name] = b.views[ind.Dataset].Fraction
	}
	return nil
}

// rows counts the rows of all tables that are read.
func (b *bench) rows() (n int64) {
	for _, v := range b.views {
		n += v.Rows
	}
	return n
}

// expected is what an engine's values are multiplied by.
func (b *bench) expected(q question) float64 {
	if q.Expand {
		return q.Times / b.fraction[q.Name]
	}
	return q.Times
}
