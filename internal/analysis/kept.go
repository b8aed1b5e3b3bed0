package analysis

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/rollup"
)

// keeper is the engine's ability to keep what questions sum up; nil when it has
// none.
func keeper(c Config) *rollup.Store {
	if e, ok := c.Engine.(rollup.Engine); ok {
		return rollup.New(e, rollup.Limits{})
	}
	return nil
}

// Kept says what is kept of earlier questions.
func (s *Service) Kept() rollup.Counts {
	if s.units == nil {
		return rollup.Counts{}
	}
	return s.units.Counts()
}

// tallied gives the rows of a question: from units that are kept when it has
// been asked before or will be again, and else from the rows of the tables. It
// gives the days with a value too, where they are known: nil where they are to
// be counted by themselves.
func (s *Service) tallied(ctx context.Context, c *city.City, req metric.Request, src metric.Source, st state) ([]Row, []metric.MonthDays, error) {
	return s.reckoned(ctx, c, req, src, func(plan *metric.Plan) ([][]metric.Unit, bool, error) {
		if s.units == nil || !plan.Keep || !s.units.Worth(plan) && !st.again {
			return s.summed(ctx, plan, st.views())
		}
		views := map[string]*lake.View{}
		for _, v := range st.views() {
			views[v.Dataset] = v
		}
		return s.units.Units(ctx, plan, views)
	})
}

// Refresh answers the questions that are asked of every indicator, over all its
// months, as a whole and by each of its dimensions, so that those who ask next
// need not wait. After a delivery it reads the months whose rows changed. It
// gives the number of questions. Indicators that the principal may not see are
// left out.
func (s *Service) Refresh(ctx context.Context, who policy.Principal) (questions int, err error) {
	for _, ind := range s.City().Indicators {
		for _, by := range append([][]string{nil}, each(ind.Dimensions)...) {
			_, err := s.Query(ctx, who, Question{Indicator: ind.Name, By: by, again: true})
			if city.CodeOf(err).Root() == city.CodeForbidden {
				continue
			}
			if err != nil {
				return questions, err
			}
			questions++
		}
	}
	return questions, nil
}

func each(dimensions []string) [][]string {
	out := make([][]string, len(dimensions))
	for i, d := range dimensions {
		out[i] = []string{d}
	}
	return out
}
