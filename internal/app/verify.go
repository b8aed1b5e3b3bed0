package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Verification says whether the audit chain, the receipts, the evidence and
// the tables agree.
type Verification struct {
	OK           bool     `json:"ok"`
	AuditRecords int64    `json:"audit_records"`
	AuditHead    string   `json:"audit_head"` // hash of the last record: keep it elsewhere to detect a cut chain
	Deliveries   int      `json:"deliveries"`
	Datasets     int      `json:"datasets"`
	Rows         int64    `json:"rows"`
	Tags         int      `json:"tags"`
	Rollbacks    int      `json:"rollbacks"`
	Closings     int      `json:"closings"`  // periods that were closed, with their revisions
	Figures      int      `json:"figures"`   // published figures that were computed again
	Reports      int      `json:"reports"`   // of promises, by hand
	Unsigned     int      `json:"unsigned"`  // receipts made before the city signed them
	Originals    int      `json:"originals"` // delivered files that were read back and hold what was delivered; 0 unless that was asked for
	Problems     []string `json:"problems"`
	Notes        []string `json:"notes"` // what an operator should look at, though nothing is wrong with the data

	signatures *signatures
}

func (v *Verification) problem(format string, args ...any) {
	v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
}

func (v *Verification) note(format string, args ...any) {
	v.Notes = append(v.Notes, fmt.Sprintf(format, args...))
}

// Verify checks the data folder. It changes nothing, and may run beside a
// process that delivers: tables are read first, so that every row in them has
// its receipt, final or draft, by the time when the receipts are read.
func (a *App) Verify(ctx context.Context) (*Verification, error) {
	v := &Verification{Problems: []string{}, Notes: []string{}}
	head, err := a.Store.VerifyAudit(ctx)
	if err != nil {
		v.problem("audit chain: %v", err)
	}
	v.AuditRecords, v.AuditHead = head.Seq, head.Hash
	if v.signatures, err = a.openSignatures(); err != nil {
		return nil, err
	}
	tables := map[string]*tableCheck{}
	for _, ds := range a.City().Datasets {
		if tables[ds.Name], err = a.countTable(ctx, v, ds.Name); err != nil {
			return nil, err
		}
	}
	if err := a.verifyRollbacks(ctx, v, tables); err != nil {
		return nil, err
	}
	if err := a.verifyReceipts(ctx, v, tables); err != nil {
		return nil, err
	}
	for _, ds := range a.City().Datasets {
		tables[ds.Name].verify(v)
		if err := a.verifyClock(ctx, v, ds); err != nil {
			return nil, err
		}
	}
	if err := a.verifyTags(ctx, v); err != nil {
		return nil, err
	}
	if err := a.verifyProgress(ctx, v); err != nil {
		return nil, err
	}
	if err := a.verifyPublished(ctx, v); err != nil {
		return nil, err
	}
	v.OK = len(v.Problems) == 0
	return v, nil
}

// tableCheck is what the rows of a table say of the deliveries, and then what
// the receipts say of the rows.
type tableCheck struct {
	dataset  string
	rows     int64            // in the files
	counts   map[string]int64 // rows by the delivery that wrote them
	history  map[string]int64 // snapshots by the delivery that committed them
	expected int64            // rows by the receipts and rollbacks
	back     map[string]bool  // deliveries that had been rolled back
}

func (a *App) countTable(ctx context.Context, v *Verification, dataset string) (*tableCheck, error) {
	t := &tableCheck{dataset: dataset, back: map[string]bool{}}
	counts, view, err := a.Analysis.RowsByDelivery(ctx, dataset, time.Time{})
	if err != nil {
		return nil, err
	}
	if t.history, err = a.Lake.History(ctx, view); err != nil {
		return nil, err
	}
	if view.SnapshotID != 0 {
		v.Datasets++
	}
	t.counts = counts
	for _, n := range counts {
		t.rows += n
	}
	if t.rows != view.Rows {
		v.problem("%s: the files hold %d rows, the metadata say %d", dataset, t.rows, view.Rows)
	}
	v.Rows += t.rows
	return t, nil
}

