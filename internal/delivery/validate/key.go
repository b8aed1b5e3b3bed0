package validate

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// Key reads the fields that tell a row apart (city.Dataset.Identity) out of a
// record that failed elsewhere, in their order. ok is false when one of them
// cannot be read either. The values are the caller's.
func (b *Binding) Key(rec *format.Record) (values []any, ok bool) {
	if rec.Malformed || len(rec.Fields) != b.width {
		return nil, false
	}
	for _, name := range b.k.ds.Identity() {
		v, ok := b.one(rec, name)
		if same, many := v.(sameName); ok && many {
			day, _ := b.one(rec, b.k.ds.Delivery.Period)
			v, ok = same.on(dayOf(day))
		}
		if !ok {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

// one reads one field of a record.
func (b *Binding) one(rec *format.Record, name string) (any, bool) {
	i := slices.IndexFunc(b.k.ds.Fields, func(f *city.Field) bool { return f.Name == name })
	if i < 0 {
		return nil, false
	}
	raw := b.text(rec, i)
	if !utf8.Valid(raw) || bytes.Contains(raw, replacement) || bytes.IndexByte(raw, 0) >= 0 {
		return nil, false
	}
	v, fail := b.recent[i].parse(&b.k.fields[i], raw)
	return v, fail == nil
}
