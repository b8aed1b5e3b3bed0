package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
)

type demoFlags struct {
	data, pack, until, listen string
	scale                     float64
	seed                      uint64
	once                      bool
}

func (c *cli) demo() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Simulate a city, deliver its data, compute the targets, and serve the console",
		Long: "Simulates Taiyuan from a seed, delivers the files that the province and the bureaus would send by the\n" +
			"road that real ones take, computes the targets and serves the console. All figures are labelled as simulated.\n" +
			"Without --data it works in a temporary folder, which is removed at the end.",
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runDemo(cmd.Context(), f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.data, "data", "", "data folder; a temporary one by default")
	fl.StringVar(&f.pack, "pack", "", "folder of the city pack; the embedded one of Taiyuan by default")
	scaleFlag(cmd, &f.scale)
	fl.StringVar(&f.until, "until", "2024-10-31", "the day that the city stands at")
	fl.StringVar(&f.listen, "listen", "127.0.0.1:8080", "address to serve at, loopback only")
	fl.Uint64Var(&f.seed, "seed", 1, "seed of the simulation")
	fl.BoolVar(&f.once, "once", false, "stop after computing; do not serve")
	return cmd
}

// demoReport is what demo --once --json prints.
type demoReport struct {
	*app.DemoResult
	Data      string         `json:"data"`
	Today     city.Date      `json:"today"`
	Scale     float64        `json:"scale"`
	Simulated bool           `json:"simulated"`
	Counts    map[string]int `json:"targets"` // of the current year, by state
	Total     float64        `json:"total_seconds"`
	PeakMB    int64          `json:"peak_memory_mb"`
}

func (c *cli) runDemo(ctx context.Context, f demoFlags) (err error) {
	until, err := city.ParseDate(f.until)
	if err != nil {
		return &usageError{fmt.Errorf("--until: %w", err)}
	}
	if err := checkScale(f.scale); err != nil {
		return err
	}
	if f.data == "" {
		dir, err := os.MkdirTemp("", "jinyang-demo-*")
		if err != nil {
			return city.Errorf(city.CodeUnavailable, "cannot make a temporary folder: %w", err)
		}
		defer os.RemoveAll(dir)
		f.data = dir
	}
	start := time.Now()
	a, err := app.Open(ctx, app.Options{Data: f.data, Pack: f.pack, Today: until, Log: c.log()})
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, a.Close()) }()
	// The address is taken before the work, so that a port in use is said at once.
	serve, err := c.listen(f.listen, f.once)
	if err != nil {
		return err
	}
	defer serve.close()
	fmt.Fprintf(c.stderr, "Simulating %s at scale %v to %s; all figures are simulated.\n", a.City().Name.EN, f.scale, until)
	res, err := a.Demo(ctx, app.DemoOptions{Scale: f.scale, Until: until, Seed: f.seed, Progress: newProgress(c.stderr).show})
	if err != nil {
		return err
	}
	report, err := demoReportOf(ctx, a, res, f.scale, time.Since(start))
	if err != nil {
		return err
	}
	if f.once {
		return c.print(report, report.text)
	}
	report.text(c.stderr)
	return serve.run(ctx, c, a)
}

func demoReportOf(ctx context.Context, a *app.App, res *app.DemoResult, scale float64, took time.Duration) (*demoReport, error) {
	b, err := a.Analysis.Board(ctx, policy.Local(osActor()), 0)
	if err != nil {
		return nil, err
	}
	r := &demoReport{DemoResult: res, Data: a.Dir, Today: a.Today(), Scale: scale, Simulated: true, Counts: map[string]int{}, Total: took.Seconds(), PeakMB: peakMB()}
	for s, n := range b.Counts {
		r.Counts[string(s)] = n
	}
	return r, nil
}

func (r *demoReport) text(w io.Writer) {
	fmt.Fprintf(w, "%d deliveries, %d rejected: %d received = %d accepted + %d quarantined + %d duplicate\n",
		r.Deliveries, r.Rejected, r.Received, r.Accepted, r.Quarantined, r.Duplicate)
	for _, batch := range r.Waiting {
		fmt.Fprintf(w, "late: %s has not been delivered by %s\n", batch, r.Today)
	}
	fmt.Fprintf(w, "targets of %d: %d met, %d on pace, %d at risk, %d will miss, %d missed, %d without data yet\n", r.Today.Year,
		r.Counts["met"], r.Counts["on_pace"], r.Counts["at_risk"], r.Counts["will_miss"], r.Counts["missed"], r.Counts["no_data"])
	fmt.Fprintf(w, "ready in %.1f s with at most %d MB of memory\n", r.Total, r.PeakMB)
}

// peakMB is the largest resident memory of the process so far, in MiB.
func peakMB() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss / 1024
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
