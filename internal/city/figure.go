package city

import (
	"math/big"
	"strconv"
	"strings"
)

// significant is how many digits of a computed value are taken to be meant.
// The rest is noise of binary fractions: a mean of 40.25 may come out as
// 40.250000000000007.
const significant = 15

// Figure writes a value with a number of decimals as GB/T 8170 rounds: to the
// nearest, and an exact half to the even digit. Halves are those of the decimal
// figure, not of the binary fraction that stands for it: 1.15 gives 1.2.
func Figure(v float64, decimals int) string {
	decimals = max(decimals, 0)
	digits := strconv.FormatFloat(v, 'e', significant-1, 64)
	exact, ok := new(big.Rat).SetString(digits)
	if !ok {
		return digits // not a number, or infinite: nothing to round
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
	exact.Mul(exact, new(big.Rat).SetInt(scale))
	return point(halfEven(exact), decimals)
}

// halfEven rounds to a whole number.
func halfEven(r *big.Rat) *big.Int {
	whole, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	half := rest.Abs(rest).Lsh(rest, 1).Cmp(r.Denom())
	if half > 0 || (half == 0 && whole.Bit(0) == 1) {
		whole.Add(whole, big.NewInt(int64(r.Sign())))
	}
	return whole
}

// point writes a whole number of units of the last decimal.
func point(n *big.Int, decimals int) string {
	s := new(big.Int).Abs(n).String()
	if pad := decimals + 1 - len(s); pad > 0 {
		s = strings.Repeat("0", pad) + s
	}
	if decimals > 0 {
		s = s[:len(s)-decimals] + "." + s[len(s)-decimals:]
	}
	if n.Sign() < 0 {
		s = "-" + s
	}
	return s
}
