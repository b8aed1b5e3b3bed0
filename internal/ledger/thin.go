package ledger

// thin finds where something changes along n places, without looking at more
// than budget of them: it looks at both ends and then, time and again, in the
// middle of the longest stretch whose ends differ, or else of the longest one.
// It calls look once for each place that it looks at; looked says which. When n
// fits the budget it looks everywhere.
//
// A change that is taken back between two places that were looked at stays
// unseen; whoever shows the result says that not all places were looked at.
func thin(n, budget int, look func(i int) error, same func(i, j int) bool) (looked []bool, err error) {
	looked = make([]bool, n)
	visit := func(i int) error {
		looked[i] = true
		budget--
		return look(i)
	}
	if n <= budget {
		for i := range n {
			if err := visit(i); err != nil {
				return looked, err
			}
		}
		return looked, nil
	}
	for _, i := range []int{0, n - 1} {
		if err := visit(i); err != nil {
			return looked, err
		}
	}
	for budget > 0 {
		i, j := widest(looked, same)
		if j-i < 2 {
			break
		}
		if err := visit((i + j) / 2); err != nil {
			return looked, err
		}
	}
	return looked, nil
}

// widest gives the ends of the longest stretch that was not looked at, of those
// whose ends differ when there are any.
func widest(looked []bool, same func(i, j int) bool) (from, to int) {
	differs, last := false, 0
	for i := 1; i < len(looked); i++ {
		if !looked[i] {
			continue
		}
		if i-last > 1 {
			d := !same(last, i)
			if d && !differs || d == differs && i-last > to-from {
				from, to, differs = last, i, d
			}
		}
		last = i
	}
	return from, to
}
