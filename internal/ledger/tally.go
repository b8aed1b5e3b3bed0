package ledger

import (
	"math/big"
)

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
	switch {
	case len(s.IDs) == 0:
	case s.Cause == CauseTogether && len(c.items) > 0:
		c.items[0].ids = append(c.items[0].ids, s.IDs...)
	default:
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
			if cause == CauseTogether {
				it.amount = c.amount
			}
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
