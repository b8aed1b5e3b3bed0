package explore

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// Answers is what this package needs of package analysis. *analysis.Service has it.
type Answers interface {
	Query(ctx context.Context, who policy.Principal, q analysis.Question) (*analysis.Answer, error)
	Range(ctx context.Context, who policy.Principal, indicator string, asOf lake.AsOf) (city.Span, error)
	ParseAsOf(text string) (lake.AsOf, error)
}

var _ Answers = (*analysis.Service)(nil)

// Service answers free questions. It is safe for concurrent use.
type Service struct {
	Answers Answers
	City    func() *city.City
}

// The most rows of a table: on a screen, and in a file.
const (
	ScreenRows = 5_000
	FileRows   = 200_000
)

// Ask answers a question with at most limit rows.
func (s *Service) Ask(ctx context.Context, who policy.Principal, q Question, limit int) (*Table, error) {
	p, err := s.plan(ctx, who, q)
	if err != nil {
		return nil, err
	}
	a := asking{service: s, who: who, plan: p, table: newTable(p), rows: map[string]*line{}}
	if err := a.fill(ctx); err != nil {
		return nil, err
	}
	return a.finish(ctx, limit)
}
