package delivery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/store"
)

// MendRequest mends quarantined rows of one delivery in place.
type MendRequest struct {
	DeliveryID string    `json:"delivery_id"`
	Rows       []MendRow `json:"rows"`
	Reason     string    `json:"reason"`
	// Force brings a row in although a later delivery brought the same one.
	Force bool   `json:"force,omitempty"`
	Actor string `json:"-"`
}

// MendRow is one row with the texts that take the place of the sender's.
type MendRow struct {
	Row    int64             `json:"row"`
	Values map[string]string `json:"values"` // by declared field, as a sender would write them; others stay
}

// Mended says what became of the rows.
type Mended struct {
	Receipt *Receipt    `json:"receipt" nullable:"false"`
	Rows    []MendedRow `json:"rows"`
}

// MendedRow is mended, or still open and why.
type MendedRow struct {
	Row     int64          `json:"row"`
	State   store.RowState `json:"state" enum:"mended,open"`
	Code    string         `json:"code"`
	Field   string         `json:"field"`
	Message string         `json:"message"`
}

// Bounds of what people write into the workbench.
const (
	longestReason = 500                  // characters of a reason
	mostMended    = 1000                 // rows that are mended at once
	mostValue     = 4 * validate.MaxText // bytes of a text
)

// Mend delivers rows again with some of their texts replaced, by the road that
// every file takes and with the same checks, as a small file of its own. What
// it accepts or finds unchanged is mended; what fails again stays open with its
// new reason. The original stays as it was in the archive and under its seal;
// the audit chain keeps who changed which fields and why, and no value.
//
// The durable steps: the seal is opened (an audit record says so first); the
// mending delivery is staged together with the numbers of the rows; it goes the
// way of any delivery; the transaction that makes it committed marks the rows.
// A crash before the lake's commit leaves all rows open, one after it is
// settled by Recover, marks included.
func (s *Service) Mend(ctx context.Context, req MendRequest) (*Mended, error) {
	reason, err := checkReason(req.Reason)
	if err != nil {
		return nil, err
	}
	_, ds, err := s.mendable(ctx, req.DeliveryID)
	if err != nil {
		return nil, err
	}
	if err := req.check(ds); err != nil {
		return nil, err
	}
	release, err := s.Exclusive(ctx, ds.Name)
	if err != nil {
		return nil, err
	}
	defer release()
	d, _, err := s.mendable(ctx, req.DeliveryID) // it may have changed while this waited
	if err != nil {
		return nil, err
	}
	m := &mending{Service: s, d: d, ds: ds, req: req, note: reason}
	content, err := m.content(ctx)
	if err != nil {
		return nil, err
	}
	if err := m.checkNewer(ctx, content); err != nil {
		return nil, err
	}
	r := &run{Service: s, ds: ds, mend: m, req: Request{Dataset: ds.Name, File: "mend-of-" + d.ID + ".jsonl",
		Content: strings.NewReader(content), Actor: req.Actor, MendOf: d.ID, Source: d.Source}}
	receipt, err := r.toEnd(ctx)
	if err != nil {
		return nil, err
	}
	return m.outcome(ctx, receipt)
}

// mendable finds the delivery and its dataset, if its rows can be mended here.
func (s *Service) mendable(ctx context.Context, id string) (d store.Delivery, ds *city.Dataset, err error) {
	if d, err = s.Store.Delivery(ctx, id); err != nil {
		return d, nil, err
	}
	switch {
	case d.State == store.StateRejected:
		return d, nil, city.Errorf("conflict.rejected", "the delivery %s was rejected as a whole: its rows cannot be mended one by one", id).
			WithHint("send the error file back to the sender, and deliver the whole batch again when it is mended")
	case d.State != store.StateCommitted:
		return d, nil, city.Errorf("conflict.delivery", "the delivery %s is %s: it has no rows to be mended", id, d.State)
	case d.MendOf != "":
		return d, nil, city.Errorf("conflict.row", "the delivery %s holds rows that were mended in vain", id).
			WithHint("mend the rows of %s, which they were made of", d.MendOf)
	}
	ds, err = s.City().Dataset(d.Dataset)
	return d, ds, err
}

// checkMends refuses to take a delivery back whose rows were mended: what was
// mended came with other deliveries, and would stay.
func (s *Service) checkMends(ctx context.Context, d store.Delivery) error {
	mends, err := s.Store.MendsOf(ctx, d.ID)
	if err != nil || len(mends) == 0 {
		return err
	}
	return city.Errorf("conflict.mended", "rows of %s were mended by %s", d.ID, mends[0].ID).WithHint("roll that one back first")
}

