package plan

import (
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
)

// promise is the value of a target with the sides that keep it.
type promise struct {
	value     float64
	low, high *float64 // the boundary on each side; nil where there is none
	strict    bool     // the boundary itself does not keep the promise
}

// promised is the target's promise for a value, which for a relative target is
// the other indicator's plus the declared margin.
func promised(t *city.Target, better city.Better, value float64) promise {
	p := promise{value: value}
	switch t.Comparator {
	case city.AtMost, city.Below:
		p.high, p.strict = &value, t.Comparator == city.Below
	case city.Around:
		tolerance := 0.0
		if t.Tolerance != nil {
			tolerance = *t.Tolerance
		}
		low, high := value-tolerance, value+tolerance
		if better != city.BetterLower {
			p.low = &low
		}
		if better != city.BetterHigher {
			p.high = &high
		}
	default:
		p.low, p.strict = &value, t.Comparator == city.Above
	}
	return p
}

// kept compares without rounding.
func (p promise) kept(v float64) bool {
	switch {
	case p.low != nil && (v < *p.low || p.strict && v == *p.low):
		return false
	case p.high != nil && (v > *p.high || p.strict && v == *p.high):
		return false
	}
	return true
}

// limit says that the promise is an upper bound and nothing else.
func (p promise) limit() bool { return p.high != nil && p.low == nil }

// standing is how a value compares with the pace.
type standing struct {
	lag   float64 // points behind the pace of the nearer boundary
	level bool    // that boundary is to be kept now
}

// stand compares a value with the pace of the promise in a month. Noise of the
// last binary digits is taken off the lag, so that one that is exactly on a
// threshold is seen to be.
func (p promise) stand(v float64, pace pacer, month city.Date) standing {
	out := standing{lag: math.Inf(-1)}
	weigh := func(bound float64, upper bool) {
		s := pace.at(month, bound, upper)
		behind := s.expected - v
		if upper {
			behind = -behind
		}
		if lag := math.Round(behind*s.points*1e9) / 1e9; lag > out.lag {
			out = standing{lag, s.level}
		}
	}
	if p.low != nil {
		weigh(*p.low, false)
	}
	if p.high != nil {
		weigh(*p.high, true)
	}
	return out
}

// expected is what the pace expects of the promised value itself, without the
// tolerance.
func (p promise) expected(pace pacer, month city.Date) float64 {
	return pace.at(month, p.value, p.limit()).expected
}
