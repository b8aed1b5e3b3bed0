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
}

// rowByRow is the layout that is right for every question, at a price.
var rowByRow = layout{}

// choose picks the cheapest layout that is right for the question.
func choose(k *compiler) layout {
	ind := k.req.Indicator
	if ind.Window == city.WindowStock {
		return layout{bucket: city.GrainMonth, last: !disjoint(k.windows, city.GrainMonth)}
	}
	if disjoint(k.windows, k.req.Grain) {
		return layout{bucket: k.req.Grain}
	}
	anchored := ind.Window == city.WindowYear || ind.Window == city.WindowAll
	if k.has(city.MeasurePercentile) || k.has(city.MeasureCountDistinct) && !anchored {
		return rowByRow
	}
	if wholeMonths(k.windows) {
		return layout{bucket: city.GrainMonth, first: anchored}
	}
	return layout{bucket: city.GrainDay, first: anchored}
}

func (k *compiler) has(kind city.MeasureKind) bool {
	return slices.ContainsFunc(k.leaves, func(l *leaf) bool { return l.node.Kind == kind })
}