// checkReason bounds a reason and masks what may be a number of a person in it.
func checkReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	bad := func(what string) error {
		return city.Errorf("invalid.reason", "%s", what).At("reason").WithHint("say in a sentence why; the audit chain keeps it")
	}
	switch {
	case reason == "":
		return "", bad("no reason is given")
	case !utf8.ValidString(reason) || strings.ContainsRune(reason, 0):
		return "", bad("the reason is not text")
	case utf8.RuneCountInString(reason) > longestReason:
		return "", bad(fmt.Sprintf("the reason is longer than %d characters", longestReason))
	}
	return validate.MaskText(reason), nil
}

// check refuses what cannot be meant.
func (q MendRequest) check(ds *city.Dataset) error {
	if len(q.Rows) == 0 || len(q.Rows) > mostMended {
		return city.Errorf("invalid.rows", "%d rows are to be mended, not 1 to %d", len(q.Rows), mostMended).At("rows")
	}
	seen := map[int64]bool{}
	for _, row := range q.Rows {
		where := fmt.Sprintf("row %d", row.Row)
		switch {
		case row.Row < 1:
			return city.Errorf("invalid.rows", "there is no row %d", row.Row).At("rows")
		case seen[row.Row]:
			return city.Errorf("invalid.rows", "the row is named twice").At(where)
		}
		seen[row.Row] = true
		for _, name := range slices.Sorted(maps.Keys(row.Values)) {
			if err := checkValue(ds, name, row.Values[name]); err != nil {
				return err.At(where)
			}
		}
	}
	return nil
}

func checkValue(ds *city.Dataset, name, text string) *city.Error {
	if _, ok := ds.Field(name); !ok {
		err := city.Errorf("invalid.field", "%s has no field %.100q", ds.Name, validate.MaskText(name))
		var names []string
		for _, f := range ds.Fields {
			names = append(names, f.Name)
		}
		if near := city.Nearest(name, names); near != "" && len(name) < 100 {
			return err.WithHint("did you mean %s?", near)
		}
		return err.WithHint("use %s", strings.Join(names, ", "))
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || len(text) > mostValue {
		return city.Errorf("invalid.value", "the text for %s is longer than %d bytes, or not text", name, mostValue)
	}
	return nil
}

// mending is a request on its way.
type mending struct {
	*Service
	d    store.Delivery // whose rows they are
	ds   *city.Dataset
	req  MendRequest
	note string // the reason, masked
}

// numbers lists the rows in the order of the mending delivery's file.
func (m *mending) numbers() []int64 {
	out := make([]int64, len(m.req.Rows))
	for i, row := range m.req.Rows {
		out[i] = row.Row
	}
	return out
}

// describe makes the mended rows a part of the batch that they came with.
func (m *mending) describe(r *Receipt) {
	r.Batch, r.SentAt, r.Simulated, r.Fraction = m.d.Batch, m.d.SentAt, m.d.Simulated, m.d.SampleFraction
	if !m.d.Period.IsZero() {
		period := m.d.Period
		r.Period = &period
	}
}

// stage makes a delivery known to the store.
func (r *run) stage(ctx context.Context, e audit.Entry) error {
	if r.mend == nil {
		return r.Store.Stage(ctx, r.row(), e)
	}
	return r.Store.StageMend(ctx, r.row(), store.Mend{Rows: r.mend.numbers(), Note: r.mend.note}, e)
}

// audited says which fields of which rows are changed, and why.
func (m *mending) audited() any {
	type change struct {
		Row    int64    `json:"row"`
		Fields []string `json:"fields"`
	}
	changes := make([]change, len(m.req.Rows))
	for i, row := range m.req.Rows {
		changes[i] = change{row.Row, append([]string{}, slices.Sorted(maps.Keys(row.Values))...)}
	}
	return map[string]any{"dataset": m.ds.Name, "rows": changes, "reason": m.note, "force": m.req.Force}
}

// outcome says what became of the rows.
func (m *mending) outcome(ctx context.Context, receipt *Receipt) (*Mended, error) {
	out := &Mended{Receipt: receipt, Rows: make([]MendedRow, len(m.req.Rows))}
	for i, row := range m.req.Rows {
		out.Rows[i] = MendedRow{Row: row.Row, State: store.RowMended}
		if receipt.Status == Rejected {
			out.Rows[i] = MendedRow{Row: row.Row, State: store.RowOpen, Code: string(receipt.Code), Message: receipt.Message}
		}
	}
	if receipt.Status == Rejected || receipt.Quarantined == 0 {
		return out, nil
	}
	page, err := m.Store.Quarantine(ctx, receipt.DeliveryID, store.QuarantineFilter{}, "", store.MaxPage)
	if err != nil {
		return nil, err
	}
	for _, q := range page.Items {
		row := &out.Rows[q.Row-1]
		row.State, row.Code, row.Field, row.Message = store.RowOpen, q.Code, q.Field, q.Message
	}
	return out, nil
}
