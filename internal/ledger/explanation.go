package ledger

import (
	"math/big"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/metric"
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
	CauseTogether    Cause = "together"    // several of these, which concern too few persons to be told apart
	CauseSample      Cause = "sample"      // the share of the population that the rows are
	CauseCoverage    Cause = "coverage"    // how far deliveries are complete, and the day
	CauseStandard    Cause = "standard"    // a rule, standard or calendar that the indicator goes by is another one
	CauseDefinition  Cause = "definition"  // the indicator is defined otherwise
	CauseRest        Cause = "rest"        // the program computes the published state otherwise than then
	CauseRounding    Cause = "rounding"    // what the display rounds away
)

// Causes lists all causes in their order.
func Causes() []Cause {
	return []Cause{CauseLate, CauseRegion, CauseCorrections, CauseVanished, CauseRollback, CauseTogether,
		CauseSample, CauseCoverage, CauseStandard, CauseDefinition, CauseRest, CauseRounding}
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
	Cause   Cause
	IDs     []string // of the deliveries or the rollback; empty for other causes
	Rows    int64    // that the step added, changed or took away, in the days that the value is made of
	Persons int64    // whose rows these are; as many as rows where a dataset names no person
	After   State
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
	Cause      Cause     `json:"cause" enum:"late_rows,region,corrections,vanished,rollback,together,sample,coverage,standard,definition,rest,rounding"`
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
	// Definition lists what has changed of all that the number depends on.
	Definition []metric.Change `json:"definition" doc:"parts of declarations, rules and standards that have changed since; empty when none has"`
}

// explain makes the parts of a walk that began at the published state. When
// either end is withheld, how one came from the other is not told either. No
// amount tells of fewer persons than least.
func explain(published State, steps []Step, least int) Explanation {
	e := Explanation{Published: published, Now: published, Parts: []Part{}, Notes: []city.Text{}, Definition: []metric.Change{}}
	if len(steps) > 0 {
		e.Now = steps[len(steps)-1].After
	}
	if withheld(e.Published) || withheld(e.Now) {
		e.Notes = append(e.Notes, noteWithheld)
		return e
	}
	steps, together := told(steps, int64(least))
	if together {
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
