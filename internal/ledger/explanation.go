package ledger

import (
	"math/big"
	"slices"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Cause says why a value is another one than before.
type Cause string

// The causes, in the order in which a walk takes them and a table shows them.
const (
	CauseLate        Cause = "late_rows"   // rows that were not there, of deliveries committed later
	CauseRegion      Cause = "region"      // rows that belong to another region now, or another list of regions
	CauseCorrections Cause = "corrections" // rows that were there with other values
	CauseVanished    Cause = "vanished"    // rows that a later batch for the whole period left out
	CauseRollback    Cause = "rollback"    // deliveries that were taken back
	CauseSample      Cause = "sample"      // the share of the population that the rows are
	CauseCoverage    Cause = "coverage"    // how far deliveries are complete, and the day
	CauseDefinition  Cause = "definition"  // the indicator is defined otherwise
	CauseRest        Cause = "rest"        // the program computes the published state otherwise than then
	CauseRounding    Cause = "rounding"    // what the display rounds away
)

// Causes lists all causes in their order.
func Causes() []Cause {
	return []Cause{CauseLate, CauseRegion, CauseCorrections, CauseVanished, CauseRollback, CauseSample, CauseCoverage, CauseDefinition, CauseRest, CauseRounding}
}

// State is a value as one step of a walk leaves it.
type State struct {
	Value   *float64        `json:"value"` // null where none may be stated
	Display string          `json:"display"`
	Status  analysis.Status `json:"status" enum:"valid,provisional,not_valid,no_data,suppressed"`
	Reason  city.Text       `json:"reason,omitzero"`
}

// Step is one cause taking effect at one place.
type Step struct {
	Cause Cause
	IDs   []string // of the deliveries or the rollback; empty for other causes
	Rows  int64    // that the step added, changed or took away, in the days that the value is made of
	After State
}

// Item is what one delivery or rollback did to a part, or several deliveries
// that had to be taken together.
type Item struct {
	IDs     []string `json:"ids"`
	Rows    int64    `json:"rows"`
	Amount  *string  `json:"amount"` // in full; null when the value was missing before or after
	Display string   `json:"display"`
}

// Part is what one cause did to the value.
type Part struct {
	Cause      Cause     `json:"cause" enum:"late_rows,region,corrections,vanished,rollback,sample,coverage,definition,rest,rounding"`
	Amount     *string   `json:"amount" doc:"plain decimal, in full; null when the cause took the value away or gave it"`
	Display    string    `json:"display" doc:"with its sign and as many decimals as the figure"`
	Rows       int64     `json:"rows" doc:"rows that were added, changed or taken away"`
	Deliveries []Item    `json:"deliveries" doc:"deliveries or rollbacks, in the order of their commits"`
	Text       city.Text `json:"text"`
}

// Explanation says why a published value and the present one differ. The
// amounts of its parts add up to the difference, in full and as displayed.
type Explanation struct {
	Published  State       `json:"published"`
	Now        State       `json:"now"`
	Restated   bool        `json:"restated" doc:"the present figure would be printed otherwise"`
	Difference *string     `json:"difference" doc:"plain decimal, in full; null unless both have a value"`
	Display    string      `json:"display" doc:"the difference of the printed figures, with its sign"`
	Decimals   int         `json:"decimals" doc:"of every display"`
	Parts      []Part      `json:"parts"`
	Notes      []city.Text `json:"notes" doc:"what a reader should know, such as snapshots that have expired"`
}

// explain makes the parts of a walk that began at the published state. When
// either end is withheld, how one came from the other is not told either.
func explain(published State, steps []Step) Explanation {
	e := Explanation{Published: published, Now: published, Parts: []Part{}, Notes: []city.Text{}}
	if len(steps) > 0 {
		e.Now = steps[len(steps)-1].After
	}
	if withheld(e.Published) || withheld(e.Now) {
		e.Notes = append(e.Notes, noteWithheld)
		return e
	}
	steps, folded := told(steps)
	if folded {
		e.Notes = append(e.Notes, noteTogether)
	}
	e.Decimals = max(decimalsOf(published.Display), decimalsOf(e.Now.Display))
	e.Restated = restated(published, e.Now)
	sums := newTally(published)
	for _, s := range steps {
		sums.add(s)
	}
	e.Parts = sums.parts(e.Decimals)
	e.close()
	return e
}

func withheld(s State) bool { return s.Status == analysis.StatusSuppressed }

// told takes the steps to states that are withheld together with the next step
// to one that is not. What each of them did, and to how many rows, would tell
// the state in between; the last step is to a state that is told.
func told(steps []Step) (out []Step, folded bool) {
	var ids []string
	open := false
	for _, s := range steps {
		if withheld(s.After) {
			ids, open, folded = append(ids, s.IDs...), true, true
			continue
		}
		if open {
			s.IDs, s.Rows = slices.Concat(ids, s.IDs), 0
			ids, open = nil, false
		}
		out = append(out, s)
	}
	return out, folded
}

// restated says whether a figure would be printed otherwise now. Whether one may
// be told is not a matter of its value.
func restated(was, now State) bool {
	if withheld(was) || withheld(now) {
		return false
	}
	return was.Display != now.Display || (was.Value == nil) != (now.Value == nil)
}

// close states the difference, and adds what the display rounds away.
func (e *Explanation) close() {
	if e.Published.Value == nil || e.Now.Value == nil {
		return
	}
	diff := new(big.Rat).Sub(exact(*e.Now.Value), exact(*e.Published.Value))
	text := plain(diff)
	e.Difference = &text
	was, is := shown(e.Published.Display), shown(e.Now.Display)
	if was == nil || is == nil {
		return
	}
	rest := new(big.Rat).Sub(is, was)
	e.Display = signed(rest, e.Decimals)
	for _, p := range e.Parts {
		if p.Amount != nil {
			rest.Sub(rest, round(shown(*p.Amount), e.Decimals))
		}
	}
	if rest.Sign() != 0 {
		none := "0"
		e.Parts = append(e.Parts, Part{Cause: CauseRounding, Amount: &none, Display: signed(rest, e.Decimals), Deliveries: []Item{}, Text: wordsOf(CauseRounding, 0)})
	}
}

// tally adds the steps of a walk up by cause.
type tally struct {
	last   *big.Rat // the last value that there was; nil before the first
	there  bool     // the walk stands at a value
	causes map[Cause]*sum
}

type sum struct {
	amount *big.Rat
	rows   int64
	gap    bool // the value came or went
	items  []item
}

type item struct {
	ids    []string
	rows   int64
	amount *big.Rat // nil when the value came or went
}

func newTally(from State) *tally {
	t := &tally{causes: map[Cause]*sum{}, there: from.Value != nil}
	if t.there {
		t.last = exact(*from.Value)
	}
	return t
}

// add takes one step. Where a value goes missing and comes back, the step that
// brings it back bears the difference to the last one that there was.
func (t *tally) add(s Step) {
	c := t.causes[s.Cause]
	if c == nil {
		c = &sum{amount: new(big.Rat)}
		t.causes[s.Cause] = c
	}
	c.rows += s.Rows
	it := item{ids: s.IDs, rows: s.Rows}
	switch {
	case s.After.Value == nil:
		c.gap = c.gap || t.there
		if !t.there {
			it.amount = new(big.Rat)
		}
		t.there = false
	case t.last == nil: // the first value of all
		t.last, t.there, c.gap = exact(*s.After.Value), true, true
	default:
		now := exact(*s.After.Value)
		it.amount = new(big.Rat).Sub(now, t.last)
		c.amount.Add(c.amount, it.amount)
		t.last, t.there = now, true
	}
	if len(s.IDs) > 0 {
		c.items = append(c.items, it)
	}
}

// parts lists what did anything, in the order of the causes.
func (t *tally) parts(decimals int) []Part {
	out := []Part{}
	for _, cause := range Causes() {
		c := t.causes[cause]
		if c == nil || c.rows == 0 && c.amount.Sign() == 0 && !c.gap {
			continue
		}
		p := Part{Cause: cause, Rows: c.rows, Deliveries: []Item{}, Text: wordsOf(cause, c.rows)}
		if !c.gap || c.amount.Sign() != 0 {
			p.Amount, p.Display = amount(c.amount, decimals)
		}
		for _, it := range c.items {
			line := Item{IDs: it.ids, Rows: it.rows}
			if it.amount != nil {
				line.Amount, line.Display = amount(it.amount, decimals)
			}
			p.Deliveries = append(p.Deliveries, line)
		}
		out = append(out, p)
	}
	return out
}

func amount(r *big.Rat, decimals int) (*string, string) {
	text := plain(r)
	return &text, signed(round(r, decimals), decimals)
}
