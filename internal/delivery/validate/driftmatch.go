package validate

import (
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// match pairs columns that are left, in their order.
func (c *comparison) match(same func(w, n *column) bool) {
	for _, n := range c.now {
		for _, w := range c.gone {
			if n.pair == nil && w.pair == nil && same(w, n) {
				w.pair, n.pair = n, w
			}
		}
	}
}

// guessable says that a column may be another one under a new name: it means
// nothing by itself, and is a name as far as one can see.
func (n *column) guessable() bool {
	return n.means == "" && len(n.name) <= longestColumn && maskNumbers([]byte(n.name)) == n.name
}

// longestColumn is the longest name, in bytes, that is compared by its letters.
const longestColumn = 120

// nearest pairs columns whose names are nearly the same, or hold one another.
func (c *comparison) nearest() {
	tried := 0
	for _, n := range c.now {
		if n.pair != nil || !n.guessable() || tried == mostDrift {
			continue
		}
		tried++
		byName := map[string]*column{}
		var left []string
		for _, w := range c.gone {
			if w.pair == nil {
				for _, name := range w.names() {
					byName[name] = w
					left = append(left, name)
				}
			}
		}
		near := city.Nearest(n.name, left)
		if near == "" {
			near = holding(n.name, left)
		}
		if w := byName[near]; w != nil {
			w.pair, n.pair = n, w
		}
	}
}

// names are those that a sender may have used for the column.
func (w *column) names() []string {
	out := []string{w.name}
	if w.field != nil {
		out = append(out, w.field.Source...)
	}
	return out
}

// holding gives the name that holds s or is held by it: units and brackets come
// and go.
func holding(s string, words []string) string {
	for _, w := range words {
		if min(len([]rune(s)), len([]rune(w))) >= 2 && (strings.Contains(s, w) || strings.Contains(w, s)) {
			return w
		}
	}
	return ""
}

// was is the name that a column of the file had before, "" when it is not one
// that was renamed.
func (c *comparison) was(name string) string {
	for _, n := range c.now {
		if n.name == name && n.pair != nil && n.pair.name != name {
			return n.pair.name
		}
	}
	return ""
}

// replaced says that a renamed column stands for the field.
func (c *comparison) replaced(f *city.Field) bool {
	return slices.ContainsFunc(c.gone, func(w *column) bool { return w.field == f && w.pair != nil && w.pair.name != w.name })
}

// lastOne pairs the only column that is gone with the only new one when they
// share half of their letters.
func (c *comparison) lastOne() {
	var gone, now []*column
	for _, w := range c.gone {
		if w.pair == nil && !w.may {
			gone = append(gone, w)
		}
	}
	for _, n := range c.now {
		if n.pair == nil && n.means == "" {
			now = append(now, n)
		}
	}
	if len(gone) != 1 || len(now) != 1 || !now[0].guessable() {
		return
	}
	shared := 0
	for _, r := range now[0].name {
		if strings.ContainsRune(gone[0].name, r) {
			shared++
		}
	}
	if 2*shared >= max(len([]rune(gone[0].name)), len([]rune(now[0].name))) {
		gone[0].pair, now[0].pair = now[0], gone[0]
	}
}
