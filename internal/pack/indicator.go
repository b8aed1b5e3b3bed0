package pack

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// sliceable are the types of the fields that an indicator may be broken down
// by. A person is left out to protect persons, a date because periods do that.
var sliceable = typeClass{"a field with few values (enum, region, bool, string, credit or int)", []city.FieldType{
	city.TypeEnum, city.TypeRegion, city.TypeBool, city.TypeString, city.TypeCredit, city.TypeInt,
}}

// buildIndicators builds the indicators in the order of the pack. One that is
// built from others finds them through indicatorNamed, whatever the order.
func (b *builder) buildIndicators() {
	for _, v := range b.docs[kindIndicator] {
		ind := b.indicators[v.text(kindIndicator)]
		if ind == nil || ind.Pos != v.pos {
			ind = b.buildIndicator(v)
		}
		b.out.Indicators = append(b.out.Indicators, ind)
	}
}

// indicatorNamed gives an indicator that another one is built from, and nil
// after reporting that there is none, or that it is built from this one itself.
func (b *builder) indicatorNamed(v *value, label string) *city.Indicator {
	if v == nil || !b.resolve(v.pos, label, kindIndicator, v.str) {
		return nil
	}
	if ind := b.indicators[v.str]; ind != nil {
		if ind.Measure == nil { // mistaken, or still being built
			b.addf(v.pos, CodeInconsistent, "build it from measures of its own", "%s: the indicator %s is mistaken or built from itself", label, v.str)
			return nil
		}
		return ind
	}
	for _, doc := range b.docs[kindIndicator] {
		if doc.text(kindIndicator) == v.str {
			return b.built(b.buildIndicator(doc))
		}
	}
	return nil // its document was mistaken, which is reported
}

// built leaves out an indicator whose measure is mistaken.
func (b *builder) built(ind *city.Indicator) *city.Indicator {
	if ind.Measure == nil {
		return nil
	}
	return ind
}

func (b *builder) buildIndicator(v *value) *city.Indicator {
	b.refer(v, "dataset", kindDataset)
	d := b.datasets[v.text("dataset")]
	ind := &city.Indicator{
		Name:       v.text(kindIndicator),
		Title:      v.title("title"),
		Note:       v.title("note"),
		Source:     v.title("source"),
		Dataset:    v.text("dataset"),
		Scope:      b.conditions(v.get("scope"), d, "scope"),
		Time:       v.text("time"),
		Window:     city.Window(v.text("window")),
		Unit:       b.refer(v, "unit", kindUnit),
		Decimals:   v.int("decimals"),
		Better:     better(v.text("better")),
		Dimensions: v.get("dimensions").texts(),
		Complete:   b.refer(v, "complete", kindRule),
		Calendar:   b.refer(v, "calendar", kindRule),
		Pos:        v.pos,
	}
	if _, twice := b.indicators[ind.Name]; !twice {
		b.indicators[ind.Name] = ind
	}
	ind.Measure = b.measure(v.get("measure"), d, "measure")
	b.checkIndicator(v, ind, d)
	b.checkUnit(ind.Measure, d, ind.Unit)
	return ind
}

func better(word string) city.Better {
	if word == "none" {
		return city.BetterNone
	}
	return city.Better(word)
}

func (b *builder) checkIndicator(v *value, ind *city.Indicator, d *datasetDecl) {
	// The time field may be optional: a case that is not closed yet belongs to
	// no period of an indicator that goes by the day of closing.
	f := b.fieldOf(d, v.get("time"), "time", dated)
	if f != nil && ind.Complete != "" && f.Type == city.TypeMonth {
		b.addf(v.at("complete"), CodeFieldType, "", "complete counts days, and the time field %s is a month", f.Name)
	}
	b.repeated(v.get("dimensions"), "dimensions")
	for _, name := range v.get("dimensions").list() {
		b.fieldOf(d, name, "dimensions", sliceable)
	}
	b.checkComplete(v, ind)
	b.checkCalendar(v, ind, f)
	b.checkBuiltFrom(v, d, ind.Measure)
}

// checkCalendar wants a rule of the right kind, rows that lie on days, and a
// calendar where a measure moves with one.
func (b *builder) checkCalendar(v *value, ind *city.Indicator, time *city.Field) {
	for _, r := range b.out.Rules {
		if r.Name == ind.Calendar && r.Kind != "" && r.Kind != city.RuleCalendar {
			b.addf(v.at("calendar"), CodeInconsistent, "", "calendar: the rule %s is of kind %s, not calendar", r.Name, r.Kind)
		}
	}
	switch festival := ind.Measure.Uses(city.AgainstFestival); {
	case festival && !v.gives("calendar"):
		b.addf(v.at("measure"), CodeMissingKey, "name a rule of kind calendar", "the measure compares with a festival, and the key calendar is missing")
	case festival && ind.Window == city.WindowStock, festival && time != nil && time.Type == city.TypeMonth:
		b.addf(v.at("measure"), CodeInconsistent, "compare with the year", "the measure compares with a festival, and its rows stand for whole months")
	}
}

// checkBuiltFrom wants the indicators that a measure is built from to have the
// dimensions that are declared, of the same type.
func (b *builder) checkBuiltFrom(v *value, d *datasetDecl, m *city.Measure) {
	if m == nil {
		return
	}
	for _, of := range m.Of {
		b.checkBuiltFrom(v, d, of)
	}
	if m.Indicator == nil || d == nil {
		return
	}
	there := b.datasets[m.Indicator.Dataset]
	for _, name := range v.get("dimensions").list() {
		if !slices.Contains(m.Indicator.Dimensions, name.str) {
			b.addf(name.pos, CodeInconsistent, "leave it out, or declare it there too", "dimensions: the indicator %s, which the measure is built from, has no dimension %s", m.Indicator.Name, name.str)
			continue
		}
		here, ok := d.Field(name.str)
		if other := b.fieldOf(there, name, "dimensions", anyType); ok && other != nil && other.Type != here.Type {
			b.addf(name.pos, CodeFieldType, "", "dimensions: the field %s is of type %s, and of type %s in the dataset %s", name.str, here.Type, other.Type, there.Name)
		}
	}
}

// checkComplete wants a rule of the right kind, and a window that is the
// period itself: the rules bound the days of a year or a month.
func (b *builder) checkComplete(v *value, ind *city.Indicator) {
	for _, r := range b.out.Rules {
		if r.Name == ind.Complete && r.Kind != "" && r.Kind != city.RuleCompleteness {
			b.addf(v.at("complete"), CodeInconsistent, "", "complete: the rule %s is of kind %s, not completeness", r.Name, r.Kind)
		}
	}
	if ind.Complete != "" && (ind.Window == city.WindowAll || ind.Window == city.WindowStock) {
		b.addf(v.at("complete"), CodeInconsistent, "use window: period or year", "complete bounds the days of a period, and the window is %s", ind.Window)
	}
}
