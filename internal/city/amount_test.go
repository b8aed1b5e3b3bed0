package city_test

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

func TestParseAmount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "007": "7", "1234.50": "1234.50", "-0.05": "-0.05", "99999999999999999999999.999": "99999999999999999999999.999",
	} {
		if a, err := city.ParseAmount(text); err != nil || a.String() != want {
			t.Errorf("%q: %s, %v", text, a, err)
		}
	}
	for _, text := range []string{"", "-", ".", "1.", ".5", "+1", "1e3", "1,000", "１", " 1", "--1", "1.-2", "0x10", "NaN", strings.Repeat("9", 61)} {
		if a, err := city.ParseAmount(text); city.CodeOf(err) != city.CodeInvalid {
			t.Errorf("%q: %s, %v", text, a, err)
		}
	}
}

// TestAmountsAreExact holds amounts against fractions of whole numbers.
func TestAmountsAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (city.Amount, *big.Rat) {
			n, scale := rapid.Int64().Draw(t, name), rapid.IntRange(0, 18).Draw(t, name+" decimals")
			unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
			return city.NewAmount(big.NewInt(n), scale), new(big.Rat).SetFrac(big.NewInt(n), unit)
		}
		a, ra := draw("a")
		b, rb := draw("b")
		for _, c := range []struct {
			got  city.Amount
			want *big.Rat
		}{{a, ra}, {a.Add(b), new(big.Rat).Add(ra, rb)}, {a.Sub(b), new(big.Rat).Sub(ra, rb)}} {
			again, err := city.ParseAmount(c.got.String())
			shown, ok := new(big.Rat).SetString(c.got.String())
			if err != nil || !ok || shown.Cmp(c.want) != 0 || !again.Equal(c.got) || c.got.Sign() != c.want.Sign() {
				t.Fatalf("%s, want %s, %v", c.got, c.want.FloatString(20), err)
			}
		}
		if a.Equal(b) != (ra.Cmp(rb) == 0) {
			t.Fatalf("%s and %s", a, b)
		}
	})
}

func TestSenders(t *testing.T) {
	t.Parallel()
	c := &city.City{Senders: []*city.Sender{{Name: "a", Organisation: "o", Keys: []city.SenderKey{{ID: "k1"}, {ID: "k2", From: city.NewDate(2024, 1, 1), To: city.NewDate(2024, 12, 31)}}}}}
	s, k, ok := c.SenderKey("k2")
	if !ok || s.Name != "a" || k.ID != "k2" {
		t.Fatalf("got %v, %v, %v", s, k, ok)
	}
	if _, _, ok := c.SenderKey("k3"); ok {
		t.Error("an unknown key was found")
	}
	for day, want := range map[city.Date]bool{city.NewDate(2023, 12, 31): false, city.NewDate(2024, 1, 1): true, city.NewDate(2024, 12, 31): true, city.NewDate(2025, 1, 1): false} {
		if k.ValidOn(day) != want {
			t.Errorf("valid on %s: %v", day, !want)
		}
	}
	own, other := &city.Dataset{Name: "x.own", Owner: "o"}, &city.Dataset{Name: "x.other", Owner: "p"}
	if !s.MaySign(own) || s.MaySign(other) {
		t.Error("without datasets it signs for those of its organisation")
	}
	s.Datasets = []string{"x.other"}
	if s.MaySign(own) || !s.MaySign(other) {
		t.Error("with datasets it signs for them alone")
	}
}
