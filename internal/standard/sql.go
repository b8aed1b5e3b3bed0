package standard

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Relation gives SQL text for FROM that has the named derived fields beside the
// columns of relation, in what DuckDB and Trino both speak. The edition of each
// rule is that of the row's day, the dataset's delivery period. relation is
// given back as it is when no derived field is named.
//
// Rows outside of within are not asked for, so that editions that were not in
// force on any of its days are left out: planning a long expression takes an
// engine longer than computing it for the days of a year. A zero bound is open.
//
// Each derived field takes two layers of SELECT: the values as whole numbers,
// and the field itself. Engines read no column that the question does not need.
func Relation(ds *city.Dataset, relation string, names []string, within city.Span) string {
	return Compared(ds, relation, names, within, nil)
}

// quoter writes one derived field.
type quoter struct {
	day      string
	field    *city.Derived
	versions []city.RuleVersion // that the rows' days may call for
}

// inForce lists the editions of a rule that hold on some day of a span.
func inForce(r *city.Rule, within city.Span) []city.RuleVersion {
	var out []city.RuleVersion
	for _, v := range r.Versions {
		if (within.To.IsZero() || v.From.IsZero() || !v.From.After(within.To)) && (within.From.IsZero() || v.To.IsZero() || !v.To.Before(within.From)) {
			out = append(out, v)
		}
	}
	return out
}

func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func (q quoter) relation(inner string) string {
	if q.field.Rule.Kind == city.RuleGrade {
		return "(SELECT *, " + q.editions(q.class) + " AS " + identifier(q.field.Name) + " FROM " + inner + ")"
	}
	value := q.editions(q.index)
	if q.field.Yields == city.YieldIndex {
		return "(SELECT *, " + value + " AS " + identifier(q.field.Name) + " FROM " + q.counted(inner) + ")"
	}
	index := identifier("_i_" + q.field.Name)
	return "(SELECT *, " + q.editions(func(v city.RuleVersion) string { return gradeCase(v.Index, index) }) + " AS " + identifier(q.field.Name) +
		" FROM (SELECT *, " + value + " AS " + index + " FROM " + q.counted(inner) + "))"
}

// editions chooses by the row's day.
func (q quoter) editions(write func(city.RuleVersion) string) string {
	if len(q.versions) == 0 {
		return "NULL"
	}
	var b strings.Builder
	b.WriteString("CASE")
	for _, v := range q.versions {
		cond := "TRUE"
		switch {
		case v.From.IsZero() && v.To.IsZero():
		case v.From.IsZero():
			cond = q.day + " <= " + date(v.To)
		case v.To.IsZero():
			cond = q.day + " >= " + date(v.From)
		default:
			cond = q.day + " BETWEEN " + date(v.From) + " AND " + date(v.To)
		}
		fmt.Fprintf(&b, " WHEN %s THEN %s", cond, write(v))
	}
	return b.String() + " END"
}

func date(d city.Date) string { return "DATE '" + d.String() + "'" }

// units is the column that holds an item as a whole number of its last decimal.
func (q quoter) units(item string) string { return identifier("_u_" + q.field.Name + "_" + item) }

// counted rounds the items half to even, by way of decimals, because a binary
// 1.35 is not a half.
func (q quoter) counted(inner string) string {
	cols := []string{"*"}
	seen := map[string]bool{}
	for _, v := range q.versions {
		for _, item := range v.Index.Items {
			if field, ok := q.field.Items[item.Name]; ok && !seen[item.Name] {
				seen[item.Name] = true
				cols = append(cols, halfEven(identifier(field), item.Decimals)+" AS "+q.units(item.Name))
			}
		}
	}
	return "(SELECT " + strings.Join(cols, ", ") + " FROM " + inner + ")"
}

func halfEven(column string, decimals int) string {
	x := "CAST(" + column + " AS DECIMAL(18, 6))"
	if decimals > 0 {
		x = fmt.Sprintf("(%s * %s)", x, power(decimals))
	}
	// Only a half above an even number is rounded down by this rule and up by the
	// engine's.
	return fmt.Sprintf("CAST(CASE WHEN MOD(%[1]s, 2) = 0.5 THEN FLOOR(%[1]s) ELSE ROUND(%[1]s, 0) END AS BIGINT)", x)
}

// index is the greatest sub-index of an edition.
func (q quoter) index(v city.RuleVersion) string {
	return q.greatest(v, func(item city.IndexItem, _ string) string {
		return "COALESCE(" + subIndex(v.Index, item, q.units(item.Name)) + ", -1)"
	}, func(item city.IndexItem, _ string) string { return q.units(item.Name) })
}

