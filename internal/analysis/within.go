package analysis

import (
	"context"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// within says where the rows of a state are that a question reads. Files that
// hold no day of its windows are left out: opening them to see that would take
// longer than many a question.
func (s *Service) within(ctx context.Context, c *city.City, req metric.Request, st state) (metric.Source, error) {
	whole := st.reading(s.Engine.Relation)
	ranger, ok := s.Engine.(lake.Ranger)
	if !ok {
		return whole, nil
	}
	reads, err := metric.Reads(c, req, whole)
	if err != nil {
		return whole, err
	}
	views := map[string]*lake.View{}
	for _, v := range st.views() {
		if views[v.Dataset], err = narrowTo(ctx, ranger, v, reads); err != nil {
			return whole, err
		}
	}
	return st.reading(func(v *lake.View) string { return s.Engine.Relation(views[v.Dataset]) }), nil
}

// narrowTo leaves the files of a view that some part of a question may read.
func narrowTo(ctx context.Context, ranger lake.Ranger, v *lake.View, reads []metric.Read) (*lake.View, error) {
	out := *v
	out.Files = nil
	for _, r := range reads {
		if r.Dataset != v.Dataset {
			continue
		}
		ranges, err := ranger.Ranges(ctx, v, r.Time)
		if err != nil {
			return nil, err
		}
		out.Files = append(out.Files, v.Within(ranges, r.Days).Files...)
	}
	slices.Sort(out.Files)
	out.Files = slices.Compact(out.Files)
	return &out, nil
}

// views lists what the datasets of a question stand at.
func (st state) views() []*lake.View {
	out := []*lake.View{st.view}
	for _, o := range st.others {
		out = append(out, o.state.view)
	}
	return out
}

// footers gives the first and last day of a view's rows, when all of its files
// say so themselves.
func (s *Service) footers(ctx context.Context, v *lake.View, column string) (span city.Span, known bool, err error) {
	ranger, ok := s.Engine.(lake.Ranger)
	if !ok {
		return span, false, nil
	}
	ranges, err := ranger.Ranges(ctx, v, column)
	if err != nil || len(ranges) < len(v.Files) {
		return span, false, err
	}
	for _, r := range ranges {
		if span.IsZero() || r.From.Before(span.From) {
			span.From = r.From
		}
		if r.To.After(span.To) {
			span.To = r.To
		}
	}
	return span, !span.IsZero(), nil
}
