package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// correction compares correcting one row of a hundred of a month in the middle
// of a table with delivering that month anew, into tables alike.
func (b *bencher) correction(ctx context.Context, r *report) error {
	lines, err := b.lines(b.o.historyRows)
	if err != nil {
		return err
	}
	var files []string
	for i := range b.o.months {
		path := filepath.Join(b.o.work, fmt.Sprintf("history-%d.csv", i))
		if err := os.WriteFile(path, []byte(inMonth(lines, i)), 0o600); err != nil {
			return err
		}
		files = append(files, path)
	}
	corrected := filepath.Join(b.o.work, "corrected.csv")
	if err := os.WriteFile(corrected, []byte(inMonth(corrections(lines), b.o.months/2)), 0o600); err != nil {
		return err
	}
	again := filepath.Join(b.o.work, "again.csv")
	if err := os.WriteFile(again, []byte(inMonth(lines, b.o.months)), 0o600); err != nil {
		return err
	}
	var correct, anew []float64
	for range b.o.repeat {
		// The month is new to the table, as a month that is delivered is.
		s, err := b.fresh(ctx, "road", append(files, corrected, again)...)
		if err != nil {
			return err
		}
		correct = append(correct, s.Seconds[len(files)])
		anew = append(anew, s.Seconds[len(files)+1])
	}
	r.CorrectRows, r.HistoryRows, r.HistoryMonths = b.o.historyRows/100, b.o.historyRows, b.o.months
	r.CorrectSeconds, r.AnewSeconds = median(correct), median(anew)
	return nil
}

// inMonth dates rows of the simulated month to the n-th after it.
func inMonth(lines []string, n int) string {
	to := fmt.Sprintf("%04d-%02d", 2024+n/12, 1+n%12)
	var out strings.Builder
	for _, l := range lines {
		out.WriteString(strings.Replace(l, month, to, 1))
	}
	return out.String()
}

// corrections are one row of a hundred, with the amount that was paid replaced.
func corrections(lines []string) []string {
	out := []string{lines[0]}
	for i := 1; i < len(lines); i += 100 {
		l := strings.TrimRight(lines[i], "\r\n")
		out = append(out, l[:strings.LastIndexByte(l, ',')+1]+"1.23\n")
	}
	return out
}
