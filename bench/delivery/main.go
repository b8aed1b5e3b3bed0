// Command delivery measures the delivery road: rows per second from a CSV file
// to a committed Iceberg snapshot, beside what the same machine does with the
// same file in other ways. Run it by make bench-delivery.
//
// It simulates one month of a dataset, then runs the contenders in turn, each
// repetition in a process of its own so that its peak memory is its own, and
// prints medians as a table and as one JSON document. Repetitions alternate
// between contenders: a machine that is slower for a minute is slower for all.
//
// The contenders are the whole road into a fresh data folder; (a) the floor,
// DuckDB alone copying the same file to Parquet compressed with zstd, with the
// same engine settings; (b) PostgreSQL 15, COPY into a table with the same
// checks as constraints, in a private cluster of default settings. PostgreSQL
// is left out, and the report says why, where it is not installed.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// options are what may be set on the command line.
type options struct {
	scale       float64 // share of the population that is simulated
	repeat      int     // repetitions of each contender
	small       int     // deliveries of ten rows
	historyRows int     // rows of each month of the table that is corrected
	months      int     // months of that table
	json        string  // file for the JSON document; "-" is standard output
	work        string  // folder for everything that is written
	profile     string  // folder for profiles of one delivery; "" for none
}

func main() {
	if err := run(os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench-delivery:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) > 1 && args[0] == childCommand {
		return child(args[1], args[2:])
	}
	var o options
	f := flag.NewFlagSet("bench-delivery", flag.ContinueOnError)
	f.Float64Var(&o.scale, "scale", 0.2, "share of the population to simulate; 0.2 gives about 1.1 million rows")
	f.IntVar(&o.repeat, "repeat", 3, "repetitions of each contender")
	f.IntVar(&o.small, "small", 50, "deliveries of ten rows, to find the fixed cost")
	f.IntVar(&o.historyRows, "history-rows", 200_000, "rows per month of the table that is corrected")
	f.IntVar(&o.months, "history-months", 24, "months of the table that is corrected")
	f.StringVar(&o.json, "json", "-", "file for the JSON document; - is standard output")
	f.StringVar(&o.work, "work", "", "folder for what is written; default a temporary one, removed at the end")
	f.StringVar(&o.profile, "profile", "", "folder for CPU and allocation profiles of one delivery, instead of measuring")
	if err := f.Parse(args); err != nil {
		return err
	}
	if o.repeat < 1 || o.small < 1 || o.months < 1 || o.historyRows < 100 || o.scale <= 0 || o.scale > 1 {
		return errors.New("counts must be positive, -history-rows at least 100 and -scale in (0, 1]")
	}
	if o.work == "" {
		dir, err := os.MkdirTemp("", "jinyang-bench-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.work = dir
	}
	return measure(context.Background(), o)
}

// measure runs everything and prints the report.
func measure(ctx context.Context, o options) error {
	in, err := prepare(ctx, o)
	if err != nil {
		return err
	}
	b := &bencher{o: o, in: in}
	if o.profile != "" {
		return b.profile(ctx)
	}
	r, err := b.report(ctx)
	if err != nil {
		return err
	}
	r.print(os.Stderr)
	doc, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	doc = append(doc, '\n')
	if o.json == "-" {
		_, err = os.Stdout.Write(doc)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(o.json), 0o755); err != nil {
		return err
	}
	return os.WriteFile(o.json, doc, 0o644)
}
