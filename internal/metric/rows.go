package metric

import (
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// CompileRows makes the query that says which deliveries stand behind a value:
// for the window of the last period of the question, how many of the rows that
// column n counts each delivery wrote. The columns are _delivery and n, most
// rows first. By and Against are ignored.
func CompileRows(c *city.City, r Request, src Source) (*Query, error) {
	r.By, r.Against = nil, nil
	k, err := newCompiler(c, r, src)
	if err != nil {
		return nil, err
	}
	p, last := k.parts[0], k.periods[len(k.periods)-1]
	p.windows = []window{{period: last.Start, from: last.Window.From, to: last.Window.To}}
	conds := []text{p.timeRange(), p.scope, p.where}
	l := choose(p)
	var w writer
	if l.last {
		w.add("WITH ").put(join(",\n", p.windowPart(l), p.monthPart(), p.lastPart())).add("\n")
		conds = append(conds, text{sql: p.bucketOf(l.bucket) + ` IN (SELECT "_f" FROM "last")`})
	}
	w.add("SELECT ", quote(ColumnDelivery), ", COUNT(*) AS ", quote(ColumnRows), "\nFROM ", p.relation(), "\nWHERE ").
		put(join("\n  AND ", conds...)).
		add("\nGROUP BY ", quote(ColumnDelivery), "\nORDER BY 2 DESC, 1")
	return &Query{SQL: w.b.String(), Args: w.args, Columns: []string{ColumnDelivery, ColumnRows}}, nil
}

// CompileDays makes the companion query that a completeness rule needs: for
// each calendar month and combination of dimension values, the number of days
// that have a row whose measured fields are not empty. It covers the windows
// of the question, those of earlier times too that it needs. The columns are month_start, the dimensions, and days; a month without a valid
// day has no row.
func CompileDays(c *city.City, r Request, src Source) (*Query, error) {
	k, err := newCompiler(c, r, src)
	if err != nil {
		return nil, err
	}
	p := k.parts[0]
	month := p.bucketOf(city.GrainMonth)
	cols, groups := []string{month + " AS " + quote(ColumnMonth)}, []string{month}
	names := append([]string{ColumnMonth}, r.By...)
	for _, d := range quoteAll(r.By) {
		cols, groups = append(cols, "CAST("+d+" AS VARCHAR) AS "+d), append(groups, d)
	}
	cols = append(cols, "COUNT(DISTINCT "+p.day()+") AS "+quote(ColumnDays))
	var w writer
	w.add("SELECT ", strings.Join(cols, ",\n  "), "\nFROM ", p.relation(), "\nWHERE ").
		put(join("\n  AND ", p.timeRange(), p.scope, p.where, p.measured())).
		add("\nGROUP BY ", strings.Join(groups, ", "), "\nORDER BY 1")
	return &Query{SQL: w.b.String(), Args: w.args, Columns: append(names, ColumnDays)}, nil
}

// measured keeps the rows that some leaf reads a value of.
func (p *part) measured() text {
	var list []text
	for _, l := range p.leaves {
		t := l.present()
		if t.sql == "" {
			return text{} // counting rows, every row counts
		}
		t.sql = "(" + t.sql + ")"
		list = append(list, t)
	}
	t := join(" OR ", list...)
	if len(list) > 1 {
		t.sql = "(" + t.sql + ")"
	}
	return t
}
