package ledger

import (
	"context"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// parsePeriod reads a whole month, quarter or year as it is labelled.
func parsePeriod(text string) (city.Span, city.Grain, error) {
	span, err := city.ParseSpan(text)
	if err != nil {
		return span, "", err
	}
	for _, g := range []city.Grain{city.GrainMonth, city.GrainQuarter, city.GrainYear} {
		if g.Label(span.From) == text {
			return span, g, nil
		}
	}
	return span, "", city.Errorf(codePublish, "%q is not a period that can be closed", text).WithHint("write a month, quarter or year: 2024-10, 2024Q3 or 2024")
}

// chosen lists the indicators to publish: those named, or all whose dataset is
// due at least as often as the period is long and has been delivered to.
func (s *Service) chosen(ctx context.Context, c *city.City, names []string, grain city.Grain) ([]*city.Indicator, error) {
	var out []*city.Indicator
	for _, name := range names {
		ind, err := c.Indicator(name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, ind) {
			out = append(out, ind)
		}
	}
	if len(names) > 0 {
		return out, nil
	}
	for _, ind := range c.Indicators {
		ds, err := c.Dataset(ind.Dataset)
		if err != nil {
			return nil, err
		}
		if coarser(ds.Delivery.Every, grain) {
			continue
		}
		v, err := s.lake().ViewAsOf(ctx, ds, lake.AsOf{})
		if err != nil {
			return nil, err
		}
		if v.Rows > 0 {
			out = append(out, ind)
		}
	}
	return out, nil
}

// coarser says that a grain is longer than another.
func coarser(a, b city.Grain) bool {
	order := []city.Grain{city.GrainDay, city.GrainMonth, city.GrainQuarter, city.GrainYear}
	return slices.Index(order, a) > slices.Index(order, b)
}

// checkBy refuses a dimension that no indicator has.
func checkBy(c *city.City, indicators []*city.Indicator, by []string) error {
	var known []string
	for _, ind := range indicators {
		known = append(known, ind.Dimensions...)
	}
	slices.Sort(known)
	for _, dim := range by {
		if !slices.Contains(known, dim) {
			return city.Errorf(codePublish, "none of the indicators can be broken down by %q", dim).
				WithHint("use %s", strings.Join(slices.Compact(known), ", "))
		}
	}
	return nil
}

// Proposal is what closing a period would publish.
type Proposal struct {
	Period     string           `json:"period"`
	Figures    int              `json:"figures"`
	Indicators []analysis.Named `json:"indicators"`
	Incomplete []Incomplete     `json:"incomplete" doc:"indicators that lack data; closing the period then needs a reason"`
	Replaces   string           `json:"replaces" doc:"the closing that it would replace; empty for a first one"`
	Unchanged  bool             `json:"unchanged" doc:"every figure is the one that stands published already"`
}

// Propose says what closing a period would publish, and changes nothing.
func (s *Service) Propose(ctx context.Context, who policy.Principal, r Request) (*Proposal, error) {
	d, err := s.draft(ctx, who, r, lake.AsOf{})
	if err != nil {
		return nil, err
	}
	p := &Proposal{Period: r.Period, Figures: len(d.figures), Indicators: []analysis.Named{}, Incomplete: d.incomplete}
	if p.Incomplete == nil {
		p.Incomplete = []Incomplete{}
	}
	for _, f := range d.figures {
		if n := len(p.Indicators); n == 0 || p.Indicators[n-1].Name != f.Indicator {
			p.Indicators = append(p.Indicators, s.city().IndicatorNamed(f.Indicator))
		}
	}
	last, found, err := s.Store.LastClosing(ctx, r.Period)
	if err != nil {
		return nil, err
	}
	if found {
		p.Replaces = last.ID
	}
	err = s.changed(ctx, d, r.By)
	p.Unchanged = city.CodeOf(err) == codeUnchanged
	if err != nil && !p.Unchanged {
		return nil, err
	}
	return p, nil
}
