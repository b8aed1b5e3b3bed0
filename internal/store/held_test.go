package store

import (
	"path/filepath"
	"testing"
)

// TestOlderQuarantineIsListed opens a database that was written before rows had
// states: its rows are open, and counted.
func TestOlderQuarantineIsListed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.db")
	db, err := openWriter(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := migrate(t.Context(), db, upTo(t, 2)); err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), `INSERT INTO deliveries VALUES
		('D1', 'env.air', '', 'committed', 'a.csv', '', 1, '', '', '', '2024-10-31T12:00:00.000000Z', '2024-10-31T12:00:00.000000Z', 3, 1, 2, 0, '1', 0, 1, '{}', '');
		INSERT INTO quarantined_rows VALUES ('D1', 1, 'day', 'not_a_date', 'm', 't', x'00', 'env'), ('D1', 3, 'day', 'not_a_date', 'm', 't', x'00', 'env')`)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	groups, err := s.HeldGroups(t.Context(), HeldFilter{State: RowOpen, Dataset: "env.air"})
	if err != nil || len(groups) != 1 || groups[0].Count != 2 || groups[0].Code != "not_a_date" {
		t.Errorf("groups are %+v, %v", groups, err)
	}
	page, err := s.HeldRows(t.Context(), HeldFilter{State: RowOpen}, "", 0)
	if err != nil || len(page.Items) != 2 || page.Items[1].Row != 3 || page.Items[1].DeliveryID != "D1" {
		t.Errorf("rows are %+v, %v", page.Items, err)
	}
}
