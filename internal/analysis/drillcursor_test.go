package analysis

import "testing"

// A cursor that is read is the one that was given out; anything else is refused.
func FuzzDrillCursor(f *testing.F) {
	for _, seed := range []string{"", "x", drillCursor("D20240101-ab", 7), drillCursor("", 0), drillCursor("a\nb", -1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		delivery, row, err := parseDrillCursor(cursor)
		if err == nil && cursor != "" && drillCursor(delivery, row) != cursor {
			t.Errorf("%q reads as %q, %d", cursor, delivery, row)
		}
	})
}
