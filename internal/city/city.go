package city

import (
	"maps"
	"slices"
	"strings"
)

// City is everything that a pack declares, checked: every reference resolves,
// names are unique, units agree. It is immutable once built; a changed pack
// makes a new City.
type City struct {
	Code     string // GB/T 2260 code of the city
	Name     Text
	TimeZone string // IANA name, for example Asia/Shanghai
	Pack     PackID

	Regions       []*Region
	Organisations []*Organisation
	Senders       []*Sender
	Units         []*Unit
	Documents     []*Document
	Rules         []*Rule
	Datasets      []*Dataset
	Indicators    []*Indicator
	Plans         []*Plan
	Targets       []*Target
	Alerts        []*Alert
	Reports       []*Report
	Outlines      []*Outline

	regions       map[string]*Region
	organisations map[string]*Organisation
	units         map[string]*Unit
	documents     map[string]*Document
	rules         map[string]*Rule
	datasets      map[string]*Dataset
	indicators    map[string]*Indicator
	plans         map[string]*Plan
	targets       map[string]*Target
	alerts        map[string]*Alert
	reports       map[string]*Report
}

// PackID says which pack a City was built from.
type PackID struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // over the names and bytes of its files
}

// Index builds the look-up tables. Package pack calls it once, after checking.
func (c *City) Index() {
	c.regions = index(c.Regions, func(r *Region) string { return r.Code })
	c.organisations = index(c.Organisations, func(o *Organisation) string { return o.Name })
	c.units = index(c.Units, func(u *Unit) string { return u.Name })
	c.documents = index(c.Documents, func(d *Document) string { return d.Name })
	c.rules = index(c.Rules, func(r *Rule) string { return r.Name })
	c.datasets = index(c.Datasets, func(d *Dataset) string { return d.Name })
	c.indicators = index(c.Indicators, func(i *Indicator) string { return i.Name })
	c.plans = index(c.Plans, func(p *Plan) string { return p.Name })
	c.targets = index(c.Targets, func(t *Target) string { return t.Name })
	c.alerts = index(c.Alerts, func(a *Alert) string { return a.Name })
	c.reports = index(c.Reports, func(r *Report) string { return r.Name })
}

func index[T any](list []*T, name func(*T) string) map[string]*T {
	m := make(map[string]*T, len(list))
	for _, v := range list {
		m[name(v)] = v
	}
	return m
}

func find[T any](m map[string]*T, what, name string) (*T, error) {
	if v, ok := m[name]; ok {
		return v, nil
	}
	err := Errorf(CodeNotFound, "there is no %s %q", what, name)
	if len(name) > longestName {
		return nil, err // nobody meant this
	}
	if near := Nearest(name, slices.Sorted(maps.Keys(m))); near != "" {
		err = err.WithHint("did you mean %s?", near)
	}
	return nil, err
}

// longestName is how long a name may be, in bytes, to be worth a suggestion.
const longestName = 100

// Region finds a region by code.
func (c *City) Region(code string) (*Region, error) { return find(c.regions, "region", code) }

// Organisation finds an organisation by name.
func (c *City) Organisation(name string) (*Organisation, error) {
	return find(c.organisations, "organisation", name)
}

// Unit finds a unit by name.
func (c *City) Unit(name string) (*Unit, error) { return find(c.units, "unit", name) }

// Document finds a document by name.
func (c *City) Document(name string) (*Document, error) { return find(c.documents, "document", name) }

// Rule finds a rule by name.
func (c *City) Rule(name string) (*Rule, error) { return find(c.rules, "rule", name) }

// Dataset finds a dataset by namespace.table.
func (c *City) Dataset(name string) (*Dataset, error) { return find(c.datasets, "dataset", name) }

// Indicator finds an indicator by name. Whoever asks by its title is told the
// name.
func (c *City) Indicator(name string) (*Indicator, error) {
	found, err := find(c.indicators, "indicator", name)
	if err == nil {
		return found, nil
	}
	for _, ind := range c.Indicators {
		if name != "" && (ind.Title.ZH == name || strings.EqualFold(ind.Title.EN, name)) {
			return nil, Errorf(CodeNotFound, "there is no indicator %q", name).WithHint("did you mean %s?", ind.Name)
		}
	}
	return nil, err
}

// Plan finds a plan by name.
func (c *City) Plan(name string) (*Plan, error) { return find(c.plans, "plan", name) }

// Target finds a target by name.
func (c *City) Target(name string) (*Target, error) { return find(c.targets, "target", name) }

// Alert finds a rule of alerts by name.
func (c *City) Alert(name string) (*Alert, error) { return find(c.alerts, "alert", name) }

// Report finds a template of a monthly document by name.
func (c *City) Report(name string) (*Report, error) { return find(c.reports, "report", name) }

// Districts are the regions directly below the city, administrative divisions
// first, in the order of their codes as declared.
func (c *City) Districts() []*Region {
	var out, functional []*Region
	for _, r := range c.Regions {
		switch {
		case r.Parent != c.Code:
		case r.Functional:
			functional = append(functional, r)
		default:
			out = append(out, r)
		}
	}
	return append(out, functional...)
}

// RegionSet lists the codes of the regions in a named set.
func (c *City) RegionSet(name string) []string {
	var out []string
	for _, r := range c.Regions {
		for _, s := range r.Sets {
			if s == name {
				out = append(out, r.Code)
			}
		}
	}
	return out
}
