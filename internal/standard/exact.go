package standard

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// units counts a concentration in units of its last decimal, rounded half to
// even; false when it is not a number.
func units(v float64, decimals int) (*big.Int, bool) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil, false
	}
	text := strings.Replace(city.Figure(v, decimals), ".", "", 1)
	return new(big.Int).SetString(text, 10)
}

// exact is the decimal number that a value of a table is written as.
func exact(v float64) *big.Rat {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(v, 'f', -1, 64))
	if !ok {
		return new(big.Rat) // tables hold finite numbers only; the pack refuses others
	}
	return r
}

// power is 10 to the n.
func power(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, 0))), nil)
}

// up rounds to the next whole number that is not smaller.
func up(r *big.Rat) int64 {
	whole, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		whole.Add(whole, big.NewInt(1))
	}
	return whole.Int64()
}
