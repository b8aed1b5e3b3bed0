package progress

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Bounds of what people write, in characters, and of numbers.
const (
	longestName   = 50
	longestNote   = 1000
	longestReason = 500
	longestFile   = 120
	largestValue  = 1e15
	latestYear    = 2200
	mostYearsBack = 10 // that a milestone may have been reached before the period
)

// Filing is a report as somebody files it.
type Filing struct {
	Target     string    `json:"target" maxLength:"200"`
	Period     string    `json:"period" maxLength:"10" doc:"2024-10, 2024Q3 or 2024, as the target is reported"`
	Value      *float64  `json:"value,omitempty" doc:"how the promised number stands at the end of the period, in the target's unit"`
	DoneOn     city.Date `json:"done_on,omitzero" doc:"a milestone: the day on which it was reached"`
	ExpectedOn city.Date `json:"expected_on,omitzero" doc:"a milestone that is not reached: the day on which it will be"`
	Note       string    `json:"note,omitempty" maxLength:"1000"`
	By         string    `json:"by" maxLength:"50" doc:"name of who reports, as stated"`
	Replaces   string    `json:"replaces,omitempty" maxLength:"100" doc:"ID of the report that this one corrects"`
	Simulated  bool      `json:"-"` // made up for a demonstration
}

// report checks a filing against the declarations and makes the report of it,
// without its ID, files and place in history.
func (f Filing) report(c *city.City, today city.Date) (r store.ProgressReport, err error) {
	t, err := reportable(c, f.Target)
	if err != nil {
		return r, err
	}
	span, err := period(c, t, today, f.Period)
	if err != nil {
		return r, err
	}
	r = store.ProgressReport{Target: t.Name, Period: f.Period, To: span.To, Owner: t.Report.By,
		Value: f.Value, DoneOn: f.DoneOn, ExpectedOn: f.ExpectedOn, Replaces: strings.TrimSpace(f.Replaces), Simulated: f.Simulated}
	if r.By, err = personName(f.By); err != nil {
		return r, err
	}
	if r.Note, err = text(f.Note, "note", longestNote); err != nil {
		return r, err
	}
	if t.Kind == city.TargetMilestone {
		return r, checkMilestone(r, span, today)
	}
	return r, checkValue(t, r, today)
}

// reportable finds a target that is reported by hand.
func reportable(c *city.City, name string) (*city.Target, error) {
	t, err := c.Target(name)
	switch {
	case err != nil:
		return nil, err
	case t.Report == nil && t.Indicator != "":
		return nil, city.Errorf(CodeInvalid, "%s is measured by the indicator %s, not reported by hand", t.Name, t.Indicator).At("target")
	case t.Report == nil:
		return nil, city.Errorf(CodeInvalid, "nobody is declared to report %s", t.Name).At("target").WithHint("declare report for the target or its plan in the pack")
	}
	return t, nil
}

func checkMilestone(r store.ProgressReport, span city.Span, today city.Date) error {
	switch {
	case r.Value != nil:
		return city.Errorf(CodeInvalid, "%s is a milestone and has no number", r.Target).At("value").WithHint("give done_on, or expected_on while it is not reached")
	case r.DoneOn.IsZero() == r.ExpectedOn.IsZero():
		return city.Errorf(CodeInvalid, "a milestone is reported either as reached on a day or as expected on one").At("done_on").WithHint("give done_on or expected_on")
	case r.DoneOn.After(today):
		return city.Errorf(CodeInvalid, "%s has not come yet", r.DoneOn).At("done_on").WithHint("give expected_on for a day to come")
	case !r.DoneOn.IsZero() && r.DoneOn.Year < span.From.Year-mostYearsBack:
		return city.Errorf(CodeInvalid, "%s lies more than %d years before the period %s", r.DoneOn, mostYearsBack, r.Period).At("done_on").WithHint("give the day on which it was reached")
	case r.DoneOn.After(span.To):
		return city.Errorf(CodeInvalid, "%s lies after the period %s", r.DoneOn, r.Period).At("done_on").WithHint("report it for the period in which it was reached")
	case !r.ExpectedOn.IsZero() && r.ExpectedOn.Before(span.From), r.ExpectedOn.Year > latestYear:
		return city.Errorf(CodeInvalid, "%s is no day to come for the period %s", r.ExpectedOn, r.Period).At("expected_on")
	}
	return nil
}

func checkValue(t *city.Target, r store.ProgressReport, today city.Date) error {
	bad := func(format string, args ...any) *city.Error {
		return city.Errorf(CodeInvalid, format, args...).At("value")
	}
	switch {
	case !r.DoneOn.IsZero() || !r.ExpectedOn.IsZero():
		return bad("%s is a number, and is reported as one", r.Target).WithHint("give value in %s", t.Unit)
	case r.Value == nil:
		return bad("no value is given").WithHint("give it in %s", t.Unit)
	case math.IsNaN(*r.Value) || math.Abs(*r.Value) > largestValue:
		return bad("the value is no number that can be meant")
	case t.Kind == city.TargetCoverage && (*r.Value < 0 || *r.Value > 100):
		return bad("a coverage of %v percent", *r.Value).WithHint("write a percentage between 0 and 100")
	case !r.To.Before(today):
		return city.Errorf(CodeInvalid, "the period %s is not over", r.Period).At("period").WithHint("report the value after %s", r.To)
	}
	return nil
}

// personName reads the name that somebody states.
func personName(s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	bad := func(what string) error {
		return city.Errorf(city.CodeInvalid+".by", "%s", what).At("by").WithHint("state the name of who does this")
	}
	switch {
	case s == "":
		return "", bad("no name is stated")
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "", bad("the name is not text")
	case utf8.RuneCountInString(s) > longestName:
		return "", bad(fmt.Sprintf("the name is longer than %d characters", longestName))
	case validate.MaskText(s) != s:
		return "", bad("the name holds the number of a person")
	}
	return s, nil
}

// text reads a sentence. ID numbers in it are masked.
func text(s, where string, most int) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		return "", city.Errorf(CodeInvalid, "the %s is not text", where).At(where)
	case utf8.RuneCountInString(s) > most:
		return "", city.Errorf(CodeInvalid, "the %s is longer than %d characters", where, most).At(where)
	}
	return validate.MaskText(s), nil
}

// PersonName reads the name that somebody states, wherever somebody has to.
func PersonName(s string) (string, error) { return personName(s) }