// greatest is the greatest of what is written for each item and its column, -1
// where an item has none. missing writes what is NULL where there is no
// concentration.
func (q quoter) greatest(v city.RuleVersion, write, missing func(item city.IndexItem, column string) string) string {
	var subs, gone []string
	for _, item := range v.Index.Items {
		field, ok := q.field.Items[item.Name]
		if !ok {
			continue
		}
		subs = append(subs, write(item, identifier(field)))
		gone = append(gone, missing(item, identifier(field))+" IS NULL")
	}
	if len(subs) == 0 {
		return "CAST(NULL AS BIGINT)"
	}
	greatest := subs[0]
	if len(subs) > 1 {
		greatest = "GREATEST(" + strings.Join(subs, ", ") + ")"
	}
	if v.Index.MissingAbove != nil {
		greatest = fmt.Sprintf("CASE WHEN (%s) AND %s <= %s THEN -1 ELSE %s END", strings.Join(gone, " OR "), greatest, plain(*v.Index.MissingAbove), greatest)
	}
	return "CAST(NULLIF(" + greatest + ", -1) AS BIGINT)"
}

// subIndex writes the segments of an item over its whole numbers. A quotient of
// whole numbers is whole exactly when it divides, so rounding it up in binary is
// exact.
func subIndex(t *city.IndexTable, item city.IndexItem, units string) string {
	scale := math.Pow10(item.Decimals)
	whole := func(v float64) int64 { return int64(math.Round(v * scale)) }
	var b strings.Builder
	fmt.Fprintf(&b, "CASE WHEN %[1]s IS NULL OR %[1]s < 0 THEN NULL", units)
	for i := 1; i < len(item.Points) && i < len(t.Levels); i++ {
		lo, hi := whole(item.Points[i-1]), whole(item.Points[i])
		low, high := int64(t.Levels[i-1]), int64(t.Levels[i])
		fmt.Fprintf(&b, " WHEN %[1]s <= %[2]d THEN %[3]d + CEIL(%[4]de0 * (%[1]s - %[5]d) / %[6]d)", units, hi, low, high-low, lo, hi-lo)
	}
	if item.Beyond != nil {
		fmt.Fprintf(&b, " ELSE %d", int64(*item.Beyond))
	}
	return b.String() + " END"
}

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// gradeCase names an index.
func gradeCase(t *city.IndexTable, index string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CASE WHEN %s IS NULL THEN NULL", index)
	for _, g := range t.Grades {
		if g.UpTo == nil {
			fmt.Fprintf(&b, " ELSE %s", literal(g.Name))
			break
		}
		fmt.Fprintf(&b, " WHEN %s <= %s THEN %s", index, plain(*g.UpTo), literal(g.Name))
	}
	return b.String() + " END"
}

// class is the worst class of an edition's items.
func (q quoter) class(v city.RuleVersion) string {
	var items []string
	for _, item := range v.Grading.Items {
		if field, ok := q.field.Items[item.Name]; ok && !item.Reference {
			items = append(items, itemClass(v.Grading, item, identifier(field)))
		}
	}
	if len(items) == 0 {
		return "CAST(NULL AS VARCHAR)"
	}
	worst := items[0]
	if len(items) > 1 {
		worst = "GREATEST(" + strings.Join(items, ", ") + ")"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "CASE %s", worst)
	for i, c := range v.Grading.Classes {
		fmt.Fprintf(&b, " WHEN %d THEN %s", i, literal(c.Name))
	}
	return b.String() + " END"
}

func itemClass(t *city.GradeTable, item city.GradeItem, column string) string {
	double := func(v float64) string { return "CAST(" + plain(v) + " AS DOUBLE)" }
	var b strings.Builder
	fmt.Fprintf(&b, "CASE WHEN %s IS NULL THEN -1", column)
	if len(item.Range) == 2 {
		fmt.Fprintf(&b, " WHEN %s BETWEEN %s AND %s THEN 0", column, double(item.Range[0]), double(item.Range[1]))
	}
	for i, limit := range item.AtMost {
		fmt.Fprintf(&b, " WHEN %s <= %s THEN %d", column, double(limit), i)
	}
	for i, limit := range item.AtLeast {
		fmt.Fprintf(&b, " WHEN %s >= %s THEN %d", column, double(limit), i)
	}
	fmt.Fprintf(&b, " ELSE %d END", len(t.Classes)-1)
	return b.String()
}
