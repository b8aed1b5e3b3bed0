package ledger

import (
	"context"
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Closing is a closed period as people see it.
type Closing struct {
	ID         string     `json:"id"`
	Period     string     `json:"period"`
	Grain      city.Grain `json:"grain" enum:"day,month,quarter,year"`
	Revision   int64      `json:"revision" doc:"from 1; a period that is closed again has the next one"`
	Replaces   string     `json:"replaces" doc:"the revision before; empty for the first"`
	ReplacedBy string     `json:"replaced_by" doc:"the revision after; empty for the one that stands"`
	Tag        string     `json:"tag" doc:"names the state of all tables that the figures were computed from"`
	Pack       string     `json:"pack_sha256"`
	Today      city.Date  `json:"today" doc:"the day that the city stood at"`
	At         time.Time  `json:"at"`
	Actor      string     `json:"actor"`
	Person     string     `json:"by_person"`
	Note       string     `json:"note"`
	Reason     string     `json:"reason" doc:"why it was closed though data were missing; empty when none were"`
	Simulated  bool       `json:"simulated"`
	Figures    int64      `json:"figures"`
	Restated   int        `json:"restated" doc:"figures that would be printed otherwise now"`
}

func closingOf(c store.Closing) Closing {
	return Closing{ID: c.ID, Period: c.Period, Grain: c.Grain, Revision: c.Revision, Replaces: c.Replaces, Tag: c.Tag, Pack: c.Pack, Today: c.Today,
		At: c.At, Actor: c.Actor, Person: c.Person, Note: c.Note, Reason: c.Reason, Simulated: c.Simulated, Figures: c.Figures}
}

// Figure is a published figure beside what it would be now.
type Figure struct {
	ID         string         `json:"id"`
	ClosingID  string         `json:"closing_id"`
	Period     string         `json:"period"`
	At         time.Time      `json:"at"`
	Person     string         `json:"by_person"`
	Indicator  analysis.Named `json:"indicator"`
	Unit       analysis.Named `json:"unit"`
	Dimension  string         `json:"dimension" doc:"empty for the whole city"`
	Member     string         `json:"member"`
	Label      city.Text      `json:"label" doc:"of the member, or of the city"`
	Version    string         `json:"version" doc:"of the definition that it was computed by"`
	Pack       string         `json:"pack_sha256"`
	Dataset    string         `json:"dataset"`
	SnapshotID string         `json:"snapshot_id"`
	Rows       int64          `json:"rows" doc:"rows that were counted"`
	Simulated  bool           `json:"simulated"`
	State
	Now        State  `json:"now"`
	NowVersion string `json:"now_version" doc:"of the definition in force, which is version when nothing has changed that the number depends on; empty when the indicator is declared no more"`
	Restated   bool   `json:"restated"`
}

// FigureDetail is a published figure with its explanation.
type FigureDetail struct {
	Figure
	Closing     Closing     `json:"closing"`
	Explanation Explanation `json:"explanation"`
}

// Filter narrows the list of published figures. An empty member does not narrow.
type Filter struct {
	Closing   string
	Indicator string
	Period    string
	Region    string // a member of any dimension; "city" keeps the whole city's
	Replaced  bool   // also what a later revision replaced
}

// wholeCity is the Filter.Region that keeps the figures of the whole city.
const wholeCity = "city"

// List is published figures with the closings that they belong to.
type List struct {
	Closings []Closing `json:"closings" doc:"the latest period first"`
	Items    []Figure  `json:"items" doc:"restated ones first"`
	More     bool      `json:"more" doc:"there are older closings"`
}

// closingsAtOnce is how many closings one list holds: two years of months.
const closingsAtOnce = 24

// List gives published figures beside what they would be now, restated ones
// first.
func (s *Service) List(ctx context.Context, who policy.Principal, f Filter) (*List, error) {
	closings, more, err := s.closings(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &List{Closings: []Closing{}, Items: []Figure{}, More: more}
	now := s.newPresents(who)
	for _, c := range closings {
		figures, err := s.figuresOf(ctx, now, c, f)
		if err != nil {
			return nil, err
		}
		line := closingOf(c)
		if line.ReplacedBy, err = s.replacedBy(ctx, c); err != nil {
			return nil, err
		}
		for _, fig := range figures {
			if fig.Restated {
				line.Restated++
			}
		}
		out.Closings, out.Items = append(out.Closings, line), append(out.Items, figures...)
	}
	slices.SortStableFunc(out.Items, func(a, b Figure) int { return rank(a) - rank(b) })
	return out, nil
}

// rank puts restated figures before the others.
func rank(f Figure) int {
	if f.Restated {
		return 0
	}
	return 1
}

func (s *Service) closings(ctx context.Context, f Filter) (found []store.Closing, more bool, err error) {
	if f.Closing != "" {
		c, err := s.Store.Closing(ctx, f.Closing)
		return []store.Closing{c}, false, err
	}
	page, err := s.Store.Closings(ctx, store.ClosingFilter{Period: f.Period, Newest: !f.Replaced}, "", closingsAtOnce)
	for i := range page.Items {
		if err == nil {
			page.Items[i], err = s.Store.Closing(ctx, page.Items[i].ID)
		}
	}
	return page.Items, page.Next != "", err
}

// replacedBy gives the revision after a closing.
func (s *Service) replacedBy(ctx context.Context, c store.Closing) (string, error) {
	page, err := s.Store.Closings(ctx, store.ClosingFilter{Period: c.Period}, "", store.MaxPage)
	for _, other := range page.Items {
		if other.Replaces == c.ID {
			return other.ID, err
		}
	}
	return "", err
}

func (s *Service) figuresOf(ctx context.Context, now *presents, c store.Closing, f Filter) ([]Figure, error) {
	q := store.FigureFilter{ClosingID: c.ID, Indicator: f.Indicator}
	whole := ""
	switch f.Region {
	case "":
	case wholeCity:
		q.Dimension = &whole
	default:
		q.Member = f.Region
	}
	found, err := s.Store.Figures(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]Figure, 0, len(found))
	for _, fig := range found {
		line, err := s.figure(ctx, now, c, fig)
		if err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, nil
}

// figure puts a kept figure beside the present one.
func (s *Service) figure(ctx context.Context, now *presents, c store.Closing, f store.Figure) (Figure, error) {
	out := Figure{ID: f.ID, ClosingID: f.ClosingID, Period: c.Period, At: c.At, Person: c.Person, Indicator: s.city().IndicatorNamed(f.Indicator), Unit: s.city().UnitNamed(f.Unit),
		Dimension: f.Dimension, Member: f.Member, Label: s.city().Name, Version: f.Version, Pack: c.Pack, Dataset: f.Dataset, Rows: f.Rows, Simulated: c.Simulated,
		State: State{Value: f.Value, Display: f.Display, Status: analysis.Status(f.Status), Reason: f.Reason}}
	for _, src := range c.Sources {
		if src.Dataset == f.Dataset {
			out.SnapshotID = src.SnapshotID
		}
	}
	ind, err := s.city().Indicator(f.Indicator)
	if err != nil {
		out.Now = State{Status: analysis.StatusNoData, Reason: noteGone}
	} else {
		if out.NowVersion, err = now.version(ctx, c, f); err != nil {
			return out, err
		}
		if out.Now, out.Label, err = now.of(ctx, ind, c, cut{f.Dimension, f.Member}); err != nil {
			return out, err
		}
	}
	out.Restated = restated(out.State, out.Now)
	return out, nil
}

// Figure gives a published figure with its explanation.
func (s *Service) Figure(ctx context.Context, who policy.Principal, id string) (*FigureDetail, error) {
	f, err := s.Store.Figure(ctx, id)
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Closing(ctx, f.ClosingID)
	if err != nil {
		return nil, err
	}
	line, err := s.figure(ctx, s.newPresents(who), c, f)
	if err != nil {
		return nil, err
	}
	e, err := s.Explain(ctx, who, f, line.Now)
	if err != nil {
		return nil, err
	}
	line.Now, line.Restated = e.Now, e.Restated
	out := &FigureDetail{Figure: line, Closing: closingOf(c), Explanation: *e}
	out.Closing.ReplacedBy, err = s.replacedBy(ctx, c)
	return out, err
}

// presents reads present values, each dimension of an indicator and period once.
type presents struct {
	s        *Service
	who      policy.Principal
	rows     map[presentKey][]analysis.Row
	versions map[versionKey]string
}

// versionKey is what the version of a published line is compared by.
type versionKey struct {
	pack, version, indicator, dimension string
	period                              city.Span
}

type presentKey struct {
	indicator, dimension string
	grain                city.Grain
	period               city.Span
}

func (s *Service) newPresents(who policy.Principal) *presents {
	return &presents{s, who, map[presentKey][]analysis.Row{}, map[versionKey]string{}}
}

// version is that of the definition in force. A figure that was published with a
// version of an older form keeps it where the pack of then gives what the pack of
// now gives.
func (p *presents) version(ctx context.Context, c store.Closing, f store.Figure) (string, error) {
	key := versionKey{c.Pack, f.Version, f.Indicator, f.Dimension, c.Span}
	if v, ok := p.versions[key]; ok {
		return v, nil
	}
	line := cut{f.Dimension, f.Member}
	now := definitionOf(p.s.city(), f.Indicator, c.Span, line).Version()
	if now != f.Version {
		then, err := p.s.editions.city(ctx, c.Pack)
		if err != nil && city.CodeOf(err) != codeUnreadable {
			return "", err
		}
		if err == nil && definitionOf(then, f.Indicator, c.Span, line).Version() == now {
			now = f.Version
		}
	}
	p.versions[key] = now
	return now, nil
}

// of gives the present state of a line, and its label.
func (p *presents) of(ctx context.Context, ind *city.Indicator, c store.Closing, line cut) (State, city.Text, error) {
	key := presentKey{ind.Name, line.dimension, c.Grain, c.Span}
	label := city.Text{ZH: line.member, EN: line.member}
	if line.dimension == "" {
		label = p.s.city().Name
	} else if !slices.Contains(ind.Dimensions, line.dimension) {
		return State{Status: analysis.StatusNoData, Reason: noRows}, label, nil
	}
	rows, ok := p.rows[key]
	if !ok {
		a, err := p.s.Analysis.Query(ctx, p.who, analysis.Question{Indicator: ind.Name, By: line.by(), Period: c.Span, Grain: c.Grain, AsOf: lake.AsOf{}})
		if err != nil {
			return State{}, label, err
		}
		rows = a.Rows
		p.rows[key] = rows
	}
	if r, ok := line.of(rows); ok && line.dimension != "" {
		label = r.Labels[line.dimension]
	} else if reg, err := p.s.city().Region(line.member); err == nil {
		label = reg.Name
	}
	return line.state(rows), label, nil
}
