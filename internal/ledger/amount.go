package ledger

import (
	"math/big"
	"strconv"
	"strings"
)

// significant is how many digits of a computed value are taken to be meant; see
// city.Figure.
const significant = 15

// exact is a value as the decimal figure that it stands for.
func exact(v float64) *big.Rat {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(v, 'e', significant-1, 64))
	if !ok { // not a number, or infinite: no engine gives these as a value
		return new(big.Rat)
	}
	return r
}

// plain writes a finite decimal without exponent and without trailing zeros.
func plain(r *big.Rat) string {
	digits, _ := r.FloatPrec()
	text := r.FloatString(digits)
	if text == "-0" {
		return "0"
	}
	return text
}

// shown reads a displayed figure; nil when nothing is displayed.
func shown(display string) *big.Rat {
	r, ok := new(big.Rat).SetString(display)
	if !ok {
		return nil
	}
	return r
}

// decimalsOf counts the decimals of a displayed figure.
func decimalsOf(display string) int {
	_, fraction, _ := strings.Cut(display, ".")
	return len(fraction)
}

// round gives an amount with a number of decimals, halves away from zero. The
// amounts of a difference are no figures of a standard: what their rounding
// leaves over is shown as a part.
func round(r *big.Rat, decimals int) *big.Rat {
	out, ok := new(big.Rat).SetString(r.FloatString(decimals))
	if !ok {
		return new(big.Rat)
	}
	return out
}

// signed writes an amount with its sign, as tables of differences do.
func signed(r *big.Rat, decimals int) string {
	text := r.FloatString(decimals)
	if r.Sign() > 0 {
		return "+" + text
	}
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}
