package plan

import (
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// scene is a promise with everything that a test may change.
func scene(edit func(*Input)) Input {
	in := Input{
		Target: &city.Target{Name: "t", Comparator: city.AtLeast, Value: ptr(100), Kind: city.TargetLevel,
			Pace: city.PaceLinear, Deadline: day("2024-12-31")},
		Year:       2024,
		Indicator:  &city.Indicator{Name: "i", Window: city.WindowYear, Better: city.BetterHigher, Measure: &city.Measure{Kind: city.MeasureDifference}},
		Unit:       city.Text{ZH: "人", EN: "people"},
		Lights:     city.RuleVersion{Params: map[string]float64{"yellow": 10, "red": 30}},
		CompleteTo: day("2024-10-31"), Today: day("2024-10-31"),
	}
	edit(&in)
	return in
}

func ptr(v float64) *float64 { return &v }

func day(s string) city.Date {
	d, err := city.ParseDate(s)
	if err != nil {
		return city.Date{}
	}
	return d
}

// at makes the value of a month such as 2024-10.
func at(month string, v float64) Month {
	return Month{Start: day(month + "-01"), Value: &v, Status: StatusValid}
}

// lastYear makes the pace of October 60 of 100.
func lastYear(in *Input, actual float64) {
	in.Target.Pace = city.PaceLastYear
	in.Series = []Month{at("2023-10", 60), at("2023-12", 100), at("2024-10", actual)}
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	limit := func(in *Input, actual float64) {
		in.Target.Comparator, in.Target.Value, in.Target.Pace = city.AtMost, ptr(76), city.PaceLevel
		in.Indicator.Decimals = 1
		in.Indicator.Better, in.Indicator.Measure = city.BetterLower, &city.Measure{Kind: city.MeasureMean}
		in.Series = []Month{at("2024-10", actual)}
	}
	level := func(in *Input, c city.Comparator, value, actual float64) {
		in.Target.Comparator, in.Target.Value, in.Target.Pace = c, &value, city.PaceLevel
		in.Series = []Month{at("2024-10", actual)}
	}
	ramp := func(in *Input, base, actual float64) {
		in.Target.Pace, in.Indicator.Window = city.PaceRamp, city.WindowStock
		in.Series = []Month{at("2023-12", base), at("2024-10", actual)}
	}
	counted := func(in *Input, v float64) {
		in.Indicator.Measure = &city.Measure{Kind: city.MeasureCountDistinct, Field: "person"}
		in.Series = []Month{at("2024-10", v)}
	}
	around := func(in *Input, actual float64) {
		level(in, city.Around, 6, actual)
		in.Target.Tolerance, in.Indicator.Decimals = ptr(0.5), 1
	}
	relative := func(in *Input, own, other float64) {
		level(in, city.Around, 0, own)
		in.Target.Kind, in.Target.Tolerance = city.TargetRelative, ptr(0.5)
		in.Relative = []Month{at("2024-10", other)}
	}
	close := func(in *Input) { in.CompleteTo, in.Today = day("2024-12-31"), day("2025-01-31") }
	tests := []struct {
		name  string
		edit  func(*Input)
		state State
		light Light
		en    string // part of the reason
	}{
		// The vectors of the domain rules, section 9.
		{"lag 10.0", func(in *Input) { lastYear(in, 50) }, StateAtRisk, LightYellow, "10.0 points behind pace, at risk"},
		{"lag 9.9", func(in *Input) { lastYear(in, 50.1) }, StateOnPace, LightGreen, "9.9 points behind pace."},
		{"lag 9.96 is not shown as 10.0", func(in *Input) { lastYear(in, 50.04) }, StateOnPace, LightGreen, "9.96 points behind pace."},
		{"lag 30", func(in *Input) { lastYear(in, 30) }, StateAtRisk, LightYellow, "30.0 points"},
		{"lag 30.1", func(in *Input) { lastYear(in, 29.9) }, StateWillMiss, LightRed, "30.1 points behind pace, will miss"},
		{"on pace", func(in *Input) { lastYear(in, 60) }, StateOnPace, LightGreen, "exactly on pace"},
		{"ahead", func(in *Input) { lastYear(in, 71) }, StateOnPace, LightGreen, "11.0 points ahead"},
		// 305 of 366 days.
		{"linear", func(in *Input) { in.Series = []Month{at("2024-10", 73.4)} }, StateOnPace, LightGreen, "where the pace expects 83 people: 9.9 points behind"},
		{"last year unknown is linear", func(in *Input) { in.Target.Pace = city.PaceLastYear; in.Series = []Month{at("2024-10", 73.3)} }, StateAtRisk, LightYellow, "10.03 points"},
		{"latest complete month", func(in *Input) { lastYear(in, 60); in.Series = append(in.Series, at("2024-11", 1)) }, StateOnPace, LightGreen, "October 2024"},
		{"month without value is passed over", func(in *Input) {
			lastYear(in, 60)
			in.CompleteTo = day("2024-11-30")
			in.Series = append(in.Series, Month{Start: day("2024-11-01"), Status: StatusNoData})
		}, StateOnPace, LightGreen, "October 2024"},
		// Levels and limits.
		{"level kept", func(in *Input) { level(in, city.AtLeast, 90, 90) }, StateOnPace, LightGreen, "at least 90 people promised: kept so far"},
		{"89.9 is not 90", func(in *Input) { level(in, city.AtLeast, 90, 89.9) }, StateAtRisk, LightYellow, "89.9 people at the end of October 2024, at least 90 people promised: 0.1 people short, at risk"},
		{"above excludes", func(in *Input) { level(in, city.Above, 90, 90) }, StateAtRisk, LightYellow, "on the boundary itself"},
		{"below excludes", func(in *Input) { level(in, city.Below, 90, 90) }, StateAtRisk, LightYellow, "below 90 people promised"},
		{"coverage of 96 in October", func(in *Input) { level(in, city.AtLeast, 100, 96) }, StateAtRisk, LightYellow, "4 people short"},
		{"coverage of 60", func(in *Input) { level(in, city.AtLeast, 100, 60) }, StateWillMiss, LightRed, "40 people short, will miss"},
		{"on the limit", func(in *Input) { limit(in, 76) }, StateOnPace, LightGreen, "at most 76.0"},
		{"on the limit, tight rule", func(in *Input) { limit(in, 76); in.Lights.Params["limit_yellow"] = 0 }, StateOnPace, LightGreen, "at most 76.0"},
		{"over the limit", func(in *Input) { limit(in, 81.4) }, StateAtRisk, LightYellow, "5.4 people over, at risk"},
		{"over the limit, tight rule", func(in *Input) { limit(in, 81.4); in.Lights.Params["limit_red"] = 5 }, StateWillMiss, LightRed, "5.4 people over, will miss"},
		{"far over the limit", func(in *Input) { limit(in, 100) }, StateWillMiss, LightRed, "24.0 people over"},
		{"zero", func(in *Input) { level(in, city.AtLeast, 0, -1) }, StateAtRisk, LightYellow, "-1 people at the end"},
		// Ramps lag by the promised change.
		{"ramp on the line", func(in *Input) { ramp(in, 90, 98.4) }, StateOnPace, LightGreen, "ahead of pace"},
		{"ramp behind", func(in *Input) { ramp(in, 90, 96) }, StateAtRisk, LightYellow, "23.3 points behind"},
		{"ramp without progress", func(in *Input) { ramp(in, 90, 90) }, StateWillMiss, LightRed, "83.3 points behind"},
		{"ramp from a base that keeps it", func(in *Input) { ramp(in, 101, 99) }, StateAtRisk, LightYellow, "1 people short"},
		{"ramp without the year before", func(in *Input) {
			ramp(in, 0, 95)
			in.Series = []Month{at("2024-03", 90), at("2024-10", 95)}
		}, StateWillMiss, LightRed, "33.3 points behind"},
		// Around and relative.
		{"around, worse side", func(in *Input) { around(in, 5.4) }, StateAtRisk, LightYellow, "about 6.0 people (tolerance 0.5 people)"},
		{"around, within", func(in *Input) { around(in, 5.5) }, StateOnPace, LightGreen, "5.5 people"},
		{"around, better side", func(in *Input) { around(in, 9) }, StateOnPace, LightGreen, "kept so far"},
		{"around, no better side", func(in *Input) { level(in, city.Around, 6, 7); in.Indicator.Better = city.BetterNone }, StateAtRisk, LightYellow, "1 people over"},
		{"in step", func(in *Input) { relative(in, 4.5, 5) }, StateOnPace, LightGreen, "about 5 people"},
		{"out of step", func(in *Input) { relative(in, 4.4, 5) }, StateAtRisk, LightYellow, "0.1 people short"},
		{"nothing to compare with", func(in *Input) { relative(in, 4.4, 5); in.Relative = nil }, StateNoData, LightNone, "compared with has no value for October 2024"},
		// Ends.
		{"met", func(in *Input) { close(in); in.Series = []Month{at("2024-12", 100)} }, StateMet, LightGreen, "At the deadline of 2024-12-31: 100 people in December 2024, at least 100 people promised; met."},
		{"missed by a hair", func(in *Input) { close(in); in.Series = []Month{at("2024-12", 99.99)} }, StateMissed, LightRed, "99.99 people in December 2024"},
		{"a count has reached it", func(in *Input) { counted(in, 100) }, StateMet, LightGreen, "reached before the deadline"},
		{"a difference may fall again", func(in *Input) { counted(in, 100); in.Indicator.Measure.Kind = city.MeasureDifference }, StateOnPace, LightGreen, "kept so far"},
		{"a stock may fall again", func(in *Input) { counted(in, 100); in.Indicator.Window = city.WindowStock }, StateOnPace, LightGreen, "kept so far"},
		{"a count has passed its limit", func(in *Input) { counted(in, 101); in.Target.Comparator = city.AtMost }, StateWillMiss, LightRed, "1 people over, and it cannot fall again"},
		{"a count is using its limit up too fast", func(in *Input) { counted(in, 95); in.Target.Comparator = city.AtMost }, StateAtRisk, LightYellow, "points behind pace, at risk"},
		{"a deadline inside the year", func(in *Input) {
			in.Target.Deadline = day("2024-09-30")
			in.Series = []Month{at("2024-09", 90), at("2024-10", 120)}
		}, StateMissed, LightRed, "90 people in September 2024"},
		{"deadline passed, data late", func(in *Input) { lastYear(in, 60); in.Today = day("2025-01-05") }, StateOnPace, LightGreen, "The deadline of 2024-12-31 has passed, but the data are complete to 2024-10-31 only."},
		// Nothing to judge.
		{"unbound", func(in *Input) { in.Indicator = nil }, StateNoData, LightNone, "No data is bound yet"},
		{"milestone", func(in *Input) { in.Target.Kind, in.Target.Value = city.TargetMilestone, nil }, StateNoData, LightNone, "No data is bound yet"},
		{"nothing delivered", func(in *Input) { in.CompleteTo = city.Date{} }, StateNoData, LightNone, "no data have been delivered"},
		{"no month complete", func(in *Input) { in.CompleteTo = day("2023-12-31"); in.Series = []Month{at("2023-12", 99)} }, StateNoData, LightNone, "no month since 2024-01-01 is complete"},
		{"no value", func(in *Input) {}, StateNoData, LightNone, "hold no value since 2024-01-01"},
		{"not valid", func(in *Input) {
			in.Series = []Month{at("2024-09", 80), {Start: day("2024-10-01"), Status: StatusNotValid, Reason: city.Text{ZH: "无效：…", EN: "not valid: 20 valid days"}}}
		}, StateNoData, LightNone, "The value for October 2024 may not be used, not valid: 20 valid days."},
		{"promise not begun", func(in *Input) { in.Target.From = day("2024-11-01"); in.Series = []Month{at("2024-10", 1)} }, StateNoData, LightNone, "begins to hold on 2024-11-01"},
		{"rule without thresholds", func(in *Input) { lastYear(in, 50); in.Lights = city.RuleVersion{} }, StateNoData, LightNone, "no thresholds"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Evaluate(scene(tt.edit))
			if got.State != tt.state || got.Light != tt.light || !strings.Contains(got.Reason.EN, tt.en) {
				t.Errorf("got %s %s %q, want %s %s … %q", got.State, got.Light, got.Reason.EN, tt.state, tt.light, tt.en)
			}
			if got.Reason.ZH == "" || !strings.HasSuffix(got.Reason.ZH, "。") || !strings.HasSuffix(got.Reason.EN, ".") {
				t.Errorf("the reason is not a sentence in both languages: %+v", got.Reason)
			}
		})
	}
}

