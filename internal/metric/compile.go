package metric

import (
	"fmt"
	"slices"
	"strings"
)

// The names of intermediate columns begin with an underscore, which no declared
// field does.
const (
	colBucket = `"_b"`
	colPeriod = `"_p"`
	colShift  = `"_k"`
	colFrom   = `"_f"`
	colTo     = `"_t"`
	colRows   = `"_n"`
	colDay    = `"_day"`
	colDays   = `"_d"`
)

// query writes the question as SQL, each part in the layout that is chosen for
// it.
func (k *compiler) query(choose func(*part) layout) *Query {
	var tables []text
	for _, p := range k.parts {
		tables = append(tables, p.tables(choose(p))...)
	}
	return k.over(tables)
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

// cellsPart puts the cells of all parts side by side. Rows are put together by
// grouping and not by a join, because an empty dimension value equals itself
// only there.
func (k *compiler) cellsPart() text {
	keys := append([]string{colPeriod}, quoteAll(k.req.By)...)
	cols, selects := slices.Clone(keys), make([]string, len(k.parts))
	for i, p := range k.parts {
		selects[i] = strings.Join(keys, ", ")
		for j, q := range k.parts {
			for _, c := range q.cellColumns() {
				value := c
				if i != j {
					value = "NULL AS " + c
				}
				selects[i] += ", " + value
			}
		}
		for _, c := range p.cellColumns() {
			cols = append(cols, "MAX("+c+") AS "+c)
		}
		selects[i] = "    SELECT " + selects[i] + " FROM " + p.name("cell")
	}
	return text{sql: `"cells" AS (` + "\n  SELECT " + strings.Join(cols, ",\n    ") + "\n  FROM (\n" +
		strings.Join(selects, "\n    UNION ALL\n") + "\n  ) AS \"each\"\n  GROUP BY " + strings.Join(keys, ", ") + "\n)"}
}

func (k *compiler) columnNames() []string {
	out := append([]string{ColumnPeriod}, k.req.By...)
	return append(out, ColumnValue, ColumnPrevious, ColumnBefore, ColumnFestival, ColumnRows)
}

func prefixed(table string, names []string) []string {
	out := quoteAll(names)
	for i, n := range out {
		out[i] = quote(table) + "." + n
	}
	return out
}

// answer selects the value from the cells.
func (k *compiler) answer(cells string) text {
	e, percent := k.expression(), k.req.Indicator.Unit == percentUnit
	cols := []string{colPeriod + " AS " + quote(ColumnPeriod)}
	order := []string{"1"}
	for i, d := range k.req.By {
		cols = append(cols, "CAST("+quote(d)+" AS VARCHAR) AS "+quote(d))
		order = append(order, fmt.Sprint(i+2))
	}
	cols = append(cols,
		e.at(k.req.Indicator.Measure, shift{}, percent)+" AS "+quote(ColumnValue),
		k.against(e, AgainstYear)+" AS "+quote(ColumnPrevious),
		k.against(e, AgainstPeriod)+" AS "+quote(ColumnBefore),
		k.against(e, AgainstFestival)+" AS "+quote(ColumnFestival),
		"CAST(COALESCE("+colRows+", 0) AS BIGINT) AS "+quote(ColumnRows))
	return text{sql: "SELECT " + strings.Join(cols, ",\n  ") + "\nFROM " + cells + "\nORDER BY " + strings.Join(order, ", ")}
}

// against writes the value of an earlier time, NULL where it was not asked for.
func (k *compiler) against(e expression, a Against) string {
	if !slices.Contains(k.req.Against, a) {
		return "CAST(NULL AS DOUBLE)"
	}
	s := shift{}.back(a)
	return e.ifRows(k.parts[0], s, e.at(k.req.Indicator.Measure, s, k.req.Indicator.Unit == percentUnit))
}
