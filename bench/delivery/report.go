package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// report is everything that was measured. Ratios are of medians.
type report struct {
	Dataset    string   `json:"dataset"`
	Scale      float64  `json:"scale"`
	Rows       int64    `json:"rows"`
	Bytes      int64    `json:"bytes"`
	Repeat     int      `json:"repeat"`
	CPUs       int      `json:"cpus"`
	LoadBefore float64  `json:"load_before"` // of one minute; what else ran disturbs every figure
	LoadAfter  float64  `json:"load_after"`
	Results    []result `json:"results"`
	Without    []string `json:"without,omitempty"` // what could not be measured, and why

	OfFloor    float64 `json:"road_of_floor"`               // rows/s of the road, as a share of the floor's
	OfFloorCPU float64 `json:"road_of_floor_cpu,omitempty"` // the same, with processor time in place of time
	OfPostgres float64 `json:"road_of_postgres,omitempty"`  // the same, of PostgreSQL's
	Growth     float64 `json:"peak_growth"`                 // peak memory of the file, as a multiple of its first quarter's

	FixedMS      float64 `json:"fixed_ms"` // a delivery of ten rows
	FixedWorstMS float64 `json:"fixed_worst_ms"`

	HistoryMonths  int     `json:"history_months"`
	HistoryRows    int     `json:"history_rows"` // per month
	CorrectRows    int     `json:"correct_rows"`
	CorrectSeconds float64 `json:"correct_seconds"`
	AnewSeconds    float64 `json:"anew_seconds"`
	OfAnew         float64 `json:"correct_of_anew"`
}

// result is one contender.
type result struct {
	Name       string    `json:"name"`
	Rows       int64     `json:"rows"`
	Seconds    []float64 `json:"seconds"` // of each repetition
	Median     float64   `json:"median_seconds"`
	RowsPerSec float64   `json:"rows_per_second"`
	CPU        []float64 `json:"cpu_seconds,omitempty"` // processor time of each repetition, which other processes disturb less than its duration
	MedianCPU  float64   `json:"median_cpu_seconds,omitempty"`
	Spread     float64   `json:"spread"` // slowest over fastest repetition
	PeakMiB    float64   `json:"peak_mib,omitempty"`
}

func (r *result) add(s *sample) {
	r.Seconds = append(r.Seconds, s.Seconds[0])
	if s.CPUSeconds > 0 { // not of servers
		r.CPU = append(r.CPU, s.CPUSeconds)
	}
	r.PeakMiB = max(r.PeakMiB, s.PeakMiB)
}

func (r *result) settle() {
	r.Median = median(r.Seconds)
	if len(r.CPU) > 0 {
		r.MedianCPU = median(r.CPU)
	}
	r.RowsPerSec = float64(r.Rows) / r.Median
	r.Spread = slices.Max(r.Seconds) / slices.Min(r.Seconds)
}

// compare computes the ratios.
func (r *report) compare() {
	by := map[string]result{}
	for _, x := range r.Results {
		by[x.Name] = x
	}
	road := by["road"]
	r.OfFloor = road.RowsPerSec / by["floor"].RowsPerSec
	if road.MedianCPU > 0 {
		r.OfFloorCPU = by["floor"].MedianCPU / road.MedianCPU
	}
	if pg, ok := by["postgres"]; ok {
		r.OfPostgres = road.RowsPerSec / pg.RowsPerSec
	}
	r.Growth = road.PeakMiB / by["road_quarter"].PeakMiB
	r.OfAnew = r.CorrectSeconds / r.AnewSeconds
}

// print writes the report as a table.
func (r *report) print(out io.Writer) {
	fmt.Fprintf(out, "%s, %d rows, %.1f MB, medians of %d, %d CPUs, load %.1f before and %.1f after\n\n",
		r.Dataset, r.Rows, float64(r.Bytes)/1e6, r.Repeat, r.CPUs, r.LoadBefore, r.LoadAfter)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "contender\tseconds\trows/s\tslowest/fastest\tCPU seconds\tpeak MiB\t")
	for _, x := range r.Results {
		fmt.Fprintf(w, "%s\t%.2f\t%.0f\t%.2f\t%.2f\t%.0f\t\n", x.Name, x.Median, x.RowsPerSec, x.Spread, x.MedianCPU, x.PeakMiB)
	}
	_ = w.Flush() // standard error: nothing better could be done about it
	fmt.Fprintf(out, "\nroad / floor %.2f (aim 0.6), by processor time %.2f", r.OfFloor, r.OfFloorCPU)
	if r.OfPostgres > 0 {
		fmt.Fprintf(out, "   road / PostgreSQL %.1f (aim 5)", r.OfPostgres)
	}
	fmt.Fprintf(out, "   peak of the file / of its quarter %.2f\n", r.Growth)
	fmt.Fprintf(out, "ten rows %.0f ms (aim 100), at worst %.0f ms\n", r.FixedMS, r.FixedWorstMS)
	fmt.Fprintf(out, "correcting %d of %d rows in a table of %d months %.2f s, the month anew %.2f s: %.2f (aim 2)\n",
		r.CorrectRows, r.HistoryRows, r.HistoryMonths, r.CorrectSeconds, r.AnewSeconds, r.OfAnew)
	for _, x := range r.Without {
		fmt.Fprintln(out, "not measured:", x)
	}
}

func median(x []float64) float64 { return quantile(x, 0.5) }

// quantile gives the value below which the share q of x lies.
func quantile(x []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(x))
	at := q * float64(len(s)-1)
	i := int(at)
	if i+1 >= len(s) {
		return s[i]
	}
	return s[i] + (at-float64(i))*(s[i+1]-s[i])
}
