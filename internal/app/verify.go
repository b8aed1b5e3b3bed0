package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Verification says whether the audit chain, the receipts and the tables agree.
type Verification struct {
	OK           bool     `json:"ok"`
	AuditRecords int64    `json:"audit_records"`
	AuditHead    string   `json:"audit_head"` // hash of the last record: keep it elsewhere to detect a cut chain
	Deliveries   int      `json:"deliveries"`
	Datasets     int      `json:"datasets"`
	Rows         int64    `json:"rows"`
	Problems     []string `json:"problems"`
}

func (v *Verification) problem(format string, args ...any) {
	v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
}

// Verify checks the data folder. It changes nothing.
func (a *App) Verify(ctx context.Context) (*Verification, error) {
	v := &Verification{Problems: []string{}}
	head, err := a.Store.VerifyAudit(ctx)
	if err != nil {
		v.problem("audit chain: %v", err)
	}
	v.AuditRecords, v.AuditHead = head.Seq, head.Hash
	accepted, err := a.verifyReceipts(ctx, v)
	if err != nil {
		return nil, err
	}
	for _, ds := range a.City().Datasets {
		if err := a.verifyTable(ctx, v, ds.Name, accepted); err != nil {
			return nil, err
		}
	}
	v.OK = len(v.Problems) == 0
	return v, nil
}

// verifyReceipts checks every receipt against the store and the lake, and
// gives how many rows each delivery had accepted.
func (a *App) verifyReceipts(ctx context.Context, v *Verification) (map[string]int64, error) {
	accepted := map[string]int64{}
	for cursor := ""; ; {
		page, err := a.Store.Deliveries(ctx, store.Filter{States: []store.State{store.StateCommitted}}, cursor, store.MaxPage)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			v.Deliveries++
			accepted[d.ID] = d.Accepted
			if err := a.verifyReceipt(ctx, v, d); err != nil {
				return nil, err
			}
		}
		if cursor = page.Next; cursor == "" {
			return accepted, nil
		}
	}
}

func (a *App) verifyReceipt(ctx context.Context, v *Verification, d store.Delivery) error {
	var r delivery.Receipt
	switch err := json.Unmarshal(d.Receipt, &r); {
	case err != nil:
		v.problem("%s: the receipt cannot be read: %v", d.ID, err)
		return nil
	case !r.Balanced():
		v.problem("%s: the receipt does not balance", d.ID)
	case r.Received != d.Received || r.Accepted != d.Accepted || r.Quarantined != d.Quarantined || r.Duplicate != d.Duplicate || r.SnapshotID != d.SnapshotID:
		v.problem("%s: the receipt differs from the store", d.ID)
	}
	if d.Accepted == 0 {
		return nil
	}
	snapshot, found, err := a.Lake.FindDelivery(ctx, d.Dataset, d.ID)
	switch {
	case err != nil:
		return err
	case !found:
		v.problem("%s: the table of %s has no snapshot of it", d.ID, d.Dataset)
	case fmt.Sprint(snapshot) != d.SnapshotID:
		v.problem("%s: the table of %s has the snapshot %d, the receipt says %s", d.ID, d.Dataset, snapshot, d.SnapshotID)
	}
	return nil
}

// verifyTable counts the rows of a table by delivery: each must have been
// accepted by a receipt, and the files must hold what the metadata say.
func (a *App) verifyTable(ctx context.Context, v *Verification, dataset string, accepted map[string]int64) error {
	counts, view, err := a.Analysis.RowsByDelivery(ctx, dataset, time.Time{})
	if err != nil {
		return err
	}
	if view.SnapshotID == 0 {
		return nil
	}
	v.Datasets++
	var rows int64
	for id, n := range counts {
		rows += n
		if most, ok := accepted[id]; !ok || n > most {
			v.problem("%s: %d rows came from the delivery %s, whose receipt accepted %d", dataset, n, id, most)
		}
	}
	if rows != view.Rows {
		v.problem("%s: the files hold %d rows, the metadata say %d", dataset, rows, view.Rows)
	}
	v.Rows += rows
	return nil
}
