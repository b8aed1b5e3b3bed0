package duck

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// setChecks judges the staged rows as sets. Its tables, all temporary, hold row
// numbers only, so that memory does not grow with what fails:
//
//	check_gone    rows that a later row with the same key supersedes
//	check_hit     rows that fail one check
//	check_failed  rows that fail, each with the index of the check
//	check_held    the same, once each, in order, with those that they supersede
type setChecks struct {
	*stage
	view *lake.View
	gone string // the condition that a row e of the table vanishes; "" when none does
}

// checkTables are dropped when the stage is closed.
var checkTables = [...]string{"check_gone", "check_hit", "check_failed", "check_held"}

// Check judges the staged rows.
func (s *stage) Check(ctx context.Context, v *lake.View, scope lake.Scope, checks []lake.Check) (*lake.Checked, error) {
	out := &lake.Checked{}
	s.scope = scope
	c := &setChecks{stage: s, view: v}
	if err := c.run(ctx, checks, out); err != nil {
		return nil, engineError(err, "cannot check the rows of the delivery against each other")
	}
	return out, nil
}

func (c *setChecks) run(ctx context.Context, checks []lake.Check, out *lake.Checked) error {
	if err := c.flush(ctx, nil, nil); err != nil {
		return err
	}
	if err := c.whole(ctx); err != nil {
		return err
	}
	if err := c.supersede(ctx); err != nil {
		return err
	}
	if err := c.exec(ctx, "CREATE OR REPLACE TEMP TABLE check_failed (r BIGINT, c INTEGER)"); err != nil {
		return err
	}
	for i := range checks {
		n, err := c.judge(ctx, i, &checks[i])
		if err != nil {
			return fmt.Errorf("check %s: %w", checks[i].Code, err)
		}
		if n != nil && n.Count > 0 {
			out.Noticed = append(out.Noticed, *n)
		}
	}
	return c.hold(ctx, out)
}

// whole finds out what vanishes because the batch speaks for a period, or for
// the whole table, and neither has nor holds it.
func (c *setChecks) whole(ctx context.Context) error {
	if !c.scope.Mode.Whole() {
		return nil
	}
	m := &lake.Merged{}
	if err := c.dates(ctx, c.view, m); err != nil {
		return err
	}
	if in := c.inScope(m.Period, "e"); in != "" {
		c.gone = fmt.Sprintf("%s AND NOT EXISTS (SELECT 1 FROM temp.stage_held AS h WHERE %s)", in, c.match("h"))
	}
	return nil
}

// supersede finds the rows that Merge will leave out for a later one, by the
// hashes of keys that occur more than once.
func (c *setChecks) supersede(ctx context.Context) error {
	return c.exec(ctx, fmt.Sprintf(`CREATE OR REPLACE TEMP TABLE check_gone AS
SELECT r FROM (
  SELECT %[1]s AS r, row_number() OVER (PARTITION BY %[2]s ORDER BY %[1]s DESC) AS n FROM temp.stage
  WHERE hash(%[2]s) IN (SELECT h FROM (SELECT hash(%[2]s) AS h FROM temp.stage) GROUP BY h HAVING count(*) > 1)
) WHERE n > 1`, ident(rowColumn), identList("", c.keys())))
}

// judge runs one check. What it notices is returned, what it holds back is
// added to check_failed.
func (c *setChecks) judge(ctx context.Context, i int, k *lake.Check) (*lake.Noticed, error) {
	if k.Kind == city.CheckGap {
		return c.gaps(ctx, i, k)
	}
	q, err := c.failing(k)
	if err != nil {
		return nil, err
	}
	if err := c.exec(ctx, "CREATE OR REPLACE TEMP TABLE check_hit AS SELECT DISTINCT r FROM ("+q+")"); err != nil {
		return nil, err
	}
	if !k.Notice {
		return nil, c.exec(ctx, fmt.Sprintf("INSERT INTO temp.check_failed SELECT r, %d FROM temp.check_hit", i))
	}
	n := &lake.Noticed{Check: i}
	var sample string
	err = c.conn.QueryRowContext(ctx, fmt.Sprintf(
		"SELECT count(*), coalesce(array_to_string((SELECT list(r ORDER BY r) FROM (SELECT r FROM temp.check_hit ORDER BY r LIMIT %d)), ','), '') FROM temp.check_hit",
		samples)).Scan(&n.Count, &sample)
	n.Sample = parseInts(sample)
	return n, err
}

// failing gives the SQL of the rows (r) that fail a check.
func (c *setChecks) failing(k *lake.Check) (string, error) {
	switch k.Kind {
	case city.CheckUnique:
		return c.repeated(k), nil
	case city.CheckReference:
		return c.dangling(k), nil
	case city.CheckMonotonic:
		return c.falling(k), nil
	case city.CheckStuck:
		return c.stuck(k), nil
	}
	return "", city.Errorf(city.CodeInternal, "the check %s has the unknown kind %q", k.Code, k.Kind)
}

// hold takes the rows that failed out of the stage, and with them the rows that
// they supersede: those were not judged.
func (c *setChecks) hold(ctx context.Context, out *lake.Checked) error {
	row := ident(rowColumn)
	steps := []string{
		fmt.Sprintf(`INSERT INTO temp.check_failed
SELECT o.%[1]s, f.c FROM temp.check_gone AS g JOIN temp.stage AS o ON o.%[1]s = g.r
JOIN temp.stage AS w ON %[2]s JOIN temp.check_failed AS f ON f.r = w.%[1]s`, row, c.sameKey("o", "w")),
		"CREATE OR REPLACE TEMP TABLE check_held AS SELECT r, min(c) AS c FROM temp.check_failed GROUP BY r ORDER BY r",
		c.holdFailed(),
		fmt.Sprintf("DELETE FROM temp.stage WHERE %s IN (SELECT r FROM temp.check_held)", row),
	}
	for _, q := range steps {
		if err := c.exec(ctx, q); err != nil {
			return err
		}
	}
	var err error
	out.Failed, err = c.count(ctx, "SELECT count(*) FROM temp.check_held")
	return err
}

// sameKey compares the keys of two staged rows.
func (s *stage) sameKey(a, b string) string {
	var parts []string
	for _, k := range s.keys() {
		parts = append(parts, fmt.Sprintf("%[1]s.%[3]s IS NOT DISTINCT FROM %[2]s.%[3]s", a, b, ident(k)))
	}
	return strings.Join(parts, " AND ")
}

// failedPage is how many row numbers Failed reads at once.
const failedPage = 1 << 16

// Failed gives the rows that Check took out, page by page.
func (s *stage) Failed(ctx context.Context) iter.Seq2[lake.Failed, error] {
	return func(yield func(lake.Failed, error) bool) {
		after := int64(-1)
		for {
			page, err := s.failedAfter(ctx, after)
			if err != nil {
				yield(lake.Failed{}, engineError(err, "cannot read the rows that failed"))
				return
			}
			for _, f := range page {
				if !yield(f, nil) {
					return
				}
				after = f.Row
			}
			if len(page) < failedPage {
				return
			}
		}
	}
}

func (s *stage) failedAfter(ctx context.Context, after int64) ([]lake.Failed, error) {
	rows, err := s.conn.QueryContext(ctx, fmt.Sprintf("SELECT r, c FROM temp.check_held WHERE r > ? ORDER BY r LIMIT %d", failedPage), after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []lake.Failed
	for rows.Next() {
		var f lake.Failed
		if err := rows.Scan(&f.Row, &f.Check); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, rows.Err()
}
