package analysis

import (
	"context"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/forecast"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/plan"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// Foretold is a forecast of the months of an indicator, each by itself, with
// the record of such forecasts on the indicator's own past.
type Foretold struct {
	Indicator Named           `json:"indicator"`
	Unit      Named           `json:"unit"`
	Decimals  int             `json:"decimals"`
	From      city.Date       `json:"from"` // first month known
	To        city.Date       `json:"to"`   // last day of the last month known
	Method    string          `json:"method"`
	Level     float64         `json:"level"` // of the intervals
	Months    []ForetoldMonth `json:"months"`
	Past      []Distance      `json:"past"` // by distance; empty distances are left out
	Simulated bool            `json:"simulated"`
}

// ForetoldMonth is one month of the future.
type ForetoldMonth struct {
	Period  string  `json:"period"`
	Value   float64 `json:"value"`
	Display string  `json:"display"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
}

// Distance is how forecasts so many months ahead went, each made from what was
// known then: of the month itself, and of the mean of the year that it ends.
type Distance struct {
	Ahead int      `json:"ahead"`
	Month Backtest `json:"month"`
	Year  Backtest `json:"year"`
}

// most is how many months ahead are foretold.
const most = 24

// Foretell foretells the next months of an indicator, of which totals of a year
// are taken month by month. An indicator whose past is too short is a conflict.
func (s *Service) Foretell(ctx context.Context, who policy.Principal, name string, where []city.Condition, ahead int) (*Foretold, error) {
	if ahead < 1 || ahead > most {
		return nil, city.Errorf(city.CodeInvalid, "%d months ahead cannot be foretold", ahead).WithHint("ask for 1 to %d", most)
	}
	if err := who.Known(); err != nil {
		return nil, err
	}
	c := s.City()
	ind, err := c.Indicator(name)
	if err != nil {
		return nil, err
	}
	own := *ind
	if own.Window == city.WindowYear {
		own.Window = city.WindowPeriod
	}
	span, err := s.wholeMonths(ctx, c, ind)
	if err != nil {
		return nil, err
	}
	a, err := s.query(ctx, who, c, &own, Question{again: true, Indicator: name, Grain: city.GrainMonth, Where: where, Period: span})
	if err != nil {
		return nil, err
	}
	return foretell(a, ind, ahead)
}

// wholeMonths are the months that deliveries are complete for.
func (s *Service) wholeMonths(ctx context.Context, c *city.City, ind *city.Indicator) (city.Span, error) {
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return city.Span{}, err
	}
	st, err := s.state(ctx, ds, lake.AsOf{})
	if err != nil {
		return city.Span{}, err
	}
	end := st.covered.completeTo(s.Today())
	if end != end.MonthEnd() {
		end = end.MonthStart().AddDays(-1)
	}
	from := st.covered.start().MonthStart()
	if earliest := (city.Date{Year: end.Year - pastYears, Month: time.January, Day: 1}); from.Before(earliest) {
		from = earliest
	}
	if end.IsZero() || end.Before(from) {
		return city.Span{}, city.Errorf(city.CodeConflict, "no month of %s is complete", ds.Name).WithHint("a forecast needs deliveries of past months")
	}
	return city.Span{From: from, To: end}, nil
}

func foretell(a *Answer, ind *city.Indicator, ahead int) (*Foretold, error) {
	return told(&Foretold{Indicator: a.Indicator, Unit: a.Unit, Decimals: a.Decimals, Simulated: a.Source.Simulated}, months(ind, a), a.Period.To, ahead)
}

// ForetellSeries foretells months that are given, to whoever has a series and no
// city: figures show two decimals.
func ForetellSeries(values map[city.Date]float64, ahead int) (*Foretold, error) {
	if ahead < 1 || ahead > most {
		return nil, city.Errorf(city.CodeInvalid, "%d months ahead cannot be foretold", ahead).WithHint("ask for 1 to %d", most)
	}
	var list []plan.Month
	var until city.Date
	for d, v := range values {
		list = append(list, plan.Month{Start: d, Value: &v})
		if d.After(until) {
			until = d
		}
	}
	return told(&Foretold{Indicator: Named{Name: "series", Title: city.Text{ZH: "序列", EN: "The series"}}, Decimals: 2}, list, until, ahead)
}

// told fills in a forecast of months.
func told(f *Foretold, list []plan.Month, until city.Date, ahead int) (*Foretold, error) {
	series, first, step := plan.Series(list, until.MonthStart())
	steps := (ahead + step - 1) / step
	r, ok := forecast.Tell(series, steps, plan.Level)
	if !ok {
		return nil, city.Errorf(city.CodeConflict, "the past of %s is too short for a forecast", f.Indicator.Name).
			WithHint("%d months that are known without great gaps are needed", forecast.Shortest(12/step)*step)
	}
	f.From, f.Method, f.Level, f.Months, f.Past = first, r.Method, plan.Level, []ForetoldMonth{}, []Distance{}
	last := city.NewDate(first.Year, first.Month+time.Month((len(series.Values)-1)*step), 1)
	f.To = last.MonthEnd()
	for i, v := range r.Steps {
		d := city.NewDate(last.Year, last.Month+time.Month((i+1)*step), 1)
		f.Months = append(f.Months, ForetoldMonth{city.GrainMonth.Label(d), v.Value, city.Figure(v.Value, f.Decimals), v.Low, v.High})
	}
	for _, p := range r.Past {
		month := backtest(&plan.Backtest{Record: p.Step, Method: r.Method, Months: p.Ahead * step})
		year := backtest(&plan.Backtest{Record: p.Year, Method: r.Method, Months: p.Ahead * step})
		f.Past = append(f.Past, Distance{p.Ahead * step, *month, *year})
	}
	return f, nil
}
