package disclosure

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// reasoner is somebody who knows sums of atoms and that no atom is less than
// nothing. It is right about what can be concluded from that (a linear program,
// solved by elimination and the simplex method), and knows nothing of how the
// guard decides.
//
// Whether a sum is certain depends on the atoms that are empty only: those that
// are not can become a little less, these cannot. The free atoms are eliminated
// first; what is left is few equations over empty atoms.
type reasoner struct {
	empty []bool      // by atom
	rows  [][]float64 // reduced: each has one pivot, which no other has
	pivot []int
}

const tiny = 1e-7

func newReasoner(r *release) *reasoner {
	e := &reasoner{empty: make([]bool, len(r.atoms))}
	for i, a := range r.atoms {
		e.empty[i] = a.n == 0
	}
	return e
}

// reduce eliminates the pivots from a row.
func (e *reasoner) reduce(row []float64) {
	for i, p := range e.pivot {
		axpy(row, -row[p], e.rows[i])
	}
}

func axpy(row []float64, f float64, other []float64) {
	if math.Abs(f) < tiny {
		return
	}
	for i, x := range other {
		row[i] += f * x
	}
}

// learn takes in a sum that was told. A sum of nothing tells that of all its
// atoms, which the simplex method sees by itself.
func (e *reasoner) learn(atoms []bool) {
	row := indicator(atoms)
	e.reduce(row)
	at := -1
	for i, x := range row {
		if math.Abs(x) > tiny && (at < 0 || e.empty[at] && !e.empty[i]) {
			at = i
		}
	}
	if at < 0 {
		return
	}
	f := 1 / row[at]
	for i := range row {
		row[i] *= f
	}
	for i := range e.rows {
		axpy(e.rows[i], -e.rows[i][at], row)
	}
	e.rows, e.pivot = append(e.rows, row), append(e.pivot, at)
}

func indicator(atoms []bool) []float64 {
	out := make([]float64, len(atoms))
	for i, in := range atoms {
		if in {
			out[i] = 1
		}
	}
	return out
}

// certain says whether a sum can have one value only.
func (e *reasoner) certain(atoms []bool) bool {
	sum := indicator(atoms)
	e.reduce(sum)
	var empty []int
	for i, x := range sum {
		switch {
		case e.empty[i]:
			empty = append(empty, i)
		case math.Abs(x) > tiny:
			return false // of an atom that nothing bounds
		}
	}
	var cone [][]float64
	take := func(row []float64) []float64 {
		out := make([]float64, len(empty))
		for j, i := range empty {
			out[j] = row[i]
		}
		return out
	}
	for i, p := range e.pivot {
		if e.empty[p] {
			cone = append(cone, take(e.rows[i]))
		}
	}
	s := take(sum)
	for _, sign := range []float64{1, -1} {
		if feasible(append(slices.Clone(cone), scaled(s, sign))) {
			return false
		}
	}
	return true
}

func scaled(row []float64, f float64) []float64 {
	out := slices.Clone(row)
	for i := range out {
		out[i] *= f
	}
	return out
}

// feasible says whether x >= 0 exists so that all rows but the last are 0, and
// the last is 1: the first phase of the simplex method, by Bland's rule.
func feasible(rows [][]float64) bool {
	m, n := len(rows), len(rows[0])
	t := make([][]float64, m) // columns: x, right side
	basis := make([]int, m)   // n and above are artificial
	for i := range rows {
		t[i] = append(slices.Clone(rows[i]), 0)
		basis[i] = n + i
	}
	t[m-1][n] = 1
	for {
		cost := make([]float64, n+1)
		for i := range t {
			if basis[i] >= n {
				axpy(cost, 1, t[i])
			}
		}
		if cost[n] < tiny {
			return true
		}
		in := slices.IndexFunc(cost[:n], func(x float64) bool { return x > tiny })
		if in < 0 {
			return false
		}
		out := -1
		for i := range t {
			if t[i][in] > tiny && (out < 0 || less(t[i][n]/t[i][in], basis[i], t[out][n]/t[out][in], basis[out])) {
				out = i
			}
		}
		if out < 0 {
			return true // grows without bound
		}
		f := 1 / t[out][in]
		for j := range t[out] {
			t[out][j] *= f
		}
		for i := range t {
			if i != out {
				axpy(t[i], -t[i][in], t[out])
			}
		}
		basis[out] = in
	}
}

func less(a float64, i int, b float64, j int) bool {
	if math.Abs(a-b) > tiny {
		return a < b
	}
	return i < j
}

// The one who reasons that nobody is fewer than nobody, also where it is told
// that nobody is there, cannot conclude how many persons any small group has.
func TestReasonerWithZeros(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRelease(t, 3, 5)
		k := rapid.IntRange(2, 6).Draw(t, "k")
		g, err := New(k, r.fields, r.count)
		if err != nil {
			t.Fatal(err)
		}
		knows, all := newReasoner(r), r.questions()
		for _, q := range all {
			if g.Tells(q.cell, r.window(q)) {
				knows.learn(q.atoms)
			}
		}
		for _, q := range all {
			if q.single && q.n > 0 && q.n < int64(k) && knows.certain(q.atoms) {
				t.Fatalf("%v in %s can only be %d", q.cell, r.window(q), q.n)
			}
		}
	})
}
