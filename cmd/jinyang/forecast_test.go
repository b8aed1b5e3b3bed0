package main

import (
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// TestReadSeries reads days and months in any order, once each.
func TestReadSeries(t *testing.T) {
	t.Parallel()
	daily := "date,value\n2024-02-02,3\n2024-02-01,1\n2024-02-01,9\n2024-01-31,50\n"
	for day := range 20 {
		daily += "2024-03-" + string("0123456789"[(day+1)/10]) + string("0123456789"[(day+1)%10]) + ",4\n"
	}
	for _, tt := range []struct {
		how, in, month string
		want           float64
		n              int
	}{
		{"mean", daily, "2024-02", 2, 2}, // January holds one day and is left out
		{"sum", daily, "2024-03", 80, 2},
		{"last", daily, "2024-02", 3, 2},
		{"mean", "2024-01,7\n2024-02,8\n", "2024-01", 7, 2},
		{"mean", "2024-01,7\n2024-02,\n", "2024-01", 7, 1},
	} {
		got, err := readSeries(strings.NewReader(tt.in), tt.how)
		d, _ := city.ParseDate(tt.month + "-01")
		if err != nil || got[d] != tt.want || len(got) != tt.n {
			t.Errorf("%s of %q: %v %v", tt.how, tt.in[:20], got, err)
		}
	}
	for _, in := range []string{"2024-01,7\nx,1\n", "2024-01,7\n2024-02,x\n", "2024,7\n2024,7\n", "a\n"} {
		if got, err := readSeries(strings.NewReader(in), "mean"); err == nil {
			t.Errorf("%q is taken: %v", in, got)
		}
	}
}

// FuzzReadSeries holds that no bytes end the program.
func FuzzReadSeries(f *testing.F) {
	f.Add("date,value\n2024-02-02,3\n")
	f.Add("2024-01,1e309\n\"")
	f.Fuzz(func(t *testing.T, in string) {
		if months, err := readSeries(strings.NewReader(in), "mean"); err == nil && len(months) > maxSeries {
			t.Errorf("%d months", len(months))
		}
	})
}
