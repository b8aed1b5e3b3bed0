package analysis

import (
	"context"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// other is an indicator that the asked one is built from, with what its dataset
// stands at and what the principal may see of that.
type other struct {
	indicator *city.Indicator
	state     state
	access    policy.Access
}

// join adds to the state of an indicator's dataset those of the others that it
// is built from. A day is covered when it is covered in all of them.
func (s *Service) join(ctx context.Context, who policy.Principal, c *city.City, ind *city.Indicator, st state, asOf lake.AsOf) (state, error) {
	for _, sub := range metric.Others(ind) {
		o := other{indicator: sub}
		ds, err := c.Dataset(sub.Dataset)
		if err != nil {
			return st, err
		}
		if o.access, err = policy.Read(who, c, ds.Name); err != nil {
			return st, err
		}
		if o.state, err = s.state(ctx, ds, asOf); err != nil {
			return st, err
		}
		st.others = append(st.others, o)
		st.covered = st.covered.and(o.state.covered)
	}
	return st, nil
}

// and is what two coverages have in common.
func (c coverage) and(d coverage) coverage {
	var out coverage
	for _, a := range c {
		for _, b := range d {
			s := city.Span{From: a.From, To: a.To}
			if b.From.After(s.From) {
				s.From = b.From
			}
			if b.To.Before(s.To) {
				s.To = b.To
			}
			if !s.To.Before(s.From) {
				out = append(out, s)
			}
		}
	}
	return out
}

// reading says where the rows of a state are, as the function has it of a view.
func (st state) reading(relation func(*lake.View) string) metric.Source {
	src := metric.Source{Relation: relation(st.view), Fraction: st.view.Fraction, Others: map[string]metric.Source{}}
	for _, o := range st.others {
		src.Others[o.state.dataset.Name] = metric.Source{Relation: relation(o.state.view), Fraction: o.state.view.Fraction, Where: o.access.Rows}
	}
	return src
}

// snapshots names the states of the datasets, the indicator's own first, and
// what may be seen of the others.
func (st state) snapshots() ([]int64, []policy.Access) {
	ids, seen := []int64{st.view.SnapshotID}, []policy.Access{}
	for _, o := range st.others {
		ids, seen = append(ids, o.state.view.SnapshotID), append(seen, o.access)
	}
	return ids, seen
}

// keepOthers withholds what stands for too few persons of the other datasets.
func (s *Service) keepOthers(ctx context.Context, c *city.City, a *Answer, req metric.Request, st state) error {
	for _, o := range st.others {
		own := req
		own.Indicator, own.Where = o.indicator, slices.Concat(req.Where, o.access.Rows)
		if err := s.keep(ctx, c, a, own, o.state, o.access); err != nil {
			return err
		}
	}
	return nil
}
