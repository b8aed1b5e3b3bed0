package pack

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/jinyang-city/jinyang/internal/city"
)

// decimalNumber is how numbers are written in a pack: 0x10, 0o7, 1_000 and
// 0123 mean different things to different readers and are refused.
var decimalNumber = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?$`)

// readScalar matches a scalar node.
func (r *reader) readScalar(n ast.Node, s *shape, label string) *value {
	v := &value{pos: r.doc.pos(n), form: s.form}
	var ok bool
	switch s.form {
	case formText:
		ok = r.readText(n, s, label, v)
	case formInt, formNumber:
		ok = r.readNumber(n, s, label, v)
	case formBool:
		ok = r.readBool(n, label, v)
	case formDate:
		ok = r.readDate(n, label, v)
	default:
		ok = r.readAny(n, label, v)
	}
	if !ok {
		return nil
	}
	return v
}

func (r *reader) readText(n ast.Node, s *shape, label string, v *value) bool {
	written, isText := textOf(n)
	if !isText {
		r.wrongType(n, "a text", textHint(n, s), label)
		return false
	}
	v.str = strings.TrimSpace(written)
	switch {
	case v.str == "":
		r.addf(v.pos, CodeInvalidValue, "", "%s is empty", subject(label))
	case len(s.words) > 0 && !slices.Contains(s.words, v.str):
		r.addf(v.pos, CodeInvalidValue, didYouMean(v.str, s.words), "%s: %q is not known", label, v.str)
	case s.pattern != nil && !s.pattern.re.MatchString(v.str):
		r.addf(v.pos, CodeInvalidValue, "", "%s: %q must be %s", label, v.str, s.pattern.says)
	case s.maxRunes > 0 && utf8.RuneCountInString(v.str) > s.maxRunes:
		r.addf(v.pos, CodeInvalidValue, "", "%s has %d characters, at most %d are allowed", label, utf8.RuneCountInString(v.str), s.maxRunes)
	default:
		return true
	}
	return false
}

// textOf gives the text of a string node.
func textOf(n ast.Node) (string, bool) {
	switch t := n.(type) {
	case *ast.StringNode:
		return t.Value, true
	case *ast.LiteralNode:
		return t.Value.Value, true
	}
	return "", false
}

func (r *reader) readNumber(n ast.Node, s *shape, label string, v *value) bool {
	what := "a number"
	if s.form == formInt {
		what = "a whole number"
	}
	// The library takes 1e-8 for a string, so the text decides, not the node.
	written := n.GetToken().Value
	number, err := strconv.ParseFloat(written, 64)
	if quoted(n) || !isScalar(n) || !decimalNumber.MatchString(written) || err != nil {
		r.wrongType(n, what, numberHint(n), label)
		return false
	}
	switch {
	case s.form == formInt && number != math.Trunc(number):
		r.wrongType(n, what, "", label)
		return false
	case s.min != nil && (number < *s.min || number > *s.max):
		r.addf(v.pos, CodeInvalidValue, "", "%s: %s is not %s", label, written, s.rangeText())
		return false
	}
	v.num, v.str = number, written
	return true
}

// plain writes a number without an exponent and without idle zeros.
func plain(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func (r *reader) readBool(n ast.Node, label string, v *value) bool {
	b, ok := n.(*ast.BoolNode)
	if !ok {
		r.wrongType(n, "true or false", "", label)
		return false
	}
	v.flag = b.Value
	return true
}

func (r *reader) readDate(n ast.Node, label string, v *value) bool {
	written, ok := textOf(n)
	if !ok {
		r.wrongType(n, "a date, YYYY-MM-DD", "", label)
		return false
	}
	day, err := city.ParseDate(written)
	if err != nil {
		r.addf(v.pos, CodeInvalidValue, "write YYYY-MM-DD, a day of the calendar", "%s: %q is not a date", label, written)
		return false
	}
	v.day, v.str = day, written
	return true
}

// readAny takes any scalar but null as it is written. An empty text is kept:
// a condition may ask for it.
func (r *reader) readAny(n ast.Node, label string, v *value) bool {
	if written, ok := textOf(n); ok {
		v.str = written
		return true
	}
	if !isScalar(n) || n.Type() == ast.NullType {
		r.wrongType(n, "a single value", "", label)
		return false
	}
	v.str = n.GetToken().Value
	return true
}

func isScalar(n ast.Node) bool { _, ok := n.(ast.ScalarNode); return ok }

func quoted(n ast.Node) bool {
	t := n.GetToken().Type
	return t == token.DoubleQuoteType || t == token.SingleQuoteType
}

// wrongType reports a node of another form than wanted.
func (r *reader) wrongType(n ast.Node, want, hint, label string) {
	r.addf(r.doc.pos(n), CodeWrongType, hint, "%s must be %s, not %s", subject(label), want, describe(n))
}

// textHint advises quotes where they would make a scalar the text that the
// shape takes.
func textHint(n ast.Node, s *shape) string {
	written := n.GetToken().Value
	switch {
	case isScalar(n) && n.Type() != ast.NullType && (s.pattern == nil || s.pattern.re.MatchString(written)) && len(s.words) == 0:
		return fmt.Sprintf("write %q with quotes", written)
	case s.pattern != nil:
		return "write " + s.pattern.says
	}
	return oneOfThese(s.words)
}

// numberHint advises how to write what is a number to YAML, but not to a pack.
func numberHint(n ast.Node) string {
	if quoted(n) {
		return "write it without quotes"
	}
	if n.Type() == ast.StringType || !isScalar(n) || n.Type() == ast.NullType {
		return ""
	}
	return "write it in decimal digits, for example 1000.5"
}

// rangeText says which numbers a shape takes.
func (s *shape) rangeText() string {
	if *s.min == *s.max {
		return plain(*s.min)
	}
	return "between " + plain(*s.min) + " and " + plain(*s.max)
}

// describe says what a node is, for messages.
func describe(n ast.Node) string {
	switch n.Type() {
	case ast.NullType:
		return "empty"
	case ast.MappingType, ast.MappingValueType:
		return "a map"
	case ast.SequenceType:
		return "a list"
	case ast.BoolType:
		return "true or false"
	case ast.IntegerType, ast.FloatType, ast.InfinityType, ast.NanType:
		return "the number " + n.GetToken().Value
	case ast.StringType:
		if quoted(n) {
			return fmt.Sprintf("the text %q in quotes", n.GetToken().Value)
		}
		return fmt.Sprintf("the text %q", n.GetToken().Value)
	}
	return "something else"
}
