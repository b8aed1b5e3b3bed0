package pack

import "github.com/jinyang-city/jinyang/internal/city"

// checkBinding compares a target with the indicator that measures it.
func (b *builder) checkBinding(v *value, t *city.Target, ind *city.Indicator) {
	if ind == nil {
		return
	}
	b.sameUnit(v, t, ind)
	if relative := b.indicators[t.Relative]; relative != nil {
		b.sameUnit(v, t, relative)
		if relative == ind {
			b.addf(v.at("relative"), CodeInconsistent, "", "the target compares %s with itself", ind.Name)
		}
	}
	if t.Kind == city.TargetGrowth && !b.measuresGrowth(ind) {
		b.addf(v.at("indicator"), CodeInconsistent, "use kind: level, or an indicator with the measure growth", "a target of kind growth is bound to %s, which measures no growth", ind.Name)
	}
	if t.Region != "" && !b.hasRegion(ind) {
		b.addf(v.at("region"), CodeInconsistent, "add a region field to the indicator's dimensions", "the target is of one region, and %s cannot be broken down by region", ind.Name)
	}
}

// sameUnit reports a target in another unit than its indicator.
func (b *builder) sameUnit(v *value, t *city.Target, ind *city.Indicator) {
	if t.Unit != "" && ind.Unit != "" && t.Unit != ind.Unit {
		b.addf(v.at("unit"), CodeUnitMismatch, "use the indicator's unit and convert the number", "the target is in %s, and the indicator %s in %s", t.Unit, ind.Name, ind.Unit)
	}
}

// measuresGrowth says whether the values of an indicator are rates of growth:
// computed by the measure growth, or published as such and read out of one
// field in percent. An indicator with a mistaken measure is given the benefit
// of the doubt.
func (b *builder) measuresGrowth(ind *city.Indicator) bool {
	m := ind.Measure
	if m == nil || m.Kind == city.MeasureGrowth {
		return true
	}
	d := b.datasets[ind.Dataset]
	if d == nil {
		return true
	}
	f, ok := d.Field(m.Field)
	return ok && f.Unit == percent && m.Kind != city.MeasureCountDistinct
}

// hasRegion says whether an indicator can be broken down by region.
func (b *builder) hasRegion(ind *city.Indicator) bool {
	d := b.datasets[ind.Dataset]
	if d == nil {
		return true
	}
	for _, name := range ind.Dimensions {
		if f, ok := d.Field(name); ok && f.Type == city.TypeRegion {
			return true
		}
	}
	return false
}
