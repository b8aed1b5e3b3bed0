package ledger

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

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
	least int      // fewest persons of whom an amount may tell; 0 any
	steps []Step
	notes []city.Text
}

// Explain says why a published figure and the present one differ. A figure that
// may not be told, then or now, is not explained either.
func (s *Service) Explain(ctx context.Context, who policy.Principal, f store.Figure, now State) (*Explanation, error) {
	kept := State{Value: f.Value, Display: f.Display, Status: analysis.Status(f.Status), Reason: f.Reason}
	if withheld(kept) || withheld(now) {
		e := explain(kept, []Step{{Cause: CauseRest, After: now}}, 0)
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
	if err := w.take(ctx, Step{Cause: CauseRest}); err != nil {
		return nil, err
	}
	for _, name := range datasets {
		if err := w.data(ctx, name, now.tables[name].view); err != nil {
			return nil, err
		}
	}
	if err := w.circumstances(ctx, now); err != nil {
		return nil, err
	}
	changes := metric.Changes(definitionOf(was.city, was.indicator, was.period, was.cut), definitionOf(now.city, was.indicator, was.period, was.cut))
	if err := w.declarations(ctx, now, changes); err != nil {
		return nil, err
	}
	e := explain(kept, w.steps, w.least)
	e.Definition = changes
	e.Notes = append(e.Notes, w.notes...)
	return &e, nil
}

// take takes one step: it computes the value where the walk stands now.
func (w *walk) take(ctx context.Context, step Step) (err error) {
	if step.After, err = w.s.state(ctx, w.who, w.at); err != nil {
		return err
	}
	w.steps = append(w.steps, step)
	return nil
}

// circumstances takes the steps that concern neither rows nor declarations.
func (w *walk) circumstances(ctx context.Context, now standing) error {
	for name, t := range w.at.tables {
		t.fraction = now.tables[name].fraction
		w.at.tables[name] = t
	}
	if err := w.take(ctx, Step{Cause: CauseSample}); err != nil {
		return err
	}
	for name, t := range w.at.tables {
		t.periods = now.tables[name].periods
		w.at.tables[name] = t
	}
	w.at.today = now.today
	return w.take(ctx, Step{Cause: CauseCoverage})
}

// declarations takes the steps from one pack to another: its regions, its rules
// and standards, and all else that the indicator is declared to be.
func (w *walk) declarations(ctx context.Context, now standing, changes []metric.Change) error {
	if now.city.Pack.SHA256 == w.at.city.Pack.SHA256 {
		return nil
	}
	if _, err := now.datasets(); err != nil {
		w.notes = append(w.notes, noteGone)
		w.steps = append(w.steps, Step{Cause: CauseDefinition, After: State{Status: analysis.StatusNoData, Reason: noteGone}})
		return nil
	}
	if concerns(changes, metric.OnRegions) {
		if err := w.try(ctx, CauseRegion, withRegions(w.at.city, now.city, w.at.indicator)); err != nil {
			return err
		}
	}
	if concerns(changes, metric.OnRule) {
		if err := w.try(ctx, CauseStandard, withRules(w.at.city, now.city)); err != nil {
			return err
		}
	}
	w.at = now.copy()
	return w.take(ctx, Step{Cause: CauseDefinition})
}

func concerns(changes []metric.Change, kind metric.DependencyKind) bool {
	return slices.ContainsFunc(changes, func(c metric.Change) bool { return c.Kind == kind })
}

// try takes a step to declarations that nobody wrote: those of one pack with a
// part of another. Where the two do not go together there is no such step, and
// what it would tell counts as one of the definition.
func (w *walk) try(ctx context.Context, cause Cause, c *city.City) error {
	before := w.at.city
	w.at.city = c
	err := w.take(ctx, Step{Cause: cause})
	if root := city.CodeOf(err).Root(); root == city.CodeInvalid || root == city.CodeNotFound {
		w.at.city = before
		return nil
	}
	return err
}

// bounds gives the condition on rows of a dataset, by aliasMark, that the value
// may be made of, and its arguments.
func (w *walk) bounds(dataset string) (condition string, args []any, err error) {
	ind, err := w.at.city.Indicator(w.at.indicator)
	if err != nil {
		return "", nil, err
	}
	reads, err := metric.Reads(w.at.city, metric.Request{Indicator: ind, By: w.at.cut.by(), Period: w.at.period, Grain: w.at.grain}, metric.Source{Fraction: 1})
	if err != nil {
		return "", nil, err
	}
	var periods []string
	for _, r := range reads {
		if r.Dataset != dataset {
			continue
		}
		day := "CAST(" + aliasMark + "." + ident(r.Time) + " AS DATE)"
		for _, span := range r.Days {
			days := day + " <= DATE '" + span.To.String() + "'"
			if !span.From.IsZero() {
				days = day + " BETWEEN DATE '" + span.From.String() + "' AND DATE '" + span.To.String() + "'"
			}
			periods = append(periods, days)
		}
	}
	condition = "(" + strings.Join(periods, " OR ") + ")"
	if w.at.cut.dimension == "" {
		return condition, nil, nil
	}
	return condition + " AND COALESCE(CAST(" + aliasMark + "." + ident(w.at.cut.dimension) + " AS VARCHAR), '') = ?", []any{w.at.cut.member}, nil
}
