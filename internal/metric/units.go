package metric

import (
	"fmt"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Plan is a question taken apart into units, which are sums over the rows of
// some days, and what is computed from them. An engine makes the units in one
// grouping of the rows; Answer puts them together, because planning windows,
// joins and groups over groups takes an engine longer than reading a small
// table. Units of days whose rows have not changed can be used again; package
// rollup keeps them.
type Plan struct {
	Units []*Units // of each part of the question
	// Keep says that units may be kept, Values that they hold every value that
	// they were made of, so that they are as large as the rows. Months says that
	// units of all months are needed where the question itself reads the last
	// one only.
	Keep, Values, Months bool
	k                    *compiler
}

// Units are what a part of a question sums up.
type Units struct {
	Dataset string
	Time    string // the field that places rows in time
	// Key names what is summed up and how: units of the same key and the same
	// rows are the same, whatever question they were made for.
	Key string
	// Blocks are the days whose rows make units by themselves, in order. They do
	// not overlap. A zero From is before all days.
	Blocks []city.Span
	part   *part
	layout layout
}

// PlanUnits takes a question apart. It gives nil when a part of it cannot be put
// together from units: a distinct count over windows that overlap in other ways
// than from the beginning of a year, and a last month with rows that is asked
// for under a condition.
func PlanUnits(c *city.City, r Request, src Source) (*Plan, error) {
	k, err := newCompiler(c, r, src)
	if err != nil {
		return nil, err
	}
	if err := k.attach(); err != nil {
		return nil, err
	}
	out := &Plan{k: k, Keep: true}
	for _, p := range k.parts {
		l := unitLayout(p)
		if l.bucket == "" || l.last && p.where.sql != "" {
			return nil, nil
		}
		u := &Units{Dataset: p.dataset.Name, Time: p.req.Indicator.Time, Blocks: blocks(p, l), part: p, layout: l}
		named := u.Make([]city.Span{sample(p)}, p.dataset.Name)
		u.Key = fmt.Sprintf("%s\n%q", named.SQL, named.Args)
		out.Units = append(out.Units, u)
		out.Values, out.Months = out.Values || l.lists, out.Months || l.last
		out.Keep = out.Keep && !l.lists
	}
	return out, nil
}

// unitLayout is the layout of units. Where the windows of a percentile overlap,
// it has its values handed over, and is taken where they are put together.
func unitLayout(p *part) layout {
	l := choose(p)
	first, ruled := anchored(p.windows), p.n == 1 && p.req.Indicator.Complete != ""
	if l.bucket == "" && p.has(city.MeasurePercentile) && (first || !p.has(city.MeasureCountDistinct)) {
		l = layout{bucket: city.GrainDay, first: first, lists: true}
		if wholeMonths(p.windows) && !ruled { // by day, days need not be told apart in months
			l.bucket = city.GrainMonth
		}
	}
	l.days = ruled && (l.bucket == city.GrainDay || l.bucket == city.GrainMonth)
	return l
}

// Reads says which rows the question reads, see the function Reads.
func (p *Plan) Reads() []Read { return p.k.reads() }

// sample is some days in place of all, with a beginning if the windows have one.
func sample(p *part) city.Span {
	if p.windows[0].from.IsZero() {
		return city.Span{}
	}
	return city.GrainYear.Span(city.Date{Year: 2000, Month: 1, Day: 1})
}

// Make writes the query that sums up the rows of the given days, which are
// whole blocks. Its first column is Bucket, a day within the block.
func (u *Units) Make(days []city.Span, relation string) *Query {
	p := *u.part
	p.src.Relation, p.windows = relation, nil
	for _, d := range days {
		p.windows = append(p.windows, window{from: d.From, to: d.To})
	}
	var w writer
	w.put(u.with(&p)).add("\nSELECT * FROM ", p.name("unit"))
	return &Query{SQL: w.b.String(), Args: w.args}
}

// Read writes the query that sums up the rows of all windows, ready for Collect.
// relation is where the rows are; those of the question's source when it is "".
func (u *Units) Read(relation string) *Query {
	p := *u.part
	if relation != "" {
		p.src.Relation = relation
	}
	own := *u
	own.layout.floor = u.floor()
	var w writer
	w.put(own.with(&p)).add("\n", u.Select(p.name("unit")))
	return &Query{SQL: w.b.String(), Args: w.args}
}

// floor is the bucket in which the earliest of windows without a beginning ends.
// Which of its rows came before need not be told, unless their days are counted.
func (u *Units) floor() city.Date {
	var out city.Date
	for _, w := range u.part.windows {
		if !w.from.IsZero() || u.layout.days {
			return city.Date{}
		}
		if end := u.layout.bucket.Start(w.to); out.IsZero() || end.Before(out) {
			out = end
		}
	}
	return out
}

// with writes the tables that units are made by. Units are those of all months:
// which is the last is seen from them.
func (u *Units) with(p *part) text {
	l := u.layout
	l.last = false
	var w writer
	return w.add("WITH ").put(join(",\n", p.sourcePart(l), p.unitPart(l, "src"))).text()
}

// Select writes the query that reads units as Collect takes them: relation is
// SQL text for what Make makes.
func (u *Units) Select(relation string) string {
	cols := []string{colBucket}
	for _, d := range quoteAll(u.part.req.By) {
		cols = append(cols, "CAST("+d+" AS VARCHAR)")
	}
	cols = append(cols, colRows)
	for _, c := range u.part.columns() {
		name := quote(c.name)
		if c.merge == mergeMin || c.merge == mergeMax {
			name = "CAST(" + name + " AS DOUBLE)"
		}
		cols = append(cols, name)
	}
	if u.layout.days {
		cols = append(cols, colDays)
	}
	return "SELECT " + strings.Join(cols, ", ") + " FROM " + relation
}

// Bucket is the first column of units: the first day of what each sums up.
const Bucket = colBucket

// BucketOf is the bucket that a day's rows fall in.
func (u *Units) BucketOf(d city.Date) city.Date {
	if d.IsZero() {
		return d
	}
	return u.layout.bucket.Start(d)
}

// blocks chooses the days that are summed up together: years where a distinct
// value counts once a year, else months, and a window by itself where it has
// parts of months.
func blocks(p *part, l layout) []city.Span {
	days, once := p.days(), l.first && p.has(city.MeasureCountDistinct)
	switch {
	case once && days[0].From.IsZero():
		return []city.Span{{To: days[len(days)-1].To}}
	case once:
		return cutInto(days, city.GrainYear)
	case l.bucket == city.GrainDay, l.bucket == city.GrainMonth && wholeMonths(p.windows):
		return cutInto(days, city.GrainMonth)
	}
	var out []city.Span
	seen := map[city.Span]bool{}
	for _, w := range p.windows {
		if s := (city.Span{From: w.from, To: w.to}); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// cutInto gives the whole periods of a grain that spans of days touch. The days
// before the year in which a span without beginning ends are one block.
func cutInto(days []city.Span, g city.Grain) []city.Span {
	var out []city.Span
	for _, s := range days {
		from := g.Start(s.From)
		if s.From.IsZero() {
			from = city.GrainYear.Start(s.To)
			out = append(out, city.Span{To: from.AddDays(-1)})
		}
		if n := len(out); n > 0 && !from.After(out[n-1].To) {
			from = out[n-1].To.AddDays(1)
		}
		for ; !from.After(s.To); from = g.Next(from) {
			out = append(out, city.Span{From: from, To: g.Next(from).AddDays(-1)})
		}
	}
	return out
}
