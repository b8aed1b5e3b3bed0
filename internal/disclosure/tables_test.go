package disclosure

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// drawTiny is a release small enough to go through all tables that give the same
// answers.
func drawTiny(t *rapid.T) *release {
	r := &release{fields: []string{"a", "b"}, values: [][]string{{"0", "1"}, {"0", "1"}}}
	if rapid.Bool().Draw(t, "one field") {
		r.fields, r.values = []string{"a"}, [][]string{{"0", "1", "2"}}
	}
	for m := range rapid.IntRange(1, 2).Draw(t, "months") {
		r.months = append(r.months, city.NewDate(2023, time.Month(1+m), 1))
	}
	for _, values := range product(r.values) {
		for m := range r.months {
			r.atoms = append(r.atoms, atom{values, m, max(rapid.Int64Range(-2, 3).Draw(t, "n"), 0)})
		}
	}
	return r
}

// tables goes through all releases of whole persons that agree with what is told.
func tables(n []int64, at int, left int64, told []question, visit func(n []int64)) {
	if at == len(n) {
		visit(n)
		return
	}
	for n[at] = 0; n[at] <= left; n[at]++ {
		if agrees(n, at, told) {
			tables(n, at+1, left-n[at], told, visit)
		}
	}
	n[at] = 0
}

// agrees says whether the atoms up to the given one can be right.
func agrees(n []int64, upTo int, told []question) bool {
	for _, q := range told {
		sum, whole := int64(0), true
		for i, in := range q.atoms {
			if in && i <= upTo {
				sum += n[i]
			}
			whole = whole && (!in || i <= upTo)
		}
		if sum > q.n || whole && sum != q.n {
			return false
		}
	}
	return true
}

// The one who goes through all tables of whole numbers that agree with what is
// told, and knows how many persons there are in all, finds two numbers at least
// for each small group.
func TestAllTables(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawTiny(t)
		k := rapid.IntRange(2, 4).Draw(t, "k")
		g, err := New(k, r.fields, r.count)
		if err != nil {
			t.Fatal(err)
		}
		var told, small []question
		for _, q := range r.questions() {
			switch {
			case g.Tells(q.cell, r.window(q)):
				told = append(told, q)
			case q.single && q.n > 0 && q.n < int64(k):
				small = append(small, q)
			}
		}
		all, open := int64(0), make([]bool, len(small))
		for _, a := range r.atoms {
			all += a.n
		}
		if all < int64(k) {
			return // whoever is told so knows of a small group from elsewhere
		}
		tables(make([]int64, len(r.atoms)), 0, all, told, func(n []int64) {
			for i, q := range small {
				sum := int64(0)
				for j, in := range q.atoms {
					if in {
						sum += n[j]
					}
				}
				open[i] = open[i] || sum != q.n
			}
		})
		for i, q := range small {
			if !open[i] {
				t.Fatalf("%v in %s can only be %d", q.cell, r.window(q), q.n)
			}
		}
	})
}
