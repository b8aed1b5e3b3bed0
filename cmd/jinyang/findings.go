package main

import (
	"fmt"
	"io"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
)

// noticedText prints what a receipt notes beside its rows: findings of checks
// over the batch, and columns that changed.
func noticedText(w io.Writer, r *delivery.Receipt) {
	for _, f := range r.Findings {
		fmt.Fprintf(w, "  %6d noticed: %s", f.Count, f.Code)
		if f.Field != "" {
			fmt.Fprintf(w, " (%s)", f.Field)
		}
		fmt.Fprintf(w, ": %s", f.Message)
		if len(f.Sample) > 0 && f.Sample[0].Row > 0 {
			fmt.Fprintf(w, "; for example row %d", f.Sample[0].Row)
		} else if len(f.Sample) > 0 {
			fmt.Fprintf(w, "; for example %s", f.Sample[0].Message)
		}
		fmt.Fprintln(w)
	}
	for _, d := range r.Drift {
		fmt.Fprintf(w, "  column %s\n", driftText(&d))
	}
}

func driftText(d *validate.Drift) string {
	switch d.Kind {
	case validate.ColumnRenamed:
		return fmt.Sprintf("%d is called %s; it was %s", d.Position, d.Column, d.Was)
	case validate.ColumnMoved:
		return fmt.Sprintf("%s moved from place %d to %d", d.Column, d.WasPosition, d.Position)
	case validate.ColumnMissing:
		return d.Column + " is missing"
	}
	if d.Column == "" {
		return fmt.Sprintf("%d is new", d.Position)
	}
	return fmt.Sprintf("%d is new: %s", d.Position, d.Column)
}
