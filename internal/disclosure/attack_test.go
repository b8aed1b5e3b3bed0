package disclosure

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// release is made-up rows: how many persons each combination of values has in
// each month. Nobody counts twice.
type release struct {
	fields []string
	values [][]string
	months []city.Date
	atoms  []atom
}

type atom struct {
	values []string
	month  int
	n      int64
}

func drawRelease(t *rapid.T, most, months int) *release {
	r := &release{}
	for i := range rapid.IntRange(1, 3).Draw(t, "fields") {
		r.fields = append(r.fields, string(rune('a'+i)))
		var values []string
		for v := range rapid.IntRange(2, most).Draw(t, "values") {
			values = append(values, fmt.Sprint(v))
		}
		r.values = append(r.values, values)
	}
	for i := range rapid.IntRange(1, months).Draw(t, "months") {
		r.months = append(r.months, city.NewDate(2023, time.Month(10+i), 1))
	}
	size := rapid.Int64Range(1, 9).Draw(t, "size")
	for _, values := range product(r.values) {
		for m := range r.months {
			n := rapid.Int64Range(-size, size).Draw(t, "n") // about half of the atoms are empty
			r.atoms = append(r.atoms, atom{values, m, max(n, 0)})
		}
	}
	return r
}

// count is the Counter of a release.
func (r *release) count(fields []string, unit city.Grain) ([]Count, error) {
	sums := map[string]*Count{}
	for _, a := range r.atoms {
		if a.n == 0 {
			continue
		}
		var values []string
		for i, f := range r.fields {
			for _, want := range fields {
				if f == want {
					values = append(values, a.values[i])
				}
			}
		}
		start := unit.Start(r.months[a.month])
		name := key(append([]string{start.String()}, values...))
		if sums[name] == nil {
			sums[name] = &Count{Values: values, Start: start}
		}
		sums[name].Persons += a.n
	}
	var out []Count
	for _, c := range sums {
		out = append(out, *c)
	}
	return out, nil
}

// question is a cell and a window of months, with what it sums.
type question struct {
	cell     map[string]Set
	from, to int
	atoms    []bool
	n        int64
	single   bool // no field has several values
}

// questions lists all cells with one value, any value or two values of a field,
// for all windows of whole months that begin and end with the data or in it.
func (r *release) questions() []question {
	choices := make([][][]string, len(r.fields))
	for i, values := range r.values {
		choices[i] = append(choices[i], nil)
		for _, v := range values {
			choices[i] = append(choices[i], []string{v})
		}
		choices[i] = append(choices[i], values[:2], values[1:])
	}
	index := make([][]string, len(choices)) // into choices, as texts for product
	for i := range choices {
		for j := range choices[i] {
			index[i] = append(index[i], fmt.Sprint(j))
		}
	}
	var out []question
	for _, pick := range product(index) {
		cell := map[string]Set{}
		for i, p := range pick {
			var j int
			_, _ = fmt.Sscan(p, &j)
			if choices[i][j] != nil {
				cell[r.fields[i]] = Set{Values: choices[i][j]}
			}
		}
		for from := range r.months {
			for to := from; to < len(r.months); to++ {
				out = append(out, r.question(cell, from, to))
			}
		}
	}
	return out
}

func (r *release) question(cell map[string]Set, from, to int) question {
	q := question{cell: cell, from: from, to: to, atoms: make([]bool, len(r.atoms)), single: true}
	for _, set := range cell {
		q.single = q.single && len(set.Values) == 1
	}
	for i, a := range r.atoms {
		in := a.month >= from && a.month <= to
		for j, f := range r.fields {
			if set, ok := cell[f]; ok {
				held := false
				for _, v := range set.Values {
					held = held || v == a.values[j]
				}
				in = in && held
			}
		}
		if in {
			q.atoms[i] = true
			q.n += a.n
		}
	}
	return q
}

func (r *release) window(q question) city.Span {
	return city.Span{From: r.months[q.from], To: r.months[q.to].MonthEnd()}
}

// prime is the modulus of the attacker's arithmetic: what can be computed with
// fractions can be computed with it.
const prime = 1_000_003

// knowledge is what can be computed from answers: a space of sums of atoms, kept
// as rows in echelon form.
type knowledge struct{ rows map[int][]int64 }

func (k *knowledge) reduce(v []int64) []int64 {
	v = append([]int64(nil), v...)
	for i := range v {
		row, ok := k.rows[i]
		if v[i] == 0 || !ok {
			continue
		}
		f := v[i]
		for j := i; j < len(v); j++ {
			v[j] = ((v[j]-f*row[j])%prime + prime) % prime
		}
	}
	return v
}

func (k *knowledge) learn(v []int64) {
	v = k.reduce(v)
	for i := range v {
		if v[i] == 0 {
			continue
		}
		inv := power(v[i], prime-2)
		for j := i; j < len(v); j++ {
			v[j] = v[j] * inv % prime
		}
		k.rows[i] = v
		return
	}
}

// knows says whether a sum can be computed.
func (k *knowledge) knows(v []int64) bool {
	for _, x := range k.reduce(v) {
		if x != 0 {
			return false
		}
	}
	return true
}

func power(b, e int64) int64 {
	out := int64(1)
	for ; e > 0; e >>= 1 {
		if e&1 == 1 {
			out = out * b % prime
		}
		b = b * b % prime
	}
	return out
}

func vector(atoms []bool) []int64 {
	out := make([]int64, len(atoms))
	for i, in := range atoms {
		if in {
			out[i] = 1
		}
	}
	return out
}

// The one who asks everything that may be asked, about all fields and all
// windows, and adds and subtracts the answers, cannot compute how many persons
// any small group has.
func TestAttacker(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRelease(t, 4, 6)
		k := rapid.IntRange(2, 6).Draw(t, "k")
		g, err := New(k, r.fields, r.count)
		if err != nil {
			t.Fatal(err)
		}
		known := &knowledge{rows: map[int][]int64{}}
		all := r.questions()
		for _, q := range all {
			if !g.Tells(q.cell, r.window(q)) {
				continue
			}
			if q.n > 0 && q.n < int64(k) {
				t.Fatalf("%v in %s is told: %d", q.cell, r.window(q), q.n)
			}
			known.learn(vector(q.atoms))
		}
		for _, q := range all {
			if q.single && q.n > 0 && q.n < int64(k) && known.knows(vector(q.atoms)) {
				t.Fatalf("%v in %s can be computed: %d", q.cell, r.window(q), q.n)
			}
		}
	})
}
