package metric

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

// tally is what rows were summed up to, or several such put together. Whole
// and decimal numbers are kept exactly, as the engine does, so that a sum of
// money does not depend on how it was taken apart. The zero tally is unknown.
type tally struct {
	known  bool
	exact  *big.Int // times 10 to the power of -scale; nil for a binary number
	scale  int
	binary float64
	list   []float64 // every value, for a percentile
}

// Scan reads a column of units, as database/sql hands it over.
func (f *tally) Scan(src any) error {
	*f = tally{}
	switch v := src.(type) {
	case nil:
		return nil
	case int64:
		f.exact = big.NewInt(v)
	case *big.Int:
		f.exact = v
	case float64:
		f.binary = v
	case []any:
		f.list = make([]float64, 0, len(v))
		for _, x := range v {
			number, ok := x.(float64)
			if !ok {
				return fmt.Errorf("a list of units holds a %T", x)
			}
			f.list = append(f.list, number)
		}
	case fmt.Stringer: // a decimal of the engine's own type
		return f.parse(v.String())
	default:
		return fmt.Errorf("a unit cannot be read from a %T", src)
	}
	f.known = true
	return nil
}

// parse reads a decimal.
func (f *tally) parse(text string) error {
	whole, part, _ := strings.Cut(text, ".")
	n, ok := new(big.Int).SetString(whole+part, 10)
	if !ok {
		return fmt.Errorf("%q is not a decimal", text)
	}
	f.known, f.exact, f.scale = true, n, len(part)
	return nil
}

// put puts another tally of the same column together with this one, as the
// column says. An unknown one adds nothing.
func (f *tally) put(merge string, g tally) {
	switch {
	case !g.known:
	case !f.known:
		*f = g
		if g.exact != nil {
			f.exact = new(big.Int).Set(g.exact) // it is added to
		}
		f.list = append([]float64(nil), g.list...)
	case merge == mergeList:
		f.list = append(f.list, g.list...)
	case merge == mergeMin:
		f.binary = min(f.binary, g.binary)
	case merge == mergeMax:
		f.binary = max(f.binary, g.binary)
	default:
		f.add(g)
	}
}

func (f *tally) add(g tally) {
	if f.exact == nil || g.exact == nil {
		f.binary, f.exact = f.float()+g.float(), nil
		return
	}
	other := g.exact
	switch {
	case f.scale < g.scale:
		f.exact.Mul(f.exact, powerOfTen(g.scale-f.scale))
		f.scale = g.scale
	case f.scale > g.scale:
		other = new(big.Int).Mul(other, powerOfTen(f.scale-g.scale))
	}
	f.exact.Add(f.exact, other)
}

func powerOfTen(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// float is the nearest binary number; 0 when nothing is known.
func (f *tally) float() float64 {
	switch {
	case f.exact == nil:
		return f.binary
	case f.exact.IsInt64() && f.scale <= 22 && f.exact.BitLen() <= 53:
		return float64(f.exact.Int64()) / math.Pow10(f.scale) // both are exact, so that the quotient is the nearest
	}
	v, _ := new(big.Rat).SetFrac(f.exact, powerOfTen(f.scale)).Float64()
	return v
}

// int is a count.
func (f *tally) int() int64 {
	if f.exact == nil {
		return 0
	}
	return f.exact.Int64()
}
