package analysis

import (
	"context"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// ParseWhere reads conditions as the command line and the API write them:
// field=value, field=a|b for one of several, field!=value for none of them.
func ParseWhere(texts []string) ([]city.Condition, error) {
	var out []city.Condition
	for _, t := range texts {
		field, value, ok := strings.Cut(t, "=")
		not := strings.HasSuffix(field, "!")
		field = strings.TrimSpace(strings.TrimSuffix(field, "!"))
		if !ok || field == "" || value == "" {
			return nil, city.Errorf(city.CodeInvalid, "%q is not a condition", t).WithHint("write field=value, field=a|b or field!=value")
		}
		out = append(out, city.Condition{Field: field, Not: not, Values: strings.Split(value, "|")})
	}
	return out, nil
}

// Source says what a dataset stands at.
func (s *Service) Source(ctx context.Context, dataset string) (Source, error) {
	c := s.City()
	ds, err := c.Dataset(dataset)
	if err != nil {
		return Source{}, err
	}
	st, err := s.state(ctx, ds, lake.AsOf{})
	if err != nil {
		return Source{}, err
	}
	return s.source(c, st), nil
}

// Sources says what every dataset stands at that has been delivered to.
func (s *Service) Sources(ctx context.Context) ([]Source, error) {
	var out []Source
	for _, ds := range s.City().Datasets {
		src, err := s.Source(ctx, ds.Name)
		if err != nil {
			return nil, err
		}
		if src.SnapshotID != "" {
			out = append(out, src)
		}
	}
	return out, nil
}

// RowsByDelivery counts the rows of a dataset by the delivery that wrote them.
func (s *Service) RowsByDelivery(ctx context.Context, dataset string, asOf time.Time) (map[string]int64, *lake.View, error) {
	ds, err := s.City().Dataset(dataset)
	if err != nil {
		return nil, nil, err
	}
	v, err := s.Lake.View(ctx, ds, asOf)
	if err != nil {
		return nil, nil, err
	}
	counts, err := s.countByDelivery(ctx, `SELECT "`+lake.ColumnDelivery+`", count(*) FROM `+s.Engine.Relation(v)+` GROUP BY 1`)
	return counts, v, err
}

func (s *Service) countByDelivery(ctx context.Context, query string, args ...any) (map[string]int64, error) {
	rows, err := s.Engine.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]int64{}
	for rows.Next() {
		var id string
		var n int64
		if err := rows.Scan(&id, &n); err != nil {
			return nil, city.Errorf(city.CodeInternal, "cannot count rows by delivery: %w", err)
		}
		counts[id] = n
	}
	if err := rows.Err(); err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot count rows by delivery: %w", err)
	}
	return counts, nil
}
