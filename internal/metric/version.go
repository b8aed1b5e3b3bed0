package metric

import (
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Fingerprint is the SHA-256, in lower-case hex, over what an indicator itself
// declares of its number: dataset, measure, scope, time, window, unit, decimals
// and completeness rule. Titles, notes, dimensions and the place of declaration
// do not count, nor does the order of conditions or of the values of one. It
// tells indicators of one pack apart; what the number depends on besides is in a
// Closure.
func Fingerprint(ind *city.Indicator) string {
	var w canonical
	w.field("form", "1")
	w.field("dataset", ind.Dataset)
	w.field("time", ind.Time)
	w.field("window", string(ind.Window))
	w.field("unit", ind.Unit)
	w.field("decimals", strconv.Itoa(ind.Decimals))
	w.field("complete", ind.Complete)
	if ind.Measure.Uses(city.AgainstFestival) {
		w.field("calendar", ind.Calendar)
	}
	w.conditions(ind.Scope)
	w.measure(ind.Measure)
	return w.digest()
}

// canonical writes a declaration so that equal ones give equal text and no two
// different ones can: every text is quoted.
type canonical struct {
	b strings.Builder
	// shallow writes another indicator as its name, and leaves out the values of
	// conditions on the fields that it tells: these are written elsewhere.
	shallow func(field string) bool
}

func (w *canonical) field(name, value string) {
	w.b.WriteString(name + "=" + strconv.Quote(value) + "\n")
}

func (w *canonical) conditions(list []city.Condition) {
	lines := make([]string, len(list))
	for i, c := range list {
		values := slices.Clone(c.Values)
		slices.Sort(values)
		var line canonical
		line.field("field", c.Field)
		line.field("not", strconv.FormatBool(c.Not))
		line.field("min", c.Min)
		line.field("max", c.Max)
		if w.shallow == nil || !w.shallow(c.Field) {
			for _, v := range slices.Compact(values) {
				line.field("value", v)
			}
		}
		lines[i] = line.b.String()
	}
	slices.Sort(lines)
	w.b.WriteString("where{\n" + strings.Join(slices.Compact(lines), ";\n") + "}\n")
}

func (w *canonical) measure(m *city.Measure) {
	if m == nil {
		return
	}
	factor := m.Factor
	if factor == 0 {
		factor = 1
	}
	w.b.WriteString("measure{\n")
	w.field("kind", string(m.Kind))
	w.field("field", m.Field)
	if m.Since != "" { // absent from the versions of before there was such a thing
		w.field("since", m.Since)
	}
	w.field("p", strconv.FormatFloat(m.P, 'g', -1, 64))
	w.field("value", strconv.FormatFloat(m.Value, 'g', -1, 64))
	w.field("factor", strconv.FormatFloat(factor, 'g', -1, 64))
	if m.On != "" && m.On != city.AgainstYear {
		w.field("on", string(m.On))
	}
	if m.Kind == city.MeasureLimit {
		w.field("rule", m.Rule)
		w.field("param", m.Param)
	}
	if ind := m.Indicator; ind != nil && w.shallow != nil {
		w.field("indicator", ind.Name)
		w.b.WriteString("}\n")
		return
	}
	if ind := m.Indicator; ind != nil {
		w.field("dataset", ind.Dataset)
		w.field("time", ind.Time)
		w.field("window", string(ind.Window))
		w.field("unit", ind.Unit)
		w.conditions(ind.Scope)
	}
	w.conditions(m.Where)
	for _, of := range m.Of {
		w.measure(of)
	}
	w.b.WriteString("}\n")
}
