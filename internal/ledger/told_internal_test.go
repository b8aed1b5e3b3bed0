package ledger

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestNoPartTellsOfAFew holds that whatever is told by itself concerns as many
// persons as may be told of, that what is left over does too unless nothing else
// is told, and that the amounts add up all the same.
func TestNoPartTellsOfAFew(t *testing.T) {
	t.Parallel()
	const least = 5
	rapid.Check(t, func(t *rapid.T) {
		from := drawState(t, 2)
		if from.Value == nil {
			return
		}
		var steps []Step
		total := int64(0)
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			cause := rapid.SampledFrom([]Cause{CauseLate, CauseRegion, CauseCorrections, CauseVanished, CauseRollback, CauseDefinition}).Draw(t, "cause")
			s := Step{Cause: cause, After: drawState(t, 2)}
			if cause != CauseDefinition {
				s.Rows, s.IDs = rapid.Int64Range(1, 12).Draw(t, "rows"), []string{"D1"}
				s.Persons = rapid.Int64Range(1, s.Rows).Draw(t, "persons")
				total += s.Persons
			}
			steps = append(steps, s)
		}
		out, _ := told(steps, least)
		together, apart := int64(0), 0
		for i, s := range out {
			switch {
			case s.Cause == CauseTogether:
				together += steps[i].Persons
				if s.Rows != 0 {
					t.Fatalf("the rows of a part that is taken together are told: %+v", s)
				}
			case s.Rows > 0 && s.Persons < least:
				t.Fatalf("a part of %d persons is told", s.Persons)
			default:
				apart++
			}
		}
		if together > 0 && together < least && apart > 0 {
			t.Fatalf("%d persons are what the %d other parts leave over of %d", together, apart, total)
		}
		wantSums(t, explain(from, steps, least))
	})
}

// wantSums holds that amounts add up to the difference.
func wantSums(t *rapid.T, e Explanation) {
	if e.Difference == nil {
		return
	}
	full, display := new(big.Rat), new(big.Rat)
	for _, p := range e.Parts {
		if p.Amount != nil {
			full.Add(full, shown(*p.Amount))
			display.Add(display, shown(strings.TrimPrefix(p.Display, "+")))
		}
	}
	if full.Cmp(shown(*e.Difference)) != 0 {
		t.Fatalf("the amounts add up to %s, not to %s", plain(full), *e.Difference)
	}
	if want := new(big.Rat).Sub(shown(e.Now.Display), shown(e.Published.Display)); display.Cmp(want) != 0 {
		t.Fatalf("the displayed amounts add up to %s, not to %s", plain(display), plain(want))
	}
}
