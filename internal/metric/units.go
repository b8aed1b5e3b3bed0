package metric

import (
	"fmt"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Plan is a question taken apart into units, which are sums over the rows of
// some days, and what is computed from them. Units of days whose rows have not
// changed can be used again; package rollup keeps them.
type Plan struct {
	Units []*Units // of each part of the question
	k     *compiler
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
// together from units: a percentile or a distinct count over windows that
// overlap in other ways than from the beginning of a year, and a last month with
// rows that is asked for under a condition.
func PlanUnits(c *city.City, r Request, src Source) (*Plan, error) {
	k, err := newCompiler(c, r, src)
	if err != nil {
		return nil, err
	}
	if err := k.attach(); err != nil {
		return nil, err
	}
	out := &Plan{k: k}
	for _, p := range k.parts {
		l := choose(p)
		if l.bucket == "" || l.last && p.where.sql != "" {
			return nil, nil
		}
		u := &Units{Dataset: p.dataset.Name, Time: p.req.Indicator.Time, Blocks: blocks(p, l), part: p, layout: l}
		u.layout.last = false // units are those of all months: which is the last is seen from them
		named := u.Make([]city.Span{sample(p)}, p.dataset.Name)
		u.Key = fmt.Sprintf("%s\n%q", named.SQL, named.Args)
		out.Units = append(out.Units, u)
	}
	return out, nil
}

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
	w.add("WITH ").put(join(",\n", p.sourcePart(u.layout), p.unitPart(u.layout, "src"))).add("\nSELECT * FROM ", p.name("unit"))
	return &Query{SQL: w.b.String(), Args: w.args}
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

// Query writes the question over units: relations are SQL text for those of each
// part, in the order of Units, that may stand after FROM.
func (p *Plan) Query(relations []string) *Query {
	var tables []text
	for i, u := range p.Units {
		tables = append(tables, u.part.tablesOver(choose(u.part), relations[i])...)
	}
	return p.k.over(tables)
}

// tablesOver writes the intermediate tables of a part whose units there are.
func (p *part) tablesOver(l layout, relation string) []text {
	out := []text{p.windowPart(l), {sql: p.name("unit") + " AS (SELECT * FROM " + relation + ")"}}
	win := "win"
	if l.last {
		month := text{sql: p.name("month") + " AS (SELECT DISTINCT " + colBucket + " FROM " + p.name("unit") + ")"}
		out = append(out, month, p.lastPart())
		win = "last"
	}
	return append(out, p.cellPart(l, win))
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

// over writes the answer over the intermediate tables of all parts.
func (k *compiler) over(tables []text) *Query {
	cells := quote("cell")
	if len(k.parts) > 1 {
		cells = quote("cells")
		tables = append(tables, k.cellsPart())
	}
	var w writer
	w.add("WITH ").put(join(",\n", tables...)).add("\n").put(k.answer(cells))
	return &Query{SQL: w.b.String(), Args: w.args, Columns: k.columnNames()}
}
