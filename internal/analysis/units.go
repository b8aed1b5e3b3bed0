package analysis

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// maxValues is how many rows a table may have whose values are handed over one
// by one. The engine puts larger ones together itself.
const maxValues = 1_000_000

// reckoned gives the rows of a question, and the days that have a value when its
// units tell them. Units are put together here; a question that has none, or too
// many, is asked of the engine as a whole.
func (s *Service) reckoned(ctx context.Context, c *city.City, req metric.Request, src metric.Source,
	units func(*metric.Plan) ([][]metric.Unit, bool, error)) ([]Row, []metric.MonthDays, error) {
	plan, err := metric.PlanUnits(c, req, src)
	if err != nil {
		return nil, nil, err
	}
	if plan != nil {
		list, ok, err := units(plan)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			if lines, ok := plan.Answer(list); ok {
				days, _ := plan.Days(list)
				return rowsOf(c, req, lines), days, nil
			}
		}
	}
	rows, err := s.rows(ctx, c, req, src)
	return rows, nil, err
}

// summed has the engine sum up the rows that a plan reads. It is false when the
// engine had better put them together itself.
func (s *Service) summed(ctx context.Context, plan *metric.Plan, views []*lake.View) ([][]metric.Unit, bool, error) {
	if plan.Months {
		return nil, false, nil // the engine reads the last month only
	}
	for _, v := range views {
		if plan.Values && v.Rows > maxValues {
			return nil, false, nil
		}
	}
	return plan.Collect(func(u *metric.Units) (metric.Rows, error) {
		q := u.Read("")
		return s.Engine.Query(ctx, q.SQL, q.Args...)
	})
}

// rowsOf writes lines as rows of an answer.
func rowsOf(c *city.City, req metric.Request, lines []metric.Line) []Row {
	label := labeller(c, req.Indicator)
	out := make([]Row, len(lines))
	for i, l := range lines {
		out[i] = rowOf(req, l, label)
	}
	return out
}

// rowOf writes a line; a nil dimension value is an empty one.
func rowOf(req metric.Request, l metric.Line, label func(dim, value string) city.Text) Row {
	r := Row{period: l.Period, Period: l.Period.Label, From: l.Period.Window.From, To: l.Period.Window.To,
		Value: l.Value, Previous: l.Previous, Before: l.Before, Festival: l.Festival, Rows: l.Rows}
	for i, name := range req.By {
		v := ""
		if l.Dims[i] != nil {
			v = *l.Dims[i]
		}
		if r.Dimensions == nil {
			r.Dimensions, r.Labels = map[string]string{}, map[string]city.Text{}
		}
		r.Dimensions[name], r.Labels[name] = v, label(name, v)
	}
	return r
}
