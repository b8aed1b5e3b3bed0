package metric

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The names of intermediate columns begin with an underscore, which no declared
// field does.
const (
	colBucket = `"_b"`
	colPeriod = `"_p"`
	colBack   = `"_k"`
	colFrom   = `"_f"`
	colTo     = `"_t"`
	colRows   = `"_n"`
)

// query writes the question as SQL in the given layout.
func (k *compiler) query(l layout) *Query {
	parts := []text{k.windowPart(l)}
	win := "win"
	if l.last {
		parts = append(parts, k.monthPart(), lastPart())
		win = "last"
	}
	parts = append(parts, k.sourcePart(l))
	from := "src"
	if l.bucket == "" {
		parts = append(parts, k.hitPart())
		from = "hit"
	}
	parts = append(parts, k.unitPart(l, from), k.cellPart(l, win))
	var w writer
	w.add("WITH ").put(join(",\n", parts...)).add("\n").put(k.answer())
	return &Query{SQL: w.b.String(), Args: w.args, Columns: k.columnNames()}
}

func (k *compiler) columnNames() []string {
	out := append([]string{ColumnPeriod}, k.req.By...)
	return append(out, ColumnValue, ColumnPrevious, ColumnRows)
}

// windowPart lists the windows: period, years back, first and last day. Where
// rows are summed by bucket, a window begins with its bucket: the rows of the
// bucket before the window are not read at all.
func (k *compiler) windowPart(l layout) text {
	rows := make([]string, len(k.windows))
	for i, w := range k.windows {
		from := w.from
		if l.bucket != "" && !from.IsZero() {
			from = l.bucket.Start(from)
		}
		rows[i] = fmt.Sprintf("  (%s, %d, %s, %s)", dateLiteral(w.period), w.back, dateLiteral(from), dateLiteral(w.to))
	}
	return text{sql: quote("win") + " (" + strings.Join([]string{colPeriod, colBack, colFrom, colTo}, ", ") + ") AS (VALUES\n" +
		strings.Join(rows, ",\n") + "\n)"}
}

// monthPart lists the months that have rows of the scope, whatever else the
// question asks: a district without rows in the last month has none, it does
// not fall back to an older month.
func (k *compiler) monthPart() text {
	var w writer
	w.add(quote("month"), " AS (\n  SELECT DISTINCT ", k.bucketOf(city.GrainMonth), " AS ", colBucket,
		"\n  FROM ", k.src.Relation, "\n  WHERE ").put(join("\n    AND ", k.timeRange(), k.scope)).add("\n)")
	return w.text()
}

// lastPart narrows the windows to the last month with rows. A window without
// one keeps its line, with no first day.
func lastPart() text {
	return text{sql: `"last" (` + strings.Join([]string{colPeriod, colBack, colFrom, colTo}, ", ") + `) AS (
  SELECT "win"."_p", "win"."_k", MAX("month"."_b"), "win"."_t"
  FROM "win" LEFT JOIN "month" ON "month"."_b" BETWEEN "win"."_f" AND "win"."_t"
  GROUP BY "win"."_p", "win"."_k", "win"."_t"
)`}
}

// sourcePart reads the rows that any window holds, once, with the columns that
// are needed and their bucket.
func (k *compiler) sourcePart(l layout) text {
	bucket := l.bucket
	if bucket == "" {
		bucket = city.GrainDay
	}
	cols := append([]string{k.bucketOf(bucket) + " AS " + colBucket}, quoteAll(k.fields())...)
	conds := []text{k.timeRange(), k.scope, k.where}
	if l.last {
		conds = append(conds, text{sql: k.bucketOf(city.GrainMonth) + ` IN (SELECT "_f" FROM "last")`})
	}
	var w writer
	w.add(quote("src"), " AS (\n  SELECT ", strings.Join(cols, ", "), "\n  FROM ", k.src.Relation,
		"\n  WHERE ").put(join("\n    AND ", conds...)).add("\n)")
	return w.text()
}

