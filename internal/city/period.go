package city

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Grain is the length of the periods in an answer.
type Grain string

// The grains, from fine to coarse.
const (
	GrainDay     Grain = "day"
	GrainMonth   Grain = "month"
	GrainQuarter Grain = "quarter"
	GrainYear    Grain = "year"
	// GrainAll makes one period of all the days that are asked about.
	GrainAll Grain = "all"
)

// ParseGrain reads one of day, month, quarter, year and all.
func ParseGrain(s string) (Grain, error) {
	switch g := Grain(s); g {
	case GrainDay, GrainMonth, GrainQuarter, GrainYear, GrainAll:
		return g, nil
	}
	return "", Errorf(CodeInvalid, "%q is not a grain", s).WithHint("use day, month, quarter, year or all")
}

// Start is the first day of the period of grain g that holds d; d itself for
// GrainAll, whose period the question alone knows.
func (g Grain) Start(d Date) Date {
	switch g {
	case GrainYear:
		return Date{d.Year, time.January, 1}
	case GrainQuarter:
		return Date{d.Year, (d.Month-1)/3*3 + 1, 1}
	case GrainMonth:
		return d.MonthStart()
	}
	return d
}

// Next is the first day of the period after the one that starts at d, and the
// next day for GrainAll.
func (g Grain) Next(d Date) Date {
	switch g {
	case GrainYear:
		return NewDate(d.Year+1, d.Month, 1)
	case GrainQuarter:
		return NewDate(d.Year, d.Month+3, 1)
	case GrainMonth:
		return NewDate(d.Year, d.Month+1, 1)
	}
	return d.AddDays(1)
}

// Span is the period of grain g that holds d.
func (g Grain) Span(d Date) Span { return Span{g.Start(d), g.Next(g.Start(d)).AddDays(-1)} }

// Label names the period of grain g that starts at d: 2024, 2024Q1, 2024-01 or
// 2024-01-31.
func (g Grain) Label(d Date) string {
	switch g {
	case GrainYear:
		return fmt.Sprintf("%04d", d.Year)
	case GrainQuarter:
		return fmt.Sprintf("%04dQ%d", d.Year, (int(d.Month)+2)/3)
	case GrainMonth:
		return fmt.Sprintf("%04d-%02d", d.Year, int(d.Month))
	}
	return d.String()
}

// Span is a range of days, both ends included. The zero Span means "all".
type Span struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// IsZero says that the span means "all".
func (s Span) IsZero() bool { return s.From.IsZero() && s.To.IsZero() }

// Contains says whether d lies in the span.
func (s Span) Contains(d Date) bool { return !d.Before(s.From) && !d.After(s.To) }

// Periods lists the first days of the periods of grain g that overlap s.
func (s Span) Periods(g Grain) []Date {
	if g == GrainAll {
		return []Date{s.From}
	}
	var out []Date
	for d := g.Start(s.From); !d.After(s.To); d = g.Next(d) {
		out = append(out, d)
	}
	return out
}

// String gives FROM..TO.
func (s Span) String() string { return s.From.String() + ".." + s.To.String() }

// ParseSpan reads a period as the command line and the API write it: 2024,
// 2024Q1, 2024-01, 2024-01-31, or a range of two of these joined by "..".
func ParseSpan(s string) (Span, error) {
	from, to, isRange := strings.Cut(s, "..")
	a, err := parsePeriod(from)
	if err != nil {
		return Span{}, err
	}
	if !isRange {
		return a, nil
	}
	b, err := parsePeriod(to)
	if err != nil {
		return Span{}, err
	}
	if b.To.Before(a.From) {
		return Span{}, Errorf(CodeInvalid, "period %q ends before it starts", s)
	}
	return Span{a.From, b.To}, nil
}

func parsePeriod(s string) (Span, error) {
	bad := Errorf(CodeInvalid, "%q is not a period", s).WithHint("write 2024, 2024Q1, 2024-01, 2024-01-31 or a range such as 2024-01..2024-06")
	year := func(t string) (int, bool) {
		y, err := strconv.Atoi(t)
		return y, err == nil && len(t) == 4 && y >= 1900 && y <= 2200
	}
	switch {
	case len(s) == 4:
		if y, ok := year(s); ok {
			return Span{Date{y, 1, 1}, Date{y, 12, 31}}, nil
		}
	case len(s) == 6 && s[4] == 'Q':
		y, ok := year(s[:4])
		q := int(s[5] - '0')
		if ok && q >= 1 && q <= 4 {
			from := Date{y, time.Month(q*3 - 2), 1}
			return Span{from, GrainQuarter.Next(from).AddDays(-1)}, nil
		}
	case len(s) == 7:
		if d, err := ParseDate(s + "-01"); err == nil {
			return Span{d, d.MonthEnd()}, nil
		}
	case len(s) == 10:
		if d, err := ParseDate(s); err == nil {
			return Span{d, d}, nil
		}
	}
	return Span{}, bad
}
