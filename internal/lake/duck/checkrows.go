package duck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/lake"
)

// The SQL below speaks of two sets of rows: live are the staged rows that the
// delivery would leave in the table (alias s), rest are the rows of the table
// that it would leave there (alias e). Only names that the pack declares stand
// in it, as quoted identifiers.

// live selects from the staged rows that none supersedes: their number r, then
// the expressions.
func (c *setChecks) live(exprs ...string) string {
	return fmt.Sprintf("SELECT s.%[1]s AS r, %[2]s FROM temp.stage AS s ANTI JOIN temp.check_gone AS gone ON s.%[1]s = gone.r",
		ident(rowColumn), strings.Join(exprs, ", "))
}

// rest selects from the rows of the table that the delivery neither replaces
// nor lets vanish.
func (c *setChecks) rest(exprs ...string) string {
	q := fmt.Sprintf("SELECT %s FROM %s AS e WHERE NOT EXISTS (SELECT 1 FROM temp.stage AS s WHERE %s)",
		strings.Join(exprs, ", "), relation(c.view, c.view.Files, false), c.match("s"))
	if c.gone != "" {
		q += " AND NOT (" + c.gone + ")"
	}
	return q
}

// field gives the SQL of a field in rows of an alias: s for staged rows, where
// it may be coded, e for those of the table.
func (c *setChecks) field(name, alias string) string {
	if f, ok := c.ds.Field(name); ok && alias == "s" {
		return c.value(f, "s")
	}
	return alias + "." + ident(name)
}

// tuple gives the SQL of several fields as one value, which compares and sorts
// like them, with empty ones equal. More may follow the fields.
func (c *setChecks) tuple(names []string, alias string, more ...string) string {
	parts := make([]string, 0, len(names)+1)
	for _, n := range names {
		parts = append(parts, c.field(n, alias))
	}
	parts = append(parts, more...)
	if len(parts) == 0 {
		parts = append(parts, "0") // a tuple cannot be empty
	}
	for i := range parts {
		parts[i] = fmt.Sprintf("'k%d': %s", i, parts[i])
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// given says that all fields, or any of them, have a value.
func (c *setChecks) given(names []string, alias, join string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = c.field(n, alias) + " IS NOT NULL"
	}
	return "(" + strings.Join(parts, join) + ")"
}

// repeated gives the rows whose combination of values an earlier row of the
// delivery has, or a row of the table. The hashes spare memory as in dedupe.
func (c *setChecks) repeated(k *lake.Check) string {
	own, table := c.tuple(k.Fields, "s"), c.tuple(k.Fields, "e")
	return fmt.Sprintf(`WITH live AS (SELECT * FROM (%s) WHERE given),
once AS (SELECT h FROM (SELECT hash(x) AS h FROM live) GROUP BY h HAVING count(*) > 1)
SELECT r FROM (SELECT r, row_number() OVER (PARTITION BY x ORDER BY r) AS n FROM live WHERE hash(x) IN (SELECT h FROM once)) WHERE n > 1
UNION ALL
SELECT l.r FROM live AS l SEMI JOIN (%s) AS t ON l.x = t.x`,
		c.live(own+" AS x", c.given(k.Fields, "s", " AND ")+" AS given"),
		c.rest(table+" AS x")+" AND "+c.given(k.Fields, "e", " AND "))
}

// dangling gives the rows whose value the other dataset does not have. A
// dataset whose table has no such column yet has no value either.
func (c *setChecks) dangling(k *lake.Check) string {
	has := slices.ContainsFunc(k.Refers.Columns, func(col lake.Column) bool { return col.Name == k.To })
	known := "SELECT NULL AS x WHERE false"
	if has {
		known = fmt.Sprintf("SELECT e.%s AS x FROM %s AS e", ident(k.To), relation(k.Refers, k.Refers.Files, false))
	}
	return fmt.Sprintf("SELECT l.r FROM (%s) AS l ANTI JOIN (%s) AS known ON l.x = known.x WHERE l.x IS NOT NULL",
		c.live(c.field(k.Fields[0], "s")+" AS x"), known)
}
