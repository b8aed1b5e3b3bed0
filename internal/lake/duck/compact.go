package duck

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

var _ lake.Rewriter = (*Engine)(nil)

// Rewrite joins files of a view into one, sorted so that statistics of its row
// groups tell periods and keys apart. Rows keep the delivery and the record that
// they came from.
func (e *Engine) Rewrite(ctx context.Context, r lake.Rewrite) (string, error) {
	const what = "cannot join files"
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return "", engineError(err, what)
	}
	defer conn.Close()
	path := filepath.Join(r.Dir, r.ID+"-0.parquet")
	from := relation(r.View, r.Files, false)
	query := fmt.Sprintf("SELECT %s FROM %s%s", identList("", columnNames(r.View)), from, order(r.Dataset, columnNames(r.View)))
	if _, err := conn.ExecContext(ctx, copyParquet(query, path, fieldIDs(r.View.Columns))); err != nil {
		return "", engineError(err, what)
	}
	if err := compareRows(ctx, conn, r.View, from, relation(r.View, []string{lake.FileURI(path)}, false)); err != nil {
		return "", err
	}
	for _, p := range []string{path, r.Dir} {
		if err := lake.SyncPath(p); err != nil {
			return "", city.Outside(err, what)
		}
	}
	return lake.FileURI(path), nil
}

func columnNames(v *lake.View) []string {
	out := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		out[i] = c.Name
	}
	return out
}

// order sorts by what questions and deliveries look for: the period, then the
// key. A field that was declared since the last delivery has no column yet.
func order(ds *city.Dataset, columns []string) string {
	var by []string
	for _, name := range append([]string{ds.Delivery.Period}, ds.Key...) {
		if slices.Contains(columns, name) && !slices.Contains(by, name) {
			by = append(by, name)
		}
	}
	if len(by) == 0 {
		return ""
	}
	return " ORDER BY " + identList("", by)
}

// compareRows fails unless two relations hold the same rows, in whatever order:
// as many, and of the same sum of hashes over all columns.
func compareRows(ctx context.Context, conn *sql.Conn, v *lake.View, a, b string) error {
	var sums [2]string
	for i, rel := range []string{a, b} {
		q := fmt.Sprintf("SELECT concat_ws(' ', count(*), sum(CAST(hash(%s) AS HUGEINT))) FROM %s", identList("", columnNames(v)), rel)
		if err := conn.QueryRowContext(ctx, q).Scan(&sums[i]); err != nil {
			return engineError(err, "cannot compare joined files")
		}
	}
	if sums[0] != sums[1] {
		rows := func(s string) string { n, _, _ := strings.Cut(s, " "); return n }
		return city.Errorf(city.CodeInternal, "joining files of %s would have changed its rows (%s before, %s after); nothing was changed",
			v.Dataset, rows(sums[0]), rows(sums[1]))
	}
	return nil
}
