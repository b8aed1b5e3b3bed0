package sqltable

import (
	"testing"

	"pgregory.net/rapid"
)

// TestBeyond locks the form of the conditions, on which the use of an index
// depends.
func TestBeyond(t *testing.T) {
	t.Parallel()
	cols := []column{{name: "at", typ: "date"}, {name: `n"o`, typ: "bigint"}}
	q := &query{dialect: postgres{}}
	if got, want := q.after(cols, []string{"2024-01-01", "7"}),
		`t."at" >= $1::text::date AND (t."at" > $2::text::date OR (t."n""o" > $3::text::bigint))`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	q = &query{dialect: mysqlDialect{}}
	if got, want := q.upTo([]column{{name: "a`t", typ: "SIGNED"}, {name: "no"}}, []string{"1", "x"}),
		"t.`a``t` <= CAST(? AS SIGNED) AND (t.`a``t` < CAST(? AS SIGNED) OR (t.`no` <= ?))"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestFileNames holds that a batch has a name that any folder can have,
// whatever the table and its values are.
func TestFileNames(t *testing.T) {
	t.Parallel()
	if got := fileName("public.people", "2024-10-01 08:00:00+08", "2024-10-02 09:30:00.5+08"); got != "public.people-20241001T08000008-20241002T093000.508.csv" {
		t.Error(got)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := fileName(rapid.SliceOfN(rapid.String(), 1, 3).Draw(t, "parts")...)
		if len(name) > 255 || name[0] == '.' && name != ".csv" {
			t.Errorf("%q", name)
		}
		for _, r := range name {
			if r < ' ' || r == '/' || r == '\\' || r == 0x202e {
				t.Errorf("%q", name)
			}
		}
	})
}
