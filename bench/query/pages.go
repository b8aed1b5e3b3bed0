package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// page is how fast one page of the API is.
type page struct {
	Name      string  `json:"name"`
	Clients   int     `json:"clients"`
	Requests  int     `json:"requests"`
	Bytes     int     `json:"bytes"`
	Median    float64 `json:"median_ms"`
	P99       float64 `json:"p99_ms"`
	Worst     float64 `json:"worst_ms"`
	PerSecond float64 `json:"per_second"`
}

// The pages that are measured: the board of the year whose targets have most
// rows behind them, and the target that has most of all.
var pagesMeasured = []struct{ name, path string }{
	{"board", "/api/v1/targets?year=2023"},
	{"target", "/api/v1/targets/insurance.pension.2023"},
}

// pages measures the pages warm, with kept connections.
func (b *bench) pages(ctx context.Context, r *report) error {
	p, err := b.serve(ctx, false, false)
	if err != nil {
		return err
	}
	for _, x := range pagesMeasured {
		for _, clients := range []int{1, 8} {
			got, err := p.hammer(ctx, x.path, clients, b.o.requests)
			if err != nil {
				return errors.Join(err, p.stop())
			}
			got.Name = x.name
			r.Pages = append(r.Pages, got)
		}
	}
	r.Peak["pages"] = p.peak()
	return p.stop()
}

// hammer asks for a page again and again.
func (p *program) hammer(ctx context.Context, path string, clients, requests int) (page, error) {
	doc, err := fetch(ctx, p.client, p.base+path, nil) // now it is warm
	if err != nil {
		return page{}, err
	}
	all := make([][]float64, clients)
	errs := make([]error, clients)
	start := time.Now()
	var wait sync.WaitGroup
	for i := range clients {
		wait.Go(func() { all[i], errs[i] = again(ctx, p.client, p.base+path, requests/clients) })
	}
	wait.Wait()
	took := time.Since(start).Seconds()
	var ms []float64
	for _, x := range all {
		ms = append(ms, x...)
	}
	return page{Clients: clients, Requests: len(ms), Bytes: len(doc), Median: median(ms), P99: quantile(ms, 0.99), Worst: quantile(ms, 1), PerSecond: float64(len(ms)) / took}, errors.Join(errs...)
}

func again(ctx context.Context, c *http.Client, address string, n int) ([]float64, error) {
	ms := make([]float64, 0, n)
	for range n {
		start := time.Now()
		if _, err := fetch(ctx, c, address, nil); err != nil {
			return ms, fmt.Errorf("after %d requests: %w", len(ms), err)
		}
		ms = append(ms, float64(time.Since(start).Microseconds())/1000)
	}
	return ms, nil
}
