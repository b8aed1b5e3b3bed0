package ledger

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// walk goes from one moment of a line to another, cause by cause.
type walk struct {
	s     *Service
	who   policy.Principal
	at    standing // where it stands
	steps []Step
	notes []city.Text
}

// Explain says why a published figure and the present one differ. A figure that
// may not be told, then or now, is not explained either.
func (s *Service) Explain(ctx context.Context, who policy.Principal, f store.Figure, now State) (*Explanation, error) {
	kept := State{Value: f.Value, Display: f.Display, Status: analysis.Status(f.Status), Reason: f.Reason}
	if withheld(kept) || withheld(now) {
		e := explain(kept, []Step{{Cause: CauseRest, After: now}})
		return &e, nil
	}
	c, err := s.Store.Closing(ctx, f.ClosingID)
	if err != nil {
		return nil, err
	}
	from, err := s.published(ctx, c, f)
	if err != nil {
		return nil, err
	}
	to, err := s.present(ctx, from)
	if err != nil {
		return nil, err
	}
	return s.between(ctx, who, kept, from, to)
}

// published is a figure as it stood when its period was closed.
func (s *Service) published(ctx context.Context, c store.Closing, f store.Figure) (standing, error) {
	then, err := s.editions.city(ctx, c.Pack)
	if err != nil {
		return standing{}, err
	}
	out := standing{city: then, indicator: f.Indicator, cut: cut{f.Dimension, f.Member}, grain: c.Grain, period: c.Span, today: c.Today, tables: map[string]table{}}
	datasets, err := out.datasets()
	if err != nil {
		return standing{}, err
	}
	for _, name := range datasets {
		i := slices.IndexFunc(c.Sources, func(src store.ClosingSource) bool { return src.Dataset == name })
		if i < 0 {
			return standing{}, city.Errorf(city.CodeInternal, "the closing %s does not say what %s stood at", c.ID, name)
		}
		view, err := s.viewOf(ctx, then, name, c.Sources[i].SnapshotID)
		if err != nil {
			return standing{}, err
		}
		out.tables[name] = table{view: view, fraction: c.Sources[i].Fraction, periods: c.Sources[i].Covered}
	}
	return out, nil
}

// viewOf reads the state that a snapshot made, by its ID in decimal digits.
func (s *Service) viewOf(ctx context.Context, c *city.City, dataset, snapshot string) (*lake.View, error) {
	ds, err := c.Dataset(dataset)
	if err != nil {
		return nil, err
	}
	id := int64(0)
	if snapshot != "" {
		if id, err = strconv.ParseInt(snapshot, 10, 64); err != nil {
			return nil, city.Errorf(city.CodeInternal, "%q is not the ID of a snapshot", snapshot)
		}
	}
	return s.lake().ViewAt(ctx, ds, id)
}

// present is the same line now. It knows the datasets of the old definition and
// of the new one, as far as they are still declared.
func (s *Service) present(ctx context.Context, was standing) (standing, error) {
	now := was.copy()
	now.city, now.today = s.city(), s.today()
	datasets := slices.Collect(maps.Keys(was.tables))
	if own, err := now.datasets(); err == nil {
		datasets = append(datasets, own...)
	}
	for _, name := range datasets {
		st, err := s.Analysis.Standing(ctx, name, lake.AsOf{})
		if city.CodeOf(err) == city.CodeNotFound {
			continue // declared no more: as it was
		}
		if err != nil {
			return standing{}, err
		}
		now.tables[name] = table{view: st.View, fraction: st.View.Fraction, periods: st.Periods}
	}
	return now, nil
}

// between explains the way from one moment to another. kept is what was stated
// at the first one; it is computed again, and any difference is a part of its own.
func (s *Service) between(ctx context.Context, who policy.Principal, kept State, was, now standing) (*Explanation, error) {
	w := &walk{s: s, who: who, at: was.copy()}
	datasets, err := was.datasets()
	if err != nil {
		return nil, err
	}
	if err := w.take(ctx, CauseRest, 0, nil); err != nil {
		return nil, err
	}
	for _, name := range datasets {
		if err := w.data(ctx, name, now.tables[name].view); err != nil {
			return nil, err
		}
	}
	if err := w.circumstances(ctx, was, now); err != nil {
		return nil, err
	}
	e := explain(kept, w.steps)
	e.Notes = append(e.Notes, w.notes...)
	return &e, nil
}

// take takes one step: it computes the value where the walk stands now.
func (w *walk) take(ctx context.Context, cause Cause, rows int64, ids []string) error {
	after, err := w.s.state(ctx, w.who, w.at)
	if err != nil {
		return err
	}
	w.steps = append(w.steps, Step{Cause: cause, IDs: ids, Rows: rows, After: after})
	return nil
}

// circumstances takes the steps that concern no rows.
func (w *walk) circumstances(ctx context.Context, was, now standing) error {
	for name, t := range w.at.tables {
		t.fraction = now.tables[name].fraction
		w.at.tables[name] = t
	}
	if err := w.take(ctx, CauseSample, 0, nil); err != nil {
		return err
	}
	for name, t := range w.at.tables {
		t.periods = now.tables[name].periods
		w.at.tables[name] = t
	}
	w.at.today = now.today
	if err := w.take(ctx, CauseCoverage, 0, nil); err != nil {
		return err
	}
	if now.city.Pack.SHA256 == was.city.Pack.SHA256 {
		return nil
	}
	w.at.city = withRegions(was.city, now.city, w.at.indicator)
	if err := w.take(ctx, CauseRegion, 0, nil); err != nil {
		return err
	}
	if _, err := now.datasets(); err != nil {
		w.notes = append(w.notes, noteGone)
		w.steps = append(w.steps, Step{Cause: CauseDefinition, After: State{Status: analysis.StatusNoData, Reason: noteGone}})
		return nil
	}
	w.at = now.copy()
	return w.take(ctx, CauseDefinition, 0, nil)
}

// bounds gives the condition on rows of a dataset, by aliasMark, that the value
// may be made of, and its arguments.
func (w *walk) bounds(dataset string) (condition string, args []any, err error) {
	ind, err := w.at.city.Indicator(w.at.indicator)
	if err != nil {
		return "", nil, err
	}
	years := ind.Measure.YearsBack()
	if ind.Dataset != dataset {
		for _, sub := range metric.Others(ind) {
			if sub.Dataset == dataset {
				ind, years = sub, years+sub.Measure.YearsBack()
				break
			}
		}
	}
	span := metric.Window(ind, w.at.grain, w.at.period.From, w.at.period)
	day := "CAST(" + aliasMark + "." + ident(ind.Time) + " AS DATE)"
	condition = day + " <= DATE '" + span.To.String() + "'"
	if !span.From.IsZero() {
		condition += " AND " + day + " >= DATE '" + span.From.AddYears(-years).String() + "'"
	}
	if w.at.cut.dimension == "" {
		return condition, nil, nil
	}
	return condition + " AND COALESCE(CAST(" + aliasMark + "." + ident(w.at.cut.dimension) + " AS VARCHAR), '') = ?", []any{w.at.cut.member}, nil
}
