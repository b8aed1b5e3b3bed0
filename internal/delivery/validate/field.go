package validate

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
)

// parser turns the text of one field into a value, with the checks that every
// type shares around the type's own.
type parser struct {
	field   *city.Field
	null    []string
	missing *Failure
	def     any // value of the declared default, nil when there is none
	typed   func(raw []byte) (any, *Failure)
	bounds  func(v any) *Failure // nil when the field declares neither minimum nor maximum
}

func compileField(c *city.City, f *city.Field, o Options) (parser, error) {
	p := parser{field: f, null: f.Null, missing: fail(f, Missing, "the field is empty")}
	typed, err := compileType(c, f, o)
	if err != nil {
		return p, err
	}
	p.typed, p.bounds = typed, compileBounds(f)
	if f.Default != "" {
		v, bad := p.value([]byte(f.Default))
		if bad != nil {
			return p, city.Errorf(city.CodeInvalid, "the default of %s is no valid value: %s", f.Name, bad.Message).At(f.Pos.String())
		}
		p.def = v
	}
	return p, nil
}

func fail(f *city.Field, code, message string) *Failure {
	return &Failure{Field: f.Name, Code: code, Message: message}
}

func (p *parser) parse(raw []byte) (any, *Failure) {
	if len(raw) == 0 || p.isNull(raw) {
		switch {
		case p.def != nil:
			return p.def, nil
		case p.field.Optional:
			return nil, nil
		}
		return nil, p.missing
	}
	return p.value(raw)
}

// value reads a text that is not empty and checks its bounds.
func (p *parser) value(raw []byte) (any, *Failure) {
	v, bad := p.typed(raw)
	if bad == nil && p.bounds != nil {
		bad = p.bounds(v)
	}
	if bad == nil {
		return v, nil
	}
	if !ascii(raw) && narrows(p.field.Type) {
		if n, changed := narrow(raw); changed && len(n) > 0 {
			return p.value(n)
		}
	}
	return nil, bad
}

func (p *parser) isNull(raw []byte) bool {
	for _, n := range p.null {
		if string(raw) == n {
			return true
		}
	}
	return false
}

func compileType(c *city.City, f *city.Field, o Options) (func([]byte) (any, *Failure), error) {
	switch f.Type {
	case city.TypeString:
		return compileString(f)
	case city.TypeInt:
		return compileInt(f), nil
	case city.TypeNumber:
		return compileNumber(f), nil
	case city.TypeDecimal:
		return compileDecimal(f), nil
	case city.TypeDate, city.TypeMonth:
		return compileDate(f), nil
	case city.TypeDateTime:
		return compileDateTime(c, f)
	case city.TypeBool:
		return compileBool(f), nil
	case city.TypeEnum:
		return compileEnum(f), nil
	case city.TypeRegion:
		return compileRegion(c, f), nil
	case city.TypePerson:
		return compilePerson(f, o), nil
	case city.TypeCredit:
		return func(raw []byte) (any, *Failure) {
			code, err := city.CheckCreditCode(string(raw))
			if err != nil {
				return nil, identifierFailure(f, err)
			}
			return code, nil
		}, nil
	}
	return nil, city.Errorf(city.CodeInvalid, "the field %s has the unknown type %q", f.Name, f.Type).At(f.Pos.String())
}

func compileString(f *city.Field) (func([]byte) (any, *Failure), error) {
	most := f.MaxLen
	if most == 0 {
		most = MaxText
	}
	tooLong := fail(f, TooLong, fmt.Sprintf("the text is longer than %d characters", most))
	var re *regexp.Regexp
	if f.Pattern != "" {
		var err error
		if re, err = regexp.Compile("^(?:" + f.Pattern + ")$"); err != nil {
			return nil, city.Errorf(city.CodeInvalid, "the pattern of %s: %w", f.Name, err).At(f.Pos.String())
		}
	}
	noMatch := fail(f, NoPatternMatch, "the text does not fit the pattern "+f.Pattern)
	personal := fail(f, PersonalData, "the text holds the ID number of a person")
	return func(raw []byte) (any, *Failure) {
		if len(raw) > most && utf8.RuneCount(raw) > most {
			return nil, tooLong
		}
		if re != nil && !re.Match(raw) {
			return nil, noMatch
		}
		if !f.Personal && holdsPersonID(raw) {
			return nil, personal
		}
		return string(raw), nil
	}, nil
}

func compileBool(f *city.Field) func([]byte) (any, *Failure) {
	yes, no := f.True, f.False
	if len(yes)+len(no) == 0 {
		yes, no = []string{"是", "true", "1"}, []string{"否", "false", "0"}
	}
	bad := fail(f, NotABool, "the value is neither "+strings.Join(yes, ", ")+" nor "+strings.Join(no, ", "))
	return func(raw []byte) (any, *Failure) {
		switch s := string(raw); {
		case slices.Contains(yes, s):
			return true, nil
		case slices.Contains(no, s):
			return false, nil
		}
		return nil, bad
	}
}

func compileEnum(f *city.Field) func([]byte) (any, *Failure) {
	values := map[string]any{}
	var known []string
	for _, v := range f.Values {
		for _, s := range v.Sources {
			values[s] = v.Code
			known = append(known, s)
		}
	}
	for _, v := range f.Values {
		values[v.Code] = v.Code // last: a code always means itself
	}
	bad := fail(f, NotInList, "the value is not one of "+quoted(known))
	return func(raw []byte) (any, *Failure) {
		if v, ok := values[string(raw)]; ok {
			return v, nil
		}
		return nil, bad
	}
}

func compilePerson(f *city.Field, o Options) func([]byte) (any, *Failure) {
	return func(raw []byte) (any, *Failure) {
		id, err := city.CheckPersonID(string(raw), o.Today)
		if err != nil {
			return nil, identifierFailure(f, err)
		}
		return o.Token(id), nil
	}
}

func identifierFailure(f *city.Field, err error) *Failure {
	var e *city.Error
	if errors.As(err, &e) {
		_, code, _ := strings.Cut(string(e.Code), ".")
		return fail(f, code, e.Message)
	}
	return fail(f, "invalid", err.Error())
}
