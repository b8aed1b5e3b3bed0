package duck

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// falling gives the rows whose cumulative value breaks the order of its series.
// The table is believed: a row fails when its value is below one that the table
// has before it, or above one that it has after it. Those that are left are
// judged among themselves: a row fails when its value is below that of one
// before it. So what is kept never falls when the table does not, and a
// delivery may be split at any point of its series without another result.
// Rows at the same place of the order are not compared.
func (c *setChecks) falling(k *lake.Check) string {
	series := func(alias string) []string {
		v := c.field(k.Fields[0], alias)
		if k.Down {
			v = "-" + v
		}
		return []string{c.tuple(k.By, alias, c.period(k, alias)...) + " AS g", c.tuple(k.Order, alias) + " AS o", v + " AS v"}
	}
	return fmt.Sprintf(`WITH live AS (SELECT * FROM (%s) WHERE v IS NOT NULL),
series AS (
  SELECT r, g, o, v FROM live
  UNION ALL
  SELECT NULL, t.g, t.o, t.v FROM (%s) AS t SEMI JOIN live ON t.g IS NOT DISTINCT FROM live.g WHERE t.v IS NOT NULL),
judged AS (
  SELECT r, g, o, v, coalesce(v < max(v) FILTER (WHERE r IS NULL) OVER earlier OR v > min(v) FILTER (WHERE r IS NULL) OVER later, false) AS bad
  FROM series WINDOW
    earlier AS (PARTITION BY g ORDER BY o RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP),
    later AS (PARTITION BY g ORDER BY o RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE GROUP))
SELECT r FROM judged WHERE r IS NOT NULL AND bad
UNION ALL
SELECT r FROM (
  SELECT r, v < max(v) OVER (PARTITION BY g ORDER BY o RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP) AS bad
  FROM judged WHERE r IS NOT NULL AND NOT bad) WHERE bad`,
		c.live(series("s")...), c.rest(series("e")...))
}

// period gives the SQL of the period in which a cumulative value grows: the
// year or month of the first field of the order.
func (c *setChecks) period(k *lake.Check, alias string) []string {
	day := c.field(k.Order[0], alias)
	switch k.Reset {
	case city.GrainYear:
		return []string{"year(" + day + ")"}
	case city.GrainMonth:
		return []string{stepNumber(city.StepMonth, day, "")}
	}
	return nil
}

// stuck gives the rows that lie in a run of Run or more equal readings. Of the
// table only what may prolong such a run is looked at: Run-1 readings before
// the delivery's first and after its last of the group, and those between.
// Rows without any reading are passed over: they neither prolong nor end a run.
func (c *setChecks) stuck(k *lake.Check) string {
	series := func(alias string) []string {
		return []string{c.tuple(k.By, alias) + " AS g", c.tuple(k.Order, alias) + " AS o", c.tuple(k.Fields, alias) + " AS x",
			c.given(k.Fields, alias, " OR ") + " AS given", c.quiet(k, alias) + " AS quiet"}
	}
	near := fmt.Sprint(k.Run - 1)
	return fmt.Sprintf(`WITH live AS (SELECT * EXCLUDE given FROM (%s) WHERE given),
ends AS (SELECT g, min(o) AS a, max(o) AS b FROM live GROUP BY g),
rest AS (SELECT t.g, t.o, t.x, t.quiet, CASE WHEN t.o < ends.a THEN -1 WHEN t.o > ends.b THEN 1 ELSE 0 END AS side
  FROM (%s) AS t JOIN ends ON t.g IS NOT DISTINCT FROM ends.g WHERE t.given),
series AS (
  SELECT r, g, o, x, quiet FROM live
  UNION ALL
  (SELECT NULL, g, o, x, quiet FROM rest WHERE side = -1 QUALIFY row_number() OVER (PARTITION BY g ORDER BY o DESC) <= %[3]s)
  UNION ALL
  (SELECT NULL, g, o, x, quiet FROM rest WHERE side = 0)
  UNION ALL
  (SELECT NULL, g, o, x, quiet FROM rest WHERE side = 1 QUALIFY row_number() OVER (PARTITION BY g ORDER BY o) <= %[3]s)),
turned AS (SELECT *, CASE WHEN x IS NOT DISTINCT FROM lag(x) OVER (PARTITION BY g ORDER BY o, r) THEN 0 ELSE 1 END AS turn FROM series),
runs AS (SELECT *, sum(turn) OVER (PARTITION BY g ORDER BY o, r ROWS UNBOUNDED PRECEDING) AS run FROM turned)
SELECT r FROM (SELECT r, quiet, count(*) OVER (PARTITION BY g, run) AS n FROM runs) WHERE r IS NOT NULL AND NOT quiet AND n >= %d`,
		c.live(series("s")...), c.rest(series("e")...), near, k.Run)
}

