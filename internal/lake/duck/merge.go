package duck

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// samples is how many record numbers a Duplicate names.
const samples = 5

// Merge finds duplicates inside the delivery, then rows that the table already
// holds, and writes the rest. A file that holds an older version of a changed
// row, or one that vanishes, is written anew without it (copy on write).
func (s *stage) Merge(ctx context.Context, v *lake.View, dir string, scope lake.Scope) (*lake.Merged, error) {
	m := &lake.Merged{Sums: map[string]string{}}
	s.scope = scope
	steps := []func(context.Context, *lake.View, *lake.Merged) error{s.flush, s.dates, s.dedupe, s.vanish, s.compare, s.sums}
	for _, step := range steps {
		if err := step(ctx, v, m); err != nil {
			return nil, engineError(err, "cannot merge the delivery")
		}
	}
	if m.Accepted == 0 && m.Vanished == 0 {
		m.Remove = nil
		return m, nil
	}
	if err := s.write(ctx, v, dir, m); err != nil {
		return nil, engineError(err, "cannot merge the delivery")
	}
	return m, nil
}

func (s *stage) flush(context.Context, *lake.View, *lake.Merged) error {
	var err error
	for _, a := range []**appender{&s.appender, &s.holder, &s.tally.appender} {
		if *a != nil { // Check flushed it, or there is none
			err = errors.Join(err, (*a).close())
			*a = nil
		}
	}
	return err
}

// dates finds the range of the rows' dates before any is dropped: a delivery
// that repeats a month still covers it.
func (s *stage) dates(ctx context.Context, _ *lake.View, m *lake.Merged) error {
	if s.ds.Delivery.Period == "" {
		return nil
	}
	if s.scope.Mode == city.ModeReplace && !s.scope.Period.IsZero() {
		m.Period = s.scope.Period
		return nil
	}
	p := ident(s.ds.Delivery.Period)
	var from, to *string
	q := fmt.Sprintf("SELECT CAST(CAST(min(%[1]s) AS DATE) AS VARCHAR), CAST(CAST(max(%[1]s) AS DATE) AS VARCHAR) FROM temp.stage", p)
	if err := s.conn.QueryRowContext(ctx, q).Scan(&from, &to); err != nil || from == nil {
		return err
	}
	a, err := city.ParseDate(*from)
	if err != nil {
		return err
	}
	b, err := city.ParseDate(*to)
	if err != nil {
		return err
	}
	if f, ok := s.ds.Field(s.ds.Delivery.Period); ok && f.Type == city.TypeMonth {
		b = b.MonthEnd()
	}
	m.Period = city.Span{From: a, To: b}
	if s.scope.Mode == city.ModeReplace {
		m.Period = s.ds.Delivery.Every.Scope(m.Period)
	}
	return nil
}

// dedupe keeps the last of the rows with one key. Candidates are found by a
// hash, so that memory does not hold the keys of the whole delivery.
func (s *stage) dedupe(ctx context.Context, _ *lake.View, m *lake.Merged) error {
	keys := identList("", s.keys())
	err := s.exec(ctx, fmt.Sprintf(`CREATE OR REPLACE TEMP TABLE stage_hit AS
SELECT h FROM (SELECT hash(%s) AS h FROM temp.stage) GROUP BY h HAVING count(*) > 1`, keys))
	if err != nil {
		return err
	}
	n, err := s.count(ctx, "SELECT count(*) FROM temp.stage_hit")
	if err != nil || n == 0 {
		return err
	}
	all := identList("", s.names())
	err = s.exec(ctx, fmt.Sprintf(`CREATE OR REPLACE TEMP TABLE stage_dup AS
SELECT %[1]s, CASE WHEN same THEN 'duplicate_in_file' ELSE 'superseded_in_file' END AS code FROM (
  SELECT %[1]s, row_number() OVER w AS rn,
         row(%[2]s) IS NOT DISTINCT FROM first_value(row(%[2]s)) OVER w AS same
  FROM temp.stage WHERE hash(%[3]s) IN (SELECT h FROM temp.stage_hit)
  WINDOW w AS (PARTITION BY %[3]s ORDER BY %[1]s DESC)
) WHERE rn > 1`, ident(rowColumn), all, keys))
	if err != nil {
		return err
	}
	return s.drop(ctx, m)
}

// drop removes the rows of stage_dup from the stage and counts them by code.
func (s *stage) drop(ctx context.Context, m *lake.Merged) error {
	rows, err := s.conn.QueryContext(ctx, fmt.Sprintf(
		`SELECT code, count(*), min(%[1]s), array_to_string(list_slice(list_sort(list(%[1]s)), 1, %[2]d), ',') FROM temp.stage_dup GROUP BY code ORDER BY code`,
		ident(rowColumn), samples))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var d lake.Duplicate
		var first int64
		var sample string
		if err := rows.Scan(&d.Code, &d.Count, &first, &sample); err != nil {
			return err
		}
		d.Sample = parseInts(sample)
		m.Duplicates = append(m.Duplicates, d)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return s.exec(ctx, fmt.Sprintf("DELETE FROM temp.stage WHERE %[1]s IN (SELECT %[1]s FROM temp.stage_dup)", ident(rowColumn)))
}

