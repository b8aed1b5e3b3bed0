package metric

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// edition notes a part of an edition of a rule.
func (g *gatherer) edition(r *city.Rule, v city.RuleVersion, part, by string, w *canonical) {
	g.add(Dependency{Kind: OnRule, Name: r.Name, Part: part, By: by, From: v.From, To: v.To}, w)
}

func (g *gatherer) params(r *city.Rule, v city.RuleVersion, names ...string) {
	for _, name := range names {
		value, ok := v.Params[name]
		if !ok {
			continue
		}
		var w canonical
		w.numbers(name, value)
		g.edition(r, v, name, "", &w)
	}
}

// calendar notes the day of a festival in each year that an edition gives.
func (g *gatherer) calendar(name string) {
	r, ok := g.rule(name)
	if !ok {
		return
	}
	for _, v := range r.Versions {
		for _, day := range v.Dates {
			var w canonical
			w.field("day", day.String())
			year := city.GrainYear.Span(day)
			g.add(Dependency{Kind: OnRule, Name: r.Name, Part: fmt.Sprintf("festival %04d", day.Year), From: year.From, To: year.To}, &w)
		}
	}
}

// index notes the tables of an index by which a field is derived.
func (g *gatherer) index(d *city.Derived, v city.RuleVersion, by string) {
	if v.Index == nil {
		return
	}
	var levels, grades canonical
	levels.numbers("levels", v.Index.Levels...)
	levels.optional("missing_above", v.Index.MissingAbove)
	g.edition(d.Rule, v, "levels", by, &levels)
	for _, item := range v.Index.Items {
		if _, used := d.Items[item.Name]; !used {
			continue
		}
		var w canonical
		w.numbers("points", item.Points...)
		w.field("decimals", strconv.Itoa(item.Decimals))
		w.optional("beyond", item.Beyond)
		g.edition(d.Rule, v, "item "+item.Name, by, &w)
	}
	if d.Yields != city.YieldClass {
		return
	}
	for _, grade := range v.Index.Grades {
		grades.field("grade", grade.Name)
		grades.optional("up_to", grade.UpTo)
	}
	g.edition(d.Rule, v, "grades", by, &grades)
}

// grading notes the tables of classes by which a field is derived.
func (g *gatherer) grading(d *city.Derived, v city.RuleVersion, by string) {
	if v.Grading == nil {
		return
	}
	var classes canonical
	for _, class := range v.Grading.Classes {
		classes.field("class", class.Name)
	}
	g.edition(d.Rule, v, "classes", by, &classes)
	for _, item := range v.Grading.Items {
		if _, used := d.Items[item.Name]; !used || item.Reference {
			continue
		}
		var w canonical
		w.numbers("at_most", item.AtMost...)
		w.numbers("at_least", item.AtLeast...)
		w.numbers("range", item.Range...)
		g.edition(d.Rule, v, "item "+item.Name, by, &w)
	}
}

func (w *canonical) numbers(name string, values ...float64) {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	w.field(name, strings.Join(texts, " "))
}

func (w *canonical) optional(name string, value *float64) {
	if value != nil {
		w.numbers(name, *value)
	}
}
