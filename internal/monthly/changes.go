package monthly

import (
	"context"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/ledger"
)

var (
	changesNone     = city.Text{ZH: "截至%s，尚无已发布的月份。", EN: "No month was published by %s."}
	changesSame     = city.Text{ZH: "最近一次发布为%s（%s，第%d次）。已发布的各月数据至今没有变动。", EN: "The last published month is %s (on %s, revision %d). No published figure has changed since."}
	changesIntro    = city.Text{ZH: "最近一次发布为%s（%s，第%d次）。发布后变动的数据如下，原因的数额合计等于变动数。", EN: "The last published month is %s (on %s, revision %d). These figures have changed since they were published; the amounts of the causes add up to the change."}
	changesTitle    = city.Text{ZH: "已发布数据的变动及原因", EN: "Published figures that have changed, and why"}
	columnMonth     = city.Text{ZH: "月份", EN: "Month"}
	columnPublished = city.Text{ZH: "发布数", EN: "Published"}
	columnNow       = city.Text{ZH: "现数", EN: "Now"}
	columnChange    = city.Text{ZH: "变动", EN: "Change"}
	columnWhy       = city.Text{ZH: "原因", EN: "Why"}
	causeAmount     = city.Text{ZH: "%s（%s）", EN: "%s (%s)"}
	moreChanges     = city.Text{ZH: "另有%d项变动，见发布台账。", EN: "%d more are in the list of published figures."}
	remarkLedger    = city.Text{ZH: "各数来源和口径见发布台账。", EN: "Sources and definitions stand in the list of published figures."}
)

// mostChanges bounds the figures whose change is explained: an explanation asks
// for the value at every commit since.
const mostChanges = 20

// changes writes the figures of the whole city that were published for the
// report's month or earlier ones and would be printed otherwise now.
func (b *building) changes(ctx context.Context, r *city.ReportChanges) error {
	list, err := b.Published.List(ctx, b.who, ledger.Filter{Region: "city"})
	if err != nil {
		return err
	}
	last, found := b.lastClosing(list.Closings)
	if !found {
		b.sentence(changesNone, day(b.lang, b.Today()))
		return nil
	}
	var changed []ledger.Figure
	for _, f := range list.Items {
		if f.Restated && b.covers(r, f) {
			changed = append(changed, f)
		}
	}
	at := day(b.lang, city.DateOf(last.At))
	if len(changed) == 0 {
		b.sentence(changesSame, last.Period, at, last.Revision)
		return nil
	}
	b.sentence(changesIntro, last.Period, at, last.Revision)
	return b.changed(ctx, changed)
}

// lastClosing is the one of the latest month up to the report's.
func (b *building) lastClosing(closings []ledger.Closing) (ledger.Closing, bool) {
	var last ledger.Closing
	for _, c := range closings {
		if c.Period <= b.doc.Month && c.Period > last.Period {
			last = c
		}
	}
	return last, last.ID != ""
}

func (b *building) covers(r *city.ReportChanges, f ledger.Figure) bool {
	return f.Period <= b.doc.Month && (len(r.Indicators) == 0 || slices.Contains(r.Indicators, f.Indicator.Name))
}

func (b *building) changed(ctx context.Context, figures []ledger.Figure) error {
	out := b.newTable(say(b.lang, changesTitle))
	out.Columns = append(out.Columns, []Column{{Title: say(b.lang, columnMonth)}, {Title: say(b.lang, columnIndicator)}, {Title: say(b.lang, columnPublished), Numeric: true},
		{Title: say(b.lang, columnNow), Numeric: true}, {Title: say(b.lang, columnChange), Numeric: true}, {Title: say(b.lang, columnWhy), Wide: true}}...)
	for _, f := range figures[:min(len(figures), mostChanges)] {
		d, err := b.Published.Figure(ctx, b.who, f.ID)
		if err != nil {
			return err
		}
		out.Rows = append(out.Rows, b.changeRow(d))
	}
	if more := len(figures) - mostChanges; more > 0 {
		out.Remarks = append(out.Remarks, say(b.lang, moreChanges, more))
	}
	out.Remarks = append(out.Remarks, say(b.lang, remarkLedger))
	b.place(out)
	return nil
}

func (b *building) changeRow(d *ledger.FigureDetail) Row {
	name := textCell(heading(b.lang, d.Indicator.Title.In(b.lang), d.Unit.Title))
	name.Notes = []int{b.notes.add(Note{
		Text: say(b.lang, noteClosing, d.Indicator.Title.In(b.lang), d.ID, day(b.lang, city.DateOf(d.At)), d.Person, short(d.Version), d.Dataset, orNone(b.lang, d.SnapshotID)) +
			say(b.lang, fullStop),
		Indicator: d.Indicator.Name, Dataset: d.Dataset, SnapshotID: d.SnapshotID, Version: d.Version, Simulated: d.Simulated,
	})}
	why := ""
	for i, p := range d.Explanation.Parts {
		if i > 0 {
			why += say(b.lang, semicolon)
		}
		if p.Amount == nil {
			why += p.Text.In(b.lang)
			continue
		}
		why += say(b.lang, causeAmount, p.Text.In(b.lang), grouped(p.Display))
	}
	return Row{Cells: []Cell{textCell(d.Period), name, stateCell(d.State), stateCell(d.Now), textCell(orMark(grouped(d.Explanation.Display))), textCell(orMark(why))}}
}

func stateCell(s ledger.State) Cell {
	if s.Value == nil {
		return textCell(markNone)
	}
	v := *s.Value
	return Cell{Text: grouped(s.Display), Value: &v, Decimals: decimalsOf(s.Display), Notes: []int{}}
}
