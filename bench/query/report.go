package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// report is everything that was measured. Times are in milliseconds, memory in MiB.
type report struct {
	Scale      float64            `json:"scale"`
	Rows       int64              `json:"rows"` // of the tables that the questions read
	Repeat     int                `json:"repeat"`
	CPUs       int                `json:"cpus"`
	LoadBefore float64            `json:"load_before"` // of one minute; what else ran disturbs every figure
	LoadAfter  float64            `json:"load_after"`
	Questions  []timing           `json:"questions"`
	Ratio      map[string]float64 `json:"cold_of,omitempty"`            // the program cold, as a multiple of each contender: the geometric mean over the questions, of medians
	RatioBest  map[string]float64 `json:"cold_of_best,omitempty"`       // the same, of the fastest
	RatioCPU   float64            `json:"cold_of_duckdb_cpu,omitempty"` // the same of the processors' time, which others disturb least, beside DuckDB
	Guard      []guardTiming      `json:"guard,omitempty"`
	Ahead      map[string]string  `json:"ahead_of,omitempty"`
	Peak       map[string]float64 `json:"peak_mib,omitempty"`
	Pages      []page             `json:"pages,omitempty"`
	Readers    *readersResult     `json:"readers,omitempty"`
	Refresh    *refreshResult     `json:"refresh,omitempty"`
	Without    []string           `json:"without"` // what could not be measured, and why
	Errors     []string           `json:"errors"`  // answers that differ, and questions that failed
}

// timing is one question.
type timing struct {
	Name      string               `json:"name"`
	Title     string               `json:"title"`
	Values    int                  `json:"values"`
	MS        map[string][]float64 `json:"ms"`
	CPU       map[string][]float64 `json:"cpu_ms"` // of processors; 0 where a contender does not tell
	MedianCPU map[string]float64   `json:"median_cpu_ms"`
	Median    map[string]float64   `json:"median_ms"`
	Best      map[string]float64   `json:"best_ms"` // what other processes disturb least
	Notes     []string             `json:"notes,omitempty"`
}

func (t *timing) note(text string) {
	if !slices.Contains(t.Notes, text) {
		t.Notes = append(t.Notes, text)
	}
}

func (t *timing) settle() {
	for name, ms := range t.MS {
		t.Median[name], t.Best[name], t.MedianCPU[name] = median(ms), slices.Min(ms), median(t.CPU[name])
	}
}

func (r *report) fail(question, contender, what string) {
	if text := question + ", " + contender + ": " + what; !slices.Contains(r.Errors, text) {
		r.Errors = append(r.Errors, text)
	}
}

// compare sets the program, cold, against the others.
func (r *report) compare() {
	r.Ratio, r.RatioBest, r.Ahead = map[string]float64{}, map[string]float64{}, map[string]string{}
	for _, name := range []string{"duckdb", "cube", "chdb"} {
		var ratios, best []float64
		ahead := 0
		for _, t := range r.Questions {
			if m, ok := t.Median[name]; ok && t.Median["cold"] > 0 {
				ratios, best = append(ratios, t.Median["cold"]/m), append(best, t.Best["cold"]/t.Best[name])
				if t.Median["cold"] < m {
					ahead++
				}
			}
		}
		if len(ratios) > 0 {
			r.Ratio[name], r.RatioBest[name] = geometric(ratios), geometric(best)
			r.Ahead[name] = fmt.Sprintf("%d of %d", ahead, len(ratios))
		}
	}
	var cpu []float64
	for _, t := range r.Questions {
		if ours, hand := t.MedianCPU["cold"], t.MedianCPU["duckdb"]; ours > 0 && hand > 0 {
			cpu = append(cpu, ours/hand)
		}
	}
	if len(cpu) > 0 {
		r.RatioCPU = geometric(cpu)
	}
}

