package analysis

import (
	"context"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Deliveries is what analysis needs to know of them. *store.Store has it.
type Deliveries interface {
	CommittedPeriods(ctx context.Context, dataset string, asOf time.Time) ([]city.Span, error)
	Deliveries(ctx context.Context, f store.Filter, cursor string, limit int) (store.Page[store.Delivery], error)
}

// Config is what a Service works with.
type Config struct {
	Lake       *lake.Lake
	Engine     lake.Engine
	Deliveries Deliveries
	City       func() *city.City
	Today      func() city.Date // the day that the city stands at
}

// Service answers questions. It is safe for concurrent use.
type Service struct {
	Config
	answers cache[*Answer]
}

// New makes a Service.
func New(c Config) *Service { return &Service{Config: c, answers: newCache[*Answer](cacheSize)} }

// cacheSize is how many answers are kept: a board asks about thirty questions
// for each year and indicator page.
const cacheSize = 1024

// state is what a dataset stands at.
type state struct {
	dataset *city.Dataset
	view    *lake.View
	// completeTo is the last day up to which deliveries cover every day; zero
	// when there are none.
	completeTo city.Date
}

func (s *Service) state(ctx context.Context, ds *city.Dataset, asOf time.Time) (state, error) {
	v, err := s.Lake.View(ctx, ds, asOf)
	if err != nil {
		return state{}, err
	}
	spans, err := s.Deliveries.CommittedPeriods(ctx, ds.Name, asOf)
	if err != nil {
		return state{}, err
	}
	return state{ds, v, completeTo(spans)}, nil
}

// completeTo is the end of the first unbroken run of days that the spans,
// sorted by their beginning, cover. What comes after a gap does not count: a
// batch is missing there.
func completeTo(spans []city.Span) city.Date {
	var end city.Date
	for _, s := range spans {
		switch {
		case end.IsZero():
			end = s.To
		case s.From.After(end.AddDays(1)):
			return end
		case s.To.After(end):
			end = s.To
		}
	}
	return end
}

// CompleteTo gives the last day that a dataset is complete to; zero when
// nothing has been delivered.
func (s *Service) CompleteTo(ctx context.Context, ds *city.Dataset) (city.Date, error) {
	st, err := s.state(ctx, ds, time.Time{})
	return st.completeTo, err
}

func (s *Service) source(c *city.City, st state) Source {
	src := Source{Dataset: st.dataset.Name, Title: st.dataset.Title, CompleteTo: st.completeTo,
		Simulated: st.view.Simulated, Fraction: st.view.Fraction, CommitAt: st.view.CommittedAt, Owner: owner(c, st.dataset.Owner)}
	if st.view.SnapshotID != 0 {
		src.SnapshotID = formatID(st.view.SnapshotID)
	}
	return src
}

func owner(c *city.City, name string) Named {
	o, err := c.Organisation(name)
	if err != nil {
		return Named{Name: name, Title: city.Text{ZH: name, EN: name}}
	}
	return Named{Name: name, Title: o.Short}
}

func unit(c *city.City, name string) Named {
	u, err := c.Unit(name)
	if err != nil {
		return Named{Name: name}
	}
	return Named{Name: name, Title: u.Title}
}
