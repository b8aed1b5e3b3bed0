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
	b.checkParams(v.get("params"), kind)
	return out
}

func (b *builder) checkParams(params *value, kind city.RuleKind) {
	if params == nil || kind == "" {
		return
	}
	needed, known := ruleParams(kind)
	for _, e := range params.each() {
		switch {
		case !slices.Contains(known, e.name):
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
}

// checkThresholds reports a red threshold that comes before the yellow one.
func (b *builder) checkThresholds(params *value, yellow, red string) {
	if y, r := params.get(yellow), params.get(red); y != nil && r != nil && r.num < y.num {
		b.addf(params.at(red), CodeInconsistent, "", "params.%s is below params.%s", red, yellow)
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
