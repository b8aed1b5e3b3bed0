package metric

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/standard"
)

// relation is what stands after FROM: the rows of the part's source, with the
// fields that its dataset derives by a standard, as far as the question reads
// them. more are fields that are read besides.
func (p *part) relation(more ...string) string {
	if len(p.dataset.Derived) == 0 {
		return p.src.Relation
	}
	names := slices.Concat(p.fields(), more)
	for _, list := range [][]city.Condition{p.req.Indicator.Scope, p.req.Where, p.src.Where} {
		for _, c := range list {
			names = append(names, c.Field)
		}
	}
	list := ranges(p.windows)
	return standard.Relation(p.dataset, p.src.Relation, names, city.Span{From: list[0].From, To: list[len(list)-1].To})
}
