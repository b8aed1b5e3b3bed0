package delivery

import (
	"context"
	"iter"
	"time"

	"github.com/jinyang-city/jinyang/internal/store"
)

// Held is a quarantined row as the workbench shows it; its text is masked.
type Held struct {
	DeliveryID string         `json:"delivery_id"`
	Row        int64          `json:"row"`
	Dataset    string         `json:"dataset"`
	Field      string         `json:"field"`
	Code       string         `json:"code"`
	Message    string         `json:"message"`
	Text       string         `json:"text"`
	Owner      string         `json:"owner"`
	Source     string         `json:"source"`
	File       string         `json:"file"`
	State      store.RowState `json:"state" enum:"open,mended,waived,returned"`
	Since      time.Time      `json:"since"`
	AgeDays    int64          `json:"age_days"` // whole days since the delivery was received
	Note       string         `json:"note"`     // the reason of the last change; empty before the first
	By         string         `json:"by"`
	At         time.Time      `json:"at,omitzero"`
	MendedBy   string         `json:"mended_by"` // delivery that mended it; empty for others
}

// NewHeld shows a row at a time.
func NewHeld(r store.HeldRow, now time.Time) Held {
	return Held{r.DeliveryID, r.Row, r.Dataset, r.Field, r.Code, r.Message, r.Masked, r.Owner, r.Source, r.File, r.State, r.Since,
		max(0, int64(now.Sub(r.Since)/(24*time.Hour))), r.Note, r.By, r.At, r.MendedBy}
}

// HeldGroups counts rows by reason, source and owner.
type HeldGroups struct {
	Items []HeldGroup `json:"items"`
	Total int64       `json:"total"` // rows of all groups
}

// HeldGroup is quarantined rows that failed for the same reason.
type HeldGroup struct {
	Dataset string    `json:"dataset"`
	Code    string    `json:"code"`
	Field   string    `json:"field"`
	Source  string    `json:"source"`
	Owner   string    `json:"owner"`
	Count   int64     `json:"count"`
	Oldest  time.Time `json:"oldest"` // when the first of their deliveries was received
	Newest  time.Time `json:"newest"`
}

// NewHeldGroups shows groups.
func NewHeldGroups(groups []store.HeldGroup) *HeldGroups {
	out := &HeldGroups{Items: []HeldGroup{}}
	for _, g := range groups {
		out.Items = append(out.Items, HeldGroup(g))
		out.Total += g.Count
	}
	return out
}

// RowsRequest changes the state of quarantined rows of one delivery by
// decision: the named rows, or all open ones of a reason.
type RowsRequest struct {
	DeliveryID string  `json:"delivery_id"`
	Rows       []int64 `json:"rows,omitempty"`
	Code       string  `json:"code,omitempty"`
	Field      string  `json:"field,omitempty"`
	Reason     string  `json:"reason"`
	Actor      string  `json:"-"`
}

// Waive says that nobody will mend the rows, and gives how many were open.
func (s *Service) Waive(ctx context.Context, q RowsRequest) (int64, error) {
	return s.changeRows(ctx, q, store.RowWaived, "quarantine.waive")
}

// Return notes that the rows went back to the sender, and gives how many were
// open.
func (s *Service) Return(ctx context.Context, q RowsRequest) (int64, error) {
	return s.changeRows(ctx, q, store.RowReturned, "quarantine.return")
}

// Reopen takes Waive and Return back.
func (s *Service) Reopen(ctx context.Context, q RowsRequest) (int64, error) {
	return s.changeRows(ctx, q, store.RowOpen, "quarantine.reopen")
}

// changeRows makes the change and its audit record in one transaction.
func (s *Service) changeRows(ctx context.Context, q RowsRequest, to store.RowState, action string) (int64, error) {
	reason, err := checkReason(q.Reason)
	if err != nil {
		return 0, err
	}
	now := s.Now()
	q.Reason = reason
	return s.Store.ChangeRows(ctx, store.RowChange{
		DeliveryID: q.DeliveryID, Rows: q.Rows, Code: q.Code, Field: q.Field, To: to, Note: reason, By: q.Actor, At: now,
	}, s.entry(now, q.Actor, action, q.DeliveryID, q))
}

// mostOfRejected is how many rows of a rejected delivery are kept in
// quarantine. A file of another layout fails in every row; the first ones tell
// why, and the batch has to come again whole.
const mostOfRejected = 10_000

// heldOfRejected gives the rows of a rejected delivery that failed their checks,
// or the first of them, and notes on the receipt how many are left out.
func (r *run) heldOfRejected() iter.Seq2[store.QuarantinedRow, error] {
	if r.spool == nil || r.mend != nil {
		return nil
	}
	r.receipt.LeftOut = max(0, r.spool.count-mostOfRejected)
	return func(yield func(store.QuarantinedRow, error) bool) {
		n := 0
		for row, err := range r.quarantined() {
			if n++; n > mostOfRejected || !yield(row, err) {
				return
			}
		}
	}
}
