package policy

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Mask says how the values of a column are shown.
type Mask string

const (
	MaskNone   Mask = ""       // as they are
	MaskShort  Mask = "short"  // the first few characters of a token, enough to see that two rows differ
	MaskHidden Mask = "hidden" // not at all
)

// Access is what a principal may see of a dataset.
type Access struct {
	// Rows are conditions that every row must meet. They become part of each
	// query, so that other rows are never read.
	Rows []city.Condition
	// Masks are the columns that are not shown as they are.
	Masks map[string]Mask
	// MinGroup is the fewest persons, or rows where no person is named, that a
	// figure may stand for; 0 when any number will do.
	MinGroup int
	// Personal says that the rows are about persons.
	Personal bool
}

// The parameters of a rule of kind disclosure.
const (
	ParamMinGroup  = "min_group"  // the fewest persons of a group that is told of
	ParamGrade     = "grade"      // data of this grade and above count as person data, also without a person field
	ParamHideGrade = "hide_grade" // from this grade on tokens are hidden, not shortened
)

// Read decides what a principal may see of a dataset. It fails with forbidden
// when that is nothing.
//
// Person data are the datasets with a person field, and those of a grade that
// the city's disclosure rule names. What may be told is decided when it is told,
// so the last edition of the rule holds, whatever the period asked about.
func Read(who Principal, c *city.City, dataset string) (Access, error) {
	if err := who.Known(); err != nil {
		return Access{}, err
	}
	ds, err := c.Dataset(dataset)
	if err != nil {
		return Access{}, err
	}
	if len(who.Datasets) > 0 && !slices.Contains(who.Datasets, dataset) {
		return Access{}, city.Errorf(city.CodeForbidden+".dataset", "you may not see the dataset %s", dataset).
			WithHint("ask about %s", who.Datasets[0])
	}
	rule := disclosure(c)
	a := Access{Masks: map[string]Mask{}, Personal: personal(ds, rule)}
	if a.Rows, err = who.rows(c, ds); err != nil {
		return Access{}, err
	}
	if a.Personal && !slices.Contains(who.Rights, RightSmallGroups) {
		a.MinGroup = minGroup(rule)
	}
	for _, f := range ds.Fields {
		if m := mask(ds, f, rule, a.Personal); m != MaskNone {
			a.Masks[f.Name] = m
		}
	}
	return a, nil
}

// disclosure gives the parameters of the city's disclosure rule; none when it
// declares none.
func disclosure(c *city.City) map[string]float64 {
	for _, r := range c.Rules {
		if r.Kind == city.RuleDisclosure && len(r.Versions) > 0 {
			return r.Versions[len(r.Versions)-1].Params
		}
	}
	return nil
}

// undeclared is the least group of a city that declares no disclosure rule:
// forgetting one must not open what another city keeps closed.
const undeclared = 5

func minGroup(rule map[string]float64) int {
	if k, declared := rule[ParamMinGroup]; declared {
		return int(k)
	}
	return undeclared
}

func personal(ds *city.Dataset, rule map[string]float64) bool {
	grade, declared := rule[ParamGrade]
	return declared && float64(ds.Grade) >= grade ||
		slices.ContainsFunc(ds.Fields, func(f *city.Field) bool { return f.Type == city.TypePerson })
}

// mask decides about one column: tokens are shortened, or hidden from a grade
// on; texts that may hold ID numbers are hidden; and the keys of person data,
// by which another register finds the person, are shortened.
func mask(ds *city.Dataset, f *city.Field, rule map[string]float64, personal bool) Mask {
	hide, declared := rule[ParamHideGrade]
	switch {
	case f.Personal, f.Type == city.TypePerson && declared && float64(ds.Grade) >= hide:
		return MaskHidden
	case f.Type == city.TypePerson, personal && f.Type == city.TypeString && slices.Contains(ds.Key, f.Name):
		return MaskShort
	}
	return MaskNone
}

// rows narrows a principal of some regions to the rows of these and of what
// belongs to them, by the first region field of the dataset.
func (p Principal) rows(c *city.City, ds *city.Dataset) ([]city.Condition, error) {
	if len(p.Regions) == 0 {
		return nil, nil
	}
	for _, f := range ds.Fields {
		if f.Type == city.TypeRegion {
			return []city.Condition{{Field: f.Name, Values: below(c, p.Regions)}}, nil
		}
	}
	return nil, city.Errorf(city.CodeForbidden+".region", "the dataset %s is not divided by region, and you may see %d regions only", ds.Name, len(p.Regions)).
		WithHint("ask about a dataset with a region")
}

// below lists regions and those that belong to them, in the order in which the
// city declares them.
func below(c *city.City, regions []string) []string {
	in := map[string]bool{}
	for _, r := range regions {
		in[r] = true
	}
	for range c.Regions { // as often as the deepest chain may be long
		grew := false
		for _, r := range c.Regions {
			if in[r.Parent] && !in[r.Code] {
				in[r.Code], grew = true, true
			}
		}
		if !grew {
			break
		}
	}
	var out []string
	for _, r := range c.Regions {
		if in[r.Code] {
			out = append(out, r.Code)
		}
	}
	return out
}

// shownOfToken is how many characters of a token are shown. A token is random
// but for its key, so that these say nothing of the person.
const shownOfToken = 6

// Apply shows a value as the mask says.
func (m Mask) Apply(v string) string {
	switch {
	case v == "" || m == MaskNone:
		return v
	case m == MaskShort:
		r := []rune(v)
		return string(r[:min(shownOfToken, len(r)/2)]) + "…"
	}
	return "•••"
}
