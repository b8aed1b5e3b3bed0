package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/rollup"
)

// refreshResult is what a new month costs. The questions are those of
// analysis.Service.Refresh: every indicator over all its months, as a whole and
// by each of its dimensions.
type refreshResult struct {
	Indicators int           `json:"indicators"`
	Questions  int           `json:"questions"`
	Full       float64       `json:"full_seconds"`    // all questions after the new month, with nothing kept
	First      float64       `json:"first_seconds"`   // all questions before it, with nothing kept yet, keeping what is summed up
	Refresh    float64       `json:"refresh_seconds"` // all questions after the new month, with what was kept
	Share      float64       `json:"share"`           // Refresh of Full
	Kept       rollup.Counts `json:"kept"`
	PeakMiB    float64       `json:"peak_mib"`
	Rows       int64         `json:"new_rows"`
	Errors     []string      `json:"errors"`
}

// The day that the city stands at when the new month has come.
var nextMonth = city.Date{Year: 2024, Month: time.November, Day: 30}

// demoSeed is that of jinyang demo.
const demoSeed = 1

// refresh measures in a process of its own.
func (b *bench) refresh(ctx context.Context, r *report) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, childCommand, "refresh", b.data, strconv.FormatFloat(b.o.scale, 'g', -1, 64))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	r.Refresh = &refreshResult{}
	if err := json.Unmarshal(out, r.Refresh); err != nil {
		return err
	}
	r.Peak["refresh"] = r.Refresh.PeakMiB
	for _, e := range r.Refresh.Errors {
		r.fail("refresh", "kept", e)
	}
	return nil
}

// refreshChild answers everything, has a month delivered, and answers everything
// again, from what was kept and anew.
func refreshChild(ctx context.Context, data, scale string) error {
	share, err := strconv.ParseFloat(scale, 64)
	if err != nil {
		return err
	}
	a, err := app.Open(ctx, app.Options{Data: data, Existing: true})
	if err != nil {
		return err
	}
	defer a.Close()
	today := a.Today()
	conf := a.Analysis.Config
	conf.Today = func() city.Date { return today }
	who := policy.Principal{Name: "system:bench", Rights: []policy.Right{policy.RightSmallGroups}}
	kept := analysis.New(conf)
	defer kept.Close()
	r := refreshResult{Indicators: len(a.City().Indicators), Errors: []string{}}
	if r.Questions, r.First, err = timed(func() (int, error) { return kept.Refresh(ctx, who) }); err != nil {
		return err
	}
	demo, err := a.Demo(ctx, app.DemoOptions{Scale: share, Until: nextMonth, Seed: demoSeed})
	if err != nil {
		return err
	}
	today, r.Rows = nextMonth, demo.Accepted
	if _, r.Refresh, err = timed(func() (int, error) { return kept.Refresh(ctx, who) }); err != nil {
		return err
	}
	r.Kept, r.PeakMiB = kept.Kept(), peakMiB(os.Getpid())
	anew := analysis.New(conf)
	defer anew.Close()
	if _, r.Full, err = timed(func() (int, error) { return askAll(ctx, anew, kept, who, a.City(), &r) }); err != nil {
		return err
	}
	r.Share = r.Refresh / r.Full
	return json.NewEncoder(os.Stdout).Encode(r)
}

func timed(f func() (int, error)) (n int, seconds float64, err error) {
	start := time.Now()
	n, err = f()
	return n, time.Since(start).Seconds(), err
}

// askAll asks the questions of a refresh in one go each, and compares the
// answers with the kept ones, which takes no time to speak of.
func askAll(ctx context.Context, anew, kept *analysis.Service, who policy.Principal, c *city.City, r *refreshResult) (n int, err error) {
	for _, ind := range c.Indicators {
		for i := -1; i < len(ind.Dimensions); i++ {
			q := analysis.Question{Indicator: ind.Name}
			if i >= 0 {
				q.By = ind.Dimensions[i : i+1]
			}
			a, err := anew.Query(ctx, who, q)
			if err != nil {
				return n, err
			}
			b, err := kept.Query(ctx, who, q)
			if err != nil {
				return n, err
			}
			if text := differ(a, b); text != "" {
				r.Errors = append(r.Errors, fmt.Sprintf("%s by %v: %s", q.Indicator, q.By, text))
			}
			n++
		}
	}
	return n, nil
}

// differ says how two answers differ, or "".
func differ(a, b *analysis.Answer) string {
	if len(a.Rows) != len(b.Rows) {
		return fmt.Sprintf("%d rows anew and %d kept", len(a.Rows), len(b.Rows))
	}
	for i := range a.Rows {
		x, y := a.Rows[i], b.Rows[i]
		if x.Period != y.Period || x.Rows != y.Rows || x.Status != y.Status || x.Display != y.Display || !near(x.Value, y.Value) || !near(x.Previous, y.Previous) {
			return fmt.Sprintf("%s %v: %s anew and %s kept", x.Period, x.Dimensions, x.Display, y.Display)
		}
	}
	return ""
}

func near(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Abs(*a-*b) <= tolerance*max(1, math.Abs(*a))
}
