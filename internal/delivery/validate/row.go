package validate

import (
	"bytes"
	"fmt"
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
	case !utf8.Valid(rec.Raw) || bytes.Contains(rec.Raw, replacement) || bytes.IndexByte(rec.Raw, 0) >= 0:
		return nil, &Failure{Code: BadEncoding, Message: "the record holds bytes that are not text in the file's encoding"}
	}
	for i := range b.k.fields {
		var raw []byte
		if c := b.column[i]; c >= 0 {
			raw = trim(rec.Fields[c])
		}
		v, fail := b.recent[i].parse(&b.k.fields[i], raw)
		if fail != nil {
			return nil, fail
		}
		b.values[i] = v
	}
	return b.values, b.rowChecks()
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

type rowCheck func(values []any) *Failure

func compileCheck(ds *city.Dataset, rc city.RowCheck) (rowCheck, error) {
	at := make([]int, len(rc.Fields))
	for i, name := range rc.Fields {
		at[i] = -1
		for j, f := range ds.Fields {
			if f.Name == name {
				at[i] = j
			}
		}
		if at[i] < 0 {
			return nil, city.Errorf(city.CodeInvalid, "the check %s names the unknown field %s", rc.Code, name).At(rc.Pos.String())
		}
	}
	switch rc.Kind {
	case city.CheckAnyOf:
		fail := &Failure{Code: rc.Code, Message: "all of these are empty: " + quoted(rc.Fields)}
		return func(v []any) *Failure {
			for _, i := range at {
				if v[i] != nil {
					return nil
				}
			}
			return fail
		}, nil
	case city.CheckNotAfter, city.CheckNotAbove:
		word := "after"
		if rc.Kind == city.CheckNotAbove {
			word = "above"
		}
		fail := &Failure{Field: rc.Fields[0], Code: rc.Code, Message: fmt.Sprintf("%s is %s %s", rc.Fields[0], word, rc.Fields[1])}
		above := compileAbove(ds.Fields[at[0]], ds.Fields[at[1]])
		return func(v []any) *Failure {
			if above(v[at[0]], v[at[1]]) {
				return fail
			}
			return nil
		}, nil
	}
	return nil, city.Errorf(city.CodeInvalid, "the check %s has the unknown kind %q", rc.Code, rc.Kind).At(rc.Pos.String())
}
