package format

import (
	"slices"
	"strings"
)

// findHeader looks for the row that has the most declared names; titles, notes
// and blank rows above it are no records. A header may be two rows, where names
// of groups stand over the names of columns.
func (t *table) findHeader(n names) {
	var best []string
	score, at, rows := 0, 0, 1
	for i := range t.early {
		names := t.early[i].names()
		if s := n.score(names); s > score {
			best, score, at, rows = names, s, i, 1
		}
	}
	for i := range len(t.early) - 1 {
		if t.early[i+1].row != t.early[i].row+1 {
			continue
		}
		names := n.combine(t.early[i].names(), t.early[i+1].names())
		if s := n.score(names); s > score {
			best, score, at, rows = names, s, i, 2
		}
	}
	if score == 0 {
		return
	}
	t.header, t.width, t.fits = t.early[at+rows-1].row, len(best), n.fits(best)
	header := earlyRow{row: t.header}
	for _, name := range best {
		header.cells = append(header.cells, []byte(name))
	}
	t.early = append([]earlyRow{header}, t.early[at+rows:]...)
}

// names gives the cells as names of columns: without the line breaks that make
// them narrow.
func (r *earlyRow) names() []string {
	out := make([]string, len(r.cells))
	for i, c := range r.cells {
		out[i] = strings.TrimSpace(strings.NewReplacer("\r", "", "\n", "").Replace(string(c)))
	}
	return out
}

// names are the declared names of columns.
type names struct {
	column map[string]int // place in Options.Columns, or -1 of other columns
	must   int
}

func newNames(o Options) names {
	n := names{column: map[string]int{}, must: len(o.Columns)}
	for _, name := range o.Other {
		n.column[name] = -1
	}
	for i, aliases := range o.Columns {
		for _, name := range aliases {
			n.column[name] = i
		}
	}
	return n
}

// found counts the names that are declared, and those of columns that must be
// there, each once.
func (n names) found(header []string) (all, must int) {
	seen := map[string]bool{}
	for _, name := range header {
		if i, ok := n.column[name]; ok && !seen[name] {
			seen[name] = true
			all++
			if i >= 0 {
				must++
			}
		}
	}
	return all, must
}

func (n names) score(header []string) int { all, _ := n.found(header); return all }

func (n names) fits(header []string) bool {
	all, must := n.found(header)
	return all > 0 && 2*must >= n.must
}

// combine makes one header of two rows. A name in the upper row stands over
// the columns to its right until the next one. A column is called by its group
// and its own name together when that is declared, or when its own name is not.
func (n names) combine(upper, lower []string) []string {
	out := make([]string, max(len(upper), len(lower)))
	group := ""
	for i := range out {
		above, below := "", ""
		if i < len(upper) {
			above = upper[i]
		}
		if i < len(lower) {
			below = lower[i]
		}
		if above != "" {
			group = above
		}
		_, alone := n.column[below]
		_, together := n.column[group+below]
		switch {
		case below == "":
			out[i] = above
		case together || !alone:
			out[i] = group + below
		default:
			out[i] = below
		}
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = slices.Delete(out, len(out)-1, len(out))
	}
	return out
}
