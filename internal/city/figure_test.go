package city

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The examples of halves are those of GB/T 8170: to the even digit, as the
// decimal figure stands.
func TestFigure(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{0.5, 0, "0"}, {1.5, 0, "2"}, {2.5, 0, "2"}, {-0.5, 0, "0"}, {-1.5, 0, "-2"}, {2.51, 0, "3"},
		{1.15, 1, "1.2"}, {1.25, 1, "1.2"}, {1.35, 1, "1.4"}, {2.675, 2, "2.68"}, {-2.665, 2, "-2.66"},
		{40.250000000000007, 1, "40.2"}, // a mean that would be 40.25 without the noise of binary fractions
		{40.251, 1, "40.3"},
		{0, 2, "0.00"}, {0.004, 2, "0.00"}, {-0.004, 2, "0.00"}, {0.05, 1, "0.0"}, {7, 2, "7.00"}, {12, -1, "12"},
		{1e15, 0, "1000000000000000"}, {123456789.125, 2, "123456789.12"},
		{math.Inf(1), 1, "+Inf"}, {math.NaN(), 1, "NaN"},
	} {
		if got := Figure(c.v, c.decimals); got != c.want {
			t.Errorf("%v with %d decimals: %s, want %s", c.v, c.decimals, got, c.want)
		}
	}
}

// A decimal figure is never moved by more than half a unit of its last digit,
// and a half goes to an even digit.
func TestFigureRounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-999_999_999, 999_999_999).Draw(t, "n")
		written := rapid.IntRange(0, 4).Draw(t, "written")
		decimals := rapid.IntRange(0, 4).Draw(t, "decimals")
		v, err := strconv.ParseFloat(strconv.FormatInt(n, 10)+"e-"+strconv.Itoa(written), 64)
		if err != nil {
			t.Fatal(err)
		}
		got := Figure(v, decimals)
		exact, unit := ratio(n, written), ratio(1, decimals)
		shown, ok := new(big.Rat).SetString(got)
		if !ok {
			t.Fatalf("%q is no number", got)
		}
		off := new(big.Rat).Sub(shown, exact)
		twice := off.Abs(off).Add(off, off)
		even := strings.ContainsRune("02468", rune(got[len(got)-1]))
		if c := twice.Cmp(unit); c > 0 || (c == 0 && !even) {
			t.Errorf("%v with %d decimals: %s", v, decimals, got)
		}
	})
}

// ratio is n / 10^decimals.
func ratio(n int64, decimals int) *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(n), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
}
