package delivery_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// declare delivers a file with a manifest that says the given of it.
func (b *bench) declare(dataset, content string, entry city.ManifestFile) *delivery.Receipt {
	b.t.Helper()
	m := &city.Manifest{Dataset: dataset, Files: []city.ManifestFile{entry}}
	return b.request(delivery.Request{Dataset: dataset, File: "batch.csv", Content: strings.NewReader(content), Actor: "test", Manifest: m, Entry: &entry})
}

func sums(pairs ...string) city.ManifestFile {
	e := city.ManifestFile{Sums: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		e.Sums[pairs[i]] = pairs[i+1]
	}
	return e
}

// balanceOf is where the wages went, in one line.
func balanceOf(r *delivery.Receipt) string {
	var out []string
	for _, x := range r.Balance {
		line := fmt.Sprintf("%s %s=%s+%s+%s", x.Field, x.Received, x.Accepted, x.Quarantined, x.Duplicate)
		if x.Declared != "" {
			line += " declared " + x.Declared
		}
		if x.Unreadable > 0 {
			line += fmt.Sprintf(" unreadable %d", x.Unreadable)
		}
		out = append(out, line)
	}
	for _, x := range r.Distinct {
		out = append(out, fmt.Sprintf("%s %d of %d", x.Field, x.Received, x.Declared))
	}
	return strings.Join(out, "; ")
}

// mixed has one row of each fate: accepted, written in full-width digits,
// superseded, twice the same, in quarantine with a readable wage, in quarantine
// because of its wage, and without one.
const mixed = head +
	"A1," + anna + ",,2024-01-05,100.01\n" +
	"A2," + bruno + ",,2024-01-05,２００．０２\n" +
	"A3,,,2024-01-05,0.30\n" +
	"A3,,,2024-01-05,0.40\n" +
	"A4,,,2024-01-05,5\n" +
	"A4,,,2024-01-05,5.0\n" +
	"A5," + anna + ",,2024-13-05,1000.50\n" +
	"A6,,,2024-01-05,many\n" +
	"A7,,,2024-01-05,\n"

func TestTotals(t *testing.T) {
	t.Parallel()
	const all = "committed 9=5+2+2 duplicate_in_file:1 not_a_date:1 not_a_number:1 superseded_in_file:1"
	for name, c := range map[string]struct {
		entry                city.ManifestFile
		brief, balance, says string
	}{
		"nothing declared":  {city.ManifestFile{}, all, "wage 1311.23=305.43+1000.50+5.30 unreadable 1", ""},
		"right to the cent": {sums("wage", "1311.23"), all, "wage 1311.23=305.43+1000.50+5.30 declared 1311.23 unreadable 1", ""},
		"by its column":     {sums("工资", "1311.230"), all, "wage 1311.23=305.43+1000.50+5.30 declared 1311.230 unreadable 1", ""},
		"distinct persons":  {city.ManifestFile{Distinct: map[string]int64{"公民身份号码": 2, "no": 7}}, all, "wage 1311.23=305.43+1000.50+5.30 unreadable 1; no 7 of 7; person 2 of 2", ""},
		"a cent less": {sums("wage", "1311.22"), "rejected 9=0+9+0 invalid.manifest batch_rejected:7 not_a_date:1 not_a_number:1",
			"wage 1311.23=0.00+1311.23+0.00 declared 1311.22 unreadable 1", "the sum of wage is 1311.23, the manifest says 1311.22 (difference 0.01) (the values of 1 rows could not be read"},
		"a person more": {city.ManifestFile{Distinct: map[string]int64{"person": 3}}, "rejected 9=0+9+0 invalid.manifest batch_rejected:7 not_a_date:1 not_a_number:1",
			"wage 1311.23=0.00+1311.23+0.00 unreadable 1; person 2 of 3", "person has 2 different values, the manifest says 3 (difference -1)"},
		"no number":       {sums("wage", "1e3"), "rejected 0=0+0+0 invalid.manifest", "", "not a plain decimal number"},
		"no field":        {sums("wages", "1"), "rejected 0=0+0+0 invalid.manifest", "", "did you mean wage?"},
		"field twice":     {sums("wage", "1311.23", "工资", "1311.23"), "rejected 0=0+0+0 invalid.manifest", "", "twice"},
		"sum of texts":    {sums("no", "1"), "rejected 0=0+0+0 invalid.manifest", "", "of type string"},
		"more than fits":  {sums("wage", strings.Repeat("9", 61)), "rejected 0=0+0+0 invalid.manifest", "", "not a plain"},
		"count of nobody": {city.ManifestFile{Distinct: map[string]int64{"who": 1}}, "rejected 0=0+0+0 invalid.manifest", "", "no field"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newBench(t).declare("hrss.jobs", mixed, c.entry)
			if brief(r) != c.brief || balanceOf(r) != c.balance || !strings.Contains(r.Message, c.says) {
				t.Errorf("%s\n%s\n%s", brief(r), balanceOf(r), r.Message)
			}
		})
	}
}

