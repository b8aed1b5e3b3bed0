package metric

import (
	"maps"
	"slices"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/city"
)

// ClosureOf gathers what the number of an indicator depends on.
func ClosureOf(c *city.City, ind *city.Indicator) Closure {
	g := gatherer{city: c, out: Closure{Form: ClosureForm, Parts: []Dependency{}}}
	g.out.Years = ind.Measure.YearsBack()
	if ind.Measure.Uses(city.AgainstFestival) {
		g.out.Years++ // days that are moved with a festival may lie in the year before
	}
	g.indicator(ind, 0)
	g.top(ind)
	slices.SortFunc(g.out.Parts, Dependency.order)
	g.out.Parts = slices.CompactFunc(g.out.Parts, Dependency.same)
	return g.out
}

// gatherer collects the parts of a closure.
type gatherer struct {
	city *city.City
	out  Closure
}

// add notes a part, by what was written of it.
func (g *gatherer) add(d Dependency, w *canonical) {
	d.Digest = w.digest()[:32]
	g.out.Parts = append(g.out.Parts, d)
}

// rule finds a rule; most declarations name none.
func (g *gatherer) rule(name string) (*city.Rule, bool) {
	if name == "" {
		return nil, false
	}
	r, err := g.city.Rule(name)
	return r, err == nil
}

// top notes what counts of the indicator that is asked for, and not of those
// that it is built from.
func (g *gatherer) top(ind *city.Indicator) {
	var w canonical
	w.field("decimals", strconv.Itoa(ind.Decimals))
	w.field("complete", ind.Complete)
	g.add(Dependency{Kind: OnIndicator, Name: ind.Name, Part: "display"}, &w)
	if r, ok := g.rule(ind.Complete); ok {
		for _, v := range r.Versions {
			g.params(r, v, slices.Sorted(maps.Keys(v.Params))...)
			var w canonical
			w.field("decimals", strconv.Itoa(v.Decimals))
			g.edition(r, v, "decimals", "", &w)
		}
	}
	for _, dim := range ind.Dimensions {
		g.derived(ind.Dataset, dim, dim)
	}
}

// indicator notes what an indicator declares, and what that leads to.
func (g *gatherer) indicator(ind *city.Indicator, depth int) {
	if ind == nil || depth > deepest {
		return
	}
	g.out.All = g.out.All || ind.Window == city.WindowAll
	if !slices.Contains(g.out.Datasets, ind.Dataset) {
		g.out.Datasets = append(g.out.Datasets, ind.Dataset)
	}
	region := g.regionField(ind.Dataset)
	rows := canonical{shallow: region}
	rows.field("dataset", ind.Dataset)
	rows.field("time", ind.Time)
	rows.conditions(ind.Scope)
	g.add(Dependency{Kind: OnIndicator, Name: ind.Name, Part: "rows"}, &rows)
	var window, unit canonical
	window.field("window", string(ind.Window))
	g.add(Dependency{Kind: OnIndicator, Name: ind.Name, Part: "window"}, &window)
	unit.field("unit", ind.Unit)
	g.add(Dependency{Kind: OnIndicator, Name: ind.Name, Part: "unit"}, &unit)
	measure := canonical{shallow: region}
	measure.measure(ind.Measure)
	g.add(Dependency{Kind: OnIndicator, Name: ind.Name, Part: "measure"}, &measure)
	g.regions(ind, region)
	g.field(ind.Dataset, ind.Time)
	g.conditions(ind.Dataset, ind.Scope)
	g.measure(ind, ind.Measure, depth)
}

// regionField says of the fields of a dataset which hold regions.
func (g *gatherer) regionField(dataset string) func(string) bool {
	ds, err := g.city.Dataset(dataset)
	return func(name string) bool {
		if err != nil {
			return false
		}
		f, ok := ds.Field(name)
		return ok && f.Type == city.TypeRegion
	}
}

// regions notes the regions that the conditions of an indicator name, if any do.
func (g *gatherer) regions(ind *city.Indicator, region func(string) bool) {
	var w canonical
	named := false
	note := func(list []city.Condition) {
		list = slices.DeleteFunc(slices.Clone(list), func(c city.Condition) bool { return !region(c.Field) })
		named = named || len(list) > 0
		w.conditions(list)
	}
	note(ind.Scope)
	var walk func(m *city.Measure)
	walk = func(m *city.Measure) {
		if m == nil || m.Indicator != nil {
			return
		}
		note(m.Where)
		for _, of := range m.Of {
			walk(of)
		}
	}
	walk(ind.Measure)
	if named {
		g.add(Dependency{Kind: OnRegions, Name: ind.Name}, &w)
	}
}

// measure notes what the nodes of a measure read.
func (g *gatherer) measure(ind *city.Indicator, m *city.Measure, depth int) {
	if m == nil {
		return
	}
	if m.Indicator != nil {
		g.indicator(m.Indicator, depth+1)
		return
	}
	g.field(ind.Dataset, m.Field)
	g.field(ind.Dataset, m.Since)
	g.conditions(ind.Dataset, m.Where)
	if r, ok := g.rule(m.Rule); ok {
		for _, v := range r.Versions {
			g.params(r, v, m.Param)
		}
	}
	if m.Changes() && m.On == city.AgainstFestival {
		g.calendar(ind.Calendar)
	}
	for _, of := range m.Of {
		g.measure(ind, of, depth)
	}
}

func (g *gatherer) conditions(dataset string, list []city.Condition) {
	for _, c := range list {
		g.field(dataset, c.Field)
	}
}

// field notes a field of a dataset, stored or derived.
func (g *gatherer) field(dataset, name string) {
	ds, err := g.city.Dataset(dataset)
	if err != nil || name == "" {
		return
	}
	if f, ok := ds.Field(name); ok {
		var w canonical
		w.field("type", string(f.Type))
		g.add(Dependency{Kind: OnField, Name: dataset + "." + name}, &w)
		return
	}
	g.derived(dataset, name, "")
}

// derived notes a field that is computed by a standard, with the tables that
// count. By is the dimension in which alone it does, or "".
func (g *gatherer) derived(dataset, name, by string) {
	ds, err := g.city.Dataset(dataset)
	if err != nil {
		return
	}
	for _, d := range ds.Derived {
		if d.Name != name {
			continue
		}
		var w canonical
		w.field("rule", d.Rule.Name)
		w.field("yields", string(d.Yields))
		w.field("day", ds.Delivery.Period)
		for _, item := range slices.Sorted(maps.Keys(d.Items)) {
			w.field("item", item)
			w.field("field", d.Items[item])
		}
		g.add(Dependency{Kind: OnField, Name: dataset + "." + name, By: by}, &w)
		for _, v := range d.Rule.Versions {
			g.index(d, v, by)
			g.grading(d, v, by)
		}
	}
}
