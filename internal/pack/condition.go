package pack

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// conditions reads scope or where over the fields of a dataset, in the order
// in which they are written.
func (b *builder) conditions(v *value, d *datasetDecl, label string) []city.Condition {
	var out []city.Condition
	for _, e := range v.each() {
		place := label + "." + e.name
		f := b.fieldAt(d, e.pos, e.name, label, anyType)
		if f == nil {
			continue
		}
		if f.Type == city.TypePerson {
			b.addf(e.pos, CodeFieldType, "", "%s: the field %s is a person, of whom only a token is known", label, f.Name)
			continue
		}
		out = append(out, b.condition(e.val, f, place))
	}
	return out
}

func (b *builder) condition(v *value, f *city.Field, label string) city.Condition {
	c := city.Condition{Field: f.Name}
	if v.form != formObject {
		c.Values = b.operands(v, f, label)
		return c
	}
	bounded := v.gives("min") || v.gives("max")
	switch {
	case bounded && (v.gives("not") || v.gives("in")), v.gives("not") && v.gives("in"):
		b.addf(v.pos, CodeInconsistent, "keep one of them", "%s mixes not, in and min or max", label)
	case v.gives("not"):
		c.Not, c.Values = true, b.operands(v.get("not"), f, label)
	case v.gives("in"):
		c.Values = b.setOperand(v, f, label)
	case bounded:
		b.bounds(v, f, label, &c)
	default:
		b.addf(v.pos, CodeMissingKey, "", "%s needs a value, or one of not, in, min and max", label)
	}
	return c
}

// operands reads the values of a condition as the lake keeps them.
func (b *builder) operands(v *value, f *city.Field, label string) []string {
	var out []string
	for _, item := range v.list() {
		if s, ok := b.operand(item, f, label); ok {
			out = append(out, s)
		}
	}
	return out
}

// setOperand expands a set of regions into its codes.
func (b *builder) setOperand(v *value, f *city.Field, label string) []string {
	if f.Type != city.TypeRegion {
		b.addf(v.at("in"), CodeFieldType, "", "%s: in takes a set of regions, and the field %s is of type %s", label, f.Name, f.Type)
		return nil
	}
	name := v.text("in")
	codes := b.out.RegionSet(name)
	if len(codes) == 0 && name != "" {
		b.addf(v.at("in"), CodeUnknownReference, didYouMean(name, b.setNames()), "%s: no region is in a set %q", label, name)
	}
	return codes
}

func (b *builder) bounds(v *value, f *city.Field, label string, c *city.Condition) {
	if !numeric.has(f.Type) && !dated.has(f.Type) {
		b.addf(v.pos, CodeFieldType, "", "%s: min and max need a number or a date, and the field %s is of type %s", label, f.Name, f.Type)
		return
	}
	var least, most bool
	if w := v.get("min"); w != nil {
		c.Min, least = b.operand(w, f, label+".min")
	}
	if w := v.get("max"); w != nil {
		c.Max, most = b.operand(w, f, label+".max")
	}
	if least && most && above(c.Min, c.Max, f.Type) {
		b.addf(v.at("max"), CodeInconsistent, "", "%s has a max below its min", label)
	}
}

// above compares two operands. Dates compare as texts.
func above(low, high string, t city.FieldType) bool {
	if dated.has(t) {
		return low > high
	}
	x, errX := strconv.ParseFloat(low, 64)
	y, errY := strconv.ParseFloat(high, 64)
	return errX == nil && errY == nil && x > y
}

// operand reads a value that a field may have, in the form in which the lake
// keeps it: enums and regions as codes, days and the first days of months as
// YYYY-MM-DD, numbers without exponent.
func (b *builder) operand(v *value, f *city.Field, label string) (string, bool) {
	bad := func(hint, format string, args ...any) (string, bool) {
		b.addf(v.pos, CodeInvalidValue, hint, "%s: %s", label, fmt.Sprintf(format, args...))
		return "", false
	}
	switch f.Type {
	case city.TypeInt, city.TypeNumber, city.TypeDecimal:
		if s, ok := numberOperand(v.str, f.Type); ok {
			return s, true
		}
		return bad("", "%q is not a value of the field %s, which is of type %s", v.str, f.Name, f.Type)
	case city.TypeDate, city.TypeDateTime, city.TypeMonth:
		if day, ok := dayOperand(v.str, f.Type); ok {
			return day.String(), true
		}
		return bad("write YYYY-MM-DD, or YYYY-MM for a month", "%q is not a %s", v.str, f.Type)
	case city.TypeBool:
		if v.str == "true" || v.str == "false" {
			return v.str, true
		}
		return bad("write true or false", "%q is not a value of the field %s, which is of type bool", v.str, f.Name)
	case city.TypeEnum:
		return b.enumOperand(v, f, label)
	case city.TypeRegion:
		return v.str, b.resolve(v.pos, label, kindRegion, v.str)
	}
	return v.str, true
}

// enumOperand wants a code of the enum. An enum whose values are mistaken
// cannot be checked against.
func (b *builder) enumOperand(v *value, f *city.Field, label string) (string, bool) {
	codes := make([]string, len(f.Values))
	for i, e := range f.Values {
		codes[i] = e.Code
	}
	if len(codes) > 0 && !slices.Contains(codes, v.str) {
		b.addf(v.pos, CodeUnknownReference, didYouMean(v.str, codes), "%s: the enum %s has no code %q", label, f.Name, v.str)
		return "", false
	}
	return v.str, true
}

func numberOperand(s string, t city.FieldType) (string, bool) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !decimalNumber.MatchString(s) || math.IsInf(n, 0) {
		return "", false
	}
	s = strings.TrimPrefix(s, "+")
	switch {
	case t == city.TypeInt:
		i, err := strconv.ParseInt(s, 10, 64)
		return strconv.FormatInt(i, 10), err == nil
	case t == city.TypeDecimal:
		// Kept as written, because a double would blur the last decimals.
		return s, !strings.ContainsAny(s, "eE")
	}
	return plain(n), true
}

func dayOperand(s string, t city.FieldType) (city.Date, bool) {
	if t == city.TypeMonth && len(s) == len("2006-01") {
		s += "-01"
	}
	day, err := city.ParseDate(s)
	if t == city.TypeMonth {
		day = day.MonthStart()
	}
	return day, err == nil
}
