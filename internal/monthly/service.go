package monthly

import (
	"cmp"
	"context"
	"slices"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// Answers is what this package needs of package analysis. *analysis.Service has it.
type Answers interface {
	explore.Answers
	Board(ctx context.Context, who policy.Principal, year int) (*analysis.Board, error)
	Target(ctx context.Context, who policy.Principal, name string) (*analysis.TargetDetail, error)
	Source(ctx context.Context, dataset string) (analysis.Source, error)
}

// Published is what this package needs of package ledger. *ledger.Service has it.
type Published interface {
	List(ctx context.Context, who policy.Principal, f ledger.Filter) (*ledger.List, error)
	Figure(ctx context.Context, who policy.Principal, id string) (*ledger.FigureDetail, error)
}

var (
	_ Answers   = (*analysis.Service)(nil)
	_ Published = (*ledger.Service)(nil)
)

// Service makes documents. It is safe for concurrent use.
type Service struct {
	Answers   Answers
	Published Published
	City      func() *city.City
	Today     func() city.Date
}

// monthsListed is how many months a list of reports offers.
const monthsListed = 36

// List describes the templates of the pack, in its order.
func (s *Service) List(ctx context.Context, who policy.Principal) ([]ReportInfo, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	c, out := s.City(), []ReportInfo{}
	for _, r := range c.Reports {
		info := ReportInfo{Name: r.Name, Title: r.Title, Organisation: analysis.Named{Name: r.Organisation}, Months: []string{}}
		if o, err := c.Organisation(r.Organisation); err == nil {
			info.Organisation.Title = o.Title
		}
		if err := s.months(ctx, who, c, r, &info); err != nil {
			return nil, err
		}
		out = append(out, info)
	}
	return out, nil
}

// months says for which months a report can be made, and the last one for which
// the data of all its indicators have come.
func (s *Service) months(ctx context.Context, who policy.Principal, c *city.City, r *city.Report, info *ReportInfo) error {
	var data city.Span
	var complete city.Date
	for _, name := range indicators(c, r, s.Today().Year) {
		span, err := s.Answers.Range(ctx, who, name, lake.AsOf{})
		if err != nil {
			return err
		}
		if span.IsZero() {
			continue
		}
		if data.IsZero() || span.From.Before(data.From) {
			data.From = span.From
		}
		if span.To.After(data.To) {
			data.To = span.To
		}
		ind, err := c.Indicator(name)
		if err != nil {
			return err
		}
		src, err := s.Answers.Source(ctx, ind.Dataset)
		if err != nil {
			return err
		}
		if complete.IsZero() || src.CompleteTo.Before(complete) {
			complete = src.CompleteTo
		}
	}
	if data.IsZero() {
		return nil
	}
	months := data.Periods(city.GrainMonth)
	slices.Reverse(months)
	for _, m := range months[:min(len(months), monthsListed)] {
		info.Months = append(info.Months, city.GrainMonth.Label(m))
		if info.Latest == "" && !complete.Before(m.MonthEnd()) {
			info.Latest = city.GrainMonth.Label(m)
		}
	}
	return nil
}

// indicators lists what a report tells of, each once and in a fixed order; for a
// board these are the indicators of its targets.
func indicators(c *city.City, r *city.Report, year int) []string {
	var out []string
	phrases := func(w *city.Wording) {
		for _, p := range w.In("zh") {
			if p.OfIndicator() {
				out = append(out, p.Name)
			}
		}
	}
	for _, section := range r.Sections {
		for _, p := range section.Parts {
			switch {
			case p.Text != nil:
				phrases(p.Text)
			case p.Table != nil:
				for _, m := range p.Table.Measures {
					out = append(out, m.Indicator)
				}
			case p.Chart != nil:
				out = append(out, p.Chart.Indicator)
			case p.Ranking != nil:
				out = append(out, p.Ranking.Indicator)
			case p.Targets != nil:
				out = append(out, owed(c, p.Targets.Owner, year)...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// owed lists the indicators of the targets of a year that are an owner's.
func owed(c *city.City, owner string, year int) []string {
	var out []string
	for _, t := range c.Targets {
		p, err := c.Plan(t.Plan)
		if err == nil && p.Year == year && t.Indicator != "" && (owner == "" || t.Owner == owner) {
			out = append(out, t.Indicator)
		}
	}
	return out
}

// Build makes the document of a month.
func (s *Service) Build(ctx context.Context, who policy.Principal, q Question) (*Document, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	c := s.City()
	r, err := c.Report(q.Report)
	if err != nil {
		return nil, err
	}
	q.Lang = cmp.Or(q.Lang, "zh")
	if q.Lang != "zh" && q.Lang != "en" {
		return nil, city.Errorf(city.CodeInvalid, "%q is not a language of reports", q.Lang).WithHint("use zh or en")
	}
	if q.Month.IsZero() || q.Month.MonthStart().After(s.Today()) {
		return nil, city.Errorf(city.CodeInvalid, "%s is not a month that has begun", city.GrainMonth.Label(q.Month)).WithHint("the city stands at %s", s.Today())
	}
	b := newBuilding(s, who, c, r, q)
	if err := b.build(ctx); err != nil {
		return nil, err
	}
	return b.doc, nil
}
