package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// Compare explains the difference between a line as of two times; a zero second
// one is now.
func (s *Service) Compare(ctx context.Context, who policy.Principal, q Question, from, to time.Time) (*Explanation, error) {
	base, err := s.line(q)
	if err != nil {
		return nil, err
	}
	if !to.IsZero() && to.Before(from) {
		return nil, city.Errorf(city.CodeInvalid, "the first time is after the second").WithHint("give the earlier one first")
	}
	tl, err := s.timeline(ctx, base)
	if err != nil {
		return nil, err
	}
	i, j := tl.last(from), len(tl.moments)-1
	if !to.IsZero() {
		j = tl.last(to)
	}
	if i < 0 || j < 0 {
		return nil, city.Errorf(city.CodeNotFound+".history", "nothing was known of %s then", base.indicator).WithHint("give a time after the first delivery")
	}
	was, err1 := s.standingAt(ctx, tl, base, i)
	now, err2 := s.standingAt(ctx, tl, base, j)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	kept, err := s.state(ctx, who, was)
	if err != nil {
		return nil, err
	}
	return s.between(ctx, who, kept, was, now)
}