// quiet says that all readings of a row may stay.
func (c *setChecks) quiet(k *lake.Check, alias string) string {
	if len(k.Ignore) == 0 {
		return "false"
	}
	may := make([]string, len(k.Ignore))
	for i, n := range k.Ignore {
		may[i] = fmt.Sprint(n)
	}
	parts := make([]string, len(k.Fields))
	for i, f := range k.Fields {
		v := c.field(f, alias)
		parts[i] = fmt.Sprintf("(%s IS NULL OR %s IN (%s))", v, v, strings.Join(may, ", "))
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

// stepNumber gives the SQL that counts the steps of a series from an epoch.
func stepNumber(every city.Step, day, hour string) string {
	switch every {
	case city.StepMonth:
		return fmt.Sprintf("(year(%[1]s) * 12 + month(%[1]s) - 1)", day)
	case city.StepHour:
		if hour == "" { // the day is a moment
			return fmt.Sprintf("date_diff('hour', TIMESTAMP '1970-01-01 00:00:00', %s)", day)
		}
		return fmt.Sprintf("(date_diff('day', DATE '1970-01-01', %s) * 24 + %s)", day, hour)
	}
	return fmt.Sprintf("date_diff('day', DATE '1970-01-01', CAST(%s AS DATE))", day)
}

// stepText writes a step down.
func stepText(every city.Step, n int64) string {
	switch every {
	case city.StepMonth:
		return fmt.Sprintf("%04d-%02d", n/12, n%12+1)
	case city.StepHour:
		return time.Unix(n*3600, 0).UTC().Format("2006-01-02 15")
	}
	return time.Unix(n*24*3600, 0).UTC().Format(time.DateOnly)
}

// groupEnd divides the values of a group on their way out of SQL.
const groupEnd = "\x1f"

// gaps finds the steps within the range of the delivery for which a group of
// the delivery has a row neither there nor in the table. It counts from row to
// row, so that a wide range costs nothing.
func (c *setChecks) gaps(ctx context.Context, i int, k *lake.Check) (*lake.Noticed, error) {
	step := func(alias string) string {
		hour := ""
		if len(k.Order) > 1 {
			hour = c.field(k.Order[1], alias)
		}
		return stepNumber(k.Every, c.field(k.Order[0], alias), hour)
	}
	var lo, hi *int64
	var first, last *string
	day := "CAST(" + c.field(k.Order[0], "s") + " AS DATE)"
	q := fmt.Sprintf("SELECT min(n), max(n), CAST(min(d) AS VARCHAR), CAST(max(d) AS VARCHAR) FROM (%s)", c.live(step("s")+" AS n", day+" AS d"))
	if err := c.conn.QueryRowContext(ctx, q).Scan(&lo, &hi, &first, &last); err != nil || lo == nil {
		return nil, err
	}
	// The whole months around the range, so that statistics skip other files.
	around := fmt.Sprintf(" AND %[1]s >= date_trunc('month', DATE %[2]s) AND %[1]s < last_day(DATE %[3]s) + 1", c.field(k.Order[0], "e"), quote(*first), quote(*last))
	q = fmt.Sprintf(`WITH live AS (SELECT DISTINCT g, n FROM (%s) WHERE n IS NOT NULL),
present AS (
  SELECT g, n FROM live
  UNION
  SELECT t.g, t.n FROM (%s) AS t SEMI JOIN live ON t.g = live.g WHERE t.n BETWEEN %[3]d AND %[4]d),
edged AS (
  SELECT g, n FROM present UNION ALL SELECT DISTINCT g, %[3]d - 1 FROM live UNION ALL SELECT DISTINCT g, %[4]d + 1 FROM live),
gaps AS (SELECT g, n + 1 AS a, lead(n) OVER (PARTITION BY g ORDER BY n) - 1 AS b FROM edged)
SELECT g, a, b, CAST(sum(b - a + 1) OVER () AS BIGINT) FROM gaps WHERE b - a + 1 > %[5]d ORDER BY b - a DESC, a, g LIMIT %[6]d`,
		c.live(c.named(k.By, "s")+" AS g", step("s")+" AS n"), c.rest(c.named(k.By, "e")+" AS g", step("e")+" AS n")+around,
		*lo, *hi, k.Most, samples)
	return c.readGaps(ctx, q, &lake.Noticed{Check: i}, k.Every)
}

// named gives the SQL of the values of a group as one text.
func (c *setChecks) named(by []string, alias string) string {
	parts := make([]string, len(by))
	for i, name := range by {
		parts[i] = fmt.Sprintf("coalesce(CAST(%s AS VARCHAR), '')", c.field(name, alias))
	}
	return fmt.Sprintf("array_to_string(CAST([%s] AS VARCHAR[]), chr(31))", strings.Join(parts, ", "))
}

func (c *setChecks) readGaps(ctx context.Context, q string, n *lake.Noticed, every city.Step) (*lake.Noticed, error) {
	rows, err := c.conn.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var group string
		var a, b int64
		if err := rows.Scan(&group, &a, &b, &n.Count); err != nil {
			return nil, err
		}
		n.Gaps = append(n.Gaps, lake.Gap{Group: strings.Split(group, groupEnd), From: stepText(every, a), To: stepText(every, b), Steps: b - a + 1})
	}
	return n, rows.Err()
}
