package analysis

import (
	"context"
	"database/sql"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// rows has the engine answer a question as a whole.
func (s *Service) rows(ctx context.Context, c *city.City, req metric.Request, src metric.Source) ([]Row, error) {
	q, err := metric.Compile(c, req, src)
	if err != nil {
		return nil, err
	}
	res, err := s.Engine.Query(ctx, q.SQL, q.Args...)
	if err != nil {
		return nil, err
	}
	defer res.Close()
	return scanRows(res, c, req)
}

// scanRows reads the rows of a question.
func scanRows(res *sql.Rows, c *city.City, req metric.Request) ([]Row, error) {
	label := labeller(c, req.Indicator)
	periods, err := periodsByStart(c, req)
	if err != nil {
		return nil, err
	}
	out := []Row{}
	for res.Next() {
		r, err := scanRow(res, req, periods, label)
		if err != nil {
			return nil, city.Errorf(city.CodeInternal, "cannot read the answer for %s: %w", req.Indicator.Name, err)
		}
		out = append(out, r)
	}
	if err := res.Err(); err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot read the answer for %s: %w", req.Indicator.Name, err)
	}
	return out, nil
}

// periodsByStart finds the periods of a question by their first days.
func periodsByStart(c *city.City, req metric.Request) (map[city.Date]metric.Period, error) {
	list, err := metric.Periods(c, req)
	out := make(map[city.Date]metric.Period, len(list))
	for _, p := range list {
		out[p.Start] = p
	}
	return out, err
}

// scanRow reads period_start, the dimensions, value, those of earlier times and n.
func scanRow(res *sql.Rows, req metric.Request, periods map[city.Date]metric.Period, label func(dim, value string) city.Text) (Row, error) {
	var l metric.Line
	var start time.Time
	l.Dims = make([]*string, len(req.By))
	dest := []any{&start}
	for i := range l.Dims {
		dest = append(dest, &l.Dims[i])
	}
	if err := res.Scan(append(dest, &l.Value, &l.Previous, &l.Before, &l.Festival, &l.Rows)...); err != nil {
		return Row{}, err
	}
	l.Period = periods[city.DateOf(start)]
	return rowOf(req, l, label), nil
}

// labeller gives the titles of dimension values.
func labeller(c *city.City, ind *city.Indicator) func(dim, value string) city.Text {
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return func(_, value string) city.Text { return city.Text{ZH: value, EN: value} }
	}
	return func(dim, value string) city.Text {
		if value == "" {
			return city.Text{ZH: "（空）", EN: "(empty)"}
		}
		if f, ok := ds.Readable(dim); ok {
			switch f.Type {
			case city.TypeRegion:
				if r, err := c.Region(value); err == nil {
					return r.Name
				}
			case city.TypeEnum:
				for _, v := range f.Values {
					if v.Code == value {
						return enumTitle(v)
					}
				}
			}
		}
		return city.Text{ZH: value, EN: value}
	}
}

func enumTitle(v city.EnumValue) city.Text {
	t := v.Title
	if t.ZH == "" && len(v.Sources) > 0 {
		t.ZH = v.Sources[0]
	}
	if t.EN == "" {
		t.EN = v.Code
	}
	return t
}
