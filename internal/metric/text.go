package metric

import (
	"math"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// text is SQL text and the values of its ? marks, in their order. The zero text
// is empty.
type text struct {
	sql  string
	args []any
}

// writer puts SQL together and keeps the values in the order of their marks.
type writer struct {
	b    strings.Builder
	args []any
}

func (w *writer) add(parts ...string) *writer {
	for _, p := range parts {
		w.b.WriteString(p)
	}
	return w
}

func (w *writer) put(t text) *writer {
	w.b.WriteString(t.sql)
	w.args = append(w.args, t.args...)
	return w
}

func (w *writer) text() text { return text{w.b.String(), w.args} }

// join puts texts together with a separator and leaves the empty ones out.
func join(sep string, list ...text) text {
	var w writer
	for _, t := range list {
		if t.sql == "" {
			continue
		}
		if w.b.Len() > 0 {
			w.add(sep)
		}
		w.put(t)
	}
	return w.text()
}

// quote writes an identifier. Identifiers come from declarations only.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteAll(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = quote(n)
	}
	return out
}

// dateLiteral writes a day; the zero Date is before all days.
func dateLiteral(d city.Date) string {
	if d.IsZero() {
		return "DATE '0001-01-01'"
	}
	return "DATE '" + d.String() + "'"
}

// firstMoment and lastMoment write the ends of a day to the microsecond, which
// is as precise as moments are kept.
func firstMoment(d city.Date) string { return "TIMESTAMP '" + d.String() + " 00:00:00'" }
func lastMoment(d city.Date) string  { return "TIMESTAMP '" + d.String() + " 23:59:59.999999'" }

// number writes a declared number so that both engines read a whole number or
// a DOUBLE, never a DECIMAL whose scale they would choose differently.
func number(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'E', -1, 64)
}
