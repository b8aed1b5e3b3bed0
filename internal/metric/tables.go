package metric

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// tables writes the intermediate tables of a part, of which the last has one
// row for each period and combination of dimension values.
func (p *part) tables(l layout) []text {
	parts := []text{p.windowPart(l)}
	win := "win"
	if l.last {
		parts = append(parts, p.monthPart(), p.lastPart())
		win = "last"
	}
	parts = append(parts, p.sourcePart(l))
	from := "src"
	if l.bucket == "" {
		parts = append(parts, p.hitPart())
		from = "hit"
	}
	return append(parts, p.unitPart(l, from), p.cellPart(l, win))
}

// columns lists the intermediate results of all leaves.
func (p *part) columns() []column {
	var out []column
	for _, leaf := range p.leaves {
		out = append(out, leaf.columns(false)...)
	}
	return out
}

// cellColumns lists the quoted columns of a part's cells besides their keys.
func (p *part) cellColumns() []string {
	var out []string
	for _, s := range p.shifts {
		out = append(out, s.column(p.rows()))
		for _, leaf := range p.leaves {
			for _, c := range leaf.columns(false) {
				out = append(out, s.column(quote(c.name)))
			}
		}
	}
	return out
}

// windowPart lists the windows: period, shift, first and last day. Where
// rows are summed by bucket, a window begins with its bucket: the rows of the
// bucket before the window are not read at all.
func (p *part) windowPart(l layout) text {
	rows := make([]string, len(p.windows))
	for i, w := range p.windows {
		from := w.from
		if l.bucket != "" && !from.IsZero() {
			from = l.bucket.Start(from)
		}
		rows[i] = fmt.Sprintf("  (%s, %d, %s, %s)", dateLiteral(w.period), w.shift, dateLiteral(from), dateLiteral(w.to))
	}
	return text{sql: p.name("win") + " (" + strings.Join([]string{colPeriod, colShift, colFrom, colTo}, ", ") + ") AS (VALUES\n" +
		strings.Join(rows, ",\n") + "\n)"}
}

// monthPart lists the months that have rows of the scope, whatever else the
// question asks: a district without rows in the last month has none, it does
// not fall back to an older month.
func (p *part) monthPart() text {
	var w writer
	w.add(p.name("month"), " AS (\n  SELECT DISTINCT ", p.bucketOf(city.GrainMonth), " AS ", colBucket,
		"\n  FROM ", p.relation(), "\n  WHERE ").put(join("\n    AND ", p.timeRange(), p.scope)).add("\n)")
	return w.text()
}

// lastPart narrows the windows to the last month with rows. A window without
// one keeps its line, with no first day.
func (p *part) lastPart() text {
	return text{sql: p.name("last") + " (" + strings.Join([]string{colPeriod, colShift, colFrom, colTo}, ", ") + `) AS (
  SELECT "win"."_p", "win"."_k", MAX("month"."_b"), "win"."_t"
  FROM ` + p.as("win") + " LEFT JOIN " + p.as("month") + ` ON "month"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p", "win"."_k", "win"."_t"
)`}
}

// sourcePart reads the rows that any window holds, once, with the columns that
// are needed and their bucket.
func (p *part) sourcePart(l layout) text {
	bucket := l.bucket
	if bucket == "" {
		bucket = city.GrainDay
	}
	of := p.bucketOf(bucket)
	if !l.floor.IsZero() {
		of = "GREATEST(" + of + ", " + dateLiteral(l.floor) + ")"
	}
	cols := append([]string{of + " AS " + colBucket}, quoteAll(p.fields())...)
	if l.days && bucket != city.GrainDay {
		cols = append(cols, p.day()+" AS "+colDay)
	}
	conds := []text{p.timeRange(), p.scope, p.where}
	if l.last {
		conds = append(conds, text{sql: p.bucketOf(city.GrainMonth) + ` IN (SELECT "_f" FROM ` + p.name("last") + `)`})
	}
	var w writer
	w.add(p.name("src"), " AS (\n  SELECT ", strings.Join(cols, ", "), "\n  FROM ", p.relation(),
		"\n  WHERE ").put(join("\n    AND ", conds...)).add("\n)")
	return w.text()
}

