package main

import (
	"strings"
	"testing"
)

func TestQuantile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		x       []float64
		q, want float64
	}{
		{[]float64{3}, 0.5, 3},
		{[]float64{3, 1}, 0.5, 2},
		{[]float64{9, 1, 2}, 0.5, 2},
		{[]float64{9, 1, 2}, 1, 9},
		{[]float64{9, 1, 2}, 0, 1},
	} {
		if got := quantile(c.x, c.q); got != c.want {
			t.Errorf("quantile(%v, %v) is %v, want %v", c.x, c.q, got, c.want)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	one := func(name string, seconds, peak float64) result {
		r := result{Name: name, Rows: 100}
		r.add(&sample{Seconds: []float64{seconds}, PeakMiB: peak})
		r.settle()
		return r
	}
	r := report{CorrectSeconds: 3, AnewSeconds: 2,
		Results: []result{one("road", 2, 300), one("floor", 1, 0), one("postgres", 10, 0), one("road_quarter", 1, 200)}}
	r.compare()
	if r.OfFloor != 0.5 || r.OfPostgres != 5 || r.Growth != 1.5 || r.OfAnew != 1.5 {
		t.Errorf("got %+v", r)
	}
	var out strings.Builder
	r.print(&out)
	for _, want := range []string{"road / floor 0.50", "PostgreSQL 5.0", "quarter 1.50", "1.50 (aim 2)"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	lines := []string{"a,b\n", "2024-01,1\n", "2024-01,2\r\n"}
	if got := inMonth(lines, 23); got != "a,b\n2025-12,1\n2025-12,2\r\n" {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(corrections(lines), ""); got != "a,b\n2024-01,1.23\n" {
		t.Errorf("got %q", got)
	}
}
