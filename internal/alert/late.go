package alert

import (
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Missing lists the periods whose batch has not come, so long after the day on
// which it counts as late: the last day of the period and the dataset's
// late_after. The oldest comes first. Working days are Monday to Friday, as
// city.Delay says: no pack declares the holidays yet.
//
// A period is delivered when a committed batch speaks for any day of it. What is
// expected begins with the first batch, and not before the year before today: a
// gap of long ago calls nobody any more. Before the first batch nothing is
// expected, as nobody can say since when it should be.
func Missing(spec city.DeliverySpec, delivered []city.Span, beyond city.Delay, today city.Date) ([]city.Span, error) {
	late, err := city.ParseDelay(spec.LateAfter)
	if err != nil || len(delivered) == 0 {
		return nil, err
	}
	since := slices.MinFunc(delivered, func(a, b city.Span) int { return a.From.Compare(b.From) }).From
	if start := (city.Date{Year: today.Year - 1, Month: time.January, Day: 1}); since.Before(start) {
		since = start
	}
	var out []city.Span
	for _, first := range (city.Span{From: since, To: today}).Periods(spec.Every) {
		p := spec.Every.Span(first)
		if today.After(beyond.After(late.After(p.To))) && !slices.ContainsFunc(delivered, overlaps(p)) {
			out = append(out, p)
		}
	}
	return out, nil
}

func overlaps(p city.Span) func(city.Span) bool {
	return func(d city.Span) bool { return !d.From.After(p.To) && !d.To.Before(p.From) }
}

// Due is the last day on which the batch of a period is not late.
func Due(spec city.DeliverySpec, p city.Span) city.Date {
	late, err := city.ParseDelay(spec.LateAfter)
	if err != nil {
		return p.To
	}
	return late.After(p.To)
}
