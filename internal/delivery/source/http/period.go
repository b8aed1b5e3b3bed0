package http

import (
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// period is one that a request asks for: its first and last day; zero without.
type period = city.Span

// period gives the period that begins with a day, and says whether it is over
// for long enough.
func (w Window) period(from city.Date, now time.Time) (p period, over bool) {
	p = period{From: from, To: from}
	if w.Every == windowMonth {
		p.To = from.MonthEnd()
	}
	next := p.To.AddDays(1)
	end := time.Date(next.Year, next.Month, next.Day, 0, 0, 0, 0, now.Location())
	return p, !now.Before(end.Add(w.After))
}

// fill puts period and cursor into the address, escaped as part of a query.
func (o *Options) fill(p period, cursor string) string {
	return strings.NewReplacer("{from}", p.From.String(), "{to}", p.To.String(), "{cursor}", url.QueryEscape(cursor)).Replace(o.URL)
}

// fileName names the batch for its receipt: as declared, or by the end of the
// address.
func (o *Options) fileName(p period, fallback string) string {
	name := o.Name
	if name == "" {
		if u, err := url.Parse(o.Location()); err == nil {
			name = path.Base(u.Path)
		}
	}
	name = strings.NewReplacer("{from}", p.From.String(), "{to}", p.To.String(), "{cursor}", "").Replace(name)
	if !source.SafeName(name) {
		name = fallback
	}
	if o.Name == "" && !p.IsZero() && !strings.Contains(name, p.From.String()) {
		ext := path.Ext(name)
		name = strings.TrimSuffix(name, ext) + "-" + p.String() + ext
	}
	return name
}
