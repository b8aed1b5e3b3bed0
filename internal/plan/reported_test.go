package plan

import (
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

func on(s string) city.Date {
	d, err := city.ParseDate(s)
	if err != nil {
		return city.Date{}
	}
	return d
}

// TestReportedMilestones judges a thing to be done by the end of September.
func TestReportedMilestones(t *testing.T) {
	t.Parallel()
	target := &city.Target{Kind: city.TargetMilestone, Deadline: on("2024-09-30")}
	for name, c := range map[string]struct {
		reports []ApprovedReport
		state   ReportState
		today   string
		want    State
		light   Light
		says    string
	}{
		"nothing yet":      {nil, ReportDue, "2024-06-30", StateNoData, LightNone, "no report is approved yet. The next report is due by"},
		"nothing and late": {nil, ReportOverdue, "2024-06-30", StateAtRisk, LightYellow, "is 9 days late"},
		"done in time":     {[]ApprovedReport{{To: on("2024-08-31"), DoneOn: on("2024-08-20")}}, ReportApproved, "2024-10-31", StateMet, LightGreen, "done on 2024-08-20"},
		"done on the day":  {[]ApprovedReport{{To: on("2024-09-30"), DoneOn: on("2024-09-30")}}, ReportApproved, "2024-10-31", StateMet, LightGreen, "done on 2024-09-30"},
		"done a day late":  {[]ApprovedReport{{To: on("2024-10-31"), DoneOn: on("2024-10-01")}}, ReportApproved, "2024-10-31", StateMissed, LightRed, "1 day after"},
		"expected in time": {[]ApprovedReport{{To: on("2024-08-31"), ExpectedOn: on("2024-09-30")}}, ReportApproved, "2024-09-10", StateOnPace, LightGreen, "Expected on 2024-09-30"},
		"expected late":    {[]ApprovedReport{{To: on("2024-08-31"), ExpectedOn: on("2024-10-02")}}, ReportApproved, "2024-09-10", StateWillMiss, LightRed, "2 days after"},
		"nobody says":      {[]ApprovedReport{{To: on("2024-08-31"), ExpectedOn: on("2024-09-30")}}, ReportDue, "2024-10-02", StateAtRisk, LightYellow, "none says yet that it is done"},
		"said not done":    {[]ApprovedReport{{To: on("2024-09-30"), ExpectedOn: on("2024-12-31")}}, ReportApproved, "2024-10-31", StateMissed, LightRed, "not done"},
		"green but silent": {[]ApprovedReport{{To: on("2024-05-31"), ExpectedOn: on("2024-09-30")}}, ReportOverdue, "2024-08-10", StateAtRisk, LightYellow, "The report of Roads for 2024-06 was due"},
		"red and silent":   {[]ApprovedReport{{To: on("2024-05-31"), ExpectedOn: on("2024-12-31")}}, ReportOverdue, "2024-08-10", StateWillMiss, LightRed, "The report of Roads"},
		"waits":            {[]ApprovedReport{{To: on("2024-08-31"), ExpectedOn: on("2024-09-30")}}, ReportWaiting, "2024-09-10", StateOnPace, LightGreen, "waits for approval"},
		"sent back":        {nil, ReportRejected, "2024-06-30", StateNoData, LightNone, "sent back"},
	} {
		got := Evaluate(Input{Target: target, Year: 2024, Today: on(c.today), Reported: &Reported{
			State: c.state, By: city.Text{ZH: "道路局", EN: "Roads"}, Every: city.GrainMonth, Period: "2024-07", Since: "2024-06", Due: on("2024-07-05"), Days: 9, Approved: c.reports}})
		if got.State != c.want || got.Light != c.light || !strings.Contains(got.Reason.EN, c.says) || got.Reason.ZH == "" {
			t.Errorf("%s: %s %s %q; want %s %s with %q", name, got.State, got.Light, got.Reason.EN, c.want, c.light, c.says)
		}
	}
}

// TestReportedNumbers judges 1200 homes by the end of the year.
func TestReportedNumbers(t *testing.T) {
	t.Parallel()
	value := 1200.0
	target := &city.Target{Kind: city.TargetLevel, Comparator: city.AtLeast, Value: &value, Pace: city.PaceLinear, Deadline: on("2024-12-31")}
	lights := city.RuleVersion{Params: map[string]float64{"yellow": 5, "red": 15}}
	report := func(to string, v float64) ApprovedReport { return ApprovedReport{To: on(to), Value: &v} }
	for name, c := range map[string]struct {
		reports []ApprovedReport
		state   ReportState
		want    State
		actual  float64
	}{
		"on pace":       {[]ApprovedReport{report("2024-06-30", 600)}, ReportApproved, StateOnPace, 600},
		"the last one":  {[]ApprovedReport{report("2024-05-31", 900), report("2024-06-30", 500)}, ReportApproved, StateAtRisk, 500},
		"far behind":    {[]ApprovedReport{report("2024-06-30", 100)}, ReportApproved, StateWillMiss, 100},
		"silent":        {[]ApprovedReport{report("2024-06-30", 600)}, ReportOverdue, StateAtRisk, 600},
		"at the end":    {[]ApprovedReport{report("2024-12-31", 1200)}, ReportApproved, StateMet, 1200},
		"just not":      {[]ApprovedReport{report("2024-12-31", 1199.5)}, ReportApproved, StateMissed, 1199.5},
		"nearly enough": {[]ApprovedReport{report("2024-11-30", 1100)}, ReportApproved, StateOnPace, 1100},
	} {
		got := Evaluate(Input{Target: target, Year: 2024, Lights: lights, Today: on("2025-01-31"), Reported: &Reported{State: c.state, Approved: c.reports}})
		if got.State != c.want || got.Actual == nil || *got.Actual != c.actual {
			t.Errorf("%s: %s %v %q", name, got.State, got.Actual, got.Reason.EN)
		}
		if len(got.Curve) == 0 {
			t.Errorf("%s: there is no curve", name)
		}
	}
}
