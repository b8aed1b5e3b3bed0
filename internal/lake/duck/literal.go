package duck

import (
	"math"
	"strconv"
	"strings"
)

// inline writes values into a statement in place of its ? marks. DuckDB plans a
// statement with marks before it knows the values, and then reads every row of a
// Parquet file to compare them; literals it hands to the reader, which
// skips. A mark within a quoted text or identifier is none. It is false when
// there is a value that has no literal here, or another number of marks: then
// the statement is sent with its values.
func inline(query string, args []any) (string, bool) {
	var b strings.Builder
	var quoted byte // the quote that a text or identifier began with
	n := 0
	for i := range len(query) {
		c := query[i]
		switch {
		case quoted != 0:
			if c == quoted { // a doubled quote ends it and begins it again
				quoted = 0
			}
		case c == '\'' || c == '"':
			quoted = c
		case c == '?':
			if n == len(args) {
				return "", false
			}
			text, ok := valueText(args[n])
			if !ok {
				return "", false
			}
			b.WriteString(text)
			n++
			continue
		}
		b.WriteByte(c)
	}
	return b.String(), n == len(args)
}

// valueText writes a value as SQL, if it can.
func valueText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return quote(v), !strings.ContainsRune(v, 0)
	case int64:
		return "CAST(" + strconv.FormatInt(v, 10) + " AS BIGINT)", true
	case float64:
		return "CAST(" + strconv.FormatFloat(v, 'g', -1, 64) + " AS DOUBLE)", !math.IsNaN(v) && !math.IsInf(v, 0)
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}
