package explore

import (
	"context"
	"slices"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// plan is a checked question.
type plan struct {
	question Question
	city     *city.City
	by       []string
	period   city.Span // zero when there are no rows at all
	grain    city.Grain
	where    []city.Condition
	asOf     lake.AsOf
	measures []measure
	columns  []Column
}

// measure is one indicator of a plan, with the fields of its own dataset that
// the question's dimensions stand for.
type measure struct {
	index     int
	indicator *city.Indicator
	dataset   *city.Dataset
	show      []Show
	rolling   int
	fields    map[string]string // by name of the question
}

func (s *Service) plan(ctx context.Context, who policy.Principal, q Question) (p *plan, err error) {
	p = &plan{question: q, city: s.City(), by: q.By, grain: q.Grain}
	if p.grain == "" {
		p.grain = city.GrainMonth
	}
	if _, err := city.ParseGrain(string(p.grain)); err != nil {
		return nil, err
	}
	if len(q.Measures) == 0 {
		return nil, impossible("the question names no measure").WithHint("name at least one indicator")
	}
	if p.where, err = analysis.ParseWhere(q.Where); err != nil {
		return nil, err
	}
	if p.asOf, err = s.Answers.ParseAsOf(q.AsOf); err != nil {
		return nil, err
	}
	for i, m := range q.Measures {
		if err := p.add(i, m); err != nil {
			return nil, err
		}
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	p.columns = p.allColumns()
	if err := p.checkOrder(); err != nil {
		return nil, err
	}
	return p, s.resolvePeriod(ctx, who, p)
}

// resolvePeriod reads the period or, when there is none, takes that of all data.
func (s *Service) resolvePeriod(ctx context.Context, who policy.Principal, p *plan) (err error) {
	if p.question.Period != "" {
		if p.period, err = city.ParseSpan(p.question.Period); err != nil {
			return err
		}
		return p.checkSize()
	}
	for _, m := range p.measures {
		span, err := s.Answers.Range(ctx, who, m.indicator.Name, p.asOf)
		if err != nil {
			return err
		}
		if span.IsZero() {
			continue
		}
		if p.period.IsZero() || span.From.Before(p.period.From) {
			p.period.From = span.From
		}
		if span.To.After(p.period.To) {
			p.period.To = span.To
		}
	}
	return p.checkSize()
}

// add finds an indicator and its fields.
func (p *plan) add(index int, q Measure) error {
	ind, err := p.city.Indicator(q.Indicator)
	if err != nil {
		return err
	}
	ds, err := p.city.Dataset(ind.Dataset)
	if err != nil {
		return err
	}
	m := measure{index: index, indicator: ind, dataset: ds, show: q.Show, rolling: q.Rolling, fields: map[string]string{}}
	if len(m.show) == 0 {
		m.show = []Show{ShowValue}
	}
	for i, name := range p.by {
		if slices.Contains(p.by[:i], name) {
			return impossible("the dimension %q is named twice", name).WithHint("name each dimension once")
		}
		field, ok := m.dimension(p.city, name)
		if !ok {
			return p.noDimension(ind, name)
		}
		m.fields[name] = field
	}
	for _, w := range p.where {
		field, ok := m.field(p.city, w.Field)
		if !ok {
			return impossible("%s cannot be narrowed by %q: its dataset has no such field", ind.Name, w.Field).
				WithHint("%s", dimensionHint(p.city, ind))
		}
		m.fields[w.Field] = field
	}
	p.measures = append(p.measures, m)
	return nil
}

// dimension finds the dimension of the measure that a name stands for: that of
// the name or, for a region field of any dataset, its only region. A region is a
// region, whatever a bureau calls the column.
func (m measure) dimension(c *city.City, name string) (string, bool) {
	if slices.Contains(m.indicator.Dimensions, name) {
		return name, true
	}
	return m.region(c, name, m.indicator.Dimensions)
}

// field finds the field that a condition may use.
func (m measure) field(c *city.City, name string) (string, bool) {
	if _, ok := m.dataset.Readable(name); ok || slices.Contains(m.indicator.Dimensions, name) {
		return name, true
	}
	var all []string
	for _, f := range m.dataset.Fields {
		all = append(all, f.Name)
	}
	return m.region(c, name, all)
}

func (m measure) region(c *city.City, name string, among []string) (string, bool) {
	if !regionName(c, name) {
		return "", false
	}
	var found []string
	for _, n := range among {
		if f, ok := m.dataset.Readable(n); ok && f.Type == city.TypeRegion {
			found = append(found, n)
		}
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// regionName says whether a name is that of the regions of some dataset.
func regionName(c *city.City, name string) bool {
	return name == "region" || slices.ContainsFunc(c.Datasets, func(ds *city.Dataset) bool {
		f, ok := ds.Readable(name)
		return ok && f.Type == city.TypeRegion
	})
}
