package ledger

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Question asks for the history of one line of an indicator.
type Question struct {
	Indicator string
	Period    string // a whole month, quarter or year
	Dimension string // "" for the whole city
	Member    string
	Points    int // at most; 0 means defaultPoints
}

// How many moments of a history are looked at: each takes one query.
const (
	defaultPoints = 80
	MaxPoints     = 400
)

// The kinds of moments at which a value may change, beside causeDelivery and
// causeRollback.
const causeDefinition = "definition"

// MomentCause says what happened at a moment of a history.
type MomentCause struct {
	Kind  string `json:"kind" enum:"delivery,rollback,definition"`
	ID    string `json:"id" doc:"of the delivery or the rollback, or the hash of the pack"`
	Batch string `json:"batch" doc:"of the delivery"`
	Of    string `json:"of" doc:"the delivery that a rollback took back"`
}

// Moment is the value of a line after something happened.
type Moment struct {
	AsOf       time.Time   `json:"as_of"`
	SnapshotID string      `json:"snapshot_id"`
	Cause      MomentCause `json:"cause"`
	State
	Version string `json:"definition_version"`
	Changed bool   `json:"changed" doc:"it is not the value of the moment before"`
}

// DefinitionSpan is a definition and when it was in force.
type DefinitionSpan struct {
	Version string    `json:"version" doc:"empty while the indicator was not declared"`
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until,omitzero" doc:"absent for the one in force"`
	Words   city.Text `json:"words"`
	Pack    string    `json:"pack_sha256"`
	// Changes says in what the definition differs from the one before it.
	Changes []metric.Change `json:"changes" doc:"parts of declarations, rules and standards that have changed since the definition before; empty for the first"`
}

// RuleEdition is an edition of a rule of which an indicator makes use.
type RuleEdition struct {
	Rule    analysis.Named `json:"rule"`
	From    city.Date      `json:"from" doc:"of the days that it is for; empty from the beginning"`
	To      city.Date      `json:"to" doc:"empty when it is open"`
	Source  city.Text      `json:"source"`
	InForce bool           `json:"in_force" doc:"it is the edition for the end of the period"`
}

// PublishedMark is a figure of the line that was published.
type PublishedMark struct {
	ID        string    `json:"id"`
	ClosingID string    `json:"closing_id"`
	At        time.Time `json:"at"`
	Person    string    `json:"by_person"`
	State
}

// History is a line of an indicator as of every moment.
type History struct {
	Indicator   analysis.Named   `json:"indicator"`
	Unit        analysis.Named   `json:"unit"`
	Period      string           `json:"period"`
	Grain       city.Grain       `json:"grain" enum:"day,month,quarter,year"`
	Dimension   string           `json:"dimension"`
	Member      string           `json:"member"`
	Dataset     string           `json:"dataset"`
	Simulated   bool             `json:"simulated"`
	Points      []Moment         `json:"points" doc:"oldest first"`
	Moments     int              `json:"moments" doc:"at which the value may have changed"`
	Thinned     bool             `json:"thinned" doc:"not all of them were looked at"`
	Expired     int              `json:"expired" doc:"moments whose state has expired"`
	Definitions []DefinitionSpan `json:"definitions" doc:"oldest first"`
	Rules       []RuleEdition    `json:"rules"`
	Published   []PublishedMark  `json:"published" doc:"oldest first"`
}

// History gives the value of a line after every commit that changed it, by the
// definition that was in force then, beside the definition's own history.
func (s *Service) History(ctx context.Context, who policy.Principal, q Question) (*History, error) {
	base, err := s.line(q)
	if err != nil {
		return nil, err
	}
	ind, err := base.city.Indicator(base.indicator)
	if err != nil {
		return nil, err
	}
	h := &History{Indicator: base.city.IndicatorNamed(ind.Name), Unit: base.city.UnitNamed(ind.Unit), Period: q.Period, Grain: base.grain, Dimension: q.Dimension, Member: q.Member,
		Dataset: ind.Dataset, Points: []Moment{}, Rules: []RuleEdition{}}
	tl, err := s.timeline(ctx, base)
	if err != nil {
		return nil, err
	}
	h.Simulated, h.Expired = tl.simulated, tl.expired
	if err := s.look(ctx, who, h, tl, base, q.Points); err != nil {
		return nil, err
	}
	h.Definitions = tl.definitions
	h.Rules = rules(base, ind)
	h.Published, err = s.marks(ctx, q)
	return h, err
}

