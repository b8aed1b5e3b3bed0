package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// diff is what changed in a table between two states. A row is known by the
// delivery that wrote it and its number there; two rows with the same key are
// versions of one. The SQL is what both DuckDB and Trino speak.
type diff struct {
	engine lake.Engine
	from   *lake.View
	to     *lake.View
	key    []string // fields that tell rows apart
	region []string // fields that say where a row belongs
	in     string   // condition on rows that the value may be made of, by aliasMark
	args   []any    // of the ? marks of in
}

// changes counts the rows of a diff by what became of them.
type changes struct{ added, moved, corrected, vanished int64 }

func (c changes) none() bool { return c == changes{} }

// newDiff compares two states of a dataset.
func newDiff(e lake.Engine, ds *city.Dataset, from, to *lake.View, in string, args []any) diff {
	d := diff{engine: e, from: from, to: to, key: ds.Identity(), in: in, args: args}
	for _, f := range ds.Fields {
		if f.Type == city.TypeRegion && !slices.Contains(d.key, f.Name) {
			d.region = append(d.region, f.Name)
		}
	}
	return d
}

// only reads the rows of one state whose files the other does not have. A file
// never changes, so that the rows of common files are the same.
func (d diff) only(of, other *lake.View) string {
	v := *of
	v.Files = nil
	for _, f := range of.Files {
		if _, both := slices.BinarySearch(other.Files, f); !both {
			v.Files = append(v.Files, f)
		}
	}
	return d.engine.Relation(&v)
}

// versions gives the rows of one state that are not, as they are, in the other.
func (d diff) versions(of, other *lake.View) string {
	return fmt.Sprintf(`(SELECT %s FROM %s AS "a" WHERE NOT EXISTS (SELECT 1 FROM %s AS "b" WHERE %s))`,
		d.columns("a"), d.only(of, other), d.only(other, of), same([]string{lake.ColumnDelivery, lake.ColumnRow}))
}

func (d diff) gone() string { return d.versions(d.from, d.to) }
func (d diff) come() string { return d.versions(d.to, d.from) }

// columns lists the columns that both states have, for rows of an alias.
func (d diff) columns(alias string) string {
	names := make([]string, len(d.to.Columns))
	for i, c := range d.to.Columns {
		names[i] = fmt.Sprintf(`"%s".%s`, alias, ident(c.Name))
	}
	return strings.Join(names, ", ")
}

// same says that rows of the aliases a and b agree in some columns.
func same(names []string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = fmt.Sprintf(`"a".%[1]s IS NOT DISTINCT FROM "b".%[1]s`, ident(n))
	}
	return strings.Join(parts, " AND ")
}

// differs says that rows of the aliases a and b are of different regions.
func (d diff) differs() string {
	if len(d.region) == 0 {
		return "FALSE"
	}
	return "NOT (" + same(d.region) + ")"
}

// kinds pairs the rows that came with those that went, and says of each pair
// what it is: a (came) without b (went) was added, b without a has vanished.
func (d diff) kinds() string {
	return fmt.Sprintf(`%s AS "a" FULL OUTER JOIN %s AS "b" ON %s`, d.come(), d.gone(), same(d.key))
}

// count counts the changes among the rows that the value may be made of, as
// they are or were.
func (d diff) count(ctx context.Context) (c changes, err error) {
	in := func(alias string) string {
		return "COALESCE(" + strings.ReplaceAll(d.in, aliasMark, `"`+alias+`"`) + ", FALSE)"
	}
	var args []any
	for range conditionsInCount {
		args = append(args, d.args...)
	}
	query := fmt.Sprintf(`SELECT
  COUNT(*) FILTER (WHERE "b"."%[1]s" IS NULL AND %[2]s),
  COUNT(*) FILTER (WHERE "a"."%[1]s" IS NOT NULL AND "b"."%[1]s" IS NOT NULL AND %[4]s AND (%[2]s OR %[3]s)),
  COUNT(*) FILTER (WHERE "a"."%[1]s" IS NOT NULL AND "b"."%[1]s" IS NOT NULL AND NOT (%[4]s) AND (%[2]s OR %[3]s)),
  COUNT(*) FILTER (WHERE "a"."%[1]s" IS NULL AND %[3]s)
FROM %[5]s`, lake.ColumnDelivery, in("a"), in("b"), d.differs(), d.kinds())
	rows, err := d.engine.Query(ctx, query, args...)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&c.added, &c.moved, &c.corrected, &c.vanished)
	}
	if err == nil {
		err = rows.Err()
	}
	if err != nil {
		return c, city.Errorf(city.CodeInternal, "cannot compare two states of %s: %w", d.to.Dataset, err)
	}
	return c, nil
}

// partly is a state between the two: the first one with the rows that were
// added, and with those versions replaced that the conditions on a (new) and b
// (old) let pass.
func (d diff) partly(replaced string) string {
	added := fmt.Sprintf(`SELECT %s FROM %s AS "a" WHERE NOT EXISTS (SELECT 1 FROM %s AS "b" WHERE %s)`, d.columns("a"), d.come(), d.gone(), same(d.key))
	if replaced == "" {
		return fmt.Sprintf(`(SELECT %s FROM %s AS "o" UNION ALL %s)`, d.columns("o"), d.engine.Relation(d.from), added)
	}
	pair := fmt.Sprintf(`%s AS "a" JOIN %s AS "b" ON %s AND (%s)`, d.come(), d.gone(), same(d.key), replaced)
	old := fmt.Sprintf(`SELECT 1 FROM (SELECT "b"."%[1]s", "b"."%[2]s" FROM %[3]s) AS "p" WHERE "p"."%[1]s" = "o"."%[1]s" AND "p"."%[2]s" = "o"."%[2]s"`,
		lake.ColumnDelivery, lake.ColumnRow, pair)
	return fmt.Sprintf(`(SELECT %s FROM %s AS "o" WHERE NOT EXISTS (%s) UNION ALL SELECT %s FROM %s UNION ALL %s)`,
		d.columns("o"), d.engine.Relation(d.from), old, d.columns("a"), pair, added)
}

// withAdded is the first state with the rows that were added.
func (d diff) withAdded() string { return d.partly("") }

// withMoved has the rows, too, that belong to another region.
func (d diff) withMoved() string { return d.partly(d.differs()) }

// withCorrected has all but the rows that vanished, which are still there.
func (d diff) withCorrected() string { return d.partly("TRUE") }

// conditionsInCount is how often diff.in stands in the query of count.
const conditionsInCount = 6

// aliasMark stands for the alias of a row in diff.in.
const aliasMark = "@row"

// ident quotes an SQL identifier.
func ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
