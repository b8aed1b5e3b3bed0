package analysis

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/disclosure"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// headsSize is how many months of counts are kept. A month of a large city has
// some thousand groups, of which each takes about a hundred bytes.
const headsSize = 400

// heads counts who stands behind the rows of a release: persons where the dataset
// names them, and rows where it does not. Months whose rows are those of a state
// that was counted before are not read again.
func (s *Service) heads(ctx context.Context, r guarded, unit city.Grain) (disclosure.Counter, error) {
	months, err := s.months(ctx, r, unit)
	if err != nil {
		return nil, err
	}
	var atoms []disclosure.Atom
	for len(months) > 0 {
		if kept, ok := s.crowds.get(months[0].key); ok {
			atoms, months = append(atoms, kept...), months[1:]
			continue
		}
		n := 1
		for n < len(months) && !s.crowds.has(months[n].key) {
			n++
		}
		more, err := s.countHeads(ctx, r, unit, months[:n])
		if err != nil {
			return nil, err
		}
		atoms, months = append(atoms, more...), months[n:]
	}
	return disclosure.Together(r.least, r.by, atoms), nil
}

// headMonth is a month of a release.
type headMonth struct {
	span city.Span
	key  string // the same for the same rows
}

// months lists the months of a release. Where the engine does not know what is
// in which file, each is in all of them.
func (s *Service) months(ctx context.Context, r guarded, unit city.Grain) ([]headMonth, error) {
	var ranges map[string]city.Span
	if ranger, ok := s.Engine.(lake.Ranger); ok {
		var err error
		if ranges, err = ranger.Ranges(ctx, r.state.view, r.ind.Time); err != nil {
			return nil, err
		}
	}
	var out []headMonth
	for start := r.data.From; !start.After(r.data.To); start = city.GrainMonth.Next(start) {
		m := city.GrainMonth.Span(start)
		key, err := json.Marshal([]any{r.rows(), m, r.state.view.Within(ranges, []city.Span{m}).Files, unit})
		if err != nil {
			return nil, city.Errorf(city.CodeInternal, "cannot name the month: %w", err)
		}
		out = append(out, headMonth{m, string(key)})
	}
	return out, nil
}

// countHeads reads months that lie side by side, and keeps what it counts.
func (s *Service) countHeads(ctx context.Context, r guarded, unit city.Grain, months []headMonth) ([]disclosure.Atom, error) {
	span := city.Span{From: months[0].span.From, To: months[len(months)-1].span.To}
	counted := &city.Indicator{Name: r.ind.Name, Dataset: r.ind.Dataset, Scope: r.ind.Scope, Time: r.ind.Time, Dimensions: r.by,
		Window: city.WindowPeriod, Measure: &city.Measure{Kind: city.MeasureCount}}
	req := metric.Heads{Request: metric.Request{Indicator: counted, By: r.by, Period: span, Grain: unit}, Person: personField(r.state.dataset), Least: r.least}
	src, err := s.within(ctx, r.city, req.Request, r.state)
	if err != nil {
		return nil, err
	}
	src.Fraction = 1 // persons in the rows, not in the population
	q, err := metric.CompileHeads(r.city, req, src)
	if err != nil {
		return nil, err
	}
	rows, err := s.Engine.Query(ctx, q.SQL, q.Args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	atoms, err := scanHeads(rows, r, req.Person != "")
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot count the persons of %s: %w", r.ind.Dataset, err)
	}
	s.keepHeads(atoms, months)
	return atoms, nil
}

// keepHeads keeps counts by months. They are sorted by time.
func (s *Service) keepHeads(atoms []disclosure.Atom, months []headMonth) {
	rest := atoms
	for _, m := range months {
		n := 0
		for n < len(rest) && m.span.Contains(rest[n].Start) {
			n++
		}
		s.crowds.put(m.key, rest[:n:n])
		rest = rest[n:]
	}
}

func personField(ds *city.Dataset) string {
	for _, f := range ds.Fields {
		if f.Type == city.TypePerson {
			return f.Name
		}
	}
	return ""
}

func scanHeads(rows *sql.Rows, r guarded, named bool) ([]disclosure.Atom, error) {
	var out []disclosure.Atom
	dims := make([]sql.NullString, len(r.by))
	var start time.Time
	var persons, n int64
	var who sql.NullString
	dest := []any{&start}
	for i := range dims {
		dest = append(dest, &dims[i])
	}
	dest = append(dest, &persons, &n, &who)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		a := disclosure.Atom{Values: make([]string, len(dims)), Start: city.DateOf(start), Persons: n}
		for i, d := range dims {
			a.Values[i] = d.String
		}
		switch {
		case named && persons > 0:
			a.Persons = persons
		case named: // rows that name nobody are somebody's all the same
			a.Persons, a.Who = 1, []uint64{disclosure.Somebody}
		}
		for text := range strings.SplitSeq(who.String, ",") {
			if number, err := strconv.ParseUint(text, 10, 64); err == nil {
				a.Who = append(a.Who, number)
			}
		}
		out = append(out, a)
	}
	return out, rows.Err()
}