// verifyReceipts checks the receipts of all deliveries whose rows are in the
// lake. A delivery that is about to be finished has a draft that counts too.
func (a *App) verifyReceipts(ctx context.Context, v *Verification, tables map[string]*tableCheck) error {
	open, err := a.Store.Unfinished(ctx)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, d := range open {
		if t := tables[d.Dataset]; t != nil && t.history[d.ID] != 0 {
			seen[d.ID] = true
			a.verifyReceipt(v, d, t)
		}
	}
	for cursor := ""; ; {
		page, err := a.Store.Deliveries(ctx, store.Filter{States: []store.State{store.StateCommitted, store.StateRejected, store.StateRolledBack}}, cursor, store.MaxPage)
		if err != nil {
			return err
		}
		for _, d := range page.Items {
			if seen[d.ID] {
				continue
			}
			seen[d.ID] = true
			a.verifyReceipt(v, d, tables[d.Dataset])
			if err := a.verifySnapshot(ctx, v, d, tables[d.Dataset]); err != nil {
				return err
			}
		}
		if cursor = page.Next; cursor == "" {
			return nil
		}
	}
}

// verifyReceipt checks one receipt against the store, the evidence and, when
// there is a table, the rows that carry its ID.
func (a *App) verifyReceipt(v *Verification, d store.Delivery, t *tableCheck) {
	v.Deliveries++
	var r delivery.Receipt
	if err := json.Unmarshal(d.Receipt, &r); err != nil {
		v.problem("%s: the receipt cannot be read: %v", d.ID, err)
		return
	}
	v.signatures.verify(v, d, &r)
	if !r.Balanced() {
		v.problem("%s: the receipt does not balance", d.ID)
	}
	if d.State != store.StateRejected && (r.Received != d.Received || r.Accepted != d.Accepted || r.Quarantined != d.Quarantined || r.Duplicate != d.Duplicate) {
		v.problem("%s: the receipt differs from the store", d.ID)
	}
	if _, err := os.Stat(a.path("evidence", d.Evidence)); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			v.problem("%s: the delivered file cannot be read: %v", d.ID, err)
		} else {
			v.problem("%s: the delivered file is not in the archive any more", d.ID)
		}
	}
	if t == nil {
		return
	}
	if t.history[d.ID] == 0 { // it wrote nothing
		t.verifyRows(v, d, &r)
		return
	}
	t.expected += r.Accepted - r.Changed - r.Vanished
	t.verifyRows(v, d, &r)
}

// verifySnapshot checks that the lake has what a receipt says it has. One that
// committed after the tables were read is looked up.
func (a *App) verifySnapshot(ctx context.Context, v *Verification, d store.Delivery, t *tableCheck) error {
	if d.State == store.StateRejected || d.Accepted == 0 {
		return nil
	}
	var snapshot int64
	if t != nil {
		snapshot = t.history[d.ID]
	}
	if snapshot == 0 {
		id, found, err := a.Lake.FindDelivery(ctx, d.Dataset, d.ID)
		if err != nil {
			return err
		}
		if !found {
			v.problem("%s: the table of %s has no snapshot of it", d.ID, d.Dataset)
			return nil
		}
		snapshot = id
	}
	if fmt.Sprint(snapshot) != d.SnapshotID {
		v.problem("%s: the table of %s has the snapshot %d, the receipt says %s", d.ID, d.Dataset, snapshot, d.SnapshotID)
	}
	return nil
}

// verify compares the rows with the sum of the receipts: every accepted row is
// in the table once, unless it replaced an older version.
func (t *tableCheck) verify(v *Verification) {
	for id, n := range t.counts {
		v.problem("%s: %d rows came from the delivery %s, which has no receipt", t.dataset, n, id)
	}
	if t.rows != t.expected {
		v.problem("%s: the files hold %d rows, the receipts add up to %d", t.dataset, t.rows, t.expected)
	}
}
