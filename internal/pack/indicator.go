package pack

import (
	"github.com/jinyang-city/jinyang/internal/city"
)

// sliceable are the types of the fields that an indicator may be broken down
// by. A person is left out to protect persons, a date because periods do that.
var sliceable = typeClass{"a field with few values (enum, region, bool, string, credit or int)", []city.FieldType{
	city.TypeEnum, city.TypeRegion, city.TypeBool, city.TypeString, city.TypeCredit, city.TypeInt,
}}

func (b *builder) buildIndicator(v *value) {
	b.refer(v, "dataset", kindDataset)
	d := b.datasets[v.text("dataset")]
	ind := &city.Indicator{
		Name:       v.text(kindIndicator),
		Title:      v.title("title"),
		Note:       v.title("note"),
		Source:     v.title("source"),
		Dataset:    v.text("dataset"),
		Measure:    b.measure(v.get("measure"), d, "measure"),
		Scope:      b.conditions(v.get("scope"), d, "scope"),
		Time:       v.text("time"),
		Window:     city.Window(v.text("window")),
		Unit:       b.refer(v, "unit", kindUnit),
		Decimals:   v.int("decimals"),
		Better:     better(v.text("better")),
		Dimensions: v.get("dimensions").texts(),
		Complete:   b.refer(v, "complete", kindRule),
		Pos:        v.pos,
	}
	b.checkIndicator(v, ind, d)
	b.checkUnit(ind.Measure, d, ind.Unit)
	b.out.Indicators = append(b.out.Indicators, ind)
	if _, twice := b.indicators[ind.Name]; !twice {
		b.indicators[ind.Name] = ind
	}
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
