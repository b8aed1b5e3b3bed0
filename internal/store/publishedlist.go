package store

import (
	"context"
	"encoding/json"

	"github.com/jinyang-city/jinyang/internal/city"
)

// LastClosing finds the newest revision of a period, and says whether there is
// one.
func (s *Store) LastClosing(ctx context.Context, period string) (Closing, bool, error) {
	c, found, err := lastClosing(ctx, s.read, period)
	if err == nil && found {
		c.Sources, err = s.closingSources(ctx, c.ID)
	}
	return c, found && err == nil, s.fail(err, "read the published periods")
}

// Closing finds a closing by its ID, with its sources, or fails with not_found.
func (s *Store) Closing(ctx context.Context, id string) (Closing, error) {
	c, err := scanClosing(s.read.QueryRowContext(ctx, `SELECT `+closingColumns+` FROM closings WHERE id = $1`, id))
	if isNone(err) {
		return c, city.Errorf(city.CodeNotFound, "no period was closed as %.80q", id).WithHint("jinyang published lists those that were")
	}
	if err == nil {
		c.Sources, err = s.closingSources(ctx, id)
	}
	return c, s.fail(err, "read the published periods")
}

func (s *Store) closingSources(ctx context.Context, id string) ([]ClosingSource, error) {
	return list(ctx, s.read, func(r scanner) (src ClosingSource, err error) {
		var at, completeTo, covered string
		if err := r.Scan(&src.Dataset, &src.SnapshotID, &at, &completeTo, &covered, &src.Fraction, &src.Simulated); err != nil {
			return src, err
		}
		if json.Unmarshal([]byte(covered), &src.Covered) != nil || src.CompleteTo.UnmarshalText([]byte(completeTo)) != nil {
			return src, errForeign
		}
		src.CommitAt, err = timeValue(at)
		return src, err
	}, `SELECT dataset, snapshot_id, committed_at, complete_to, covered, fraction, simulated FROM closing_sources WHERE closing_id = $1 ORDER BY dataset`, id)
}

// ClosingFilter narrows a list of closings. An empty member does not narrow.
type ClosingFilter struct {
	Period string
	// Newest leaves out what a later revision replaced.
	Newest bool
}

// Closings pages through the closings without their sources, the latest period
// first, and of one period the latest revision.
func (s *Store) Closings(ctx context.Context, f ClosingFilter, cursor string, limit int) (Page[Closing], error) {
	q := newQuery(`SELECT ` + closingColumns + ` FROM closings AS c`)
	if f.Period != "" {
		q.where(`period = `, f.Period)
	}
	if f.Newest {
		q.text.WriteString(q.joint + `revision = (SELECT MAX(n.revision) FROM closings AS n WHERE n.period = c.period)`)
		q.joint = " AND "
	}
	if cursor != "" {
		parts, err := decodeCursor(cursor, 2)
		if err != nil {
			return Page[Closing]{}, err
		}
		q.whereAfter([2]string{"period_to", "closed_at"}, "<", parts[0], parts[1])
	}
	size := pageSize(limit)
	found, err := list(ctx, s.read, scanClosing, q.page(`period_to DESC, closed_at DESC`, size), q.args...)
	if err != nil {
		return Page[Closing]{}, s.fail(err, "read the published periods")
	}
	return paged(found, size, func(c Closing) string { return encodeCursor(c.Span.To.String(), timeText(c.At)) }), nil
}

// Figure finds a published figure by its ID, or fails with not_found.
func (s *Store) Figure(ctx context.Context, id string) (Figure, error) {
	f, err := scanFigure(s.read.QueryRowContext(ctx, `SELECT `+figureColumns+` FROM published_figures WHERE id = $1`, id))
	if isNone(err) {
		return f, city.Errorf(city.CodeNotFound, "there is no published figure %.80q", id).WithHint("jinyang published lists them")
	}
	return f, s.fail(err, "read the published figure")
}

// FigureFilter narrows a list of figures. An empty member does not narrow.
type FigureFilter struct {
	ClosingID string
	Indicator string
	Dimension *string // "" keeps the figures of the whole city
	Member    string
}

// Figures lists published figures in the order in which they were published.
func (s *Store) Figures(ctx context.Context, f FigureFilter) ([]Figure, error) {
	q := newQuery(`SELECT ` + figureColumns + ` FROM published_figures`)
	for _, c := range []struct{ column, value string }{{"closing_id", f.ClosingID}, {"indicator", f.Indicator}, {"member", f.Member}} {
		if c.value != "" {
			q.where(c.column+` = `, c.value)
		}
	}
	if f.Dimension != nil {
		q.where(`dimension = `, *f.Dimension)
	}
	found, err := list(ctx, s.read, scanFigure, q.text.String()+` ORDER BY closing_id, number`, q.args...)
	return found, s.fail(err, "read the published figures")
}
