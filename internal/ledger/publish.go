package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

const (
	codeIncomplete = city.CodeConflict + ".incomplete"
	codeUnchanged  = city.CodeConflict + ".unchanged"
	codePublish    = city.CodeInvalid + ".published"
)

// Request asks to close a period.
type Request struct {
	Period     string   // 2024-10, 2024Q3 or 2024
	Indicators []string // empty: all that are due as often and have data
	By         []string // dimensions to keep each figure by, beside the whole city, where an indicator has them
	Person     string   // who answers for the figures
	Note       string
	Reason     string // why to close it though it is incomplete; "" refuses that
}

// actionPublish is the action of the audit record of a closing.
const actionPublish = "published.close"

// Publish closes a period. It fails with conflict.incomplete when data are
// missing and no reason is given, and with conflict.unchanged when every figure
// would be the one that stands published already. The package comment has the
// order of its durable steps.
func (s *Service) Publish(ctx context.Context, who policy.Principal, r Request) (store.Closing, error) {
	if s.Tag == nil {
		return store.Closing{}, city.Errorf("conflict.read_only", "the data folder was opened for reading")
	}
	select {
	case s.closing <- struct{}{}:
		defer func() { <-s.closing }()
	case <-ctx.Done():
		return store.Closing{}, city.Outside(ctx.Err(), "the closing was given up")
	}
	if strings.TrimSpace(r.Person) == "" {
		return store.Closing{}, city.Errorf(codePublish, "nobody is named who answers for the figures").WithHint("give the name of the person who closes the period")
	}
	whole := r
	whole.By = nil // whether it may be closed is seen by the figures of the whole city
	draft, err := s.draft(ctx, who, whole, lake.AsOf{})
	if err != nil {
		return store.Closing{}, err
	}
	if err := draft.allowed(r); err != nil {
		return store.Closing{}, err
	}
	if err := s.changed(ctx, draft, r.By); err != nil {
		return store.Closing{}, err
	}
	tag, err := s.Tag(ctx, draft.tagName(s.Now().UnixMilli()), who.Name)
	if err != nil {
		return store.Closing{}, err
	}
	s.step(StepTagged)
	// What was delivered since the draft is in the tag, so that all is computed anew.
	if draft, err = s.draft(ctx, who, r, lake.AsOf{Tag: tag.Name}); err != nil {
		return store.Closing{}, err
	}
	if err := draft.allowed(r); err != nil {
		return store.Closing{}, err
	}
	draft.closing.Tag = tag.Name
	if err := s.changed(ctx, draft, r.By); err != nil {
		return store.Closing{}, err
	}
	c, err := s.Store.Publish(ctx, draft.closing, draft.figures, func(c store.Closing) audit.Entry {
		return audit.Entry{At: c.At, Actor: c.Actor, Action: actionPublish, Subject: c.ID, Detail: closingDetail(c)}
	})
	if err == nil {
		s.step(StepKept)
	}
	if err == nil && s.Closed != nil {
		s.Closed(c)
	}
	return c, err
}

func (s *Service) step(name string) {
	if s.Step != nil {
		s.Step(name)
	}
}

// closingDetail is what the audit record of a closing tells.
func closingDetail(c store.Closing) json.RawMessage {
	doc, err := json.Marshal(struct {
		Period   string `json:"period"`
		Replaces string `json:"replaces,omitempty"`
		Tag      string `json:"tag"`
		Pack     string `json:"pack_sha256"`
		Figures  int64  `json:"figures"`
		Digest   string `json:"digest"`
		Person   string `json:"person"`
		Note     string `json:"note,omitempty"`
		Reason   string `json:"reason,omitempty"`
	}{c.Period, c.Replaces, c.Tag, c.Pack, c.Figures, c.Digest, c.Person, c.Note, c.Reason})
	if err != nil {
		return nil // texts and numbers always have a JSON form
	}
	return doc
}

// draft is a closing before it is kept.
type draft struct {
	closing    store.Closing
	figures    []store.Figure
	incomplete []Incomplete
}

// Incomplete is an indicator whose period has not all its data.
type Incomplete struct {
	Indicator analysis.Named  `json:"indicator"`
	Dataset   string          `json:"dataset"`
	Status    analysis.Status `json:"status" enum:"valid,provisional,not_valid,no_data,suppressed"`
	Reason    city.Text       `json:"reason"`
}

