package pack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// share makes a part and its whole: the whole is the part without its own
// conditions, and those beside share narrow both. So a part is always inside
// its whole.
func (b *builder) share(v *value, m *city.Measure, d *datasetDecl, place string) {
	part := b.measure(v.get("share"), d, place)
	m.Of = []*city.Measure{part}
	if part == nil {
		return
	}
	switch {
	case part.Kind != city.MeasureCount && part.Kind != city.MeasureCountDistinct && part.Kind != city.MeasureSum:
		b.addf(part.Pos, CodeInconsistent, "use count, count_distinct or sum", "%s: %s is no part of a whole", place, part.Kind)
	case len(part.Where) == 0 && !v.get("share").gives("where"):
		b.addf(part.Pos, CodeMissingKey, "say with where which part is meant", "%s is the whole itself", place)
	}
	narrowed, whole := *part, *part
	narrowed.Where = slices.Concat(part.Where, m.Where)
	whole.Where = m.Where
	m.Of, m.Where = []*city.Measure{&narrowed, &whole}, nil
}

// term makes a term of an index: a quotient that its weight multiplies.
func (b *builder) term(v *value, d *datasetDecl, place string) *city.Measure {
	of := b.measure(v.get("of"), d, place+".of")
	over := b.divisor(v.get("over"), place+".over")
	if v.get("weight") != nil && v.number("weight") == 0 {
		b.addf(v.at("weight"), CodeInvalidValue, "leave the term out", "%s.weight is zero", place)
	}
	if of == nil || over == nil {
		return nil
	}
	return &city.Measure{Kind: city.MeasureRatio, Of: []*city.Measure{of, over}, Factor: v.number("weight"), Pos: v.pos}
}

// divisor reads a number, or the parameter of a rule.
func (b *builder) divisor(v *value, place string) *city.Measure {
	if v == nil {
		return nil
	}
	if n, err := strconv.ParseFloat(v.str, 64); err == nil && decimalNumber.MatchString(v.str) {
		if n == 0 {
			b.addf(v.pos, CodeInvalidValue, "", "%s is zero", place)
			return nil
		}
		return &city.Measure{Kind: city.MeasureConst, Value: n, Pos: v.pos}
	}
	rule, param := b.limit(v, place)
	if param == "" {
		return nil
	}
	return &city.Measure{Kind: city.MeasureLimit, Rule: rule, Param: param, Pos: v.pos}
}

// limit reads RULE.PARAM. Every edition of the rule must have the parameter:
// which one is in force, the date of the value says.
func (b *builder) limit(v *value, place string) (rule, param string) {
	if v == nil {
		return "", ""
	}
	at := strings.LastIndexByte(v.str, '.')
	if at < 1 {
		b.addf(v.pos, CodeInvalidValue, "write a rule and its parameter, for example gb3095.annual.pm25", "%s: %q names no parameter of a rule", place, v.str)
		return "", ""
	}
	rule, param = v.str[:at], v.str[at+1:]
	if !b.resolve(v.pos, place, kindRule, rule) {
		return "", ""
	}
	for _, r := range b.out.Rules {
		if r.Name != rule {
			continue
		}
		for _, edition := range r.Versions {
			if _, ok := edition.Params[param]; !ok {
				b.addf(v.pos, CodeUnknownReference, didYouMean(param, paramNames(r)), "%s: the rule %s has no parameter %s in every edition", place, rule, param)
				return "", ""
			}
		}
	}
	return rule, param
}

// paramNames lists the parameters of all editions, sorted.
func paramNames(r *city.Rule) []string {
	var out []string
	for _, v := range r.Versions {
		for name := range v.Params {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