// compare looks the staged keys up in the table: rows that are equal there are
// left out, files that hold an older version are marked for rewriting.
func (s *stage) compare(ctx context.Context, v *lake.View, m *lake.Merged) error {
	if len(v.Files) > 0 {
		hit, err := s.hitFiles(ctx, v)
		if err != nil {
			return err
		}
		if len(hit) > 0 {
			if err := s.compareWith(ctx, v, hit, m); err != nil {
				return err
			}
		}
	}
	n, err := s.count(ctx, "SELECT count(*) FROM temp.stage")
	m.Accepted = n
	return err
}

// hitFiles lists the files that hold a staged key, reading key columns only.
func (s *stage) hitFiles(ctx context.Context, v *lake.View) ([]string, error) {
	bounds, err := s.keyBounds(ctx)
	if err != nil {
		return nil, err
	}
	q := fmt.Sprintf("SELECT DISTINCT e.filename FROM %s AS e JOIN temp.stage AS s ON %s%s ORDER BY 1",
		relation(v, v.Files, true), s.match("s"), bounds)
	return s.files(ctx, q)
}

// files runs a query for file names and gives them as the lake registers them.
func (s *stage) files(ctx context.Context, q string) ([]string, error) {
	paths, err := s.strings(ctx, q)
	for i := range paths {
		paths[i] = lake.FileURI(lake.FilePath(paths[i]))
	}
	return paths, err
}

func (s *stage) compareWith(ctx context.Context, v *lake.View, hit []string, m *lake.Merged) error {
	same := make([]string, 0, len(s.ds.Fields))
	for _, f := range s.ds.Fields {
		same = append(same, fmt.Sprintf("e.%s IS NOT DISTINCT FROM %s", ident(f.Name), s.value(f, "s")))
	}
	err := s.exec(ctx, fmt.Sprintf(`CREATE OR REPLACE TEMP TABLE stage_hit AS
SELECT e.filename AS f, s.%s, (%s) AS same FROM %s AS e JOIN temp.stage AS s ON %s`,
		ident(rowColumn), strings.Join(same, " AND "), relation(v, hit, true), s.match("s")))
	if err != nil {
		return err
	}
	err = s.exec(ctx, fmt.Sprintf(`CREATE OR REPLACE TEMP TABLE stage_dup AS
SELECT DISTINCT %s, 'unchanged' AS code FROM temp.stage_hit WHERE same`, ident(rowColumn)))
	if err != nil {
		return err
	}
	if err := s.drop(ctx, m); err != nil {
		return err
	}
	m.Changed, err = s.count(ctx, fmt.Sprintf("SELECT count(DISTINCT %s) FROM temp.stage_hit WHERE NOT same", ident(rowColumn)))
	if err != nil {
		return err
	}
	older, err := s.files(ctx, "SELECT DISTINCT f FROM temp.stage_hit WHERE NOT same ORDER BY 1")
	m.Remove = append(m.Remove, older...)
	slices.Sort(m.Remove)
	m.Remove = slices.Compact(m.Remove)
	return err
}

// match joins the table (e) by key with staged rows, or keys, of an alias.
func (s *stage) match(alias string) string {
	var parts []string
	for _, k := range s.keys() {
		f, _ := s.ds.Field(k)
		op := "="
		if f.Optional {
			op = "IS NOT DISTINCT FROM"
		}
		parts = append(parts, fmt.Sprintf("e.%s %s %s", ident(k), op, s.value(f, alias)))
	}
	return strings.Join(parts, " AND ")
}

// keyBounds bounds the key columns by the staged minimum and maximum, so that
// Parquet statistics skip what cannot match.
func (s *stage) keyBounds(ctx context.Context) (string, error) {
	var out strings.Builder
	for _, k := range s.ds.Key {
		f, _ := s.ds.Field(k)
		if f.Type == city.TypePerson || f.Type == city.TypeBool || f.Type == city.TypeNumber || f.Type == city.TypeDecimal {
			continue // tokens are spread evenly; the others are no ordered keys
		}
		var lo, hi *string
		q := fmt.Sprintf("SELECT CAST(min(%[1]s) AS VARCHAR), CAST(max(%[1]s) AS VARCHAR) FROM temp.stage AS s", s.value(f, "s"))
		if err := s.conn.QueryRowContext(ctx, q).Scan(&lo, &hi); err != nil {
			return "", err
		}
		if lo == nil {
			continue
		}
		t := lake.SQLType(f)
		fmt.Fprintf(&out, " AND e.%s BETWEEN CAST(%s AS %s) AND CAST(%s AS %s)", ident(k), quote(*lo), t, quote(*hi), t)
	}
	return out.String(), nil
}

func (s *stage) sums(ctx context.Context, _ *lake.View, m *lake.Merged) error {
	for _, f := range s.ds.Fields {
		if !f.Sum && !slices.Contains(s.tally.also, f.Name) {
			continue
		}
		var sum *string
		q := fmt.Sprintf("SELECT CAST(sum(%s) AS VARCHAR) FROM temp.stage AS s", s.value(f, "s"))
		if err := s.conn.QueryRowContext(ctx, q).Scan(&sum); err != nil {
			return err
		}
		if sum == nil {
			zero := "0"
			sum = &zero
		}
		m.Sums[f.Name] = *sum
	}
	return nil
}
