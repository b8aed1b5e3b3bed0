package watch

import (
	"context"
	"errors"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

// mostSubjects bounds what one rule may watch: an indicator by district and
// kind has a few hundred members.
const mostSubjects = 2_000

// Look is a rule with what was read for it.
type Look struct {
	Rule     *city.Alert
	Readings []alert.Reading
	Err      error // why it could not be read; nothing is decided then
}

// look is one reading of everything. What several rules need is read once.
type look struct {
	*Service
	who    policy.Principal
	city   *city.City
	today  city.Date
	boards map[int]*analysis.Board
	owed   []progress.Standing
	open   []store.HeldGroup
}

// Look reads what all rules watch.
func (s *Service) Look(ctx context.Context) ([]Look, error) {
	l := &look{Service: s, who: policy.System(who), city: s.City(), today: s.Today(), boards: map[int]*analysis.Board{}}
	out := []Look{}
	for _, rule := range l.city.Alerts {
		one := Look{Rule: rule}
		one.Readings, one.Err = l.read(ctx, rule)
		if ctx.Err() != nil {
			return nil, city.Outside(ctx.Err(), "the alerts were not looked at")
		}
		if one.Err == nil && len(one.Readings) > mostSubjects {
			one.Err = city.Errorf("invalid.alert", "the rule %s watches %d subjects, more than %d", rule.Name, len(one.Readings), mostSubjects).WithHint("watch fewer members, or narrow it with where")
		}
		if one.Err != nil {
			one.Readings = nil
		}
		out = append(out, one)
	}
	return out, nil
}

// read reads one rule. What all readings of a rule have in common is filled in
// here.
func (l *look) read(ctx context.Context, rule *city.Alert) ([]alert.Reading, error) {
	var out []alert.Reading
	var err error
	switch {
	case rule.Target != nil:
		out, err = l.targets(ctx, rule.Target)
	case rule.Indicator != nil:
		out, err = l.indicator(ctx, rule.Indicator)
	case rule.Late != nil:
		out, err = l.late(ctx, rule.Late)
	case rule.Quality != nil:
		out, err = l.quality(ctx, rule.Quality)
	case rule.Overdue != nil:
		out, err = l.overdue(ctx, rule.Overdue)
	default:
		err = errors.New("a rule that watches nothing")
	}
	for i := range out {
		r := &out[i]
		r.Rule, r.Severity = rule.Name, rule.Severity
		if rule.Owner != "" {
			r.Owner = rule.Owner
		}
	}
	return out, err
}

// board gives the board of a year, read once for each look.
func (l *look) board(ctx context.Context, year int) (*analysis.Board, error) {
	if b := l.boards[year]; b != nil {
		return b, nil
	}
	b, err := l.Answers.Board(ctx, l.who, year)
	if err == nil {
		l.boards[year], l.boards[b.Year] = b, b
	}
	return b, err
}

// datasets gives the datasets of names, or all.
func (l *look) datasets(names []string) ([]*city.Dataset, error) {
	if len(names) == 0 {
		return l.city.Datasets, nil
	}
	var out []*city.Dataset
	for _, name := range names {
		d, err := l.city.Dataset(name)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}
