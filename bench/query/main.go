// Command query measures answers: the declared questions of questions.yaml asked
// of the program by HTTP, and the same questions asked of other engines over the
// same Parquet files. Run it by make bench-query.
//
// It simulates a city once, has the real program deliver it, and keeps that data
// folder in a cache; every run starts from a copy, so that runs see the same
// rows. Then it asks every question of every contender in turn, again and
// again: a machine that is slower for a minute is slower for all. All answers
// must be equal, or the run fails.
//
// The contenders, each in a process of its own:
//
//	cold     the program, which has not answered the question in this state before: no answer and no partial result is kept. Files' footers are known
//	warm     the program, asked the same question again
//	duckdb   (a) SQL written by hand, in the program's own DuckDB with the program's settings; no HTTP
//	cube     (b) Cube with its DuckDB driver, by HTTP, nothing cached
//	chdb     (c) ClickHouse's engine in process, SQL written by hand
//
// Then it measures what the guard of small groups costs, the pages of the board and of a target, 200 readers while a
// delivery lands, and what all indicators take anew and after a new month. A
// contender that cannot be had is left out, and the report says why.
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
	scale    float64 // share of the population that is simulated
	repeat   int     // times that each question is asked of each contender
	only     string  // part of the names of the questions to ask; "" is all
	parts    string  // which measurements: questions, guard, pages, readers, refresh
	requests int     // of each page and number of clients
	readers  int     // of the board while a delivery lands
	json     string  // file for the JSON document; "-" is standard output
	cache    string  // folder for the city and the peers
}

func main() {
	if err := run(os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench-query:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) > 1 && args[0] == childCommand {
		return child(context.Background(), args[1], args[2:])
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	return measure(context.Background(), o)
}

func parse(args []string) (o options, err error) {
	f := flag.NewFlagSet("bench-query", flag.ContinueOnError)
	f.Float64Var(&o.scale, "scale", 0.2, "share of the population to simulate; 0.2 gives about 26 million rows")
	f.IntVar(&o.repeat, "repeat", 7, "times that each question is asked of each contender; three times as often when it takes less than 100 ms")
	f.StringVar(&o.only, "only", "", "ask only the questions whose names hold this text")
	f.StringVar(&o.parts, "parts", "questions,guard,pages,readers,refresh", "what to measure")
	f.IntVar(&o.requests, "requests", 4000, "requests of each page and number of clients")
	f.IntVar(&o.readers, "readers", 200, "readers of the board while a delivery lands")
	f.StringVar(&o.json, "json", "-", "file for the JSON document; - is standard output")
	f.StringVar(&o.cache, "cache", "", "folder that keeps the simulated city and the peers; default jinyang-bench in the user's cache folder")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.repeat < 1 || o.requests < 1 || o.readers < 1 || o.scale <= 0 || o.scale > 1 {
		return o, errors.New("counts must be positive and -scale in (0, 1]")
	}
	if o.cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return o, err
		}
		o.cache = filepath.Join(dir, "jinyang-bench")
	}
	o.cache, err = filepath.Abs(o.cache)
	return o, err
}

// measure runs everything and prints the report.
func measure(ctx context.Context, o options) error {
	b, err := prepare(ctx, o)
	if err != nil {
		return err
	}
	r, err := b.report(ctx)
	if err != nil {
		return err
	}
	r.print(os.Stderr)
	if err := writeJSON(o.json, r); err != nil {
		return err
	}
	if len(r.Errors) > 0 {
		return fmt.Errorf("%d answers differ or failed", len(r.Errors))
	}
	return nil
}

func writeJSON(path string, r *report) error {
	doc, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	doc = append(doc, '\n')
	if path == "-" {
		_, err = os.Stdout.Write(doc)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, doc, 0o644)
}
