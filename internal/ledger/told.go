package ledger

import "slices"

// told takes those steps together of which no amount may be told by itself: those
// to states that are withheld, each with the step after it, and those that
// concern fewer persons than least. When all that is taken together still
// concerns fewer, the next smallest step is added, or, where no other step
// concerns persons, all of them: else what is left over when the others are taken
// from the difference would tell of the few. The last step is to a state that is
// told.
func told(steps []Step, least int64) (out []Step, together bool) {
	out, together = withoutWithheld(steps)
	persons := int64(0)
	for i := range out {
		if out[i].Rows > 0 && out[i].Persons < least {
			out[i].Cause, together = CauseTogether, true
		}
		if out[i].Cause == CauseTogether {
			persons += out[i].Persons
		}
	}
	for together && persons < least {
		i := smallest(out)
		if i < 0 {
			break
		}
		persons += out[i].Persons
		out[i].Cause = CauseTogether
	}
	for i := range out {
		if together && persons < least {
			out[i].Cause = CauseTogether
		}
		if out[i].Cause == CauseTogether {
			out[i].Rows = 0
		}
	}
	return out, together
}

// withoutWithheld takes the steps to withheld states together with the step after
// them. What each of them did, and to how many rows, would tell the state in
// between.
func withoutWithheld(steps []Step) (out []Step, any bool) {
	var open *Step
	for _, s := range steps {
		if open != nil {
			s.IDs, s.Rows, s.Persons, s.Cause = slices.Concat(open.IDs, s.IDs), open.Rows+s.Rows, open.Persons+s.Persons, CauseTogether
		}
		if open = nil; withheld(s.After) {
			open, any = &s, true
			continue
		}
		out = append(out, s)
	}
	return out, any
}

// smallest is the step, of those that concern persons and are told, which concerns
// the fewest; -1 when there is none.
func smallest(steps []Step) int {
	found := -1
	for i, s := range steps {
		if s.Cause != CauseTogether && s.Rows > 0 && (found < 0 || s.Persons < steps[found].Persons) {
			found = i
		}
	}
	return found
}
