package city

import (
	"math/big"
	"strings"
)

// longestAmount is the longest text, in bytes, that ParseAmount reads: room for
// the sum of any table, and a bound on what a hostile text costs.
const longestAmount = 60

// Amount is an exact decimal number of any size: sums of money do not overflow
// and are never binary fractions. The zero value is 0. Amounts are values: no
// method changes its receiver.
type Amount struct {
	n     *big.Int // in units of the last decimal; nil is 0
	scale int      // decimals
}

// NewAmount gives n counted in units of the last of scale decimals.
func NewAmount(n *big.Int, scale int) Amount { return Amount{new(big.Int).Set(n), scale} }

// ParseAmount reads plain decimal digits with an optional minus and decimal
// point, as receipts and manifests write them: no plus, exponent or grouping.
// The error has the code invalid.
func ParseAmount(text string) (Amount, error) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, frac, point := strings.Cut(digits, ".")
	if len(text) > longestAmount || whole == "" || point && frac == "" || !plainDigits(whole) || !plainDigits(frac) {
		return Amount{}, Errorf(CodeInvalid, "%s is not a plain decimal number", shownAmount(text)).
			WithHint("write digits with a decimal point, for example 1234.50")
	}
	n, _ := new(big.Int).SetString(whole+frac, 10) // cannot fail: digits only
	if negative {
		n.Neg(n)
	}
	return Amount{n, len(frac)}, nil
}

// shownAmount quotes the beginning of a text.
func shownAmount(text string) string {
	const most = 20
	if r := []rune(strings.ToValidUTF8(text, "�")); len(r) > most {
		text = string(r[:most]) + "…"
	}
	return "“" + text + "”"
}

func plainDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Add gives a + b with the decimals of the finer one.
func (a Amount) Add(b Amount) Amount {
	scale := max(a.scale, b.scale)
	return Amount{new(big.Int).Add(a.units(scale), b.units(scale)), scale}
}

// Sub gives a − b with the decimals of the finer one.
func (a Amount) Sub(b Amount) Amount {
	scale := max(a.scale, b.scale)
	return Amount{new(big.Int).Sub(a.units(scale), b.units(scale)), scale}
}

// Equal says whether both are the same number, whatever their decimals.
func (a Amount) Equal(b Amount) bool { return a.Sub(b).Sign() == 0 }

// Sign is −1, 0 or 1.
func (a Amount) Sign() int { return a.units(a.scale).Sign() }

// units counts the amount in units of a decimal that is at least as fine.
func (a Amount) units(scale int) *big.Int {
	n := new(big.Int)
	if a.n == nil {
		return n
	}
	factor := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale-a.scale)), nil)
	return n.Mul(a.n, factor)
}

// String writes the amount with all its decimals, for example 1234.50.
func (a Amount) String() string { return point(a.units(a.scale), a.scale) }
