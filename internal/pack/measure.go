package pack

import (
	"fmt"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// measure reads a node of a measure and its operands. A mistaken node is nil.
func (b *builder) measure(v *value, d *datasetDecl, label string) *city.Measure {
	if v == nil {
		return nil
	}
	kind := b.exactlyOne(v, label, measureKinds())
	if kind == "" {
		return nil
	}
	place := label + "." + kind
	m := &city.Measure{
		Kind:   city.MeasureKind(kind),
		P:      v.number("p"),
		Value:  v.number("const"),
		Factor: v.number("factor"),
		Where:  b.conditions(v.get("where"), d, label+".where"),
		Pos:    v.pos,
	}
	b.checkNode(v, m, label)
	switch m.Kind {
	case city.MeasureCount, city.MeasureConst:
	case city.MeasureRatio, city.MeasureDifference:
		for i, operand := range v.get(kind).list() {
			m.Of = append(m.Of, b.measure(operand, d, fmt.Sprintf("%s[%d]", place, i+1)))
		}
	case city.MeasureGrowth, city.MeasureIncrease:
		m.Of, m.On = []*city.Measure{b.measure(v.get(kind), d, place)}, city.Against(v.text("on"))
	case city.MeasureShare:
		b.share(v, m, d, place)
	case city.MeasureIndex:
		for i, term := range v.get(kind).list() {
			m.Of = append(m.Of, b.term(term, d, fmt.Sprintf("%s[%d]", place, i+1)))
		}
	case city.MeasureLimit:
		m.Rule, m.Param = b.limit(v.get(kind), place)
	case city.MeasureIndicator:
		if m.Indicator = b.indicatorNamed(v.get(kind), place); m.Indicator == nil {
			return nil
		}
		m.Of = []*city.Measure{m.Indicator.Measure}
	default:
		m.Field, m.Since = v.text(kind), v.text("since")
		b.argument(v, m, d, place)
	}
	if v.get(kind) == nil || slices.Contains(m.Of, nil) || m.Kind == city.MeasureLimit && m.Param == "" {
		return nil
	}
	return m
}

// argument checks the field that a measure is of, and the one that it is
// measured from.
func (b *builder) argument(v *value, m *city.Measure, d *datasetDecl, place string) {
	if m.Since == "" {
		b.fieldOf(d, v.get(string(m.Kind)), place, argumentType(m.Kind))
		return
	}
	to := b.fieldOf(d, v.get(string(m.Kind)), place+" with since", timed)
	from := b.fieldOf(d, v.get("since"), "since", timed)
	if from != nil && to != nil && from.Type != to.Type {
		b.addf(v.at("since"), CodeFieldType, "", "since: the field %s is of type %s, and %s of type %s", from.Name, from.Type, to.Name, to.Type)
	}
}

// argumentType says which fields a measure can be of.
func argumentType(kind city.MeasureKind) typeClass {
	if kind == city.MeasureCountDistinct {
		return anyType
	}
	return numeric
}

// checkNode reports the keys beside the kind that make no sense with it.
func (b *builder) checkNode(v *value, m *city.Measure, label string) {
	percentile := m.Kind == city.MeasurePercentile
	switch {
	case percentile && !v.gives("p"):
		b.addf(v.at("percentile"), CodeMissingKey, "write for example p: 95", "the key %s.p is missing", label)
	case !percentile && v.gives("p"):
		b.addf(v.at("p"), CodeInconsistent, "p is of percentile", "%s.p is given for %s", label, m.Kind)
	}
	switch m.Kind {
	case city.MeasureSum, city.MeasureMean, city.MeasureMin, city.MeasureMax, city.MeasurePercentile:
	default:
		if v.gives("since") {
			b.addf(v.at("since"), CodeInconsistent, "use sum, mean, min, max or percentile", "%s.since is given for %s, which measures no time", label, m.Kind)
		}
	}
	switch m.Kind {
	case city.MeasureGrowth, city.MeasureIncrease:
	default:
		if v.gives("on") {
			b.addf(v.at("on"), CodeInconsistent, "on is of growth and increase", "%s.on is given for %s, which compares with no earlier time", label, m.Kind)
		}
	}
	switch m.Kind {
	case city.MeasureRatio, city.MeasureDifference, city.MeasureGrowth, city.MeasureIncrease, city.MeasureConst,
		city.MeasureIndex, city.MeasureLimit, city.MeasureIndicator:
		if v.gives("where") {
			b.addf(v.at("where"), CodeInconsistent, "give it to the operands", "%s.where is given for %s, which reads no rows itself", label, m.Kind)
		}
	}
	if v.get("factor") != nil && m.Factor == 0 {
		b.addf(v.at("factor"), CodeInvalidValue, "", "%s.factor is zero", label)
	}
}

// percent is the unit that measures know: a ratio is multiplied by 100 for it,
// and a growth is always in it.
const percent = "percent"

// checkUnit compares the unit that a measure has by its fields with the one
// that its indicator declares.
func (b *builder) checkUnit(m *city.Measure, d *datasetDecl, unit string) {
	if m == nil || d == nil || unit == "" {
		return
	}
	switch {
	case m.Kind == city.MeasureRatio || m.Kind == city.MeasureShare:
		b.checkRatio(m, d, unit)
	case unit == percent && m.Factor == 0 && (m.Kind == city.MeasureCount || m.Kind == city.MeasureCountDistinct):
		b.addf(m.Pos, CodeUnitMismatch, "make it a ratio, or mend unit", "measure: a count is not a percentage")
	default:
		if own := b.unitOf(m, d); own != "" && own != unit {
			b.addf(m.Pos, CodeUnitMismatch, "mend unit, or give the factor between the two", "measure: the result is in %s, and the indicator's unit is %s", own, unit)
		}
	}
}

// checkRatio wants a percentage to be of like things, and a quotient of like
// things not to keep their unit.
func (b *builder) checkRatio(m *city.Measure, d *datasetDecl, unit string) {
	x, y := b.unitOf(m.Of[0], d), b.unitOf(m.Of[1], d)
	switch {
	case m.Factor != 0 || x == "" || y == "":
	case x != y && unit == percent:
		b.addf(m.Pos, CodeUnitMismatch, "divide like by like, or give the ratio a unit of its own", "measure: %s divided by %s is not a percentage", x, y)
	case x == y && unit == x && unit != percent:
		b.addf(m.Pos, CodeUnitMismatch, "use percent or a unit for a plain number", "measure: %s divided by %s is not in %s", x, y, unit)
	}
}

// unitOf is the unit of a measure's result where its fields tell it, else "".
// It reports differences of unlike things.
func (b *builder) unitOf(m *city.Measure, d *datasetDecl) string {
	var unit string
	switch m.Kind {
	case city.MeasureSum, city.MeasureMean, city.MeasureMin, city.MeasureMax, city.MeasurePercentile:
		if f, ok := d.Field(m.Field); ok {
			unit = f.Unit
		}
	case city.MeasureDifference:
		unit = b.unitOfDifference(m, d)
	case city.MeasureGrowth:
		b.unitOf(m.Of[0], d)
		unit = percent
	case city.MeasureIncrease:
		unit = points(b.unitOf(m.Of[0], d))
	case city.MeasureIndicator:
		unit = m.Indicator.Unit
	case city.MeasureRatio, city.MeasureIndex:
		for _, of := range m.Of {
			b.unitOf(of, d)
		}
	}
	if m.Factor != 0 {
		return "" // the factor may change the unit
	}
	return unit
}

func (b *builder) unitOfDifference(m *city.Measure, d *datasetDecl) string {
	x, y := b.unitOf(m.Of[0], d), b.unitOf(m.Of[1], d)
	switch {
	case x == "":
		return points(y)
	case y != "" && x != y:
		b.addf(m.Pos, CodeUnitMismatch, "give one of them the factor between the two", "measure: %s minus %s", x, y)
		return ""
	}
	return points(x)
}

// points is the unit of the difference of two figures. Two percentages differ
// by percentage points, for which a pack may or may not have a unit.
func points(unit string) string {
	if unit == percent {
		return ""
	}
	return unit
}
