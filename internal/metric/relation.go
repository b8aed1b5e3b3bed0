package metric

import (
	"slices"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/standard"
)

// Derived gives the rows of a relation with the named fields that a dataset
// derives from its others, of whatever day they are.
func Derived(ds *city.Dataset, relation string, names ...string) string {
	return standard.Relation(ds, relation, names, city.Span{})
}

// relation is what stands after FROM: the rows of the part's source, with the
// fields that its dataset derives by a standard, as far as the question reads
// them. more are fields that are read besides.
func (p *part) relation(more ...string) string {
	if len(p.dataset.Derived) == 0 {
		return p.src.Relation
	}
	read := slices.Concat(p.read(), more)
	names := read
	conds := p.conditions()
	for _, c := range conds {
		names = append(names, c.Field)
	}
	list := ranges(p.windows)
	within := city.Span{From: list[0].From, To: list[len(list)-1].To}
	return standard.Compared(p.dataset, p.src.Relation, names, within, cuts(p.dataset, read, conds))
}

// conditions lists all conditions of a part.
func (p *part) conditions() []city.Condition {
	out := slices.Concat(p.req.Indicator.Scope, p.req.Where, p.src.Where)
	for _, l := range p.leaves {
		out = append(out, l.node.Where...)
	}
	return out
}

// cuts says how the derived fields that are not read are compared. A field of
// which a value is named is left out.
func cuts(ds *city.Dataset, read []string, conds []city.Condition) standard.Cuts {
	out, named := standard.Cuts{}, slices.Clone(read)
	for _, c := range conds {
		low, err := bound(c.Min)
		high, err2 := bound(c.Max)
		if len(c.Values) > 0 || err != nil || err2 != nil {
			named = append(named, c.Field)
			continue
		}
		if f, ok := ds.Readable(c.Field); ok && f.Type == city.TypeInt {
			out[c.Field] = append(out[c.Field], standard.Cut{Min: low, Max: high})
		}
	}
	for _, n := range named {
		delete(out, n)
	}
	return out
}

// bound reads an end of a range; nil when it is open.
func bound(text string) (*float64, error) {
	if text == "" {
		return nil, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	return &v, err
}