// TestFigures checks the numbers beside the light.
func TestFigures(t *testing.T) {
	t.Parallel()
	got := Evaluate(scene(func(in *Input) { lastYear(in, 50); in.Target.Value = ptr(80) }))
	for name, f := range map[string]struct {
		got  *float64
		want float64
	}{
		"actual": {got.Actual, 50}, "pace": {got.Pace, 48}, "progress": {got.Progress, 62.5}, "lag": {got.Lag, -2.5}, "previous": {got.Previous, 60},
	} {
		if f.got == nil || *f.got != f.want {
			t.Errorf("%s: got %v, want %v", name, f.got, f.want)
		}
	}
	if got.At != day("2024-10-31") {
		t.Errorf("at %s", got.At)
	}
	if want := "截至2024年10月底为50人，按进度应为48人，领先2.5个百分点。"; got.Reason.ZH != want {
		t.Errorf("got %s, want %s", got.Reason.ZH, want)
	}
}

// TestCurve has one point for each month of the year, empty where nothing is
// known, and a pace up to the deadline.
func TestCurve(t *testing.T) {
	t.Parallel()
	in := scene(func(in *Input) {
		in.Target.From, in.Target.Deadline = day("2024-03-01"), day("2024-11-30")
		in.Series = []Month{at("2023-10", 7), at("2024-09", 80), at("2024-10", 90), at("2024-11", 90),
			{Start: day("2024-08-01"), Value: ptr(3), Status: StatusNotValid}, {Start: day("2024-07-01"), Value: ptr(4), Status: StatusProvisional}}
	})
	curve := Evaluate(in).Curve
	if len(curve) != 12 || curve[0].Period != "2024-01" || curve[11].Period != "2024-12" {
		t.Fatalf("%+v", curve)
	}
	for i, want := range []Status{StatusNoData, StatusNoData, StatusNoData, StatusNoData, StatusNoData, StatusNoData,
		StatusProvisional, StatusNotValid, StatusValid, StatusValid, StatusNoData, StatusNoData} {
		p := curve[i]
		if p.Status != want || (p.Value != nil) != (want == StatusValid || want == StatusProvisional) {
			t.Errorf("%s: %s %v, want %s", p.Period, p.Status, p.Value, want)
		}
		if month := time.Month(i + 1); (p.Pace != nil) != (month >= time.March && month <= time.November) {
			t.Errorf("%s: pace %v", p.Period, p.Pace)
		}
	}
	if p := curve[10].Pace; *p != 100 {
		t.Errorf("the pace at the deadline is %v", *p)
	}
	if p := curve[9].Previous; p == nil || *p != 7 {
		t.Errorf("previous of October: %v", p)
	}
}

// TestCurveOfALongPromise goes on to the year of today.
func TestCurveOfALongPromise(t *testing.T) {
	t.Parallel()
	in := scene(func(in *Input) { in.Year, in.Target.Deadline = 2023, day("2027-12-31") })
	if curve := Evaluate(in).Curve; len(curve) != 24 || *curve[11].Pace >= 21 {
		t.Errorf("%d months, %v after the first year", len(curve), curve[11].Pace)
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		v        float64
		decimals int
		others   []float64
		want     string
	}{
		{80000, 0, nil, "80,000"}, {1234567.891, 2, nil, "1,234,567.89"}, {-1234, 0, nil, "-1,234"}, {999, 0, nil, "999"},
		{-0.2, 0, nil, "0"}, {89.96, 1, []float64{90}, "89.96"}, {90, 1, []float64{90}, "90.0"}, {89.9, 1, []float64{90}, "89.9"},
		{100000, 0, []float64{99999.6}, "100,000.0"},
	}
	for _, tt := range tests {
		if got := show(tt.v, tt.decimals, tt.others...); got != tt.want {
			t.Errorf("show(%v, %d, %v): got %s, want %s", tt.v, tt.decimals, tt.others, got, tt.want)
		}
	}
}
