package validate

import (
	"fmt"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The years that dates may lie in. Others are slips: 0001-01-01 is what many
// systems write for "unknown".
const firstYear, lastYear = 1900, 2200

func inReach(t time.Time) bool { return t.Year() >= firstYear && t.Year() <= lastYear }

// inForm says for people what layouts and years are taken: a sender does not know
// how Go writes them, and 20060102 looks like a day.
func inForm(layouts []string) string {
	spelled := strings.NewReplacer("2006", "YYYY", "01", "MM", "02", "DD", "15", "hh", "04", "mm", "05", "ss", "1", "M", "2", "D").
		Replace(strings.Join(layouts, " or "))
	return fmt.Sprintf(" from %d to %d in the form %s", firstYear, lastYear, spelled)
}

func compileDate(f *city.Field) func([]byte) (any, *Failure) {
	formats := f.Formats
	if len(formats) == 0 {
		formats = []string{time.DateOnly}
		if f.Type == city.TypeMonth {
			formats = []string{"2006-01"}
		}
	}
	bad := fail(f, NotADate, "the value is not a date of the calendar"+inForm(formats))
	return func(raw []byte) (any, *Failure) {
		for _, layout := range formats {
			t, err := time.ParseInLocation(layout, string(raw), time.UTC)
			if err != nil || !inReach(t) {
				continue
			}
			d := city.DateOf(t)
			if f.Type == city.TypeMonth {
				d = d.MonthStart()
			}
			return d.Time(), nil
		}
		if d, ok := isoDay(f, raw); ok {
			return d.Time(), nil
		}
		return nil, bad
	}
}

// isoDay reads YYYY-MM-DD, which is understood whatever formats are declared:
// forms that know dates give them so. A month is its first day.
func isoDay(f *city.Field, raw []byte) (city.Date, bool) {
	t, err := time.ParseInLocation(time.DateOnly, string(raw), time.UTC)
	if err != nil || !inReach(t) || f.Type == city.TypeMonth && t.Day() != 1 {
		return city.Date{}, false
	}
	return city.DateOf(t), true
}

// compileDateTime reads a moment and gives it as the city's clock shows it. A
// text with an offset says which moment it means; one without is a time of that
// clock. What forms that know times give (YYYY-MM-DD hh:mm:ss, and midnight as
// the day alone) is understood whatever formats are declared, and so is RFC 3339.
func compileDateTime(c *city.City, f *city.Field) (func([]byte) (any, *Failure), error) {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return nil, city.Errorf(city.CodeInvalid, "the time zone %q of the city is not known", c.TimeZone).At(f.Pos.String())
	}
	formats := f.Formats
	if len(formats) == 0 {
		formats = []string{time.DateTime}
	}
	bad := fail(f, NotADateTime, "the value is not a time of a day of the calendar"+inForm(formats))
	precise := fail(f, TooPrecise, "the value is more precise than a microsecond")
	formats = append(formats[:len(formats):len(formats)], time.DateTime, time.RFC3339, time.DateOnly)
	return func(raw []byte) (any, *Failure) {
		for _, layout := range formats {
			t, err := time.ParseInLocation(layout, string(raw), zone)
			if err != nil {
				continue
			}
			if t = shown(t.In(zone)); !inReach(t) {
				continue
			}
			if t.Nanosecond()%int(time.Microsecond) != 0 {
				return nil, precise
			}
			return t, nil
		}
		return nil, bad
	}, nil
}

// shown is a time in UTC that has the hours which t has in its own zone.
func shown(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