// TestSumOfDoubles refuses a sum that neither side could be held to.
func TestSumOfDoubles(t *testing.T) {
	t.Parallel()
	r := newBench(t).declare("env.air", "2024-01-05,1.5\n", sums("pm25", "1.5"))
	if r.Code != "invalid.manifest" || !strings.Contains(r.Message, "type number") || len(r.Balance) != 0 {
		t.Errorf("%s: %s", brief(r), r.Message)
	}
}

// TestTotalsOfTheSameFile holds that bytes that were committed before are held
// to what their manifest says too, from the earlier receipt or counted again.
func TestTotalsOfTheSameFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.deliver("hrss.jobs", mixed)
	table := b.table("hrss.jobs")
	if r := b.declare("hrss.jobs", mixed, sums("wage", "1311.23")); brief(r) != "committed 9=0+0+9 same_file:9" || balanceOf(r) != "wage 1311.23=0.00+0.00+1311.23 declared 1311.23 unreadable 1" {
		t.Errorf("the same again: %s, %s", brief(r), balanceOf(r))
	}
	if r := b.declare("hrss.jobs", mixed, sums("wage", "1311.24")); r.Code != "invalid.manifest" || balanceOf(r) != "wage 1311.23=0.00+1311.23+0.00 declared 1311.24 unreadable 1" {
		t.Errorf("the same with another sum: %s, %s", brief(r), balanceOf(r))
	}
	again := city.ManifestFile{Distinct: map[string]int64{"person": 2}}
	if r := b.declare("hrss.jobs", mixed, again); brief(r) != "committed 9=0+0+9 same_file:9" || balanceOf(r) != "wage 1311.23=0.00+0.00+1311.23 unreadable 1; person 2 of 2" {
		t.Errorf("the same, counted again: %s, %s", brief(r), balanceOf(r))
	}
	again.Distinct["person"] = 1
	if r := b.declare("hrss.jobs", mixed, again); r.Code != "invalid.manifest" {
		t.Errorf("the same with another count: %s", brief(r))
	}
	ten := int64(10)
	if r := b.declare("hrss.jobs", mixed, city.ManifestFile{Rows: &ten}); r.Code != "invalid.manifest" {
		t.Errorf("the same with another number of rows: %s", brief(r))
	}
	b.wantTable("hrss.jobs", table...)
}

// TestSumsDoNotOverflow adds up more than 64 bits hold, both ways of sign.
func TestSumsDoNotOverflow(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString(head)
	want := new(big.Int)
	const most = "9999999999999999.99" // of DECIMAL(18,2)
	n, _ := new(big.Int).SetString("999999999999999999", 10)
	for i := range 30 {
		fmt.Fprintf(&file, "A%d,,,2024-01-05,%s\n", i, most)
		want.Add(want, n)
	}
	fmt.Fprintf(&file, "B1,,,2024-01-05,-%s\n", most)
	want.Sub(want, n)
	total := city.NewAmount(want, 2).String()
	r := newBench(t).declare("hrss.jobs", file.String(), sums("wage", total))
	if r.Status != delivery.Committed || r.Balance[0].Accepted != total || r.Sums["wage"] != total {
		t.Errorf("%s, %s, want %s", brief(r), balanceOf(r), total)
	}
}

// TestTotalsHoldForAnyFile delivers files of random rows, with the sum of their
// wages and with one that is off by a cent.
func TestTotalsHoldForAnyFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	rnd := rand.New(rand.NewPCG(3, 14))
	for range 6 {
		var file strings.Builder
		file.WriteString(head)
		cents := int64(0)
		for range 1 + rnd.IntN(3000) {
			n := rnd.Int64N(2_000_000) - 1_000_000
			cents += n
			day := "2024-01-05"
			if rnd.IntN(10) == 0 {
				day = "soon" // quarantined, but the wage counts
			}
			fmt.Fprintf(&file, "A%d,,,%s,%s\n", rnd.IntN(2000), day, city.NewAmount(big.NewInt(n), 2))
		}
		wrong := sums("wage", city.NewAmount(big.NewInt(cents+1), 2).String())
		if r := b.declare("hrss.jobs", file.String(), wrong); r.Code != "invalid.manifest" {
			t.Errorf("a cent more: %s, %s", brief(r), balanceOf(r))
		}
		right := sums("wage", city.NewAmount(big.NewInt(cents), 2).String())
		if r := b.declare("hrss.jobs", file.String(), right); r.Status != delivery.Committed {
			t.Errorf("%s: %s", brief(r), r.Message)
		}
	}
}

func hashOf(content string) string {
	h := sha256.Sum256([]byte(content))
	return hex.EncodeToString(h[:])
}
