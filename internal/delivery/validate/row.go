package validate

import (
	"bytes"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// Row checks a record. It gives one value per declared field, valid until the
// next call, or the first failure.
func (b *Binding) Row(rec *format.Record) ([]any, *Failure) {
	switch {
	case rec.Malformed:
		return nil, &Failure{Code: Malformed, Message: "text follows a closing quote"}
	case len(rec.Fields) != b.width:
		return nil, &Failure{Code: FieldCount, Message: fmt.Sprintf("the record has %d fields, %d are expected", len(rec.Fields), b.width)}
	case !utf8.Valid(rec.Raw) || bytes.ContainsRune(rec.Raw, utf8.RuneError) || bytes.IndexByte(rec.Raw, 0) >= 0:
		return nil, &Failure{Code: BadEncoding, Message: "the record holds bytes that are not text in the file's encoding"}
	}
	for i, p := range b.k.fields {
		var raw []byte
		if c := b.column[i]; c >= 0 {
			raw = bytes.TrimSpace(rec.Fields[c])
		}
		v, fail := p.parse(raw)
		if fail != nil {
			return nil, fail
		}
		b.values[i] = v
	}
	return b.values, b.rowChecks()
}

func (b *Binding) rowChecks() *Failure {
	if r := b.k.region; r != nil {
		if fail := r.check(b.values); fail != nil {
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
		a, c := ds.Fields[at[0]], ds.Fields[at[1]]
		return func(v []any) *Failure {
			x, okX := comparable(a, v[at[0]])
			y, okY := comparable(c, v[at[1]])
			if okX && okY && x > y {
				return fail
			}
			return nil
		}, nil
	}
	return nil, city.Errorf(city.CodeInvalid, "the check %s has the unknown kind %q", rc.Code, rc.Kind).At(rc.Pos.String())
}

// comparable gives a number that orders the values of a field.
func comparable(f *city.Field, v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		x := float64(v)
		if f.Type == city.TypeDecimal {
			for range f.Scale {
				x /= 10
			}
		}
		return x, true
	case float64:
		return v, true
	case time.Time:
		return float64(v.Unix()), true
	}
	return 0, false
}

// regionDates checks that region codes are in force on the row's date.
type regionDates struct {
	period  int
	regions []int // region fields
	names   []string
	byCode  map[string]*city.Region
}

// compileRegionDates gives nil when every code has always been in force, or
// the dataset dates no rows.
func compileRegionDates(c *city.City, ds *city.Dataset) *regionDates {
	r := &regionDates{period: -1, byCode: map[string]*city.Region{}}
	for i, f := range ds.Fields {
		if f.Name == ds.Delivery.Period {
			r.period = i
		}
		if f.Type == city.TypeRegion {
			r.regions = append(r.regions, i)
			r.names = append(r.names, f.Name)
		}
	}
	for _, reg := range c.Regions {
		if !reg.From.IsZero() || !reg.To.IsZero() {
			r.byCode[reg.Code] = reg
		}
	}
	if r.period < 0 || len(r.regions) == 0 || len(r.byCode) == 0 {
		return nil
	}
	return r
}

func (r *regionDates) check(values []any) *Failure {
	t, ok := values[r.period].(time.Time)
	if !ok {
		return nil
	}
	for i, at := range r.regions {
		code, ok := values[at].(string)
		if !ok {
			continue
		}
		if reg, bounded := r.byCode[code]; bounded && !reg.ValidOn(city.DateOf(t)) {
			return &Failure{Field: r.names[i], Code: RegionNotValid, Message: "the region's code is not in force on the row's date"}
		}
	}
	return nil
}