// fields lists the columns that the dimensions and leaves read.
func (k *compiler) fields() []string {
	out := slices.Clone(k.req.By)
	add := func(f string) {
		if f != "" && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	for _, l := range k.leaves {
		add(l.node.Field)
		add(l.node.Since)
		for _, c := range l.node.Where {
			add(c.Field)
		}
	}
	return out
}

// bucketOf writes the first day of the bucket that a row falls in.
func (k *compiler) bucketOf(g city.Grain) string {
	t := quote(k.req.Indicator.Time)
	if g == city.GrainDay {
		return k.day()
	}
	return "CAST(DATE_TRUNC('" + string(g) + "', " + t + ") AS DATE)"
}

// moments says that rows are placed in time by a moment, not by a day.
func (k *compiler) moments() bool {
	f, ok := k.dataset.Field(k.req.Indicator.Time)
	return ok && f.Type == city.TypeDateTime
}

// day writes the day of a row.
func (k *compiler) day() string {
	t := quote(k.req.Indicator.Time)
	if k.moments() {
		return "CAST(" + t + " AS DATE)"
	}
	return t
}

// timeRange bounds the rows by literal days, so that an engine can skip the
// files and row groups that lie outside.
func (k *compiler) timeRange() text {
	t := quote(k.req.Indicator.Time)
	first, last := dateLiteral, dateLiteral
	if k.moments() {
		first, last = firstMoment, lastMoment
	}
	between := func(s city.Span) string {
		if s.From.IsZero() {
			return t + " <= " + last(s.To)
		}
		return t + " BETWEEN " + first(s.From) + " AND " + last(s.To)
	}
	list := ranges(k.windows)
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
func (k *compiler) hitPart() text {
	return text{sql: `"hit" AS (
  SELECT "win"."_p", "win"."_k", "src".*
  FROM "win" JOIN "src" ON "src"."_b" BETWEEN "win"."_f" AND "win"."_t"
)`}
}

// cellPart puts the units together per period and combination of dimensions,
// with one set of columns for each number of years back. Without dimensions a
// period keeps its line even when it has no rows.
func (k *compiler) cellPart(l layout, win string) text {
	keys := append([]string{quote(win) + "." + colPeriod}, prefixed("unit", k.req.By)...)
	cols := slices.Clone(keys)
	for back := 0; back <= k.depth; back++ {
		at := fmt.Sprintf(" FILTER (WHERE %s.%s = %d)", quote(win), colBack, back)
		cols = append(cols, "SUM(\"unit\"."+colRows+")"+at+" AS "+yearsBack(colRows, back))
		for _, leaf := range k.leaves {
			for _, c := range leaf.columns(l.first) {
				cols = append(cols, c.merge+"(\"unit\"."+quote(c.name)+")"+at+" AS "+yearsBack(quote(c.name), back))
			}
		}
	}
	on := fmt.Sprintf(`"unit"."_b" BETWEEN %[1]s."_f" AND %[1]s."_t"`, quote(win))
	if l.bucket == "" {
		on = fmt.Sprintf(`"unit"."_p" = %[1]s."_p" AND "unit"."_k" = %[1]s."_k"`, quote(win))
	}
	kind := "LEFT JOIN"
	if len(k.req.By) > 0 {
		kind = "JOIN"
	}
	return text{sql: `"cell" AS (` + "\n  SELECT " + strings.Join(cols, ",\n    ") +
		"\n  FROM " + quote(win) + " " + kind + ` "unit" ON ` + on +
		"\n  GROUP BY " + strings.Join(keys, ", ") + "\n)"}
}

// yearsBack names a quoted column as it was a number of years before.
func yearsBack(quoted string, back int) string {
	if back == 0 {
		return quoted
	}
	return fmt.Sprintf(`%s_%dy"`, strings.TrimSuffix(quoted, `"`), back)
}

func prefixed(table string, names []string) []string {
	out := quoteAll(names)
	for i, n := range out {
		out[i] = quote(table) + "." + n
	}
	return out
}

// answer selects the value from the cells.
func (k *compiler) answer() text {
	e := k.expression()
	previous := "CAST(NULL AS DOUBLE)"
	if k.req.Previous {
		previous = e.ifRows(1, e.at(k.req.Indicator.Measure, 1, e.percent))
	}
	cols := []string{colPeriod + " AS " + quote(ColumnPeriod)}
	order := []string{"1"}
	for i, d := range k.req.By {
		cols = append(cols, "CAST("+quote(d)+" AS VARCHAR) AS "+quote(d))
		order = append(order, fmt.Sprint(i+2))
	}
	cols = append(cols,
		e.at(k.req.Indicator.Measure, 0, e.percent)+" AS "+quote(ColumnValue),
		previous+" AS "+quote(ColumnPrevious),
		"CAST(COALESCE("+colRows+", 0) AS BIGINT) AS "+quote(ColumnRows))
	return text{sql: "SELECT " + strings.Join(cols, ",\n  ") + "\nFROM \"cell\"\nORDER BY " + strings.Join(order, ", ")}
}
