package app

import (
	"context"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// demoClosings are the months that the demonstration closes while it delivers,
// each when the batches that were sent up to its end have come. What is sent
// later about them, a correction in May and rows in September, changes figures
// that stand published: nothing of that is made up for the ledger.
func demoClosings() []city.Date {
	return []city.Date{
		{Year: 2024, Month: time.March, Day: 1}, {Year: 2024, Month: time.August, Day: 1}, {Year: 2024, Month: time.September, Day: 1},
	}
}

// demoIndicators is how many indicators the demonstration publishes: it must not
// take long.
const demoIndicators = 8

// correctedField is the field that the simulated city's correction corrects.
const correctedField = "kind"

// closeMonths closes the months of the demonstration that ended before a day,
// unless they are closed already. It publishes what the plans promise, in the
// name of somebody simulated.
func (a *App) closeMonths(ctx context.Context, before city.Date) error {
	for _, month := range demoClosings() {
		if !month.MonthEnd().Before(before) {
			continue
		}
		period := city.GrainMonth.Label(month)
		_, found, err := a.Store.LastClosing(ctx, period)
		if err != nil {
			return err
		}
		if found {
			continue
		}
		req := ledger.Request{Period: period, Person: "李晓（模拟）", Note: "演示：模拟数据 / demonstration: simulated data", By: append(a.regionFields(), correctedField)}
		if req.Indicators, err = a.promised(ctx, month); err != nil {
			return err
		}
		if len(req.Indicators) == 0 {
			continue
		}
		if _, err := a.Ledger.Publish(ctx, policy.Local(demonstrator), req); err != nil {
			return err
		}
	}
	return nil
}

// promised lists the indicators of the month's year that targets are set for and
// whose month is complete.
func (a *App) promised(ctx context.Context, month city.Date) ([]string, error) {
	c, seen := a.City(), map[string]bool{}
	var names []string
	for _, t := range c.Targets {
		if t.Indicator == "" || seen[t.Indicator] || t.Deadline.Year != month.Year {
			continue
		}
		seen[t.Indicator] = true
		names = append(names, t.Indicator)
		if len(names) == demoIndicators {
			break
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	p, err := a.Ledger.Propose(ctx, policy.Local(demonstrator), ledger.Request{Period: city.GrainMonth.Label(month), Indicators: names})
	if err != nil {
		return nil, err
	}
	for _, i := range p.Incomplete {
		seen[i.Indicator.Name] = false
	}
	out := names[:0]
	for _, name := range names {
		if seen[name] {
			out = append(out, name)
		}
	}
	return out, nil
}

// regionFields lists the dimensions of the city's indicators that are regions.
func (a *App) regionFields() []string {
	var out []string
	seen := map[string]bool{}
	for _, ind := range a.City().Indicators {
		ds, err := a.City().Dataset(ind.Dataset)
		if err != nil {
			continue
		}
		for _, name := range ind.Dimensions {
			if f, ok := ds.Field(name); ok && f.Type == city.TypeRegion && !seen[name] {
				seen[name] = true
				out = append(out, name)
			}
		}
	}
	return out
}
