package metric

import (
	"fmt"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Period is one period of a question.
type Period struct {
	Start  city.Date // its first day, also when the question begins later
	Label  string    // 2024, 2024Q1, 2024-01, 2024-01..02, 2024-01-31 or FROM..TO
	Days   city.Span // its days, as far as the question asks about them
	Window city.Span // the days whose rows make the value; From is zero for all days up to To

	// Needs are the windows that the value is made from: Window, and those of the
	// earlier times that the measure itself compares with. Earlier has the same
	// for each earlier time that is to be shown; a time of which the calendar
	// knows nothing has no entry.
	Needs   []city.Span
	Earlier map[Against][]city.Span

	span city.Span // its days, whatever the question cuts off
}

// Periods lists the periods of a question in their order, each with the days
// whose rows make its value. A stock takes the last month with rows within the
// days that are given here.
func Periods(c *city.City, r Request) ([]Period, error) {
	cal, err := calendarOf(c, r)
	if err != nil {
		return nil, err
	}
	return periodsOf(r, cal), nil
}

// fill adds the windows of a period.
func (p *Period) fill(r Request, cal *calendar) {
	p.Days = cut(p.span, r.Period)
	p.Needs = r.needs(*p, shift{}, cal)
	p.Window, _ = r.window(*p, shift{}, cal)
	p.Earlier = make(map[Against][]city.Span, len(r.Against))
	for _, a := range r.Against {
		if list := r.needs(*p, shift{}.back(a), cal); list != nil {
			p.Earlier[a] = list
		}
	}
}

// needs lists the windows that the measure reads when it is asked for at a
// shift, and nothing when one of them is not known.
func (r Request) needs(p Period, at shift, cal *calendar) []city.Span {
	var out []city.Span
	for _, s := range reach(r.Indicator.Measure, at) {
		w, ok := r.window(p, s, cal)
		if !ok {
			return nil
		}
		out = append(out, w)
	}
	return out
}

// Window gives the days whose rows make an indicator's value for the period of
// grain g that starts on start, as a question over the span asked sees it: a
// period that the span cuts is cut.
func Window(ind *city.Indicator, g city.Grain, start city.Date, asked city.Span) city.Span {
	r := Request{Indicator: ind, Grain: g, Period: asked}
	p := Period{Start: start, span: r.spanAt(start)}
	p.Days = cut(p.span, asked)
	w, _ := r.window(p, shift{}, nil)
	return w
}

// spanAt is the period of the question's grain that starts on start.
func (r Request) spanAt(start city.Date) city.Span {
	if r.Grain == city.GrainAll {
		return r.Period
	}
	return city.Span{From: start, To: r.Grain.Next(start).AddDays(-1)}
}

func periodsOf(r Request, cal *calendar) []Period {
	var out []Period
	for _, start := range r.Period.Periods(r.Grain) {
		p := Period{Start: start, Label: r.Grain.Label(start), span: r.spanAt(start)}
		switch {
		case r.Grain == city.GrainAll:
			p.Label = r.Period.String()
		case r.Combine:
			p.span = cal.combined(p.span)
			if n := len(out); n > 0 && out[n-1].Start == p.span.From {
				continue
			}
			p.Start, p.Label = p.span.From, combinedLabel(p.span)
		}
		p.fill(r, cal)
		out = append(out, p)
	}
	return out
}

// combinedLabel writes 2024-01..02, and 2024-03 for one month.
func combinedLabel(s city.Span) string {
	label := city.GrainMonth.Label(s.From)
	if s.From.Month == s.To.Month {
		return label
	}
	return fmt.Sprintf("%s..%02d", label, int(s.To.Month))
}

// cut is the part of a span that lies in another.
func cut(s, in city.Span) city.Span {
	if s.From.Before(in.From) {
		s.From = in.From
	}
	if s.To.After(in.To) {
		s.To = in.To
	}
	return s
}
