package metric

import (
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// direct writes a question whose every value is one group of rows: one part, no
// earlier times, and windows that share no day. There is nothing to put
// together, and planning the way around would take longer than reading a small
// table. It is nil where it is not so.
func (k *compiler) direct() *Query {
	p := k.parts[0]
	l := choose(p)
	if len(k.parts) > 1 || len(k.shifts) > 1 || l.bucket == "" || l.last || l.first || p.has(city.MeasurePercentile) || !disjoint(p.windows, l.bucket) {
		return nil
	}
	single := len(p.windows) == 1
	if !single && slices.ContainsFunc(p.windows, func(w window) bool { return w.period != l.bucket.Start(w.from) }) {
		return nil
	}
	var w writer
	w.add("WITH ")
	cells, all := quote("group"), len(k.req.By) == 0 && !single // every period keeps its line
	name := colPeriod
	if all {
		w.put(p.periodPart()).add(",\n")
		name = colBucket
	}
	w.put(p.groupPart(l, single, name)).add("\n")
	if all {
		cells = `"win" LEFT JOIN "group" ON "group"."_b" = "win"."_p"`
	}
	w.put(k.answer(cells))
	return &Query{SQL: w.b.String(), Args: w.args, Columns: k.columnNames()}
}

// periodPart lists the periods.
func (p *part) periodPart() text {
	rows := make([]string, len(p.windows))
	for i, w := range p.windows {
		rows[i] = "(" + dateLiteral(w.period) + ")"
	}
	return text{sql: `"win" ("_p") AS (VALUES ` + strings.Join(rows, ", ") + ")"}
}

// groupPart sums the rows of each period and combination of dimension values.
func (p *part) groupPart(l layout, single bool, name string) text {
	period, keys := p.bucketOf(l.bucket), quoteAll(p.req.By)
	groups := append([]string{period}, keys...)
	if single {
		period, groups = dateLiteral(p.windows[0].period), keys
	}
	cols := []text{{sql: strings.Join(append([]string{period + " AS " + name}, keys...), ", ") + ", COUNT(*) AS " + p.rows()}}
	for _, leaf := range p.leaves {
		for _, c := range leaf.columns(false) {
			c.make.sql += " AS " + quote(c.name)
			cols = append(cols, c.make)
		}
	}
	var w writer
	w.add(`"group" AS (`, "\n  SELECT ").put(join(",\n    ", cols...)).add("\n  FROM ", p.relation(), "\n  WHERE ").
		put(join("\n    AND ", p.timeRange(), p.scope, p.where))
	if len(groups) > 0 {
		w.add("\n  GROUP BY ", strings.Join(groups, ", "))
	}
	return w.add("\n)").text()
}
