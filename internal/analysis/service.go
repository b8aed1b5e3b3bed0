package analysis

import (
	"context"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/disclosure"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/rollup"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Deliveries is what analysis needs to know of them. *store.Store has it.
type Deliveries interface {
	CommittedPeriods(ctx context.Context, dataset string, asOf time.Time) ([]city.Span, error)
	Deliveries(ctx context.Context, f store.Filter, cursor string, limit int) (store.Page[store.Delivery], error)
	RollbackOf(ctx context.Context, deliveryID string) (store.Rollback, bool, error)
}

// Config is what a Service works with.
type Config struct {
	Lake       *lake.Lake
	Engine     lake.Engine
	Deliveries Deliveries
	City       func() *city.City
	Today      func() city.Date // the day that the city stands at
	Reports    Reports          // what was reported by hand; nil when nothing can be
}

// Service answers questions. It is safe for concurrent use.
type Service struct {
	Config
	answers cache[*Answer]
	guards  cache[*disclosure.Guard]
	crowds  cache[[]disclosure.Atom] // by month
	judged  cache[*judgement]
	pages   *pages
	units   *rollup.Store // nil when the engine keeps none
}

// New makes a Service.
func New(c Config) *Service {
	return &Service{
		Config: c, answers: newCache[*Answer](cacheSize), guards: newCache[*disclosure.Guard](guardsSize), crowds: newCache[[]disclosure.Atom](headsSize), judged: newCache[*judgement](cacheSize),
		pages: newPages(), units: keeper(c),
	}
}

// cacheSize is how many answers are kept: a board asks about thirty questions
// for each year and indicator page.
const cacheSize = 1024

// guardsSize is how many guards are kept: a city has some ten releases of person
// data, each for months and perhaps for days, and history asks about past states.
const guardsSize = 128

// state is what a dataset stands at.
type state struct {
	dataset *city.Dataset
	view    *lake.View
	covered coverage
	others  []other // what else an indicator is built from
	again   bool    // the question is one that is asked again and again
}

func (s *Service) state(ctx context.Context, ds *city.Dataset, asOf lake.AsOf) (state, error) {
	v, err := s.Lake.ViewAsOf(ctx, ds, asOf)
	if err != nil {
		return state{}, err
	}
	periods, err := s.periods(ctx, v, asOf.At)
	if err != nil {
		return state{}, err
	}
	return state{dataset: ds, view: v, covered: covered(periods)}, nil
}

// periods lists the periods that deliveries speak for: all, or those that the
// state of a time knew of.
func (s *Service) periods(ctx context.Context, v *lake.View, asOf time.Time) ([]city.Span, error) {
	if asOf.IsZero() {
		return s.Deliveries.CommittedPeriods(ctx, v.Dataset, asOf)
	}
	k, err := s.knowledge(ctx, v, asOf)
	if err != nil {
		return nil, err
	}
	var out []city.Span
	for cursor := ""; ; {
		f := store.Filter{Dataset: v.Dataset, States: []store.State{store.StateCommitted, store.StateRolledBack}}
		page, err := s.Deliveries.Deliveries(ctx, f, cursor, store.MaxPage)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			if d.Period.IsZero() || !k.of(d.ID, d.SnapshotID, d.FinishedAt) {
				continue
			}
			stood, err := s.stood(ctx, d, k)
			if err != nil {
				return nil, err
			}
			if stood {
				out = append(out, d.Period)
			}
		}
		if cursor = page.Next; cursor == "" {
			return out, nil
		}
	}
}

// stood says that a delivery had not been rolled back.
func (s *Service) stood(ctx context.Context, d store.Delivery, k knowledge) (bool, error) {
	if d.State == store.StateCommitted {
		return true, nil
	}
	r, found, err := s.Deliveries.RollbackOf(ctx, d.ID)
	return found && !k.of(r.ID, r.SnapshotID, r.FinishedAt), err
}

func (s *Service) source(c *city.City, st state) Source {
	src := Source{Dataset: st.dataset.Name, Title: st.dataset.Title, CompleteTo: st.covered.completeTo(s.Today()),
		Simulated: st.view.Simulated, Fraction: st.view.Fraction, CommitAt: st.view.CommittedAt, Owner: c.OrganisationNamed(st.dataset.Owner)}
	if st.view.SnapshotID != 0 {
		src.SnapshotID = formatID(st.view.SnapshotID)
	}
	return src
}
