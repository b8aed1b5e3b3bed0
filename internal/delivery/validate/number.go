package validate

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

func compileInt(f *city.Field) func([]byte) (any, *Failure) {
	bad, large := fail(f, NotAnInteger, "the value is not a whole number"), fail(f, TooLarge, "the value does not fit into 64 bits")
	return func(raw []byte) (any, *Failure) {
		n, err := strconv.ParseInt(string(raw), 10, 64)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return nil, large
		case err != nil:
			return nil, bad
		}
		return n, nil
	}
}

func compileNumber(f *city.Field) func([]byte) (any, *Failure) {
	bad, large := fail(f, NotANumber, "the value is not a number"), fail(f, TooLarge, "the value is larger than a double holds")
	return func(raw []byte) (any, *Failure) {
		x, err := strconv.ParseFloat(string(raw), 64)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return nil, large
		case err != nil || math.IsNaN(x) || math.IsInf(x, 0) || bytes.ContainsAny(raw, "xXpP_"):
			return nil, bad
		}
		return x, nil
	}
}

// mostDigits is how many digits a decimal has, before and after the point.
const mostDigits = 18

// compileDecimal gives the value counted in the smallest unit, so that money
// is never a binary fraction.
func compileDecimal(f *city.Field) func([]byte) (any, *Failure) {
	bad := fail(f, NotANumber, "the value is not a decimal number")
	precise := fail(f, TooPrecise, fmt.Sprintf("the value has more than %d decimals", f.Scale))
	large := fail(f, TooLarge, fmt.Sprintf("the value has more than %d digits before the point", mostDigits-f.Scale))
	return func(raw []byte) (any, *Failure) {
		if n, ok := usualDecimal(raw, f.Scale); ok {
			return n, nil
		}
		negative := raw[0] == '-'
		if negative || raw[0] == '+' {
			raw = raw[1:]
		}
		whole, frac, _ := bytes.Cut(raw, []byte{'.'})
		if len(whole)+len(frac) == 0 || !digits(whole) || !digits(frac) { // .5 is what Oracle writes
			return nil, bad
		}
		whole, frac = bytes.TrimLeft(whole, "0"), bytes.TrimRight(frac, "0")
		switch {
		case len(frac) > f.Scale:
			return nil, precise
		case len(whole)+f.Scale > mostDigits:
			return nil, large
		}
		var n int64
		for _, d := range whole {
			n = n*10 + int64(d-'0')
		}
		for i := range f.Scale {
			n *= 10
			if i < len(frac) {
				n += int64(frac[i] - '0')
			}
		}
		if negative {
			n = -n
		}
		return n, nil
	}
}

// usualDecimal reads a number as most senders write amounts: digits, a point
// and exactly the decimals that are kept. It says false for every other form.
func usualDecimal(raw []byte, scale int) (int64, bool) {
	point := len(raw) - scale - 1
	if scale < 1 || point < 1 || point+scale > mostDigits || raw[point] != '.' {
		return 0, false
	}
	var n int64
	for i, c := range raw {
		if i == point {
			continue
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// compileBounds gives the check of the declared minimum and maximum, or nil
// when there are none. Whole numbers and decimals are compared as integers in
// their smallest unit: as binary fractions 0.07 would be below 0.07.
func compileBounds(f *city.Field) func(any) *Failure {
	if f.Min == nil && f.Max == nil {
		return nil
	}
	lo, hi := math.Inf(-1), math.Inf(1)
	var below, above *Failure
	if f.Min != nil {
		lo, below = *f.Min, fail(f, BelowMin, "the value is below "+boundText(*f.Min))
	}
	if f.Max != nil {
		hi, above = *f.Max, fail(f, AboveMax, "the value is above "+boundText(*f.Max))
	}
	least, most := atLeast(lo, scale(f)), atMost(hi, scale(f))
	return func(v any) *Failure {
		n, whole := v.(int64)
		x, double := v.(float64)
		switch {
		case whole && n < least, double && x < lo:
			return below
		case whole && n > most, double && x > hi:
			return above
		}
		return nil
	}
}

// boundText writes a bound as a person does: 1000000, not 1e+06.
func boundText(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// scale is the number of decimals that an int64 value of the field has.
func scale(f *city.Field) int {
	if f.Type == city.TypeDecimal {
		return f.Scale
	}
	return 0
}

// atMost is the largest integer whose value with scale decimals is not above
// x, as x is written in decimal; atLeast the smallest that is not below it.
func atMost(x float64, scale int) int64 {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(x, 'f', -1, 64))
	if !ok { // infinite
		return math.MaxInt64
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	r.Mul(r, new(big.Rat).SetInt(unit))
	n := new(big.Int).Div(r.Num(), r.Denom()) // rounds down, because Denom is positive
	switch {
	case n.IsInt64():
		return n.Int64()
	case n.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

func atLeast(x float64, scale int) int64 {
	if math.IsInf(x, -1) {
		return math.MinInt64
	}
	n := atMost(-x, scale)
	if n == math.MinInt64 {
		return math.MaxInt64
	}
	return -n
}

// compileAbove gives the comparison "a is above c" of two fields of a row; it
// is false when one of them is empty. It is exact but between a double and
// another type. A moment is compared with a day or month by its day.
func compileAbove(a, c *city.Field) func(x, y any) bool {
	unitA, unitC := scale(a), scale(c)
	days := a.Type != c.Type
	return func(x, y any) bool {
		switch x := x.(type) {
		case time.Time:
			y, ok := y.(time.Time)
			if days {
				return ok && city.DateOf(x).After(city.DateOf(y))
			}
			return ok && x.After(y)
		case int64:
			if y, ok := y.(int64); ok {
				return compareScaled(x, unitA, y, unitC) > 0
			}
		}
		fx, okX := asDouble(x, unitA)
		fy, okY := asDouble(y, unitC)
		return okX && okY && fx > fy
	}
}

func compareScaled(x int64, scaleX int, y int64, scaleY int) int {
	a, b := big.NewInt(x), big.NewInt(y)
	if scaleX == scaleY {
		return a.Cmp(b)
	}
	raise := func(n *big.Int, by int) { n.Mul(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(by)), nil)) }
	raise(a, max(0, scaleY-scaleX))
	raise(b, max(0, scaleX-scaleY))
	return a.Cmp(b)
}

func asDouble(v any, scale int) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v) / math.Pow10(scale), true
	case float64:
		return v, true
	}
	return 0, false
}
