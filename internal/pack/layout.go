package pack

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// sample is what a layout must be able to write and read back for a type: a
// layout that loses the day, or the hour of a moment, cannot be meant.
func sample(t city.FieldType) time.Time {
	switch t {
	case city.TypeMonth:
		return time.Date(2021, 11, 1, 0, 0, 0, 0, time.UTC)
	case city.TypeDateTime:
		return time.Date(2021, 11, 29, 23, 0, 0, 0, time.UTC)
	}
	return time.Date(2021, 11, 29, 0, 0, 0, 0, time.UTC)
}

// usual is how a value of a type is written when nothing else is declared.
func usual(t city.FieldType) string {
	switch t {
	case city.TypeMonth:
		return "2006-01"
	case city.TypeDateTime:
		return time.DateTime
	}
	return time.DateOnly
}

// joined is the layout of a value that is put together from n columns: the
// year, the month and so on, one in each. It is "" when they do not make a
// value of the type; a moment may also come as its day and its time.
func joined(t city.FieldType, n int) string {
	parts := []string{"2006", "1", "2", "15", "4", "5"}
	switch {
	case t == city.TypeMonth && n == 2, t == city.TypeDate && n == 3, t == city.TypeDateTime && n >= 4 && n <= len(parts):
		return strings.Join(parts[:n], " ")
	case t == city.TypeDateTime && n == 2:
		return time.DateTime
	}
	return ""
}

// readsAs says whether a text is written in a layout.
func readsAs(text string) func(layout string) bool {
	return func(layout string) bool { _, err := time.Parse(layout, text); return err == nil }
}

// fillFormats reads the layouts of a date, or takes the usual one, and checks
// each by writing a value and reading it back.
func (b *builder) fillFormats(f *city.Field, v *value) {
	b.checkFrom(f, v)
	if !v.gives("formats") {
		layout := usual(f.Type)
		if len(f.From) > 0 {
			layout = joined(f.Type, len(f.From))
		}
		if layout == "" {
			b.addf(v.at("from"), CodeMissingKey, "give formats, with a space between the columns", "the field %s: %d columns make no usual %s", f.Name, len(f.From), f.Type)
			return
		}
		f.Formats = []string{layout}
	}
	want := sample(f.Type)
	for _, layout := range v.get("formats").list() {
		back, err := time.Parse(layout.str, want.Format(layout.str))
		if err != nil || !back.Equal(want) {
			b.addf(layout.pos, CodeInvalidValue, fmt.Sprintf("write the %s %s as the sender would, for example %s", f.Type, said(f.Type), usual(f.Type)), "formats: %q does not say which %s is meant", layout.str, f.Type)
		}
	}
}

// said names the moment that layouts are written for.
func said(t city.FieldType) string {
	if t == city.TypeDateTime {
		return "2 January 2006, 15:04:05,"
	}
	return "2 January 2006"
}

// checkFrom reports columns that a value cannot be put together from. Another
// field may read them too.
func (b *builder) checkFrom(f *city.Field, v *value) {
	from := v.get("from")
	b.repeated(from, "from")
	for _, name := range from.list() {
		if slices.Contains(f.Source, name.str) {
			b.addf(name.pos, CodeDuplicateSource, "leave it out of from, or name another source", "from: the field %s reads the column %q as a whole", f.Name, name.str)
		}
	}
}
