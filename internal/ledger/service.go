package ledger

import (
	"context"
	"io/fs"
	"maps"
	"time"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Config is what a Service works with.
type Config struct {
	Analysis *analysis.Service
	Store    *store.Store
	// Load reads a pack; package pack's.
	Load func(fs.FS) (*city.City, error)
	// Tag names the present state of all tables for ever; nil when the folder was
	// opened for reading.
	Tag func(ctx context.Context, name, actor string) (lake.Tag, error)
	Now func() time.Time
	// Closed is called when a period was closed; it may be nil.
	Closed func(store.Closing)
}

// The steps of a closing after which a fault makes a difference. Each names what
// is durable once it is reached.
const (
	StepTagged = "closing tagged" // the tag keeps the snapshots
	StepKept   = "closing kept"   // the store has the closing, its figures and the audit record
)

// Service publishes figures, explains them, and tells their history. It is safe
// for concurrent use.
type Service struct {
	Config
	// Step is called as a closing reaches each of its steps. It is for tests of
	// faults, which stop the process there; nil otherwise.
	Step     func(name string)
	editions *editions
	// closing makes closings follow each other; a channel, so that waiting ends
	// with the request.
	closing chan struct{}
}

// New makes a Service.
func New(c Config) *Service {
	return &Service{Config: c, closing: make(chan struct{}, 1),
		editions: &editions{store: c.Store, load: c.Load, cities: map[string]*city.City{}}}
}

func (s *Service) lake() *lake.Lake    { return s.Analysis.Lake }
func (s *Service) engine() lake.Engine { return s.Analysis.Engine }
func (s *Service) city() *city.City    { return s.Analysis.City() }
func (s *Service) today() city.Date    { return s.Analysis.Today() }

// cut is one line of an indicator: the whole city, or one member of a dimension.
type cut struct{ dimension, member string }

// by is the breakdown in which the line stands.
func (c cut) by() []string {
	if c.dimension == "" {
		return nil
	}
	return []string{c.dimension}
}

// of finds the line in an answer to a single period.
func (c cut) of(rows []analysis.Row) (analysis.Row, bool) {
	for _, r := range rows {
		if c.dimension == "" || r.Dimensions[c.dimension] == c.member {
			return r, true
		}
	}
	return analysis.Row{}, false
}

// state reads the line; without one there is nothing to count.
func (c cut) state(rows []analysis.Row) State {
	r, ok := c.of(rows)
	if !ok {
		return State{Status: analysis.StatusNoData, Reason: noRows}
	}
	return stateOf(r)
}

func stateOf(r analysis.Row) State {
	return State{Value: r.Value, Display: r.Display, Status: r.Status, Reason: r.Reason}
}

var noRows = city.Text{ZH: "该期没有可统计的记录", EN: "there are no rows that count in the period"}

// standing is one moment of a line: all that its value depends on.
type standing struct {
	city      *city.City
	indicator string
	cut       cut
	grain     city.Grain
	period    city.Span
	tables    map[string]table // by dataset
	today     city.Date
}

// table is what a dataset stands at.
type table struct {
	view     *lake.View
	relation string // in place of the view's rows; "" for these
	fraction float64
	periods  []city.Span
}

// copy gives a standing whose tables may be changed.
func (s standing) copy() standing {
	s.tables = maps.Clone(s.tables)
	return s
}

// datasets lists what the line is made of, its own dataset first.
func (s standing) datasets() ([]string, error) {
	ind, err := s.city.Indicator(s.indicator)
	if err != nil {
		return nil, err
	}
	return analysis.Datasets(ind), nil
}

// rows computes all lines of the standing's dimension.
func (s *Service) rows(ctx context.Context, who policy.Principal, at standing) ([]analysis.Row, error) {
	q := analysis.Fixed{City: at.city, Indicator: at.indicator, By: at.cut.by(), Period: at.period, Grain: at.grain, Today: at.today,
		Tables: map[string]analysis.FixedTable{}}
	for name, t := range at.tables {
		q.Tables[name] = analysis.FixedTable{View: t.view, Relation: t.relation, Fraction: t.fraction, Periods: t.periods}
	}
	return s.Analysis.Fixed(ctx, who, q)
}

// state computes the line.
func (s *Service) state(ctx context.Context, who policy.Principal, at standing) (State, error) {
	rows, err := s.rows(ctx, who, at)
	if err != nil {
		return State{}, err
	}
	return at.cut.state(rows), nil
}
