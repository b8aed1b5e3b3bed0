package lake

import (
	"context"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Ranger is an Engine that tells from when to when the rows of files are, so
// that a question about one month does not open the files of the others.
type Ranger interface {
	// Ranges gives the first and the last day of a date or moment in the files of
	// a view. A file of which nothing is known has no entry.
	Ranges(ctx context.Context, v *View, column string) (map[string]city.Span, error)
}

// Within gives the view of those files that may hold rows of the given days, by
// the ranges of their files. A zero From is before all days. Files without a
// range stay, and so does everything else that a view says.
func (v *View) Within(ranges map[string]city.Span, days []city.Span) *View {
	out := *v
	out.Files = nil
	for _, f := range v.Files {
		if r, known := ranges[f]; !known || slices.ContainsFunc(days, func(s city.Span) bool { return overlap(r, s) }) {
			out.Files = append(out.Files, f)
		}
	}
	return &out
}

func overlap(a, b city.Span) bool { return !a.To.Before(b.From) && !b.To.Before(a.From) }
