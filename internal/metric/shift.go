package metric

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Against names an earlier time that is shown in the same row.
type Against = city.Against

// The earlier times; see package city.
const (
	AgainstYear     = city.AgainstYear
	AgainstPeriod   = city.AgainstPeriod
	AgainstFestival = city.AgainstFestival
)

// shift says how far before its period a window lies. The zero shift is the
// period itself. Shifts add up: the growth on the month before, as it stood a
// year before, reads the window of one year and one month before.
type shift struct{ years, periods, festivals int }

// back is the shift one step further back.
func (s shift) back(a Against) shift {
	switch a {
	case AgainstPeriod:
		s.periods++
	case AgainstFestival:
		s.festivals++
	default:
		s.years++
	}
	return s
}

// column names a quoted column as it was in the shifted window.
func (s shift) column(quoted string) string {
	suffix := ""
	for _, part := range []struct {
		n    int
		unit string
	}{{s.years, "y"}, {s.periods, "p"}, {s.festivals, "f"}} {
		if part.n > 0 {
			suffix += fmt.Sprintf("%d%s", part.n, part.unit)
		}
	}
	if suffix == "" {
		return quoted
	}
	return strings.TrimSuffix(quoted, `"`) + "_" + suffix + `"`
}

// reach lists the shifts that a measure reads when it is asked for at a shift,
// that shift first.
func reach(m *city.Measure, at shift) []shift {
	out := []shift{at}
	add := func(list []shift) {
		for _, s := range list {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	for _, of := range m.Of {
		add(reach(of, at))
		if m.Changes() {
			add(reach(of, at.back(m.On)))
		}
	}
	return out
}

// shiftsOf lists the shifts that a question needs, its own period first: those
// of the measure, now and at each earlier time that is to be shown.
func shiftsOf(r Request) []shift {
	out := reach(r.Indicator.Measure, shift{})
	for _, a := range r.Against {
		for _, s := range reach(r.Indicator.Measure, shift{}.back(a)) {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}
