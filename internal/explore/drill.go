package explore

import (
	"strings"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Drill completes the question for what stands behind a cell: the period and
// conditions as texts, dimensions by the names of the table. A period is that of
// a row, also the label of one.
func Drill(c *city.City, d analysis.Drill, period string, where []string) (analysis.Drill, error) {
	ind, err := c.Indicator(d.Indicator)
	if err != nil {
		return d, err
	}
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return d, err
	}
	m := measure{indicator: ind, dataset: ds}
	if period != "" {
		if d.Period, err = city.ParseSpan(fullLabel(period)); err != nil {
			return d, err
		}
	}
	if d.Where, err = analysis.ParseWhere(where); err != nil {
		return d, err
	}
	for i, w := range d.Where {
		if field, ok := m.field(c, w.Field); ok {
			d.Where[i].Field = field
		}
	}
	dims := map[string]string{}
	for name, v := range d.Dims {
		field, ok := m.dimension(c, name)
		if !ok {
			return d, impossible("%s has no dimension %q", ind.Name, name).WithHint("%s", dimensionHint(c, ind))
		}
		dims[field] = v
	}
	d.Dims = dims
	return d, nil
}

// fullLabel writes the label of months that are stated together, such as
// 2024-01..02, as a range of months.
func fullLabel(label string) string {
	from, to, ok := strings.Cut(label, "..")
	if ok && len(from) == len("2024-01") && len(to) == len("02") {
		return from + ".." + from[:len("2024-")] + to
	}
	return label
}
