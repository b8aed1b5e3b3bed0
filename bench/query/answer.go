package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// answer is the values of a question, by period and dimensions.
type answer map[string]float64

// add takes a row: the keys, then the value.
func (a answer) add(keys []string, value float64) { a[strings.Join(keys, " | ")] = value }

// times multiplies all values.
func (a answer) times(by float64) answer {
	out := answer{}
	for k, v := range a {
		out[k] = v * by
	}
	return out
}

// tolerance is how far floating-point values may lie apart, as a share: the
// engines add numbers in different orders.
const tolerance = 1e-9

// differs says how another answer differs, or "".
func (a answer) differs(b answer) string {
	var out []string
	for k, v := range a {
		w, ok := b[k]
		switch {
		case !ok:
			out = append(out, fmt.Sprintf("%s is %v here and missing there", k, v))
		case math.Abs(v-w) > tolerance*max(1, math.Abs(v), math.Abs(w)):
			out = append(out, fmt.Sprintf("%s is %v here and %v there", k, v, w))
		}
	}
	for k, w := range b {
		if _, ok := a[k]; !ok {
			out = append(out, fmt.Sprintf("%s is missing here and %v there", k, w))
		}
	}
	if len(out) == 0 {
		return ""
	}
	slices.Sort(out)
	return fmt.Sprintf("%d values differ, first: %s", len(out), out[0])
}
