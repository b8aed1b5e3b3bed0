package store

import (
	"strconv"
	"strings"
)

// query builds a SELECT with conditions. Values only ever become placeholders.
type query struct {
	text  strings.Builder
	args  []any
	joint string // what goes before the next condition
}

func newQuery(selectFrom string) *query {
	q := &query{joint: " WHERE "}
	q.text.WriteString(selectFrom)
	return q
}

// where adds a condition: its text up to the value, and the value.
func (q *query) where(text string, value any) {
	q.text.WriteString(q.joint + text + q.hold(value))
	q.joint = " AND "
}

// whereIn adds a condition that a column has one of the values.
func (q *query) whereIn(column string, values []string) {
	if len(values) == 0 {
		return
	}
	holds := make([]string, len(values))
	for i, v := range values {
		holds[i] = q.hold(v)
	}
	q.text.WriteString(q.joint + column + " IN (" + strings.Join(holds, ", ") + ")")
	q.joint = " AND "
}

// whereAfter adds the condition that a pair of columns sorts before or after a
// pair of values; op is < or >.
func (q *query) whereAfter(columns [2]string, op string, a, b any) {
	q.text.WriteString(q.joint + "(" + columns[0] + ", " + columns[1] + ") " + op + " (" + q.hold(a) + ", " + q.hold(b) + ")")
	q.joint = " AND "
}

// hold keeps a value and gives its placeholder.
func (q *query) hold(value any) string {
	q.args = append(q.args, value)
	return "$" + strconv.Itoa(len(q.args))
}

// page ends the query with an order, and one row more than the page needs, by
// which paged sees whether another page follows.
func (q *query) page(order string, size int) string {
	return q.text.String() + " ORDER BY " + order + " LIMIT " + strconv.Itoa(size+1)
}
