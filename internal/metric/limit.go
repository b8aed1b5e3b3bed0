package metric

import (
	"fmt"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// limits finds the rule of a limit and wants the parameter in every edition.
func (k *compiler) limits(m *city.Measure) (*city.Rule, error) {
	rule, err := k.city.Rule(m.Rule)
	if err != nil {
		return nil, err
	}
	for _, v := range rule.Versions {
		if _, ok := v.Params[m.Param]; !ok {
			return nil, city.Errorf(city.CodeInvalid, "the rule %s has no parameter %q in every edition", m.Rule, m.Param).At(m.Pos.String())
		}
	}
	return rule, nil
}

// limit writes the value of a rule's parameter for each period: that of the
// edition in force on the last day of the period's window, and NULL where there
// is none. Editions follow each other in time as periods do, so that a few
// comparisons of the period's first day tell them apart.
func (k *compiler) limit(m *city.Measure, s shift) string {
	rule, err := k.limits(m)
	if err != nil {
		return "NULL" // refused by checkNode already
	}
	var b strings.Builder
	last, pieces := "", 0
	for _, p := range k.periods {
		value := k.limitOn(rule, m, p, s)
		if value == last {
			continue
		}
		if last != "" {
			fmt.Fprintf(&b, "WHEN %s < %s THEN %s ", colPeriod, dateLiteral(p.Start), last)
		}
		last = value
		pieces++
	}
	if pieces <= 1 {
		return last
	}
	return "CASE " + b.String() + "ELSE " + last + " END"
}

func (k *compiler) limitOn(rule *city.Rule, m *city.Measure, p Period, s shift) string {
	w, known := k.req.window(p, s, k.cal)
	v, ok := rule.At(w.To)
	if !known || !ok {
		return "CAST(NULL AS DOUBLE)"
	}
	return "CAST(" + number(v.Params[m.Param]) + " AS DOUBLE)"
}
