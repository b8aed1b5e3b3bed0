package duck

import (
	"context"
	"fmt"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

var _ lake.Finder = (*Engine)(nil)

// Find reads the key columns of the view once, whatever the number of keys.
func (e *Engine) Find(ctx context.Context, v *lake.View, ds *city.Dataset, keys [][]any) ([]lake.Found, error) {
	if len(keys) == 0 || len(v.Files) == 0 {
		return nil, nil
	}
	q, args := findQuery(e.Relation(v), ds, keys)
	rows, err := e.Query(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []lake.Found
	for rows.Next() {
		var f lake.Found
		if err := rows.Scan(&f.Key, &f.DeliveryID, &f.Row); err != nil {
			return nil, engineError(err, "cannot look rows up")
		}
		out = append(out, f)
	}
	return out, engineError(rows.Err(), "cannot look rows up")
}

// findQuery joins the table (e) with the keys (k).
func findQuery(relation string, ds *city.Dataset, keys [][]any) (string, []any) {
	names := ds.Identity()
	columns, matches := []string{"i"}, make([]string, len(names))
	for i, name := range names {
		column := fmt.Sprintf("k%d", i)
		columns = append(columns, column)
		op := "=" // which lets the statistics of the files skip what cannot match
		if f, _ := ds.Field(name); f.Optional {
			op = "IS NOT DISTINCT FROM"
		}
		matches[i] = fmt.Sprintf("e.%s %s k.%s", ident(name), op, column)
	}
	var args []any
	tuples := make([]string, len(keys))
	for n, key := range keys {
		values := []string{fmt.Sprint(n)}
		for i, name := range names {
			f, _ := ds.Field(name)
			args = append(args, key[i])
			values = append(values, found(f))
		}
		tuples[n] = "(" + strings.Join(values, ", ") + ")"
	}
	return fmt.Sprintf("SELECT k.i, e.%s, e.%s FROM %s AS e JOIN (VALUES %s) AS k(%s) ON %s", ident(lake.ColumnDelivery), ident(lake.ColumnRow),
		relation, strings.Join(tuples, ", "), strings.Join(columns, ", "), strings.Join(matches, " AND ")), args
}

// found is the placeholder of a key's value in the type of its column. Decimals
// come counted in their smallest unit.
func found(f *city.Field) string {
	if f.Type == city.TypeDecimal && f.Scale > 0 {
		unit := "0." + strings.Repeat("0", f.Scale-1) + "1"
		return fmt.Sprintf("CAST(CAST(? AS BIGINT) * CAST(%s AS DECIMAL(%d,%d)) AS %s)", unit, f.Scale+1, f.Scale, lake.SQLType(f))
	}
	return fmt.Sprintf("CAST(? AS %s)", lake.SQLType(f))
}
