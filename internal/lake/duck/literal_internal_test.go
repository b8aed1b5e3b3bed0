package duck

import (
	"testing"
	"unicode/utf8"
)

func TestInline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query, want string
		args        []any
	}{
		{`SELECT 1`, `SELECT 1`, nil},
		{`a = ? AND b < ?`, `a = 'it''s' AND b < CAST(3 AS BIGINT)`, []any{"it's", int64(3)}},
		{`"who?" = ? AND 'what''?' = ?`, `"who?" = CAST(0.5 AS DOUBLE) AND 'what''?' = true`, []any{0.5, true}},
	} {
		if got, ok := inline(c.query, c.args); !ok || got != c.want {
			t.Errorf("%s: %s, %v; want %s", c.query, got, ok, c.want)
		}
	}
	for query, args := range map[string][]any{"?": nil, "? ?": {"a"}, "a": {"b"}, " ?": {struct{}{}}, "  ?": {"\x00"}} {
		if got, ok := inline(query, args); ok {
			t.Errorf("%q with %v became %q", query, args, got)
		}
	}
}

// FuzzInline holds that no text gets out of its quotes: what the engine is sent
// gives the text back, whatever it is.
func FuzzInline(f *testing.F) {
	for _, s := range []string{"", "it's", `";--`, "'; DROP TABLE x; --", "\\'", "晋阳?"} {
		f.Add(s)
	}
	e, err := Open(Options{TempDir: f.TempDir()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = e.Close() })
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // texts of questions come as JSON
		}
		rows, err := e.Query(t.Context(), "SELECT ?, ?", s, "after")
		if err != nil {
			return // refused as a whole
		}
		defer rows.Close()
		var got, after string
		if !rows.Next() || rows.Scan(&got, &after) != nil || got != s || after != "after" {
			t.Errorf("%q came back as %q and %q", s, got, after)
		}
	})
}