// line reads which line of an indicator is asked about, as it is declared now and
// stands today.
func (s *Service) line(q Question) (standing, error) {
	c := s.city()
	ind, err := c.Indicator(q.Indicator)
	if err != nil {
		return standing{}, err
	}
	span, grain, err := parsePeriod(q.Period)
	if err != nil {
		return standing{}, err
	}
	if q.Dimension != "" && !slices.Contains(ind.Dimensions, q.Dimension) {
		return standing{}, city.Errorf(city.CodeInvalid, "indicator %s cannot be broken down by %q", ind.Name, q.Dimension)
	}
	return standing{city: c, indicator: ind.Name, cut: cut{q.Dimension, q.Member}, grain: grain, period: span, today: s.today()}, nil
}

// look computes the moments of a timeline and keeps those that matter.
func (s *Service) look(ctx context.Context, who policy.Principal, h *History, tl *timeline, base standing, points int) error {
	if points <= 0 {
		points = defaultPoints
	}
	h.Moments = len(tl.moments)
	states := make([]State, len(tl.moments))
	looked, err := thin(len(tl.moments), min(points, MaxPoints), func(i int) (err error) {
		states[i], err = s.stateAt(ctx, who, tl, base, i)
		return err
	}, func(i, j int) bool { return sameState(states[i], states[j]) })
	if err != nil {
		return err
	}
	last := State{Status: analysis.StatusNoData}
	for i, m := range tl.moments {
		if !looked[i] {
			h.Thinned = true
			continue
		}
		changed := !sameState(last, states[i])
		if !changed && i < len(tl.moments)-1 && m.cause.Kind != causeDefinition {
			continue
		}
		h.Points = append(h.Points, Moment{AsOf: m.time, SnapshotID: strconv.FormatInt(m.snapshot, 10), Cause: m.cause, State: states[i], Version: m.version, Changed: changed})
		last = states[i]
	}
	return nil
}

// sameState says whether two states read the same.
func sameState(a, b State) bool {
	if a.Status != b.Status || (a.Value == nil) != (b.Value == nil) || a.Display != b.Display {
		return false
	}
	return a.Value == nil || exact(*a.Value).Cmp(exact(*b.Value)) == 0
}

// stateAt computes a line as of one moment.
func (s *Service) stateAt(ctx context.Context, who policy.Principal, tl *timeline, base standing, i int) (State, error) {
	st, err := s.standingAt(ctx, tl, base, i)
	if err != nil {
		return State{}, err
	}
	if _, err := st.datasets(); err != nil {
		return State{Status: analysis.StatusNoData, Reason: noteGone}, nil
	}
	return s.state(ctx, who, st)
}

// standingAt is a line as of one moment of its timeline.
func (s *Service) standingAt(ctx context.Context, tl *timeline, base standing, i int) (standing, error) {
	m := tl.moments[i]
	then, err := s.editions.city(ctx, m.pack)
	if err != nil {
		return standing{}, err
	}
	base.city, base.tables = then, map[string]table{}
	for _, t := range tl.tables {
		at, ds := m.at[t.dataset.Name], t.dataset
		if declared, err := then.Dataset(ds.Name); err == nil {
			ds = declared // with the fields of then
		}
		view, err := s.lake().ViewAt(ctx, ds, at.snapshot)
		if err != nil {
			return standing{}, err
		}
		base.tables[t.dataset.Name] = table{view: view, fraction: at.fraction, periods: t.covered(at.place)}
	}
	return base, nil
}

// marks lists what was published of a line.
func (s *Service) marks(ctx context.Context, q Question) ([]PublishedMark, error) {
	figures, err := s.Store.Figures(ctx, store.FigureFilter{Indicator: q.Indicator, Dimension: &q.Dimension, Member: q.Member})
	if err != nil {
		return nil, err
	}
	out := []PublishedMark{}
	for _, f := range figures {
		c, err := s.Store.Closing(ctx, f.ClosingID)
		if err != nil {
			return nil, err
		}
		if c.Period == q.Period {
			out = append(out, PublishedMark{f.ID, c.ID, c.At, c.Person, State{f.Value, f.Display, analysis.Status(f.Status), f.Reason}})
		}
	}
	slices.SortFunc(out, func(a, b PublishedMark) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// rules lists the editions of the rules and standards that a line goes by.
func rules(of standing, ind *city.Indicator) []RuleEdition {
	out := []RuleEdition{}
	seen := map[string]bool{}
	for _, d := range metric.ClosureOf(of.city, ind).For(city.Span{}, of.cut.by()).Parts {
		rule, err := of.city.Rule(d.Name)
		if d.Kind != metric.OnRule || seen[d.Name] || err != nil {
			continue
		}
		seen[d.Name] = true
		current, ok := rule.At(of.period.To)
		for _, v := range rule.Versions {
			out = append(out, RuleEdition{Rule: analysis.Named{Name: rule.Name, Title: rule.Title}, From: v.From, To: v.To, Source: v.Source,
				InForce: ok && v.From == current.From})
		}
	}
	return out
}
