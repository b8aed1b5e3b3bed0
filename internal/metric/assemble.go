package metric

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Line is one line of an answer, as Compile describes them.
type Line struct {
	Period                            Period
	Dims                              []*string // in the order of By; nil where the rows have no value
	Value, Previous, Before, Festival *float64
	Rows                              int64
}

// maxSteps bounds how often a unit is put into a window, all windows together.
const maxSteps = 4_000_000

// Answer puts units together: those of each part, in the order of Units. It is
// false when that would take too long here.
func (p *Plan) Answer(units [][]Unit) ([]Line, bool) {
	width := len(p.k.parts) * len(p.k.shifts)
	a := &assembly{k: p.k, width: width, totals: make([]tally, len(p.k.periods)*width), lines: make([]map[string]*line, len(p.k.periods)), places: places(p.k)}
	for i := range a.lines {
		a.lines[i] = map[string]*line{}
		if len(p.k.req.By) == 0 {
			a.line(i, nil) // every period keeps its line
		}
	}
	for i, u := range p.Units {
		if !a.part(i, u, units[i]) {
			return nil, false
		}
	}
	return a.answer(), true
}

// places finds the first column of each leaf: that of the number of rows is 0.
func places(k *compiler) map[string]int {
	out := map[string]int{}
	for _, p := range k.parts {
		n := 1
		for _, leaf := range p.leaves {
			out[leaf.name] = n
			n += len(leaf.columns(false))
		}
	}
	return out
}

// assembly is the lines of an answer while units are put into them.
type assembly struct {
	k      *compiler
	width  int                // groups of columns in a line: one for each part and shift
	places map[string]int     // of the leaves' columns in a group, by their names
	lines  []map[string]*line // of each period, by dimension values
	totals []tally            // rows of each period and group, over all lines
	steps  int
}

// line is a period and a combination of dimension values, with the columns of
// each group; a group that no unit was put into has none.
type line struct {
	dims   []*string
	groups [][]tally
}

func (a *assembly) line(period int, dims []*string) *line {
	key := keyOf(dims)
	l := a.lines[period][key]
	if l == nil {
		l = &line{dims: dims, groups: make([][]tally, a.width)}
		a.lines[period][key] = l
	}
	return l
}

// part puts the units of a part into its windows.
func (a *assembly) part(n int, u *Units, units []Unit) bool {
	units = slices.Clone(units)
	slices.SortStableFunc(units, func(x, y Unit) int { return cmp.Or(x.bucket.Compare(y.bucket), compareDims(x.dims, y.dims)) })
	starts := map[city.Date]int{}
	for i, p := range a.k.periods {
		starts[p.Start] = i
	}
	columns := u.part.columns()
	for _, w := range u.part.windows {
		held := within(units, u.layout, w)
		period, group := starts[w.period], n*len(a.k.shifts)+w.shift
		for i := range held {
			if a.steps += held[i].size(); a.steps > maxSteps {
				return false
			}
			a.line(period, held[i].dims).put(group, columns, &held[i])
			a.totals[period*a.width+group].put(mergeSum, held[i].columns[0])
		}
	}
	return true
}

// within gives the units of a window, of those sorted by their buckets.
func within(units []Unit, l layout, w window) []Unit {
	from := w.from
	if !from.IsZero() {
		from = l.bucket.Start(from)
	}
	lo := sort.Search(len(units), func(i int) bool { return !units[i].bucket.Before(from) })
	hi := sort.Search(len(units), func(i int) bool { return units[i].bucket.After(w.to) })
	if lo >= hi {
		return nil
	}
	held := units[lo:hi]
	if l.last { // the last month that has rows, whatever their dimensions
		last := held[len(held)-1].bucket
		held = held[sort.Search(len(held), func(i int) bool { return !held[i].bucket.Before(last) }):]
	}
	return held
}

func (l *line) put(group int, columns []column, u *Unit) {
	if l.groups[group] == nil {
		l.groups[group] = make([]tally, 1+len(columns))
	}
	into := l.groups[group]
	into[0].put(mergeSum, u.columns[0])
	for i, c := range columns {
		into[1+i].put(c.merge, u.columns[1+i])
	}
}

// answer evaluates the lines, in the order that Compile gives them.
func (a *assembly) answer() []Line {
	out := []Line{}
	for i, lines := range a.lines {
		begin := len(out)
		for _, l := range lines {
			out = append(out, a.evaluate(i, l))
		}
		slices.SortFunc(out[begin:], func(x, y Line) int { return compareDims(x.Dims, y.Dims) })
	}
	return out
}

// evaluate computes the values of a line.
func (a *assembly) evaluate(period int, l *line) Line {
	e := evaluation{assembly: a, period: period, line: l}
	m, percent := a.k.req.Indicator.Measure, a.k.req.Indicator.Unit == percentUnit
	out := Line{Period: a.k.periods[period], Dims: l.dims, Value: e.at(m, shift{}, percent, 1).pointer()}
	for against, value := range map[Against]**float64{AgainstYear: &out.Previous, AgainstPeriod: &out.Before, AgainstFestival: &out.Festival} {
		if s := (shift{}).back(against); slices.Contains(a.k.req.Against, against) && e.hasRows(a.k.parts[0], s) {
			*value = e.at(m, s, percent, 1).pointer()
		}
	}
	if rows := e.column(a.k.parts[0], shift{}, 0); rows != nil {
		out.Rows = rows.int()
	}
	return out
}

// compareDims sorts by the texts of dimension values; rows without come last.
func compareDims(a, b []*string) int {
	return slices.CompareFunc(a, b, func(x, y *string) int {
		switch {
		case x == nil && y == nil:
			return 0
		case x == nil:
			return 1
		case y == nil:
			return -1
		}
		return strings.Compare(*x, *y)
	})
}
