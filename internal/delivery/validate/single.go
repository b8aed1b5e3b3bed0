package validate

import "github.com/jinyang-city/jinyang/internal/delivery/format"

// Value reads one field of a record by itself, whatever is wrong with the
// others: what a row that failed adds to the sums of its file. The field is
// given by its index in the declaration. A number beyond its bounds is read all
// the same, and an empty field is nil. It says false when the field cannot be
// told from its neighbours, when its text is no value of its type, or when its
// meaning depends on other fields.
func (b *Binding) Value(rec *format.Record, field int) (any, bool) {
	if rec.Malformed || len(rec.Fields) != b.width {
		return nil, false
	}
	p := b.k.fields[field]
	p.bounds = nil
	v, fail := p.parse(b.text(rec, field))
	if fail != nil {
		return nil, fail.Code == Missing
	}
	if _, unsettled := v.(sameName); unsettled {
		return nil, false
	}
	return v, true
}
