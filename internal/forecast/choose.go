package forecast

import "math"

// judge weighs methods for a total by how wrong they were before.
//
// The loss of a method is held against the floor's over the trials where it
// could be applied. Few trials say little, the less the more steps of theirs
// overlap, so what they say is drawn towards what is usual for the method (see
// Method); a method counts by a high power of its accuracy so judged. Nothing
// is chosen outright: between methods that did about as well the record cannot
// tell, and their mean errs less than either. Far ahead the record of a short
// series tells least, and the floor is given a share of its own.
type judge struct {
	methods []Method
	steps   int         // of the total
	caution float64     // the floor's own share
	trials  []attempt   // oldest first
	losses  [][]account // by trial and method
	scales  []float64   // by trial, to the present level
}

// What did best on the series that the methods were tuned on (ADR 0024); all of
// them may be half as large or twice without much harm.
const (
	doubt     = 2   // trials that what is usual for a method counts for
	sharpness = 4   // the power of the accuracy that methods are weighed by
	caution   = 0.4 // the floor's own share a year ahead; less when nearer, or when a method is far better
)

func (m *Model) judge(a Total, t *Tried) judge {
	j := judge{methods: t.methods, steps: len(a.Weights), trials: t.attempts}
	j.caution = caution * min(1, float64(j.steps)/float64(m.season))
	for _, at := range t.attempts {
		row := make([]account, len(at.paths))
		for i, p := range at.paths {
			row[i] = a.account(p, at.truth)
		}
		j.losses = append(j.losses, row)
		j.scales = append(j.scales, m.scale(at.level))
	}
	return j
}

// account is the loss of a path by how many steps of the truth were known.
type account []float64

// account is nil for a method that could not be applied.
func (a Total) account(p, truth []float64) account {
	if p == nil {
		return nil
	}
	out := make(account, min(len(a.Weights), len(truth)))
	for k := range out {
		out[k] = a.loss(p[:k+1], truth[:k+1])
	}
	return out
}

// choose mixes paths by the record of the first trials, as it stood at a moment:
// truth after the moment is not looked at. It gives the leading method with
// what they say together.
func (j judge) choose(trials, moment int, now [][]float64) (leading int, path []float64) {
	shares := make([]float64, len(now))
	for i := range now {
		if now[i] == nil {
			continue
		}
		ratio, n := j.ratio(trials, moment, i)
		if n > 0 && ratio == 1 { // it did as the floor did, and is no more than that
			shares[i] = 1
			continue
		}
		belief := independent(n, j.steps)
		belief /= belief + doubt
		shares[i] = math.Pow(math.Pow(ratio, belief)*math.Pow(j.methods[i].Usual, 1-belief), -sharpness)
		if shares[i] > shares[leading] {
			leading = i
		}
	}
	own := j.caution * min(1, math.Pow(shares[leading], -2.0/sharpness))
	shares[0] += total(shares) * own / (1 - own)
	return leading, mix(now, shares)
}

// The least and the greatest that losses may be to the floor's: a method that
// never erred does not silence all others by dividing through nothing.
const flawless, hopeless = 0.01, 1e6

// ratio compares a method's losses before a moment with the floor's.
func (j judge) ratio(trials, moment, method int) (ratio float64, n int) {
	ours, floor := 0.0, 0.0
	for i, at := range j.trials[:trials] {
		k := min(len(j.losses[i][0]), moment-at.origin)
		if j.losses[i][method] == nil || k == 0 {
			continue
		}
		ours += j.scales[i] * j.losses[i][method][k-1]
		floor += j.scales[i] * j.losses[i][0][k-1]
		n++
	}
	switch {
	case ours == floor:
		return 1, n
	case floor == 0:
		return hopeless, n
	}
	return min(max(ours/floor, flawless), hopeless), n
}

// mix is the mean of paths by their shares.
func mix(paths [][]float64, shares []float64) []float64 {
	out, all := make([]float64, len(paths[0])), total(shares)
	for i, p := range paths {
		for k := range p {
			out[k] += p[k] * shares[i] / all
		}
	}
	return out
}
