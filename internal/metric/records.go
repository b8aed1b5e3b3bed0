package metric

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// ColumnRow is the system column that numbers the records of a delivery.
const ColumnRow = "_row"

// Records asks for the rows behind one value.
type Records struct {
	Request
	// Without are fields of which the rows have no value: a condition cannot say so.
	Without []string
	// Fields to read, all stored; none to count the rows only.
	Fields []string
	// AfterDelivery and AfterRow are where the page before ended; "" and 0 to begin.
	AfterDelivery string
	AfterRow      int64
	Limit         int
}

// CompileRecords makes the query for a page of the rows that stand in the window
// of the last period of the question, in the order in which they were
// delivered: those that the column n of its answer counts. The columns are
// _delivery, _row and the fields as text (VARCHAR); without fields the only
// column is n, and the page does not count. By and Against are ignored.
//
// The order does not depend on what is measured, so that the rows behind a mean
// or a percentile are paged like those behind a sum.
func CompileRecords(c *city.City, r Records, src Source) (*Query, error) {
	r.By, r.Against = nil, nil
	k, err := newCompiler(c, r.Request, src)
	if err != nil {
		return nil, err
	}
	p, last := k.parts[0], k.periods[len(k.periods)-1]
	p.windows = []window{{period: last.Start, from: last.Window.From, to: last.Window.To}}
	conds := []text{p.timeRange(), p.scope, p.where}
	for _, f := range r.Without {
		conds = append(conds, text{sql: quote(f) + " IS NULL"})
	}
	l := choose(p)
	var w writer
	if l.last {
		w.add("WITH ").put(join(",\n", p.windowPart(l), p.monthPart(), p.lastPart())).add("\n")
		conds = append(conds, text{sql: p.bucketOf(l.bucket) + ` IN (SELECT "_f" FROM "last")`})
	}
	columns := []string{ColumnRows}
	if len(r.Fields) == 0 {
		w.add("SELECT COUNT(*) AS ", quote(ColumnRows))
	} else {
		columns = append([]string{ColumnDelivery, ColumnRow}, r.Fields...)
		w.add("SELECT ", quote(ColumnDelivery), ", ", quote(ColumnRow))
		for _, f := range r.Fields {
			w.add(", CAST(", quote(f), " AS VARCHAR) AS ", quote(f))
		}
	}
	if r.AfterDelivery != "" && len(r.Fields) > 0 {
		conds = append(conds, text{sql: "(" + quote(ColumnDelivery) + " > ? OR " + quote(ColumnDelivery) + " = ? AND " + quote(ColumnRow) + " > ?)",
			args: []any{r.AfterDelivery, r.AfterDelivery, r.AfterRow}})
	}
	w.add("\nFROM ", p.relation(slices.Concat(r.Fields, r.Without)...), "\nWHERE ").put(join("\n  AND ", conds...))
	if len(r.Fields) > 0 {
		w.put(text{sql: "\nORDER BY 1, 2\nLIMIT ?", args: []any{int64(r.Limit)}})
	}
	return &Query{SQL: w.b.String(), Args: w.args, Columns: columns}, nil
}
