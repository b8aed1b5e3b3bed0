package ledger

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// withRegions gives the declarations of a pack with the regions of another one:
// the list of regions, and the regions that the conditions of an indicator name,
// and of those that it is built from. Where the two differ in more, the regions
// of a condition stay as they were, and the difference counts as one of the
// definition. Regions that there are no more stay known, since rows and
// conditions may name them.
func withRegions(old, now *city.City, indicator string) *city.City {
	c := *old
	c.Regions = slices.Clone(now.Regions)
	for _, r := range old.Regions {
		if _, err := now.Region(r.Code); err != nil {
			c.Regions = append(c.Regions, r)
		}
	}
	c.Indicators = slices.Clone(old.Indicators)
	for i, ind := range c.Indicators {
		if next, err := now.Indicator(indicator); err == nil && ind.Name == indicator {
			if moved, ok := moveRegions(old, ind, next); ok {
				c.Indicators[i] = moved
			}
		}
	}
	c.Index()
	return &c
}

// moveRegions gives an indicator with the regions that another declaration of it
// names; ok is false when the two differ in more.
func moveRegions(c *city.City, ind, next *city.Indicator) (*city.Indicator, bool) {
	ds, err := c.Dataset(ind.Dataset)
	if err != nil || next.Dataset != ind.Dataset {
		return nil, false
	}
	out := *ind
	var ok bool
	if out.Scope, ok = regionsOf(ds, ind.Scope, next.Scope); !ok {
		return nil, false
	}
	out.Measure, ok = moveMeasure(c, ds, ind.Measure, next.Measure)
	return &out, ok
}

func moveMeasure(c *city.City, ds *city.Dataset, m, next *city.Measure) (*city.Measure, bool) {
	if m == nil || next == nil || m.Kind != next.Kind || len(m.Of) != len(next.Of) || (m.Indicator == nil) != (next.Indicator == nil) {
		return m, m == nil && next == nil
	}
	out := *m
	var ok bool
	if m.Indicator != nil {
		if out.Indicator, ok = moveRegions(c, m.Indicator, next.Indicator); ok {
			out.Of = []*city.Measure{out.Indicator.Measure}
		}
		return &out, ok
	}
	if out.Where, ok = regionsOf(ds, m.Where, next.Where); !ok {
		return nil, false
	}
	out.Of = make([]*city.Measure, len(m.Of))
	for i := range m.Of {
		if out.Of[i], ok = moveMeasure(c, ds, m.Of[i], next.Of[i]); !ok {
			return nil, false
		}
	}
	return &out, true
}

// regionsOf takes over the values of conditions on regions.
func regionsOf(ds *city.Dataset, have, next []city.Condition) ([]city.Condition, bool) {
	if len(have) != len(next) {
		return nil, false
	}
	out := make([]city.Condition, len(have))
	for i, c := range have {
		f, ok := ds.Field(c.Field)
		if ok && f.Type == city.TypeRegion && next[i].Field == c.Field && next[i].Not == c.Not {
			c.Values = next[i].Values
		}
		out[i] = c
	}
	return out, true
}

// withRules gives the declarations of a pack with the rules, standards and
// calendars of another one. One that is declared no more stays as it was.
func withRules(old, now *city.City) *city.City {
	c := *old
	c.Rules = slices.Clone(now.Rules)
	for _, r := range old.Rules {
		if _, err := now.Rule(r.Name); err != nil {
			c.Rules = append(c.Rules, r)
		}
	}
	c.Datasets = make([]*city.Dataset, len(old.Datasets))
	for i, ds := range old.Datasets {
		moved := *ds
		moved.Derived = make([]*city.Derived, len(ds.Derived))
		for k, d := range ds.Derived {
			field := *d
			if r, err := now.Rule(d.Rule.Name); err == nil && r.Kind == d.Rule.Kind {
				field.Rule = r
			}
			moved.Derived[k] = &field
		}
		c.Datasets[i] = &moved
	}
	c.Index()
	return &c
}
