package disclosure

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Counts put together of one pass are those of the persons themselves: exact up
// to k, and no fewer than k above.
func TestTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type seen struct {
			a, b  string
			month int
		}
		k := rapid.IntRange(2, 6).Draw(t, "k")
		rows := map[seen]map[uint64]bool{}
		for range rapid.IntRange(0, 40).Draw(t, "rows") {
			s := seen{rapid.SampledFrom([]string{"0", "1"}).Draw(t, "a"), rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "b"), rapid.IntRange(0, 7).Draw(t, "month")}
			if rows[s] == nil {
				rows[s] = map[uint64]bool{}
			}
			rows[s][rapid.Uint64Range(1, 12).Draw(t, "person")] = true
		}
		var atoms []Atom
		for s, who := range rows {
			a := Atom{Values: []string{s.a, s.b}, Start: city.NewDate(2023, time.Month(1+s.month), 1), Persons: int64(len(who))}
			for p := range who {
				if len(who) < k {
					a.Who = append(a.Who, p)
				}
			}
			atoms = append(atoms, a)
		}
		for _, by := range subsets([]string{"a", "b"}) {
			got, err := Together(k, []string{"a", "b"}, atoms)(by, city.GrainQuarter)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]map[uint64]bool{}
			for s, who := range rows {
				var values []string
				for _, f := range by {
					values = append(values, map[string]string{"a": s.a, "b": s.b}[f])
				}
				name := key(append(values, city.GrainQuarter.Start(city.NewDate(2023, time.Month(1+s.month), 1)).String()))
				if want[name] == nil {
					want[name] = map[uint64]bool{}
				}
				for p := range who {
					want[name][p] = true
				}
			}
			if len(got) != len(want) {
				t.Fatalf("%d cells, want %d", len(got), len(want))
			}
			for _, c := range got {
				n := int64(len(want[key(append(c.Values, c.Start.String()))]))
				if c.Persons != n && (n < int64(k) || c.Persons < int64(k)) {
					t.Fatalf("%v from %s: %d persons, want %d (k %d)", c.Values, c.Start, c.Persons, n, k)
				}
			}
		}
	})
}
