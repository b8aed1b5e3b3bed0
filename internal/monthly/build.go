package monthly

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// building is a document under way.
type building struct {
	*Service
	who      policy.Principal
	city     *city.City
	report   *city.Report
	lang     string
	month    city.Span
	doc      *Document
	notes    notes
	board    *analysis.Board // read when a target is first spoken of
	counters [4]int          // headings, by level
	tables   int
	charts   int
}

func newBuilding(s *Service, who policy.Principal, c *city.City, r *city.Report, q Question) *building {
	b := &building{Service: s, who: who, city: c, report: r, lang: q.Lang, month: city.GrainMonth.Span(q.Month)}
	b.doc = &Document{Report: r.Name, Month: city.GrainMonth.Label(b.month.From), Lang: q.Lang, Date: s.Today(), Notices: []string{}, Blocks: []Block{}, Notes: []Note{}}
	b.notes = notes{doc: b.doc, lang: q.Lang, month: b.month, seen: map[string]int{}, told: map[string]bool{}}
	return b
}

func (b *building) build(ctx context.Context) error {
	title, err := b.runs(ctx, b.report.Heading.In(b.lang))
	if err != nil {
		return err
	}
	for _, r := range title {
		b.doc.Title += r.Text
	}
	o, err := b.city.Organisation(b.report.Organisation)
	if err != nil {
		return err
	}
	b.doc.Organisation = o.Title.In(b.lang)
	if b.month.To.After(b.Today()) {
		b.notice(noticeRunning, b.Today().String())
	}
	for _, s := range b.report.Sections {
		b.heading(s)
		for _, p := range s.Parts {
			if err := b.part(ctx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// notice adds a line to the beginning of the document.
func (b *building) notice(t city.Text, args ...any) {
	b.notes.notice(say(b.lang, t, args...))
}

// heading numbers a heading as official documents do: 一、（一）1.
func (b *building) heading(s city.ReportSection) {
	b.counters[s.Level]++
	for i := s.Level + 1; i < len(b.counters); i++ {
		b.counters[i] = 0
	}
	b.add(Block{Kind: BlockHeading, Level: s.Level, Number: numberOf(b.lang, s.Level, b.counters), Runs: []Run{plainRun(s.Heading.In(b.lang))}})
}

func (b *building) add(block Block) {
	if block.Runs == nil {
		block.Runs = []Run{}
	}
	b.doc.Blocks = append(b.doc.Blocks, block)
}

func (b *building) part(ctx context.Context, p city.ReportPart) error {
	switch {
	case p.Text != nil:
		runs, err := b.runs(ctx, p.Text.In(b.lang))
		if err == nil {
			b.add(Block{Kind: BlockParagraph, Runs: runs})
		}
		return err
	case p.Table != nil:
		return b.table(ctx, p.Table)
	case p.Ranking != nil:
		return b.ranking(ctx, p.Ranking)
	case p.Chart != nil:
		return b.chart(ctx, p.Chart)
	case p.Targets != nil:
		return b.targets(ctx, p.Targets)
	case p.Changes != nil:
		return b.changes(ctx, p.Changes)
	case p.Sources:
		return b.sources()
	}
	return nil
}

// sentence adds a paragraph without figures.
func (b *building) sentence(t city.Text, args ...any) {
	b.add(Block{Kind: BlockParagraph, Runs: []Run{plainRun(say(b.lang, t, args...))}})
}

func plainRun(text string) Run { return Run{Text: text, Notes: []int{}} }

func figureRun(text string, notes ...int) Run {
	if notes == nil {
		notes = []int{}
	}
	return Run{Text: text, Figure: true, Notes: notes}
}

// ask asks for the report's month of an indicator.
func (b *building) ask(ctx context.Context, q analysis.Question) (*analysis.Answer, error) {
	if q.Period.IsZero() {
		q.Period = b.month
	}
	q.Grain = city.GrainMonth
	return b.Answers.Query(ctx, b.who, q)
}

// explore asks for one table.
func (b *building) explore(ctx context.Context, q explore.Question) (*explore.Table, error) {
	s := explore.Service{Answers: b.Answers, City: func() *city.City { return b.city }}
	return s.Ask(ctx, b.who, q, explore.ScreenRows)
}
