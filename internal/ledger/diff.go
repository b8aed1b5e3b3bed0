package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// diff is what changed in a table between two states. A row is known by the
// delivery that wrote it and its number there; two rows with the same key are
// versions of one. The SQL is what both DuckDB and Trino speak.
type diff struct {
	engine lake.Engine
	from   *lake.View
	to     *lake.View
	of     *city.Dataset
	derive []string // fields that in reads, stored or derived
	key    []string // fields that tell rows apart
	region []string // fields that say where a row belongs
	in     string   // condition on rows that the value may be made of, by aliasMark
	args   []any    // of the ? marks of in
}

// group is a number of rows, and of the persons whose they are: as many as the
// rows where a dataset names no person.
type group struct{ rows, persons int64 }

// changes counts the rows of a diff by what became of them.
type changes struct{ added, moved, corrected, vanished group }

func (c changes) none() bool { return c == changes{} }

// sum counts all changes; of the persons, who may be in several kinds, those of
// the kind that has most.
func (c changes) sum() (all group) {
	for _, g := range []group{c.added, c.moved, c.corrected, c.vanished} {
		all = group{all.rows + g.rows, max(all.persons, g.persons)}
	}
	return all
}

// newDiff compares two states of a dataset.
func newDiff(e lake.Engine, ds *city.Dataset, from, to *lake.View, in string, args []any) diff {
	d := diff{engine: e, of: ds, from: from, to: to, key: ds.Identity(), in: in, args: args}
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
	return fmt.Sprintf(`%s AS "a" FULL OUTER JOIN %s AS "b" ON %s`,
		metric.Derived(d.of, d.come(), d.derive...), metric.Derived(d.of, d.gone(), d.derive...), same(d.key))
}

// person is what tells the persons of changed rows apart; "" when no field does.
func (d diff) person() string {
	for _, f := range d.of.Fields {
		if f.Type == city.TypePerson {
			return fmt.Sprintf(`COALESCE("a".%[1]s, "b".%[1]s)`, ident(f.Name))
		}
	}
	return ""
}

// count counts the changes among the rows that the value may be made of, as
// they are or were.
func (d diff) count(ctx context.Context) (c changes, err error) {
	in := func(alias string) string {
		return "COALESCE(" + strings.ReplaceAll(d.in, aliasMark, `"`+alias+`"`) + ", FALSE)"
	}
	came, went := fmt.Sprintf(`"a".%s IS NOT NULL`, ident(lake.ColumnDelivery)), fmt.Sprintf(`"b".%s IS NOT NULL`, ident(lake.ColumnDelivery))
	either := came + " AND " + went + " AND (" + in("a") + " OR " + in("b") + ")"
	var cols []string
	var args []any
	var dest []any
	for _, k := range []struct {
		into *group
		cond string
		ins  int // how often d.in stands in cond
	}{
		{&c.added, "NOT (" + went + ") AND " + in("a"), 1},
		{&c.moved, either + " AND " + d.differs(), 2},
		{&c.corrected, either + " AND NOT (" + d.differs() + ")", 2},
		{&c.vanished, "NOT (" + came + ") AND " + in("b"), 1},
	} {
		what := []string{"*"}
		dest = append(dest, &k.into.rows)
		if p := d.person(); p != "" {
			what, dest = append(what, "DISTINCT "+p), append(dest, &k.into.persons)
		}
		for _, w := range what {
			cols = append(cols, "COUNT("+w+") FILTER (WHERE "+k.cond+")")
			for range k.ins {
				args = append(args, d.args...)
			}
		}
	}
	if err := d.scan(ctx, "SELECT "+strings.Join(cols, ",\n  ")+"\nFROM "+d.kinds(), args, dest); err != nil {
		return c, err
	}
	if d.person() == "" {
		for _, g := range []*group{&c.added, &c.moved, &c.corrected, &c.vanished} {
			g.persons = g.rows
		}
	}
	return c, nil
}

// scan reads the one row of a query.
func (d diff) scan(ctx context.Context, query string, args, dest []any) error {
	rows, err := d.engine.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(dest...)
	}
	if err = errors.Join(err, rows.Err()); err != nil {
		return city.Errorf(city.CodeInternal, "cannot compare two states of %s: %w", d.to.Dataset, err)
	}
	return nil
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

// aliasMark stands for the alias of a row in diff.in.
const aliasMark = "@row"

// ident quotes an SQL identifier.
func ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
