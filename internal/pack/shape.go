package pack

import "regexp"

// form says what a value looks like in YAML.
type form int

const (
	formText   form = iota // a string
	formInt                // a whole number
	formNumber             // a finite number
	formBool               // true or false
	formDate               // a day, YYYY-MM-DD
	formScalar             // any scalar, taken as it is written
	formObject             // a map with declared keys
	formMap                // a map with free keys
	formList               // a list
	formEither             // one of several, told apart by scalar, list or map
)

// shape specifies a value. It is what the reader matches and what the JSON
// Schema is made of. A shape may refer to itself (measures do).
type shape struct {
	form form
	name string // name in the JSON Schema's $defs; "" writes the shape in place

	words    []string // formText: the only words allowed
	pattern  *pattern // formText: how the text looks
	maxRunes int      // formText: characters at most; 0 without bound
	min, max *float64 // formInt, formNumber: bounds, both included

	keys     []key    // formObject
	keyNames *pattern // formMap: how its keys look
	of       *shape   // formMap, formList: the elements
	minItems int      // formMap, formList: elements at least
	maxItems int      // formList: elements at most; 0 without bound

	scalar, list, object *shape // formEither: the alternatives; nil is not allowed
}

// key specifies a key of an object.
type key struct {
	name     string
	doc      string // one line for the schema
	required bool
	fallback any // string, float64 or bool taken when the key is absent; nil none
	shape    *shape
}

// pattern is a form of text and how to say it.
type pattern struct {
	re   *regexp.Regexp
	says string // completes "must be …"
}

func newPattern(expr, says string) *pattern { return &pattern{regexp.MustCompile(expr), says} }

// key finds the specification of a key.
func (s *shape) key(name string) *key {
	for i := range s.keys {
		if s.keys[i].name == name {
			return &s.keys[i]
		}
	}
	return nil
}

// keyList lists the names of the keys.
func (s *shape) keyList() []string {
	out := make([]string, len(s.keys))
	for i, k := range s.keys {
		out[i] = k.name
	}
	return out
}

// The constructors below keep the specification readable.

func text() *shape                    { return &shape{form: formText} }
func textLike(p *pattern) *shape      { return &shape{form: formText, pattern: p} }
func textUpTo(runes int) *shape       { return &shape{form: formText, maxRunes: runes} }
func oneOf(words ...string) *shape    { return &shape{form: formText, words: words} }
func integer(from, to float64) *shape { return &shape{form: formInt, min: &from, max: &to} }
func number() *shape                  { return &shape{form: formNumber} }
func numberIn(from, to float64) *shape {
	return &shape{form: formNumber, min: &from, max: &to}
}
func boolean() *shape           { return &shape{form: formBool} }
func date() *shape              { return &shape{form: formDate} }
func scalar() *shape            { return &shape{form: formScalar} }
func object(keys ...key) *shape { return &shape{form: formObject, keys: keys} }
func list(of *shape, atLeast int) *shape {
	return &shape{form: formList, of: of, minItems: atLeast}
}
func mapOf(names *pattern, of *shape, atLeast int) *shape {
	return &shape{form: formMap, keyNames: names, of: of, minItems: atLeast}
}

// pairOf takes a list of exactly two.
func pairOf(of *shape) *shape {
	return &shape{form: formList, of: of, minItems: 2, maxItems: 2}
}

// oneOrMany takes a value alone or a list of at least one.
func oneOrMany(of *shape) *shape {
	return &shape{form: formEither, scalar: of, list: list(of, 1)}
}

func required(name, doc string, s *shape) key {
	return key{name: name, doc: doc, required: true, shape: s}
}

func optional(name, doc string, s *shape) key {
	return key{name: name, doc: doc, shape: s}
}

func withDefault(name, doc string, fallback any, s *shape) key {
	return key{name: name, doc: doc, fallback: fallback, shape: s}
}
