package plan

import (
	"fmt"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// ReportState says how the reporting of a promise by hand stands.
type ReportState string

const (
	ReportNone     ReportState = "none"     // nothing is owed yet
	ReportDue      ReportState = "due"      // a period is over, and its report is not late yet
	ReportOverdue  ReportState = "overdue"  // a report is late
	ReportWaiting  ReportState = "waiting"  // the newest report waits for a second person
	ReportApproved ReportState = "approved" // what was owed is reported and approved
	ReportRejected ReportState = "rejected" // the newest report was sent back, and is not late yet
)

// Reported is what is known of a promise that is reported by hand.
type Reported struct {
	State  ReportState
	By     city.Text  // the body that reports, as sentences name it
	Every  city.Grain // how often
	Period string     // of the report that is owed, waiting or rejected; "" none
	Since  string     // the first period without a report; "" none
	Due    city.Date  // the last day for the report that has been owed longest, or for the next one; zero none
	Days   int        // days that the report is late
	// Approved holds the reports that a second person approved, those of earlier
	// periods first.
	Approved []ApprovedReport
	// Newest is the newest report that was neither withdrawn nor superseded,
	// whatever became of it; nil when there is none.
	Newest *NewestReport
	// Simulated says that some of them were made up for a demonstration.
	Simulated bool
}

// ApprovedReport is what was reported for a period and approved.
type ApprovedReport struct {
	To         city.Date // last day of the period
	Value      *float64  // how the promised number stood then; nil for a milestone
	DoneOn     city.Date // a milestone that was reached
	ExpectedOn city.Date // a milestone that was not: when it will be
}

// NewestReport is what a board says of the newest report. It is not judged by.
type NewestReport struct {
	ID, Period, State  string
	Value              *float64
	DoneOn, ExpectedOn city.Date
	By                 string // who reported, as stated
	At                 time.Time
}

// reported judges a promise by its approved reports. A number is held against
// the promise and its pace like one from data, on the last day of its period; a
// milestone by the day it was reached, or is expected to be. What nobody
// approved counts for nothing. A late report turns a light that is green, or
// off, to yellow: nobody may look well by keeping silent.
func reported(in Input) Result {
	if in.Today.Before(in.Target.From) {
		return none(notYet(in.Target))
	}
	var r Result
	switch n := len(in.Reported.Approved); {
	case n == 0:
		r = none(unreported(in.Reported))
	case in.Target.Kind == city.TargetMilestone:
		r = milestone(in, in.Reported.Approved[n-1])
	default:
		r = byReports(in)
	}
	return withReporting(r, in.Reported)
}

// byReports judges a number: its reports are a series, complete to the end of
// the last reported period.
func byReports(in Input) Result {
	list := in.Reported.Approved
	target := *in.Target
	if target.Kind == city.TargetRelative {
		target.Kind = city.TargetLevel // what is reported is the comparison itself
	}
	ind := &city.Indicator{Window: city.WindowAll, Better: city.BetterNone, Unit: target.Unit, Title: target.Title}
	switch target.Comparator {
	case city.AtLeast, city.Above:
		ind.Better = city.BetterHigher
	case city.AtMost, city.Below:
		ind.Better = city.BetterLower
	}
	stand := in
	stand.Reported, stand.Target, stand.Indicator, stand.Series = nil, &target, ind, nil
	for _, a := range list {
		if a.Value != nil {
			ind.Decimals = declared(*a.Value, ind.Decimals)
			stand.Series = append(stand.Series, Month{Start: a.To.MonthStart(), Value: a.Value})
		}
	}
	stand.CompleteTo = list[len(list)-1].To
	return Evaluate(stand)
}

// milestone judges a thing to be done by its last approved report.
func milestone(in Input, last ApprovedReport) Result {
	deadline := in.Target.Deadline
	r := Result{At: last.To, Light: LightRed, State: StateMissed}
	switch {
	case !last.DoneOn.IsZero() && !last.DoneOn.After(deadline):
		r.Light, r.State = LightGreen, StateMet
		r.Reason = sayf("填报：已于%[1]s完成，期限%[2]s。", "Reported as done on %[1]s; the deadline was %[2]s.", last.DoneOn, deadline)
	case !last.DoneOn.IsZero():
		r.Reason = sayf("填报：%[1]s才完成，晚于期限%[2]s共%[3]s。", "Reported as done on %[1]s, %[3]s after the deadline of %[2]s.", last.DoneOn, deadline, count(days(deadline, last.DoneOn)))
	case !last.To.Before(deadline):
		r.Reason = sayf("期限%[1]s已到，填报称尚未完成，预计%[2]s完成。", "The deadline of %[1]s has passed; reported as not done, expected on %[2]s.", deadline, last.ExpectedOn)
	case last.ExpectedOn.After(deadline):
		r.State = StateWillMiss
		r.Reason = sayf("填报预计%[1]s完成，晚于期限%[2]s共%[3]s。", "Expected on %[1]s, %[3]s after the deadline of %[2]s.", last.ExpectedOn, deadline, count(days(deadline, last.ExpectedOn)))
	case in.Today.After(deadline):
		r.Light, r.State = LightYellow, StateAtRisk
		r.Reason = sayf("期限%[1]s已过，上次填报预计%[2]s完成，是否完成尚无经审核的填报。", "The deadline of %[1]s has passed; the last report expected it on %[2]s, and none says yet that it is done.", deadline, last.ExpectedOn)
	default:
		r.Light, r.State = LightGreen, StateOnPace
		r.Reason = sayf("填报预计%[1]s完成，期限%[2]s。", "Expected on %[1]s; the deadline is %[2]s.", last.ExpectedOn, deadline)
	}
	return r
}

// withReporting adds to a judgement what is owed.
func withReporting(r Result, s *Reported) Result {
	var t city.Text
	switch s.State {
	case ReportOverdue:
		t = sayf("%[1]s的填报（%[2]s）应于%[3]s前报送，已逾期%[4]s。", "The report of %[1]s for %[2]s was due on %[3]s and is %[4]s late.", s.By, s.Since, s.Due, count(s.Days))
		if r.Light == LightGreen || r.Light == LightNone {
			r.Light, r.State = LightYellow, StateAtRisk
		}
	case ReportWaiting:
		t = sayf("%[1]s的填报（%[2]s）正在等待审核。", "The report of %[1]s for %[2]s waits for approval.", s.By, s.Period)
	case ReportRejected:
		t = sayf("%[1]s的填报（%[2]s）被退回，应于%[3]s前重报。", "The report of %[1]s for %[2]s was sent back and is due again by %[3]s.", s.By, s.Period, s.Due)
	default:
		return r
	}
	r.Reason = city.Text{ZH: r.Reason.ZH + t.ZH, EN: join(r.Reason.EN, t.EN)}
	return r
}

// unreported is the sentence for a promise of which no report was approved.
func unreported(s *Reported) city.Text {
	every := map[city.Grain]city.Text{
		city.GrainMonth: {ZH: "按月", EN: "every month"}, city.GrainQuarter: {ZH: "按季", EN: "every quarter"}, city.GrainYear: {ZH: "按年", EN: "every year"},
	}[s.Every]
	t := sayf("没有接入数据，由%[1]s%[2]s填报，尚无经审核的填报。", "No data are bound; %[1]s reports it %[2]s, and no report is approved yet.", s.By, every)
	if s.State == ReportDue || s.State == ReportNone && !s.Due.IsZero() {
		next := sayf("下一次应于%[1]s前报送。", "The next report is due by %[1]s.", s.Due)
		t = city.Text{ZH: t.ZH + next.ZH, EN: join(t.EN, next.EN)}
	}
	return t
}

// sayf writes one sentence in both languages. A city.Text among the arguments
// goes into each in its own language.
func sayf(zh, en string, args ...any) city.Text {
	say := func(form, lang string) string {
		own := make([]any, len(args))
		for i, a := range args {
			if t, ok := a.(city.Text); ok {
				a = t.In(lang)
			}
			own[i] = a
		}
		return fmt.Sprintf(form, own...)
	}
	return city.Text{ZH: say(zh, "zh"), EN: say(en, "en")}
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

// count writes a number of days.
func count(n int) city.Text {
	en := fmt.Sprintf("%d days", n)
	if n == 1 {
		en = "1 day"
	}
	return city.Text{ZH: fmt.Sprintf("%d天", n), EN: en}
}

// days counts from one day to a later one.
func days(from, to city.Date) int { return int(to.Time().Sub(from.Time()).Hours() / 24) }