// draft computes the figures of a period as of a state of the tables. They are
// for everybody who reads them, so that small groups are withheld whoever asks.
func (s *Service) draft(ctx context.Context, who policy.Principal, r Request, asOf lake.AsOf) (*draft, error) {
	who = who.Without(policy.RightSmallGroups)
	c := s.city()
	span, grain, err := parsePeriod(r.Period)
	if err != nil {
		return nil, err
	}
	d := &draft{closing: store.Closing{Period: r.Period, Grain: grain, Span: span, Pack: c.Pack.SHA256, Today: s.today(), At: s.Now().UTC(),
		Actor: who.Name, Person: strings.TrimSpace(r.Person), Note: strings.TrimSpace(r.Note), Reason: strings.TrimSpace(r.Reason)}}
	if span.From.After(s.today()) {
		return nil, city.Errorf(codePublish, "%s has not begun", r.Period)
	}
	indicators, err := s.chosen(ctx, c, r.Indicators, grain)
	if err != nil {
		return nil, err
	}
	if err := checkBy(c, indicators, r.By); err != nil {
		return nil, err
	}
	standings := map[string]analysis.Standing{}
	for _, ind := range indicators {
		if err := s.stand(ctx, who, c, ind, asOf, standings); err != nil {
			return nil, err
		}
		if err := s.draftOne(ctx, who, d, ind, r.By, asOf, standings); err != nil {
			return nil, err
		}
	}
	d.sources(standings)
	d.closing.Digest = Digest(d.closing.Sources, d.figures)
	return d, nil
}

// stand notes what the datasets of an indicator stand at. Who may see only a part
// of one may not publish: the figures would be of that part.
func (s *Service) stand(ctx context.Context, who policy.Principal, c *city.City, ind *city.Indicator, asOf lake.AsOf, standings map[string]analysis.Standing) error {
	for _, name := range analysis.Datasets(ind) {
		if _, ok := standings[name]; ok {
			continue
		}
		access, err := policy.Read(who, c, name)
		if err != nil {
			return err
		}
		if len(access.Rows) > 0 {
			return city.Errorf(city.CodeForbidden+".publish", "only a part of %s may be seen, and figures of a part cannot be published", name)
		}
		if standings[name], err = s.Analysis.Standing(ctx, name, asOf); err != nil {
			return err
		}
	}
	return nil
}

// draftOne adds the figures of one indicator, as they may be told.
func (s *Service) draftOne(ctx context.Context, who policy.Principal, d *draft, ind *city.Indicator, by []string, asOf lake.AsOf, standings map[string]analysis.Standing) error {
	var periods [][]city.Span
	for _, name := range analysis.Datasets(ind) {
		periods = append(periods, standings[name].Periods)
	}
	for _, dim := range append([]string{""}, by...) {
		if dim != "" && !slices.Contains(ind.Dimensions, dim) {
			continue
		}
		a, err := s.Analysis.Query(ctx, who, analysis.Question{Indicator: ind.Name, By: cut{dimension: dim}.by(), Period: d.closing.Span, Grain: d.closing.Grain, AsOf: asOf})
		if err != nil {
			return err
		}
		for _, row := range a.Rows {
			d.figures = append(d.figures, figure(ind, a.Definition.Version, dim, row))
			if dim == "" {
				d.judge(ind, periods, row)
			}
		}
	}
	return nil
}

func figure(ind *city.Indicator, version, dim string, r analysis.Row) store.Figure {
	return store.Figure{Indicator: ind.Name, Version: version, Dataset: ind.Dataset, Dimension: dim, Member: r.Dimensions[dim],
		Value: r.Value, Display: r.Display, Decimals: decimalsOf(r.Display), Unit: ind.Unit, Status: string(r.Status), Reason: r.Reason, Rows: r.Rows}
}

// judge notes an indicator whose period is not complete. A value that a rule
// forbids although all is delivered is as complete as it will be.
func (d *draft) judge(ind *city.Indicator, periods [][]city.Span, r analysis.Row) {
	if r.Status != analysis.StatusProvisional && (r.Status == analysis.StatusValid || analysis.Covers(ind, periods, d.closing.Grain, d.closing.Span)) {
		return
	}
	d.incomplete = append(d.incomplete, Incomplete{Indicator: analysis.Named{Name: ind.Name, Title: ind.Title}, Dataset: ind.Dataset, Status: r.Status, Reason: r.Reason})
}

