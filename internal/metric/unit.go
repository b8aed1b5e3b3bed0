package metric

import (
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// unitPart sums the rows per key, which is the bucket or the window, and the
// dimensions. Distinct counts by first appearance and percentiles cannot be
// made by the same grouping; each adds lines of its own, with NULL in the
// columns of the others.
func (p *part) unitPart(l layout, from string) text {
	keys := []string{colBucket}
	if l.bucket == "" {
		keys = []string{colPeriod, colShift}
	}
	keys = append(keys, quoteAll(p.req.By)...)
	selects := []text{p.plainSelect(l, from, keys)}
	for _, leaf := range p.leaves {
		switch {
		case leaf.node.Kind == city.MeasurePercentile && !l.lists:
			selects = append(selects, p.percentileSelect(l, leaf, from, keys))
		case leaf.node.Kind == city.MeasureCountDistinct && l.first:
			selects = append(selects, p.firstSelect(l, leaf, from, keys))
		}
	}
	var w writer
	w.add(p.name("unit"), " AS (\n").put(join("\n  UNION ALL\n", selects...)).add("\n)")
	return w.text()
}

// plainSelect makes everything that one grouping of the rows can make.
func (p *part) plainSelect(l layout, from string, keys []string) text {
	cols := []text{{sql: strings.Join(keys, ", ") + ", COUNT(*) AS " + colRows}}
	for _, leaf := range p.leaves {
		for _, c := range leaf.columns(l.first) {
			t := c.make
			switch {
			case c.merge == mergeList && l.lists:
				t = leaf.values()
			case t.sql == "":
				t.sql = "CAST(NULL AS " + c.typ + ")"
			}
			t.sql += " AS " + quote(c.name)
			cols = append(cols, t)
		}
	}
	if l.days {
		cols = append(cols, p.daysColumn(l))
	}
	var w writer
	w.add("  SELECT ").put(join(",\n    ", cols...)).add("\n  FROM ", p.name(from), "\n  GROUP BY ", strings.Join(keys, ", "))
	return w.text()
}

// only fills the columns of one leaf and leaves the others NULL.
func (p *part) only(l layout, own *leaf, value string) string {
	cols := []string{"NULL"} // the number of rows, counted once by plainSelect
	for _, leaf := range p.leaves {
		for range leaf.columns(l.first) {
			if leaf == own {
				cols = append(cols, value)
				continue
			}
			cols = append(cols, "NULL")
		}
	}
	if l.days {
		cols = append(cols, "NULL") // counted by plainSelect too
	}
	return strings.Join(cols, ", ")
}

// daysColumn counts the days of a bucket that have a row with a value, for a
// completeness rule: what CompileDays counts by itself.
func (p *part) daysColumn(l layout) text {
	has := p.measured()
	if has.sql == "" {
		has.sql = "TRUE"
	}
	count := "COUNT(DISTINCT " + colDay + ") FILTER (WHERE " + has.sql + ")"
	if l.bucket == city.GrainDay {
		count = "MAX(CASE WHEN " + has.sql + " THEN 1 ELSE 0 END)"
	}
	return text{"CAST(" + count + " AS BIGINT) AS " + colDays, has.args}
}

// firstSelect counts each distinct value once, in the bucket where it first
// appears: in its year for year windows, ever for windows without a beginning.
func (p *part) firstSelect(l layout, leaf *leaf, from string, keys []string) text {
	group := append(quoteAll(p.req.By), quote(leaf.node.Field))
	cols := append([]string{"MIN(" + colBucket + `) AS "_first"`}, group...)
	if !p.windows[0].from.IsZero() {
		group = append([]string{"EXTRACT(YEAR FROM " + colBucket + ")"}, group...)
	}
	outer := append([]string{`"_first"`}, keys[1:]...)
	var w writer
	w.add("  SELECT ", strings.Join(outer, ", "), ", ", p.only(l, leaf, "COUNT(*)"),
		"\n  FROM (\n    SELECT ", strings.Join(cols, ", "), "\n    FROM ", p.name(from), "\n    WHERE ").
		put(leaf.present()).
		add("\n    GROUP BY ", strings.Join(group, ", "), "\n  ) AS \"seen\"\n  GROUP BY ", strings.Join(outer, ", "))
	return w.text()
}

// percentileSelect interpolates as HJ 663-2013 appendix A: with the values
// sorted ascending, k = 1 + (n-1)p/100, s = floor(k), and the result is
// X(s) + (X(s+1) - X(s))(k - s). It numbers the rows because the engines'
// own percentile functions do not agree.
func (p *part) percentileSelect(l layout, leaf *leaf, from string, keys []string) text {
	list := strings.Join(keys, ", ")
	pos := "1 + (\"_m\" - 1) * CAST(" + number(leaf.node.P) + " AS DOUBLE) / 100"
	low := `MAX(CASE WHEN "_r" = FLOOR("_at") THEN "_x" END)`
	high := `MAX(CASE WHEN "_r" = FLOOR("_at") + 1 THEN "_x" END)`
	part := `MAX("_at" - FLOOR("_at"))`
	value := low + " + COALESCE((" + high + " - " + low + ") * " + part + ", 0)"
	var w writer
	w.add("  SELECT ", list, ", ", p.only(l, leaf, value), "\n  FROM (\n    SELECT ", list, `, "_x", "_r", `, pos, ` AS "_at"`,
		"\n    FROM (\n      SELECT ", list, ", CAST(", leaf.value(), ` AS DOUBLE) AS "_x",`,
		"\n        ROW_NUMBER() OVER (PARTITION BY ", list, " ORDER BY ", leaf.value(), `) AS "_r",`,
		"\n        COUNT(*) OVER (PARTITION BY ", list, `) AS "_m"`,
		"\n      FROM ", p.name(from), "\n      WHERE ").
		put(leaf.present()).
		add("\n    ) AS \"numbered\"\n  ) AS \"placed\"\n  GROUP BY ", list)
	return w.text()
}
