package pack

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// ruleParams are the parameters that the reader of each kind of rule needs,
// and those that it also knows.
func ruleParams(kind city.RuleKind) (needed, known []string) {
	switch kind {
	case city.RuleCompleteness:
		needed = []string{"min_year", "min_month", "min_february"}
	case city.RuleLights:
		needed = []string{"yellow", "red"}
		known = []string{"limit_yellow", "limit_red"}
	case city.RuleLikelihood:
		needed = []string{"green", "red"}
	case city.RuleDisclosure:
		needed = []string{"min_group", "grade"}
		known = []string{"hide_grade"}
	case city.RuleValidity:
		needed = []string{"hour_minutes", "eight_hours", "day_hours", "o3_windows"}
	case city.RuleBasin:
		needed = []string{"few", "good", "fair", "light", "moderate", "none", "some"}
	case city.RuleStability:
		known = []string{"annual_mean", "last", "valid", "failures"}
	}
	return needed, append(slices.Clone(needed), known...)
}

func (b *builder) buildRule(v *value) {
	r := &city.Rule{Name: v.text(kindRule), Title: v.title("title"), Kind: city.RuleKind(v.text("kind")), Pos: v.pos}
	var before *value
	for _, e := range v.get("versions").list() {
		r.Versions = append(r.Versions, b.ruleVersion(e, r.Kind))
		b.checkOrder(before, e)
		before = e
	}
	b.out.Rules = append(b.out.Rules, r)
}

func (b *builder) ruleVersion(v *value, kind city.RuleKind) city.RuleVersion {
	out := city.RuleVersion{
		From:       v.date("from"),
		To:         v.date("to"),
		Source:     v.title("source"),
		Provenance: v.text("provenance"),
		Params:     map[string]float64{},
		Decimals:   v.int("decimals"),
	}
	b.checkSpan(v, out.From, out.To)
	for _, e := range v.get("params").each() {
		out.Params[e.name] = e.val.num
	}
	b.checkParams(v, kind)
	b.buildTables(v, kind, &out)
	b.buildCalendar(v, kind, &out)
	return out
}

func (b *builder) checkParams(v *value, kind city.RuleKind) {
	needed, known := ruleParams(kind)
	params := v.get("params")
	if !v.gives("params") && (len(needed) > 0 || kind == city.RuleLimits) {
		b.addf(v.pos, CodeMissingKey, "its numbers", "the key params is missing; a rule of kind %s needs it", kind)
	}
	if params == nil || kind == "" {
		return
	}
	for _, e := range params.each() {
		switch {
		case kind != city.RuleLimits && !slices.Contains(known, e.name):
			b.addf(e.pos, CodeUnknownKey, didYouMean(e.name, known), "a rule of kind %s has no parameter %s", kind, e.name)
		case e.val.num < 0:
			b.addf(e.pos, CodeInvalidValue, "", "params.%s is negative", e.name)
		}
	}
	for _, name := range needed {
		if params.entry(name) == nil {
			b.addf(params.pos, CodeMissingKey, "", "a rule of kind %s needs the parameter %s", kind, name)
		}
	}
	b.checkThresholds(params, "yellow", "red")
	b.checkThresholds(params, "limit_yellow", "limit_red")
	if kind == city.RuleLikelihood {
		b.checkLikelihood(params)
	}
}

// checkThresholds reports a red threshold that comes before the yellow one.
func (b *builder) checkThresholds(params *value, yellow, red string) {
	if y, r := params.get(yellow), params.get(red); y != nil && r != nil && r.num < y.num {
		b.addf(params.at(red), CodeInconsistent, "", "params.%s is below params.%s", red, yellow)
	}
}

// checkLikelihood reports bounds that are no probabilities or in the wrong order.
func (b *builder) checkLikelihood(params *value) {
	g, r := params.get("green"), params.get("red")
	for _, e := range params.each() {
		if e.val.num > 1 {
			b.addf(e.pos, CodeInvalidValue, "write a probability from 0 to 1", "params.%s is above 1", e.name)
		}
	}
	if g != nil && r != nil && g.num < r.num {
		b.addf(params.at("green"), CodeInconsistent, "", "params.green is below params.red")
	}
}

// checkOrder reports an edition that does not begin after the one before it.
func (b *builder) checkOrder(before, v *value) {
	if before == nil {
		return
	}
	end, begin := before.date("to"), v.date("from")
	mistaken := before.gives("to") && before.get("to") == nil || v.gives("from") && v.get("from") == nil
	switch {
	case mistaken:
	case end.IsZero():
		b.addf(v.at("from"), CodeOverlap, "give the edition before it a last day (to)", "the edition follows one that has no end")
	case begin.IsZero() || !begin.After(end):
		b.addf(v.at("from"), CodeOverlap, "write the editions in the order of time, each from the day after the last", "the edition does not begin after %s, when the one before it ends", end)
	}
}
