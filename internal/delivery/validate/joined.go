package validate

import (
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// Some senders write one value in several columns: the year, the month and the
// day. Where the header has no column for the whole of a field, and has all of
// those that it is declared to come from, its text is theirs with a space
// between them; it is empty when all of them are.

// join binds a field to the columns that its value is put together from, if the
// header has all of them.
func (b *Binding) join(field int, f *city.Field, at map[string]int) bool {
	parts := make([]int, 0, len(f.From))
	for _, name := range f.From {
		if j, ok := at[name]; ok {
			parts = append(parts, j)
		}
	}
	if len(parts) == 0 || len(parts) < len(f.From) {
		return false
	}
	b.parts[field] = parts
	return true
}

// has says that the file has a value for the field, in one column or several.
func (b *Binding) has(field int) bool { return b.column[field] >= 0 || b.parts[field] != nil }

// text is what the record says for a field, without the space around it. It is
// nil when the file has no such column, and valid until the next call.
func (b *Binding) text(rec *format.Record, field int) []byte {
	if c := b.column[field]; c >= 0 {
		return trim(rec.Fields[c])
	}
	if b.parts[field] == nil {
		return nil
	}
	return b.together(rec.Fields, field)
}

// together joins the columns of a field.
func (b *Binding) together(fields [][]byte, field int) []byte {
	b.joined = b.joined[:0]
	empty := true
	for i, c := range b.parts[field] {
		if i > 0 {
			b.joined = append(b.joined, ' ')
		}
		part := trim(fields[c])
		empty = empty && len(part) == 0
		b.joined = append(b.joined, part...)
	}
	if empty {
		return nil
	}
	return b.joined
}

// partOf begins what a column means that a value is put together from.
const partOf = "part "

// joinedFrom is the first field whose value is put together from a column, nil
// when there is none.
func (k *Checker) joinedFrom(column string) *city.Field {
	for _, f := range k.ds.Fields {
		if slices.Contains(f.From, column) {
			return f
		}
	}
	return nil
}

// expectedNames says how the columns of a field are called.
func expectedNames(f *city.Field) string {
	if len(f.From) > 0 {
		return strings.Join(f.From, "+")
	}
	return strings.Join(f.Source, "|")
}