// fields lists the columns that the dimensions and leaves need.
func (p *part) fields() []string {
	out := p.read()
	for _, l := range p.leaves {
		for _, c := range l.node.Where {
			if !slices.Contains(out, c.Field) {
				out = append(out, c.Field)
			}
		}
	}
	return out
}

// read lists the columns whose values the dimensions and leaves read, and do not
// only compare.
func (p *part) read() []string {
	out := slices.Clone(p.req.By)
	for _, l := range p.leaves {
		for _, f := range []string{l.node.Field, l.node.Since} {
			if f != "" && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// bucketOf writes the first day of the bucket that a row falls in.
func (p *part) bucketOf(g city.Grain) string {
	t := quote(p.req.Indicator.Time)
	if g == city.GrainDay {
		return p.day()
	}
	if f, ok := p.dataset.Field(p.req.Indicator.Time); ok && f.Type == city.TypeMonth && g == city.GrainMonth {
		return t // it is kept as the first day
	}
	return "CAST(DATE_TRUNC('" + string(g) + "', " + t + ") AS DATE)"
}

// moments says that rows are placed in time by a moment, not by a day.
func (p *part) moments() bool {
	f, ok := p.dataset.Field(p.req.Indicator.Time)
	return ok && f.Type == city.TypeDateTime
}

// day writes the day of a row.
func (p *part) day() string {
	t := quote(p.req.Indicator.Time)
	if p.moments() {
		return "CAST(" + t + " AS DATE)"
	}
	return t
}

// timeRange bounds the rows by literal days, so that an engine can skip the
// files and row groups that lie outside.
func (p *part) timeRange() text {
	t := quote(p.req.Indicator.Time)
	first, last := dateLiteral, dateLiteral
	if p.moments() {
		first, last = firstMoment, lastMoment
	}
	between := func(s city.Span) string {
		if s.From.IsZero() {
			return t + " <= " + last(s.To)
		}
		return t + " BETWEEN " + first(s.From) + " AND " + last(s.To)
	}
	list := ranges(p.windows)
	whole := between(city.Span{From: list[0].From, To: list[len(list)-1].To})
	if len(list) == 1 {
		return text{sql: whole}
	}
	each := make([]string, len(list))
	for i, s := range list {
		each[i] = between(s)
	}
	// The whole range stands beside its pieces because not every engine prunes
	// by a disjunction.
	return text{sql: whole + "\n    AND (" + strings.Join(each, "\n      OR ") + ")"}
}

// hitPart repeats each row for each window that holds it.
func (p *part) hitPart() text {
	return text{sql: p.name("hit") + ` AS (
  SELECT "win"."_p", "win"."_k", "src".*
  FROM ` + p.as("win") + " JOIN " + p.as("src") + ` ON "src"."_b" BETWEEN "win"."_f" AND "win"."_t"
)`}
}

// cellPart puts the units together per period and combination of dimensions,
// with one set of columns for each shift. Without dimensions a
// period keeps its line even when it has no rows.
func (p *part) cellPart(l layout, win string) text {
	keys := append([]string{quote(win) + "." + colPeriod}, prefixed("unit", p.req.By)...)
	cols := slices.Clone(keys)
	for i, s := range p.shifts {
		at := fmt.Sprintf(" FILTER (WHERE %s.%s = %d)", quote(win), colShift, i)
		cols = append(cols, "SUM(\"unit\"."+colRows+")"+at+" AS "+s.column(p.rows()))
		for _, leaf := range p.leaves {
			for _, c := range leaf.columns(l.first) {
				cols = append(cols, c.sql()+"(\"unit\"."+quote(c.name)+")"+at+" AS "+s.column(quote(c.name)))
			}
		}
	}
	on := fmt.Sprintf(`"unit"."_b" BETWEEN %[1]s."_f" AND %[1]s."_t"`, quote(win))
	if l.bucket == "" {
		on = fmt.Sprintf(`"unit"."_p" = %[1]s."_p" AND "unit"."_k" = %[1]s."_k"`, quote(win))
	}
	kind := "LEFT JOIN"
	if len(p.req.By) > 0 {
		kind = "JOIN"
	}
	return text{sql: p.name("cell") + " AS (\n  SELECT " + strings.Join(cols, ",\n    ") +
		"\n  FROM " + p.as(win) + " " + kind + " " + p.as("unit") + " ON " + on +
		"\n  GROUP BY " + strings.Join(keys, ", ") + "\n)"}
}
