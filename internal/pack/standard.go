package pack

import (
	"math"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// ruleTables are the keys of a rule's edition that hold a table, by the kind
// that needs it.
var ruleTables = map[city.RuleKind]string{city.RuleIndex: "index", city.RuleGrade: "grading", city.RuleWarning: "warnings"}

// buildTables reads the table that a kind of rule needs.
func (b *builder) buildTables(v *value, kind city.RuleKind, out *city.RuleVersion) {
	for of, key := range ruleTables {
		switch {
		case of == kind && !v.gives(key):
			b.addf(v.pos, CodeMissingKey, "", "a rule of kind %s needs the key %s", kind, key)
		case of != kind && v.gives(key):
			b.addf(v.at(key), CodeUnknownKey, "", "a rule of kind %s has no key %s", kind, key)
		}
	}
	if t := v.get("index"); t != nil {
		out.Index = b.indexTable(t)
	}
	if t := v.get("grading"); t != nil {
		out.Grading = b.gradeTable(t)
	}
	for _, w := range v.get("warnings").list() {
		out.Warnings = append(out.Warnings, b.warning(w))
	}
}

func (b *builder) indexTable(v *value) *city.IndexTable {
	t := &city.IndexTable{Levels: b.rising(v.get("levels"), "levels"), PrimaryAbove: v.number("primary_above"), MissingAbove: v.numberPtr("missing_above")}
	for i, n := range t.Levels {
		if n != float64(int64(n)) || i == 0 && n != 0 {
			b.addf(v.at("levels"), CodeInvalidValue, "", "index.levels must be whole numbers that begin with 0")
			break
		}
	}
	for _, e := range v.get("items").each() {
		item := city.IndexItem{Name: e.name, Title: city.Text{ZH: e.val.text("zh"), EN: e.val.text("en")},
			Points: b.rising(e.val.get("points"), "points"), Decimals: e.val.int("decimals"), Beyond: e.val.numberPtr("beyond")}
		if len(t.Levels) > 0 && len(item.Points) > len(t.Levels) {
			b.addf(e.val.at("points"), CodeInconsistent, "", "the item %s has %d points for %d levels", e.name, len(item.Points), len(t.Levels))
		}
		b.checkPoints(e.val.at("points"), item)
		t.Items = append(t.Items, item)
	}
	for _, g := range v.get("grades").list() {
		t.Grades = append(t.Grades, city.IndexGrade{Name: g.text("grade"), Title: city.Text{ZH: g.text("zh"), EN: g.text("en")}, UpTo: g.numberPtr("up_to")})
	}
	return t
}

// checkPoints reports a breakpoint between two values that an item can take:
// values are whole numbers of their last decimal when they are compared.
func (b *builder) checkPoints(at city.Pos, item city.IndexItem) {
	for _, p := range item.Points {
		if n := p * math.Pow10(item.Decimals); math.Abs(n-math.Round(n)) > 1e-9 {
			b.addf(at, CodeInconsistent, "give the item more decimals", "the item %s is rounded to %d decimals, and has the point %v", item.Name, item.Decimals, p)
		}
	}
}

// rising reads numbers that must ascend.
func (b *builder) rising(v *value, label string) []float64 {
	var out []float64
	for _, n := range v.list() {
		if len(out) > 0 && n.num <= out[len(out)-1] {
			b.addf(n.pos, CodeInvalidValue, "", "%s must ascend, and %v follows %v", label, n.num, out[len(out)-1])
			return nil
		}
		out = append(out, n.num)
	}
	return out
}

func (b *builder) gradeTable(v *value) *city.GradeTable {
	t := &city.GradeTable{}
	var names []string
	for _, c := range v.get("classes").list() {
		names = append(names, c.text("class"))
		t.Classes = append(t.Classes, city.GradeClass{Name: c.text("class"), Title: city.Text{ZH: c.text("zh"), EN: c.text("en")}, Verdict: c.title("verdict")})
	}
	if t.Base = slices.Index(names, v.text("base")); t.Base < 0 && v.get("base") != nil && len(names) > 0 {
		b.addf(v.at("base"), CodeUnknownReference, didYouMean(v.text("base"), names), "grading.base: there is no class %q", v.text("base"))
	}
	for _, e := range v.get("items").each() {
		t.Items = append(t.Items, b.gradeItem(e, len(t.Classes)-1))
	}
	return t
}

func (b *builder) gradeItem(e entry, limits int) city.GradeItem {
	v := e.val
	item := city.GradeItem{Name: e.name, Title: city.Text{ZH: v.text("zh"), EN: v.text("en")}, Reference: v.bool("reference"), First: v.bool("first")}
	given := 0
	for key, to := range map[string]*[]float64{"at_most": &item.AtMost, "at_least": &item.AtLeast, "range": &item.Range} {
		if !v.gives(key) {
			continue
		}
		given++
		for _, n := range v.get(key).list() {
			*to = append(*to, n.num)
		}
		if key != "range" && len(*to) != limits && limits > 0 {
			b.addf(v.at(key), CodeInconsistent, "", "the item %s has %d limits for %d classes and what is beyond them", e.name, len(*to), limits)
		}
	}
	if given != 1 {
		b.addf(e.pos, CodeInconsistent, "", "the item %s needs exactly one of at_most, at_least and range", e.name)
	}
	down := slices.Clone(item.AtLeast)
	slices.Reverse(down)
	if !slices.IsSorted(item.AtMost) || !slices.IsSorted(down) || !slices.IsSorted(item.Range) {
		b.addf(e.pos, CodeInvalidValue, "", "the limits of %s are not in the order of the classes", e.name)
	}
	return item
}

func (b *builder) warning(v *value) city.Warning {
	w := city.Warning{Name: v.text("level"), Title: city.Text{ZH: v.text("zh"), EN: v.text("en")}}
	for _, alternative := range v.get("any").list() {
		var runs []city.WarningRun
		for _, r := range alternative.list() {
			run := city.WarningRun{Above: r.numberPtr("above"), AtLeast: r.numberPtr("at_least"), Days: r.int("days")}
			if (run.Above == nil) == (run.AtLeast == nil) {
				b.addf(r.pos, CodeInconsistent, "", "a run of days needs exactly one of above and at_least")
			}
			runs = append(runs, run)
		}
		w.Any = append(w.Any, runs)
	}
	return w
}

// buildDerived reads the fields that a dataset derives from others by a rule.
// Rules are built before datasets.
func (b *builder) buildDerived(d *datasetDecl) {
	for _, e := range d.v.get("derived").each() {
		out := &city.Derived{Name: e.name, Title: e.val.title("title"), Yields: city.Yield(e.val.text("yields")), Items: map[string]string{}, Pos: e.pos}
		if _, taken := d.Field(e.name); taken {
			b.addf(e.pos, CodeDuplicateName, "", "the dataset %s has a field %s already", d.Name, e.name)
		}
		rule := b.tableRule(e.val)
		for _, item := range e.val.get("items").each() {
			if f := b.fieldOf(d, item.val, "items."+item.name, numeric); f != nil {
				out.Items[item.name] = f.Name
			}
			if rule != nil && !slices.Contains(itemNames(rule), item.name) {
				b.addf(item.pos, CodeUnknownReference, didYouMean(item.name, itemNames(rule)), "the rule %s has no item %q", rule.Name, item.name)
			}
		}
		if out.Rule = rule; rule != nil {
			d.Derived = append(d.Derived, out)
		}
	}
}

// tableRule is the rule that a derived field names; nil when there is none of a
// kind that has a table.
func (b *builder) tableRule(v *value) *city.Rule {
	name := v.text("rule")
	if b.refer(v, "rule", kindRule) == "" {
		return nil
	}
	for _, r := range b.out.Rules {
		if r.Name != name {
			continue
		}
		if r.Kind == city.RuleIndex || r.Kind == city.RuleGrade {
			return r
		}
		b.addf(v.at("rule"), CodeInconsistent, "", "the rule %s is of kind %s; a derived field needs one of kind index or grade", name, r.Kind)
	}
	return nil
}

// itemNames lists the items of all editions of a rule.
func itemNames(r *city.Rule) []string {
	var out []string
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, v := range r.Versions {
		if v.Index != nil {
			for _, i := range v.Index.Items {
				add(i.Name)
			}
		}
		if v.Grading != nil {
			for _, i := range v.Grading.Items {
				add(i.Name)
			}
		}
	}
	return out
}
