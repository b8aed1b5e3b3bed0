package metric

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// layout is the way from rows to windows.
type layout struct {
	// bucket is the grain that rows are summed by before they are joined to the
	// windows; empty when each row is joined to each window that holds it.
	bucket city.Grain
	// first counts a distinct value in the bucket of its first appearance.
	first bool
	// last narrows each window to its last month that has rows.
	last bool
	// lists hands over the values of percentiles, and days the number of days that
	// have a value, in units by day or month. The SQL of a whole question knows
	// neither.
	lists, days bool
	// floor puts all rows before that bucket into it: no window of a question that
	// counts from the beginning ends earlier. Zero is none.
	floor city.Date
}

// rowByRow is the layout that is right for every question, at a price.
var rowByRow = layout{}

// choose picks the cheapest layout that is right for the question.
func choose(p *part) layout {
	if p.req.windowKind() == city.WindowStock {
		return layout{bucket: city.GrainMonth, last: !disjoint(p.windows, city.GrainMonth)}
	}
	for _, g := range []city.Grain{p.req.Grain, city.GrainYear, city.GrainMonth, city.GrainDay} {
		if g != city.GrainAll && disjoint(p.windows, g) {
			return layout{bucket: g}
		}
	}
	first := anchored(p.windows)
	if p.has(city.MeasurePercentile) || p.has(city.MeasureCountDistinct) && !first {
		return rowByRow
	}
	if wholeMonths(p.windows) {
		return layout{bucket: city.GrainMonth, first: first}
	}
	return layout{bucket: city.GrainDay, first: first}
}

func (p *part) has(kind city.MeasureKind) bool {
	return slices.ContainsFunc(p.leaves, func(l *leaf) bool { return l.node.Kind == kind })
}