// print writes the report as tables.
func (r *report) print(out io.Writer) {
	fmt.Fprintf(out, "scale %v, %d rows, medians of %d, %d CPUs, load %.1f before and %.1f after\n\n", r.Scale, r.Rows, r.Repeat, r.CPUs, r.LoadBefore, r.LoadAfter)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	if len(r.Questions) > 0 {
		fmt.Fprintln(w, "question\tvalues\tcold ms\twarm ms\tduckdb ms\tcube ms\tchdb ms\tcold/duckdb\tof fastest\tof processors\t")
	}
	for _, t := range r.Questions {
		fmt.Fprintf(w, "%s\t%d\t", t.Name, t.Values)
		for _, name := range []string{"cold", "warm", "duckdb", "cube", "chdb"} {
			fmt.Fprintf(w, "%s\t", figure(t.Median[name]))
		}
		fmt.Fprintf(w, "%.2f\t%.2f\t%.2f\t\n", t.Median["cold"]/t.Median["duckdb"], t.Best["cold"]/t.Best["duckdb"], t.MedianCPU["cold"]/t.MedianCPU["duckdb"])
	}
	_ = w.Flush() // standard error: nothing better could be done about it
	for _, name := range []string{"duckdb", "cube", "chdb"} {
		if r.Ratio[name] > 0 {
			fmt.Fprintf(out, "cold / %s %.2f, of the fastest %.2f, ahead on %s\n", name, r.Ratio[name], r.RatioBest[name], r.Ahead[name])
		}
	}
	if r.RatioCPU > 0 {
		fmt.Fprintf(out, "cold / duckdb by the processors' time %.2f\n", r.RatioCPU)
	}
	for _, name := range []string{"cold", "duckdb", "cube", "chdb", "pages", "readers", "refresh"} {
		if r.Peak[name] > 0 {
			fmt.Fprintf(out, "peak memory, %s: %.0f MiB\n", name, r.Peak[name])
		}
	}
	r.printRest(out)
}

func (r *report) printRest(out io.Writer) {
	for _, g := range r.Guard {
		fmt.Fprintf(out, "%s, small groups withheld: first after a change %.1f ms, the next question %.1f ms, not withheld %.1f ms (processors %.1f, %.1f, %.1f)\n",
			g.Name, g.First.wall(), g.Next.wall(), g.Open.wall(), g.First.cpu(), g.Next.cpu(), g.Open.cpu())
	}
	for _, p := range r.Pages {
		fmt.Fprintf(out, "%s, %d clients: median %.2f ms, p99 %.2f ms, worst %.1f ms, %.0f/s, %d bytes\n", p.Name, p.Clients, p.Median, p.P99, p.Worst, p.PerSecond, p.Bytes)
	}
	if x := r.Readers; x != nil {
		fmt.Fprintf(out, "%d readers while %d deliveries land in %.1f s: %d answers, %d errors, median %.1f ms, p99 %.1f ms, worst %.1f ms, %d states seen\n",
			x.Readers, x.Deliveries, x.Seconds, x.Answers, x.Errors, x.Median, x.P99, x.Worst, x.States)
	}
	if x := r.Refresh; x != nil {
		fmt.Fprintf(out, "%d indicators in %d questions: anew %.2f s, keeping for the first time %.2f s, after a new month of %d rows %.2f s: %.3f of anew (aim 0.1); %d units kept in %d tables\n",
			x.Indicators, x.Questions, x.Full, x.First, x.Rows, x.Refresh, x.Share, x.Kept.Units, x.Kept.Tables)
	}
	for _, x := range r.Without {
		fmt.Fprintln(out, "not measured:", x)
	}
	for _, t := range r.Questions {
		for _, n := range t.Notes {
			fmt.Fprintf(out, "%s: %s\n", t.Name, n)
		}
	}
	for _, x := range r.Errors {
		fmt.Fprintln(out, "ERROR:", x)
	}
}

func figure(ms float64) string {
	if ms == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", ms)
}
