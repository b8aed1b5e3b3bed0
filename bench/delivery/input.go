package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"sort"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/sim"
)

// The dataset that is measured, and its month.
const (
	dataset = "hrss.insurance"
	month   = "2024-01"
)

// standsAt is the day by which the rows are judged.
var standsAt = city.NewDate(2024, 10, 31)

// inputs are the files that the contenders read, all of one month.
type inputs struct {
	original string // as the sender wrote it, in GB18030
	utf8     string // the same rows in UTF-8, which all contenders read
	clean    string // the rows that pass every check, for PostgreSQL, which stops at the first bad one
	quarter  string // the first quarter of utf8
	rows     int64  // of utf8
	accepted int64  // of clean
	bytes    int64  // of utf8
}

// prepare simulates the month and writes the inputs.
func prepare(ctx context.Context, o options) (*inputs, error) {
	a, err := app.Open(ctx, app.Options{Data: filepath.Join(o.work, "declared"), Today: standsAt})
	if err != nil {
		return nil, err
	}
	defer a.Close()
	out := filepath.Join(o.work, "simulated")
	day := city.NewDate(2024, 1, 1)
	if err := os.RemoveAll(out); err != nil {
		return nil, err
	}
	if _, err := sim.Generate(ctx, a.City(), sim.Options{Out: out, Scale: o.scale, From: day, To: day, Seed: 1}); err != nil {
		return nil, err
	}
	parts, err := filepath.Glob(filepath.Join(out, "batches", "*", dataset+"-"+month+"*.csv"))
	if err != nil || len(parts) == 0 {
		return nil, errors.Join(err, errors.New("the simulation wrote no "+dataset))
	}
	sort.Slice(parts, func(i, j int) bool { return len(parts[i]) < len(parts[j]) }) // the first part has no number
	in := &inputs{original: filepath.Join(o.work, "original.csv"), utf8: filepath.Join(o.work, "month.csv"),
		clean: filepath.Join(o.work, "clean.csv"), quarter: filepath.Join(o.work, "quarter.csv")}
	if err := join(parts, in.original); err != nil {
		return nil, err
	}
	if err := transcode(in.original, in.utf8); err != nil {
		return nil, err
	}
	if err := in.sift(a.City()); err != nil {
		return nil, err
	}
	return in, in.cutQuarter()
}

// join writes the parts of a batch into one file with one header.
func join(parts []string, path string) error {
	var all []byte
	for i, p := range parts {
		doc, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if i > 0 {
			_, doc, _ = bytes.Cut(doc, []byte{'\n'})
		}
		all = append(all, doc...)
	}
	return os.WriteFile(path, all, 0o600)
}

// transcode writes the file in UTF-8.
func transcode(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	return writeFile(to, func(w io.Writer) error {
		_, err := io.Copy(w, format.Decode(src, format.GB18030))
		return err
	})
}

// writeFile makes a file through a buffer.
func writeFile(path string, fill func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(fill(w), w.Flush(), f.Close())
}

// sift counts the rows, and writes those that pass every check and were not
// there before.
func (in *inputs) sift(c *city.City) error {
	ds, err := c.Dataset(dataset)
	if err != nil {
		return err
	}
	checker, err := validate.Compile(c, ds, validate.Options{Today: standsAt, Token: func(id string) string { return id }})
	if err != nil {
		return err
	}
	src, err := os.Open(in.utf8)
	if err != nil {
		return err
	}
	defer src.Close()
	records := format.NewCSV(src, ds.Delivery.Delimiter)
	first, err := records.Next()
	if err != nil {
		return err
	}
	bound, err := checker.Bind(first.Fields)
	if err != nil {
		return err
	}
	seed, seen := maphash.MakeSeed(), map[uint64]bool{}
	in.bytes = fileSize(in.utf8)
	return writeFile(in.clean, func(w io.Writer) error {
		for {
			rec, err := records.Next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			in.rows++
			h := maphash.Bytes(seed, rec.Raw)
			if _, fail := bound.Row(rec); fail != nil || seen[h] {
				continue
			}
			seen[h] = true
			in.accepted++
			if _, err := w.Write(append(rec.Raw, '\n')); err != nil {
				return err
			}
		}
	})
}

// cutQuarter writes the first quarter of the rows.
func (in *inputs) cutQuarter() error {
	doc, err := os.ReadFile(in.utf8)
	if err != nil {
		return err
	}
	cut := bytes.IndexByte(doc[len(doc)/4:], '\n')
	if cut < 0 {
		return fmt.Errorf("%s has no line end in its last three quarters", in.utf8)
	}
	return os.WriteFile(in.quarter, doc[:len(doc)/4+cut+1], 0o600)
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
