package duck

import (
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// TestCompareRows tells relations apart by any value and any number of rows, and
// not by their order.
func TestCompareRows(t *testing.T) {
	t.Parallel()
	eng, err := Open(Options{TempDir: t.TempDir(), MemoryMB: 64})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close()
	conn, err := eng.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	v := &lake.View{Dataset: "test.things", Columns: []lake.Column{{Name: "id"}, {Name: "n"}}}
	const first = "(VALUES ('a', 1), ('b', NULL), ('b', NULL)) AS t(id, n)"
	for other, same := range map[string]bool{
		"(VALUES ('b', NULL), ('a', 1), ('b', NULL)) AS t(id, n)":                     true,
		"(VALUES ('b', NULL), ('a', 1)) AS t(id, n)":                                  false,
		"(VALUES ('b', NULL), ('a', 2), ('b', NULL)) AS t(id, n)":                     false,
		"(VALUES ('b', NULL), ('a', 1), ('b', 0)) AS t(id, n)":                        false,
		"(VALUES ('b', NULL), ('a', 1), ('c', NULL)) AS t(id, n)":                     false,
		"(VALUES ('a', 1), ('a', 1), ('b', NULL)) AS t(id, n)":                        false,
		"(SELECT 'a' AS id, 1 AS n WHERE false)":                                      false,
		"(SELECT NULL AS n, 'b' AS id UNION ALL SELECT 1, 'a')":                       false,
		"(SELECT n, id FROM (VALUES ('b', NULL), ('a', 1), ('b', NULL)) AS t(id, n))": true,
	} {
		err := compareRows(t.Context(), conn, v, first, other)
		if (err == nil) != same || err != nil && city.CodeOf(err) != city.CodeInternal {
			t.Errorf("%s: %v", other, err)
		}
	}
}
