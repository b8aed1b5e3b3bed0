package validate

import (
	"fmt"
	"strings"
)

// list names the differences: by the columns of the file, then those missing.
func (c *comparison) list() []Drift {
	out, moved := []Drift{}, c.moved()
	for _, n := range c.now {
		d := Drift{Column: shownColumn(n.name), Position: n.at}
		switch w := n.pair; {
		case w == nil && (n.means == "" || c.history):
			d.Kind = ColumnNew
		case w == nil:
			continue // declared, and nothing was expected of it
		case w.name != n.name:
			d.Kind, d.Was, d.WasPosition = ColumnRenamed, shownColumn(w.name), w.at
		case moved[n]:
			d.Kind, d.WasPosition = ColumnMoved, w.at
		default:
			continue
		}
		out = append(out, d)
	}
	for _, w := range c.gone {
		if w.pair == nil && !w.may {
			out = append(out, Drift{Kind: ColumnMissing, Column: shownColumn(w.name), WasPosition: w.at})
		}
	}
	return out[:min(len(out), mostDrift)]
}

// moved finds the columns that left their place: the fewest that have to be
// taken out so that the others stand in the order in which they stood.
func (c *comparison) moved() map[*column]bool {
	var kept []*column
	for _, n := range c.now {
		if c.ordered && n.pair != nil && n.pair.name == n.name && n.pair.at > 0 {
			kept = append(kept, n)
		}
	}
	// The longest rising run of positions that ends in each column.
	best, prev, last := make([]int, len(kept)), make([]int, len(kept)), -1
	for i, n := range kept {
		prev[i] = -1
		for j := range i {
			if kept[j].pair.at < n.pair.at && best[j] > best[i] {
				best[i], prev[i] = best[j], j
			}
		}
		best[i]++
		if last < 0 || best[i] > best[last] {
			last = i
		}
	}
	out := map[*column]bool{}
	for _, n := range kept {
		out[n] = true
	}
	for i := last; i >= 0; i = prev[i] {
		delete(out, kept[i])
	}
	return out
}

// shownColumn is the name of a column fit to be shown.
func shownColumn(name string) string {
	const most = 60
	r := []rune(maskNumbers([]byte(name)))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}

// mend says how a header that does not fit is mended: for each column that was
// renamed, what to write where.
func (c *comparison) mend(k *Checker) string {
	var parts []string
	for _, n := range c.now {
		w := n.pair
		if w == nil || w.name == n.name || n.means != "" || len(parts) == 3 {
			continue
		}
		if strings.HasPrefix(w.means, partOf) {
			parts = append(parts, fmt.Sprintf("if %q is %q, write it into from of the field %s at %s", shownColumn(n.name), w.name, w.field.Name, w.field.Pos))
		} else if w.field != nil {
			parts = append(parts, fmt.Sprintf("if %q is %q, add it to source of the field %s at %s", shownColumn(n.name), w.name, w.field.Name, w.field.Pos))
		} else {
			parts = append(parts, fmt.Sprintf("if %q is %q, add it to delivery.ignore at %s", shownColumn(n.name), w.name, k.ds.Pos))
		}
	}
	return strings.Join(parts, "; ")
}
