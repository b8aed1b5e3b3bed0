package metric

import (
	"fmt"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Heads asks who stands behind the rows of an indicator.
type Heads struct {
	Request
	// Person is the field that names who a row is about; "" counts the rows.
	Person string
	// Least is up to how many persons of a group are told apart by number.
	Least int
}

// The columns of CompileHeads, besides period_start, the dimensions and n.
const (
	ColumnPersons = "persons" // BIGINT, how many are named
	ColumnWho     = "who"     // VARCHAR, numbers that tell them apart, with commas; NULL when there are Least or more
)

// CompileHeads makes the query that counts persons: for each period of the grain
// and combination of dimension values that has rows, in one pass over the rows.
// The numbers of persons are the engine's hashes, which are the same in all
// answers of one engine. The columns are period_start, the dimensions (VARCHAR,
// NULL where a row has none), persons, n and who. The measure, the window and
// Against are ignored.
func CompileHeads(c *city.City, r Heads, src Source) (*Query, error) {
	r.Window, r.Rolling, r.Against = city.WindowPeriod, 0, nil
	k, err := newCompiler(c, r.Request, src)
	if err != nil {
		return nil, err
	}
	p := k.parts[0]
	person := "NULL"
	if r.Person != "" {
		person = "CASE WHEN " + quote(r.Person) + " IS NOT NULL THEN HASH(" + quote(r.Person) + ") END"
	}
	cols, names := []string{p.bucketOf(r.Grain) + " AS " + quote(ColumnPeriod)}, []string{quote(ColumnPeriod)}
	for _, d := range quoteAll(r.By) {
		cols, names = append(cols, "CAST("+d+" AS VARCHAR) AS "+d), append(names, d)
	}
	groups := make([]string, len(cols)+1)
	for i := range groups {
		groups[i] = fmt.Sprint(i + 1)
	}
	list := strings.Join(names, ", ")
	var w writer
	w.add("WITH once AS (\n  SELECT ", strings.Join(append(cols, person+" AS _who", "COUNT(*) AS _n"), ", "), "\n  FROM ", p.relation(present(r.Person)...), "\n  WHERE ").
		put(join("\n    AND ", p.timeRange(), p.scope, p.where)).
		add("\n  GROUP BY ", strings.Join(groups, ", "), "\n)\nSELECT ", list, ", COUNT(_who) AS ", quote(ColumnPersons), ", CAST(SUM(_n) AS BIGINT) AS ", quote(ColumnRows),
			",\n  CASE WHEN COUNT(_who) < ", fmt.Sprint(r.Least), " THEN ARRAY_TO_STRING(MIN(_who, ", fmt.Sprint(max(r.Least, 1)), "), ',') END AS ", quote(ColumnWho),
			"\nFROM once\nGROUP BY ", list, "\nORDER BY ", list)
	return &Query{SQL: w.b.String(), Args: w.args}, nil
}

// present lists a name, when there is one.
func present(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}
