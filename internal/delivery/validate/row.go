package validate

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// replacement is U+FFFD, which stands for bytes that the encoding does not know.
var replacement = []byte("\uFFFD")

// Row checks a record. It gives one value per declared field, valid until the
// next call, or the first failure.
func (b *Binding) Row(rec *format.Record) ([]any, *Failure) {
	switch {
	case rec.Malformed && rec.Fault.Code != "":
		return nil, &Failure{Code: rec.Fault.Code, Message: rec.Fault.Message}
	case rec.Malformed:
		return nil, &Failure{Code: Malformed, Message: "text follows a closing quote"}
	case len(rec.Fields) != b.width:
		return nil, &Failure{Code: FieldCount, Message: fmt.Sprintf("the record has %d fields, %d are expected", len(rec.Fields), b.width)}
	case !utf8.Valid(rec.Raw) || garbled(rec.Raw) || bytes.IndexByte(rec.Raw, 0) >= 0:
		return nil, &Failure{Code: BadEncoding, Message: "the record holds bytes that are not text in the file's encoding"}
	}
	for _, i := range b.blank {
		if len(bytes.TrimSpace(rec.Fields[i])) > 0 {
			return nil, &Failure{Code: FieldCount, Message: fmt.Sprintf("there is a value in column %d, which has no name", i+1)}
		}
	}
	for i := range b.k.fields {
		v, fail := b.recent[i].parse(&b.k.fields[i], b.text(rec, i))
		if fail != nil {
			return nil, fail
		}
		b.values[i] = v
	}
	return b.values, b.rowChecks()
}

// garbled says that a text holds U+FFFD. It looks for the first of its bytes
// first, which is quicker and seldom there.
func garbled(text []byte) bool {
	at := bytes.IndexByte(text, replacement[0])
	return at >= 0 && bytes.Contains(text[at:], replacement)
}

// trim is bytes.TrimSpace for UTF-8, quick for fields that begin and end with
// printed ASCII or a Chinese character, as nearly all do.
func trim(field []byte) []byte {
	n := len(field)
	if n == 0 || (plain(field[0]) || wide(field[0])) && (plain(field[n-1]) || n >= 3 && wide(field[n-3])) {
		return field
	}
	return bytes.TrimSpace(field)
}

// plain says that a byte is a printed character of ASCII.
func plain(c byte) bool { return c > ' ' && c < 0x7f }

// wide says that a byte begins a character of three bytes above U+3FFF; the
// spaces of Unicode lie below.
func wide(c byte) bool { return c >= 0xe4 && c <= 0xef }

func (b *Binding) rowChecks() *Failure {
	if r := b.k.region; r != nil {
		if fail := r.settle(b.values); fail != nil {
			return fail
		}
	}
	for _, check := range b.k.checks {
		if fail := check(b.values); fail != nil {
			return fail
		}
	}
	return nil
}

// rowCheck judges the values of a row; it gives the same failure for each that
// fails.
type rowCheck func(values []any) *Failure

// compileCheck prepares a check and says what a row that fails is told.
func compileCheck(ds *city.Dataset, rc city.RowCheck) (Failure, rowCheck, error) {
	at := make([]int, len(rc.Fields))
	for i, name := range rc.Fields {
		at[i] = slices.IndexFunc(ds.Fields, func(f *city.Field) bool { return f.Name == name })
		if at[i] < 0 {
			return Failure{}, nil, city.Errorf(city.CodeInvalid, "the check %s names the unknown field %s", rc.Code, name).At(rc.Pos.String())
		}
	}
	fail := Failure{Code: rc.Code}
	var fails func(v []any) bool
	switch rc.Kind {
	case city.CheckAnyOf:
		fail.Message = "all of these are empty: " + quoted(rc.Fields)
		fails = func(v []any) bool { return !slices.ContainsFunc(at, func(i int) bool { return v[i] != nil }) }
	case city.CheckNotAfter, city.CheckNotAbove:
		word := "after"
		if rc.Kind == city.CheckNotAbove {
			word = "above"
		}
		fail.Field, fail.Message = rc.Fields[0], fmt.Sprintf("%s is %s %s", rc.Fields[0], word, rc.Fields[1])
		above := compileAbove(ds.Fields[at[0]], ds.Fields[at[1]])
		fails = func(v []any) bool { return above(v[at[0]], v[at[1]]) }
	default:
		return fail, nil, city.Errorf(city.CodeInvalid, "the check %s has the unknown kind %q", rc.Code, rc.Kind).At(rc.Pos.String())
	}
	return fail, func(v []any) *Failure {
		if fails(v) {
			return &fail
		}
		return nil
	}, nil
}
