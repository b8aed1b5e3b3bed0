package sqltable

import (
	"fmt"
	"strings"
)

// query is a statement in the making, with its arguments.
type query struct {
	dialect dialect
	sql     strings.Builder
	args    []string
}

func (q *query) text() string { return q.sql.String() }

// column names a column of the table, which every statement calls t. A bare
// name could be that of a result, which is its text and has another order.
func (q *query) column(c column) string { return "t." + q.dialect.quote(c.name) }

// write adds SQL. What comes from outside is quoted or an argument.
func (q *query) write(format string, parts ...any) *query {
	fmt.Fprintf(&q.sql, format, parts...)
	return q
}

// param adds an argument of a column's type and gives its place.
func (q *query) param(c column, value string) string {
	q.args = append(q.args, value)
	return q.dialect.param(len(q.args), c)
}

// after is a condition for the rows behind a row, in the order of the columns:
// a >= 1 AND (a > 1 OR (b > 2)). Databases use an index over a and b for the
// outer comparison, which they do not for (a, b) > (1, 2).
func (q *query) after(cols []column, row []string) string { return q.beyond(">", cols, row) }

// upTo is a condition for the rows up to a row, and that row.
func (q *query) upTo(cols []column, row []string) string { return q.beyond("<", cols, row) }

func (q *query) beyond(sign string, cols []column, row []string) string {
	name := q.column(cols[0])
	if len(cols) == 1 {
		if sign == "<" {
			return name + " <= " + q.param(cols[0], row[0])
		}
		return name + " > " + q.param(cols[0], row[0])
	}
	return fmt.Sprintf("%s %s= %s AND (%s %s %s OR (%s))", name, sign, q.param(cols[0], row[0]), name, sign, q.param(cols[0], row[0]),
		q.beyond(sign, cols[1:], row[1:]))
}

// from is a condition for the rows whose first column has a value or more.
func (q *query) from(c column, value string) string {
	return q.column(c) + " >= " + q.param(c, value)
}

// texts lists the exact texts of columns.
func (q *query) texts(cols []column) string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = q.dialect.text(q.column(c), c.class)
	}
	return strings.Join(out, ", ")
}

// names lists columns to order by, each with a direction.
func (q *query) names(cols []column, direction string) string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = q.column(c) + direction
	}
	return strings.Join(out, ", ")
}
