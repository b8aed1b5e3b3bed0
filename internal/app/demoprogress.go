package app

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

// What becomes of the newest report of a target in a demonstration.
const (
	storyApproved = iota
	storyWaiting
	storyOverdue
	storyRejected
)

// stories is what becomes of the targets that are reported by hand and are not
// due yet, in the order of the pack; after the last one it begins anew, with the rejected one
// approved.
var stories = [...]int{storyApproved, storyApproved, storyWaiting, storyApproved, storyOverdue, storyRejected, storyApproved}

// reportedPeriods is how many periods of each target are reported in a
// demonstration: a later report settles what was owed for earlier periods.
const reportedPeriods = 3

// Who reports and who approves in a demonstration: parts, not persons.
const (
	demoReporter = "模拟填报员"
	demoApprover = "模拟审核员"
)

// demoReports files made-up reports for the targets that no data measure: most
// are approved, some wait, some are late, one is rejected. Periods that have a
// report are left as they are, so that a demonstration may be run again.
func (a *App) demoReports(ctx context.Context, o DemoOptions) error {
	who := policy.Local(demonstrator)
	list, err := a.Progress.Standings(ctx, who, progress.StandingFilter{})
	if err != nil {
		return err
	}
	byName := map[string]progress.Standing{}
	for _, s := range list {
		byName[s.Target.Name] = s
	}
	n, running := 0, 0
	for _, t := range a.City().Targets {
		s, ok := byName[t.Name]
		if !ok || len(s.Periods) == 0 {
			continue
		}
		story := storyApproved
		if t.Deadline.After(o.Until) {
			if story = stories[running%len(stories)]; story == storyRejected && running >= len(stories) {
				story = storyApproved
			}
			running++
		}
		if err := a.demoTarget(ctx, who, t, s, story); err != nil {
			return err
		}
		n++
		o.Progress("report", n, len(list))
	}
	if n < len(list) {
		o.Progress("report", len(list), len(list)) // the others have not begun
	}
	return nil
}

// demoTarget files the reports of one target.
func (a *App) demoTarget(ctx context.Context, who policy.Principal, t *city.Target, s progress.Standing, story int) error {
	known, err := a.Progress.Reports(ctx, who, store.ProgressFilter{Target: t.Name}, "", store.MaxPage)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, r := range known.Items {
		have[r.Period] = true
	}
	owed := s.Owed
	if story == storyOverdue {
		owed = owed[:max(0, len(owed)-2)]
	}
	if len(owed) > reportedPeriods {
		owed = owed[len(owed)-reportedPeriods:]
	}
	for i, label := range owed {
		if have[label] {
			continue
		}
		f := a.demoFiling(t, label)
		what := storyApproved
		if i == len(owed)-1 {
			what = story
		}
		if err := a.demoReport(ctx, who, f, what); err != nil {
			return err
		}
		if !f.DoneOn.IsZero() && what == storyApproved {
			return nil // nothing is owed any more
		}
	}
	return nil
}

// demoFiling makes a report up: a number that grows with the time that has
// passed, or a day close to the deadline.
func (a *App) demoFiling(t *city.Target, label string) progress.Filing {
	h := fnv.New64a()
	_, _ = h.Write([]byte(t.Name)) // a hash takes everything
	draw := int(h.Sum64() % 1000)
	span, err := city.ParseSpan(label)
	if err != nil {
		return progress.Filing{} // a label that the pack made is one
	}
	f := progress.Filing{Target: t.Name, Period: label, By: demoReporter, Simulated: true,
		Note: "模拟填报，不是真实进展。 Simulated, not real progress."}
	begin := city.Date{Year: span.From.Year, Month: 1, Day: 1}
	if p, err := a.City().Plan(t.Plan); err == nil {
		begin.Year = p.Year
	}
	days := func(from, to city.Date) float64 { return to.Time().Sub(from.Time()).Hours() / 24 }
	if t.Value != nil {
		share := min(1, days(begin, span.To.AddDays(1))/max(1, days(begin, t.Deadline.AddDays(1))))
		v := math.Round(*t.Value * share * (0.85 + float64(draw)/1000*0.25))
		if t.Kind == city.TargetCoverage {
			v = min(100, v)
		}
		f.Value = &v
		return f
	}
	day := t.Deadline.AddDays(draw%45 - 35) // mostly a little before, sometimes after
	if !day.After(span.To) && !day.After(a.Today()) {
		f.DoneOn = day
	} else {
		f.ExpectedOn = day
	}
	return f
}

// demoReport files one report with a made-up file, and decides it.
func (a *App) demoReport(ctx context.Context, who policy.Principal, f progress.Filing, story int) error {
	text := fmt.Sprintf("模拟佐证材料 / SIMULATED EVIDENCE\n目标 target: %s\n报告期 period: %s\n本文件由演示程序生成，不反映真实进展。\nMade by the demonstration; it says nothing of real progress.\n", f.Target, f.Period)
	file, err := a.Progress.Stage(ctx, "模拟佐证-simulated-"+f.Period+".txt", strings.NewReader(text))
	if err != nil {
		return err
	}
	defer file.Discard()
	r, err := a.Progress.File(ctx, who, f, file)
	if err != nil {
		return err
	}
	switch story {
	case storyApproved, storyOverdue:
		_, err = a.Progress.Approve(ctx, who, r.ID, progress.Decision{By: demoApprover})
	case storyRejected:
		_, err = a.Progress.Reject(ctx, who, r.ID, progress.Decision{By: demoApprover, Reason: "模拟退回：佐证材料看不出进展。 Simulated: the file does not show the progress."})
	}
	return err
}
