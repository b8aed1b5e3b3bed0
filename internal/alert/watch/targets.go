package watch

import (
	"context"
	"fmt"
	"slices"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plan"
	"github.com/jinyang-city/jinyang/internal/progress"
)

// targets reads targets off the board.
func (l *look) targets(ctx context.Context, w *city.TargetWatch) ([]alert.Reading, error) {
	years, err := l.years(w)
	if err != nil {
		return nil, err
	}
	var out []alert.Reading
	for _, year := range years {
		b, err := l.board(ctx, year)
		if err != nil {
			return nil, err
		}
		for _, t := range b.Targets {
			if len(w.Targets) > 0 && !slices.Contains(w.Targets, t.Target.Name) || w.Plan != "" && t.Plan != w.Plan {
				continue
			}
			out = append(out, l.target(w, t))
		}
	}
	return out, nil
}

// years lists the boards that a watch needs; 0 is the current one.
func (l *look) years(w *city.TargetWatch) ([]int, error) {
	plans := []string{}
	if w.Plan != "" {
		plans = append(plans, w.Plan)
	}
	for _, name := range w.Targets {
		t, err := l.city.Target(name)
		if err != nil {
			return nil, err
		}
		plans = append(plans, t.Plan)
	}
	if len(plans) == 0 {
		if len(l.city.Plans) == 0 {
			return nil, nil
		}
		return []int{0}, nil
	}
	var out []int
	for _, name := range plans {
		p, err := l.city.Plan(name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, p.Year) {
			out = append(out, p.Year)
		}
	}
	return out, nil
}

func (l *look) target(w *city.TargetWatch, t analysis.TargetStatus) alert.Reading {
	r := alert.Reading{Subject: t.Target.Name, Level: alert.Promise(w, string(t.Light), t.Probability),
		Basis: fmt.Sprintf("%s %s %s %s", l.today, t.CompleteTo, t.Display, t.State),
		Facts: alert.Facts{Owner: t.Owner.Name, Title: t.Target.Title, Text: t.Reason, Link: alert.LinkTarget, Name: t.Target.Name, Simulated: t.Simulated}}
	if t.Probability != nil {
		r.Display = plan.Chance(*t.Probability).EN
	}
	return r
}

// overdue reads the reports by hand.
func (l *look) overdue(ctx context.Context, w *city.OverdueWatch) ([]alert.Reading, error) {
	if l.owed == nil {
		var err error
		if l.owed, err = l.Reports.Standings(ctx, l.who, progress.StandingFilter{}); err != nil {
			return nil, err
		}
	}
	var out []alert.Reading
	for _, s := range l.owed {
		late := s.State == plan.ReportOverdue && l.today.After(w.Beyond.After(s.Due))
		r := alert.Reading{Subject: s.Target.Name, Level: alert.Of(late), Basis: l.today.String() + " " + s.Period,
			Facts: alert.Facts{Owner: s.Owner.Name, Title: s.Target.Title, Link: alert.LinkReport, Name: s.Target.Name, Simulated: s.Last != nil && s.Last.Simulated}}
		if s.State == plan.ReportOverdue {
			r.Display, r.Text = fmt.Sprintf("%d d", s.Days), overdueWords(s)
		} else {
			r.Text = city.Text{ZH: "填报未逾期", EN: "no report is late"}
		}
		out = append(out, r)
	}
	return out, nil
}

// overdueWords says which report has been owed longest, and how many are.
func overdueWords(s progress.Standing) city.Text {
	period := s.Period
	if len(s.Owed) > 0 {
		period = s.Owed[0]
	}
	t := city.Text{
		ZH: fmt.Sprintf("%s 的进展应于 %s 前填报，已逾期 %d 天", period, s.Due, s.Days),
		EN: fmt.Sprintf("the report for %s was due on %s and is %d days late", period, s.Due, s.Days),
	}
	if n := len(s.Owed); n > 1 {
		t.ZH, t.EN = t.ZH+fmt.Sprintf("；共欠 %d 期", n), t.EN+fmt.Sprintf("; %d reports are owed", n)
	}
	return t
}
