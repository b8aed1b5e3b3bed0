package pack

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// maxHorizon is how many years after its plan a promise may fall due.
const maxHorizon = 50

func (b *builder) buildTarget(v *value) {
	b.refer(v, "plan", kindPlan)
	p := b.plans[v.text("plan")]
	b.checkChapter(v, p)
	t := &city.Target{
		Name:      v.text(kindTarget),
		Title:     v.title("title"),
		Plan:      v.text("plan"),
		Chapter:   v.text("chapter"),
		Owner:     b.refer(v, "owner", kindOrganisation),
		Region:    b.refer(v, "region", kindRegion),
		Indicator: b.refer(v, "indicator", kindIndicator),
		Kind:      city.TargetKind(v.text("kind")),
		Unit:      b.refer(v, "unit", kindUnit),
		Tolerance: v.numberPtr("tolerance"),
		Relative:  b.refer(v, "relative", kindIndicator),
		Pace:      city.Pace(v.text("pace")),
		From:      v.date("from"),
		Deadline:  v.date("deadline"),
		Document:  b.refer(v, "document", kindDocument),
		Quote:     v.text("quote"),
		Note:      v.title("note"),
		Pos:       v.pos,
	}
	ind := b.indicators[t.Indicator]
	t.Where = b.targetWhere(v, ind)
	b.promise(v, t)
	t.Report = b.targetReporting(v, t, p)
	b.fillTarget(v, t, p, ind)
	b.checkPromise(v, t)
	b.checkBinding(v, t, ind)
	b.checkDates(v, t, p)
	b.out.Targets = append(b.out.Targets, t)
}

// targetWhere reads where over the fields of the indicator's dataset.
func (b *builder) targetWhere(v *value, ind *city.Indicator) []city.Condition {
	if !v.gives("where") {
		return nil
	}
	if !v.gives("indicator") {
		b.addf(v.at("where"), CodeInconsistent, "leave where out until an indicator is bound", "where narrows an indicator, and the target has none")
		return nil
	}
	if ind == nil {
		return nil
	}
	return b.conditions(v.get("where"), b.datasets[ind.Dataset], "where")
}

// promise reads the comparator with its number, or the milestone.
func (b *builder) promise(v *value, t *city.Target) {
	switch key := b.exactlyOne(v, "the target", append(comparators(), "milestone")); key {
	case "":
	case "milestone":
		b.checkMilestone(v, t)
		if !v.gives("kind") {
			t.Kind = city.TargetMilestone
		}
	default:
		t.Comparator, t.Value = city.Comparator(key), v.numberPtr(key)
	}
}

func (b *builder) checkMilestone(v *value, t *city.Target) {
	if w := v.get("milestone"); w != nil && !w.flag {
		b.addf(w.pos, CodeInvalidValue, "write true, or give a number", "milestone is false")
	}
	if t.Kind != "" && t.Kind != city.TargetMilestone {
		b.addf(v.at("kind"), CodeInconsistent, "leave kind out", "a milestone is given the kind %s", t.Kind)
	}
	for _, key := range []string{"unit", "tolerance", "relative", "indicator", "pace"} {
		if v.gives(key) {
			b.addf(v.at(key), CodeInconsistent, "leave it out, or promise a number", "%s is given for a milestone, which has no number", key)
		}
	}
}

// fillTarget sets the defaults that depend on other declarations.
func (b *builder) fillTarget(v *value, t *city.Target, p *planDecl, ind *city.Indicator) {
	if !v.gives("kind") && t.Kind == "" {
		t.Kind = city.TargetLevel
	}
	if !v.gives("pace") {
		t.Pace = city.PaceLevel
		switch {
		case ind != nil && ind.Window == city.WindowYear && ind.Measure != nil && ind.Measure.Flows():
			t.Pace = city.PacePast
		case t.Report != nil && t.Lower():
			t.Pace = city.PaceLinear
		}
	}
	if p == nil {
		return
	}
	if !v.gives("document") {
		t.Document = p.Document
	}
	if !v.gives("deadline") && p.Year > 0 {
		t.Deadline = city.NewDate(p.Year, time.December, 31)
	}
}

// checkPromise reports keys of the promise that do not go together.
func (b *builder) checkPromise(v *value, t *city.Target) {
	if t.Comparator != "" && !v.gives("unit") {
		b.addf(v.at(string(t.Comparator)), CodeMissingKey, "name the unit of the number", "the key unit is missing")
	}
	switch {
	case t.Comparator == city.Around && !v.gives("tolerance"):
		b.addf(v.at("around"), CodeMissingKey, "say how far from the value still keeps the promise", "the key tolerance is missing; around needs it")
	case t.Comparator != city.Around && t.Comparator != "" && v.gives("tolerance"):
		b.addf(v.at("tolerance"), CodeInconsistent, "tolerance is of around", "tolerance is given for %s", t.Comparator)
	case t.Tolerance != nil && *t.Tolerance < 0:
		b.addf(v.at("tolerance"), CodeInvalidValue, "", "tolerance is negative")
	}
	if t.Kind == city.TargetMilestone && t.Comparator != "" {
		b.addf(v.at("kind"), CodeInconsistent, "write milestone: true, or another kind", "a target with a number is given the kind milestone")
	}
	b.checkRelative(v, t)
	b.checkPercent(v, t)
}

// checkRelative wants the kind relative and the key relative together.
func (b *builder) checkRelative(v *value, t *city.Target) {
	const hint = "write kind: relative and relative: INDICATOR together"
	switch given := v.gives("relative"); {
	case t.Kind == "" || t.Kind == city.TargetMilestone:
	case t.Kind == city.TargetRelative && !given:
		b.addf(v.at("kind"), CodeInconsistent, hint, "kind is relative, and relative is not given")
	case t.Kind != city.TargetRelative && given:
		b.addf(v.at("relative"), CodeInconsistent, hint, "relative is given, and kind is %s", t.Kind)
	}
}

// checkPercent wants growth and coverage in percent, and a coverage between
// nothing and everything.
func (b *builder) checkPercent(v *value, t *city.Target) {
	if t.Kind != city.TargetGrowth && t.Kind != city.TargetCoverage {
		return
	}
	if t.Unit != "" && t.Unit != percent {
		b.addf(v.at("unit"), CodeUnitMismatch, "use percent", "a target of kind %s is in %s", t.Kind, t.Unit)
	}
	if t.Kind == city.TargetCoverage && t.Value != nil && (*t.Value < 0 || *t.Value > 100) {
		b.addf(v.at(string(t.Comparator)), CodeInvalidValue, "write a percentage between 0 and 100", "a coverage of %s percent", plain(*t.Value))
	}
}

// checkDates reports days that cannot be meant.
func (b *builder) checkDates(v *value, t *city.Target, p *planDecl) {
	if !t.From.IsZero() && !t.Deadline.IsZero() && t.Deadline.Before(t.From) {
		b.addf(v.at("from"), CodeInconsistent, "", "the target is due on %s, before it begins on %s", t.Deadline, t.From)
	}
	if p == nil || p.Year == 0 {
		return
	}
	for _, key := range []string{"from", "deadline"} {
		if day := v.date(key); !day.IsZero() && (day.Year < p.Year || day.Year > p.Year+maxHorizon) {
			b.addf(v.at(key), CodeInvalidValue, "", "%s: %s is not between %d, the plan's year, and %d", key, day, p.Year, p.Year+maxHorizon)
		}
	}
}