func (d *draft) sources(standings map[string]analysis.Standing) {
	for _, st := range standings {
		d.closing.Simulated = d.closing.Simulated || st.Source.Simulated
		src := store.ClosingSource{Dataset: st.Source.Dataset, SnapshotID: st.Source.SnapshotID, CommitAt: st.Source.CommitAt,
			CompleteTo: st.Source.CompleteTo, Covered: merged(st.Periods), Fraction: st.Source.Fraction, Simulated: st.Source.Simulated}
		d.closing.Sources = append(d.closing.Sources, src)
	}
	slices.SortFunc(d.closing.Sources, func(a, b store.ClosingSource) int { return strings.Compare(a.Dataset, b.Dataset) })
}

// merged joins periods that overlap or touch, in order: what is covered is the
// same, in fewer words.
func merged(periods []city.Span) []city.Span {
	periods = slices.Clone(periods)
	slices.SortFunc(periods, func(a, b city.Span) int { return a.From.Compare(b.From) })
	out := []city.Span{}
	for _, p := range periods {
		n := len(out)
		if n == 0 || p.From.After(out[n-1].To.AddDays(1)) {
			out = append(out, p)
		} else if p.To.After(out[n-1].To) {
			out[n-1].To = p.To
		}
	}
	return out
}

// allowed refuses to close a period that is not complete without a reason, or
// one without figures.
func (d *draft) allowed(r Request) error {
	if len(d.figures) == 0 {
		return city.Errorf(codePublish, "there is nothing to publish for %s", r.Period).WithHint("choose indicators whose data have been delivered")
	}
	if len(d.incomplete) == 0 || strings.TrimSpace(r.Reason) != "" {
		return nil
	}
	first := d.incomplete[0]
	return city.Errorf(codeIncomplete, "%s is not complete: %d indicators lack data, the first is %s (%s)", r.Period, len(d.incomplete), first.Indicator.Name, first.Reason.EN).
		WithHint("deliver what is missing, choose other indicators, or give the reason for closing it all the same")
}

// changed names what a closing replaces, and refuses it when that was computed
// from the same declarations and states of the tables, on the same day, and has
// the same lines: every figure would be the one that stands.
func (s *Service) changed(ctx context.Context, d *draft, by []string) error {
	last, found, err := s.Store.LastClosing(ctx, d.closing.Period)
	if err != nil || !found {
		return err
	}
	d.closing.Replaces = last.ID
	if Digest(last.Sources, nil) != Digest(d.closing.Sources, nil) || last.Pack != d.closing.Pack || last.Today != d.closing.Today {
		return nil
	}
	figures, err := s.Store.Figures(ctx, store.FigureFilter{ClosingID: last.ID})
	if err != nil {
		return err
	}
	have := map[[2]string]bool{} // indicators, and dimensions
	for _, f := range figures {
		have[[2]string{f.Indicator}], have[[2]string{"", f.Dimension}] = true, true
	}
	for _, f := range d.figures {
		if !have[[2]string{f.Indicator}] {
			return nil
		}
	}
	for _, dim := range by {
		if !have[[2]string{"", dim}] {
			return nil
		}
	}
	return city.Errorf(codeUnchanged, "%s stands published as %s, and nothing has changed since", d.closing.Period, last.ID)
}

// tagName names the tag of a closing; the time tells a second try from one that
// was cut off after its tag.
func (d *draft) tagName(ms int64) string {
	return fmt.Sprintf("published-%s-%x", strings.ToLower(d.closing.Period), ms)
}

// Digest is the SHA-256, in lower-case hex, over the sources and the figures of
// a closing. Where they are kept does not count.
func Digest(sources []store.ClosingSource, figures []store.Figure) string {
	figures = slices.Clone(figures)
	for i := range figures {
		figures[i].ID, figures[i].ClosingID, figures[i].Number = "", "", 0
	}
	doc, err := json.Marshal(struct {
		Sources []store.ClosingSource
		Figures []store.Figure
	}{sources, figures})
	if err != nil {
		return "" // a value that is no number has no JSON form, and engines give none
	}
	sum := sha256.Sum256(doc)
	return hex.EncodeToString(sum[:])
}
