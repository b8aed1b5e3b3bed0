package disclosure

import (
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Count is the persons of one cell in one unit of the calendar.
type Count struct {
	Values  []string  // of the fields that were asked for, in their order; "" where a row has none
	Start   city.Date // of the unit
	Persons int64
}

// Counter counts the persons of all cells of the given fields, by units of the
// calendar. Cells without rows may be missing.
type Counter func(fields []string, unit city.Grain) ([]Count, error)

// Guard knows what may be told of one release. It is immutable.
type Guard struct {
	k      int64
	fields []string // sorted
	coarse *Guard   // of the months, when this one is of their days
	tables map[string]*table
	values map[string][]string // of each field, sorted
	from   city.Date           // of the earliest rows that were counted
	to     city.Date           // the end of the month of the latest
	units  []city.Span         // of the calendar that have rows, in order
}

// table is what is withheld of the cells of some fields.
type table struct {
	fields []string
	blocks map[string][]city.Span // by cell: the days that no window may cut into parts
	dead   map[string][]city.Span // by cell: the days that no window may touch
	counts *tally                 // by the shortest units
}

// MaxFields bounds the fields of a guard: each one doubles the tables that must
// agree.
const MaxFields = 5

// levels of the calendar, from short to long.
var levels = []city.Grain{city.GrainDay, city.GrainMonth, city.GrainQuarter, city.GrainYear}

// New decides about the cells of the given fields and all fewer, for questions
// about whole months. k is the fewest persons that may be told of. Whatever can
// be asked of a release is to be decided by one guard: what a small group is
// withheld with depends on all of its fields.
func New(k int, fields []string, count Counter) (*Guard, error) {
	fields = slices.Compact(slices.Sorted(slices.Values(fields)))
	if len(fields) > MaxFields {
		return nil, city.Errorf(city.CodeInvalid+".disclosure", "a question about person data may name at most %d fields, this one names %d", MaxFields, len(fields)).
			WithHint("leave out dimensions or conditions")
	}
	return build(&Guard{k: int64(k), fields: fields}, levels[1:], levels[1:], count)
}

// ByDay decides for questions that cut months, besides what is decided for whole
// ones: the two never disagree about these.
func (g *Guard) ByDay(count Counter) (*Guard, error) {
	return build(&Guard{k: g.k, fields: g.fields, coarse: g}, levels[:1], levels[:2], count)
}

// build decides by units of the calendar, from short to long. Blocks may be units
// of within.
func build(g *Guard, units, within []city.Grain, count Counter) (*Guard, error) {
	g.tables, g.values = map[string]*table{}, map[string][]string{}
	finest, err := count(g.fields, units[0])
	if err != nil {
		return nil, err
	}
	g.note(finest, units[0])
	small := func(c Count) bool { return c.Persons > 0 && c.Persons < g.k }
	if !slices.ContainsFunc(finest, small) {
		return g, nil // what is put together of groups that are large enough is, too
	}
	for _, set := range subsets(g.fields) {
		b := builder{guard: g, k: g.k, fields: set, units: within, levels: len(units), table: &table{fields: set, blocks: map[string][]city.Span{}, dead: map[string][]city.Span{}}}
		if err := b.build(count); err != nil {
			return nil, err
		}
		g.tables[key(set)] = b.table
	}
	if g.coarse == nil {
		newAuditor(g, newTally(finest)).run()
	}
	return g, nil
}

// note keeps which values there are, and from when to when.
func (g *Guard) note(counts []Count, unit city.Grain) {
	for i, f := range g.fields {
		seen := map[string]bool{}
		for _, c := range counts {
			seen[c.Values[i]] = true
		}
		for v := range seen {
			g.values[f] = append(g.values[f], v)
		}
		slices.Sort(g.values[f])
	}
	for _, c := range counts {
		if g.from.IsZero() || c.Start.Before(g.from) {
			g.from = c.Start
		}
		span := unit.Span(c.Start)
		if g.to = most(g.to, span.To.MonthEnd()); c.Persons > 0 {
			g.units = append(g.units, span)
		}
	}
	slices.SortFunc(g.units, func(a, b city.Span) int { return a.From.Compare(b.From) })
	g.units = slices.Compact(g.units)
}

// subsets lists all subsets of a sorted list, small ones first.
func subsets(list []string) [][]string {
	out := make([][]string, 0, 1<<len(list))
	for mask := range 1 << len(list) {
		var set []string
		for i, f := range list {
			if mask&(1<<i) != 0 {
				set = append(set, f)
			}
		}
		out = append(out, set)
	}
	slices.SortStableFunc(out, func(a, b []string) int { return len(a) - len(b) })
	return out
}

// key names a cell or a list of fields.
func key(values []string) string { return strings.Join(values, "\x00") }
