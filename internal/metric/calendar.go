package metric

import (
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// calendar is what a question needs of the rule that its indicator moves with.
// A nil calendar knows no festival and combines no months.
type calendar struct {
	rule *city.Rule
	days map[int]city.Date // of the festival, by year
}

// calendarOf finds the calendar of the question's indicator. It is an error to
// ask for what only a calendar knows when the indicator has none.
func calendarOf(c *city.City, r Request) (*calendar, error) {
	ind := r.Indicator
	festival := slices.Contains(r.Against, AgainstFestival) || ind.Measure.Uses(city.AgainstFestival)
	switch {
	case !festival && !r.Combine:
		return nil, nil
	case ind.Calendar == "":
		return nil, city.Errorf(city.CodeInvalid, "indicator %s moves with no festival", ind.Name).
			WithHint("compare with the year or the period before, or declare its calendar in the pack")
	case festival && r.windowKind() == city.WindowStock:
		return nil, city.Errorf(city.CodeInvalid, "indicator %s states one month, which lies nowhere to a festival", ind.Name).
			WithHint("compare with the year or the period before")
	}
	rule, err := c.Rule(ind.Calendar)
	if err != nil {
		return nil, err
	}
	cal := &calendar{rule: rule, days: map[int]city.Date{}}
	for _, v := range rule.Versions {
		for _, d := range v.Dates {
			cal.days[d.Year] = d
		}
	}
	return cal, nil
}

// combined is the months that are stated together with the given one.
func (cal *calendar) combined(month city.Span) city.Span {
	v, ok := cal.rule.At(month.From)
	if m := int(month.From.Month); !ok || m < v.Combine.First || m > v.Combine.Last {
		return month
	}
	year := month.From.Year
	return city.Span{From: city.NewDate(year, time.Month(v.Combine.First), 1), To: city.NewDate(year, time.Month(v.Combine.Last), 1).MonthEnd()}
}

// moved is a window as it lay to the festival a number of years before: the
// festival that counts is that of the year in which the window ends. It is
// false when the festival of one of the two years is not known.
func (cal *calendar) moved(w city.Span, years int) (city.Span, bool) {
	here, known := cal.days[w.To.Year]
	there, knownThere := cal.days[w.To.Year-years]
	if !known || !knownThere {
		return city.Span{}, false
	}
	n := daysBetween(here, there)
	if !w.From.IsZero() {
		w.From = w.From.AddDays(n)
	}
	w.To = w.To.AddDays(n)
	return w, true
}

// daysBetween is how many days b lies after a.
func daysBetween(a, b city.Date) int { return int(b.Time().Sub(a.Time()).Hours() / 24) }
