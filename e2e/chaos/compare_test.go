package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// facts are what a comparison found in the folder.
type facts struct {
	deliveries []store.Delivery // with a receipt, in their order
	rollbacks  []store.Rollback
	open       map[string][]int64 // quarantined rows that are open, by delivery
	rows       int64
}

// compare holds the folder to the model.
func (w *world) compare(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(w.data(), "jinyang.db")); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if _, err := w.look(ctx); err != nil {
		return err
	}
	a, err := app.Open(ctx, app.Options{Data: w.data(), ReadOnly: true, MemoryMB: 256})
	if err != nil {
		return err
	}
	w.report.comparisons++
	w.log = &facts{open: map[string][]int64{}}
	tables := map[string]*history{}
	var errs []error
	for _, name := range names() {
		h, err := w.replay(ctx, a, name)
		if err == nil {
			err = w.compareTable(ctx, a, name, h)
		}
		errs = append(errs, err)
		tables[name] = h
	}
	errs = append(errs, w.compareReceipts(ctx, a), w.compareHeld(ctx, a), w.compareTags(ctx, a), w.tidy(ctx, a), w.compareInboxes())
	w.tables = tables
	return errors.Join(append(errs, a.Close())...)
}

// replay goes through the log of a dataset.
func (w *world) replay(ctx context.Context, a *app.App, dataset string) (*history, error) {
	h := &history{table: table{}}
	deliveries, err := a.Store.Since(ctx, dataset, 0)
	if err != nil {
		return h, err
	}
	rollbacks, err := a.Store.Rollbacks(ctx, dataset)
	if err != nil {
		return h, err
	}
	w.log.deliveries, w.log.rollbacks = append(w.log.deliveries, deliveries...), append(w.log.rollbacks, rollbacks...)
	for _, d := range deliveries {
		for len(rollbacks) > 0 && rollbacks[0].AfterSeq < d.Seq {
			if err := w.replayRollback(h, rollbacks[0]); err != nil {
				return h, err
			}
			rollbacks = rollbacks[1:]
		}
		c, err := w.changeOf(d)
		if err != nil {
			return h, err
		}
		if err := compareReceipt(d, h.deliver(c)); err != nil {
			return h, err
		}
	}
	for _, r := range rollbacks {
		if err := w.replayRollback(h, r); err != nil {
			return h, err
		}
	}
	return h, nil
}

func (w *world) replayRollback(h *history, r store.Rollback) error {
	grown, known := h.rollBack(r.DeliveryID)
	switch {
	case !known:
		return fmt.Errorf("the rollback %s took back %s, which does not stand", r.ID, r.DeliveryID)
	case grown != r.Restored-r.Removed:
		return fmt.Errorf("the rollback %s removed %d rows and restored %d; the table must change by %d", r.ID, r.Removed, r.Restored, grown)
	case !w.undone[r.DeliveryID]:
		return fmt.Errorf("nobody asked for the rollback %s of %s", r.ID, r.DeliveryID)
	}
	return nil
}

// changeOf finds what was sent with a delivery.
func (w *world) changeOf(d store.Delivery) (*change, error) {
	mode := datasets[d.Dataset]
	if d.MendOf == "" {
		b, sent := w.batches[d.FileSHA256]
		if !sent || b.dataset != d.Dataset || b.broken {
			return nil, fmt.Errorf("%s was committed to %s with a file that nobody sent for it", d.ID, d.Dataset)
		}
		return &change{id: d.ID, mode: mode, sha256: b.sha256, rows: b.rows}, nil
	}
	if mode.Whole() {
		mode = city.ModeUpsert
	}
	rows, err := w.mended(d.MendOf)
	return &change{id: d.ID, mode: mode, rows: rows}, err
}

// mended gives the rows that were asked to be mended, as they are right.
func (w *world) mended(id string) ([]row, error) {
	i := slices.IndexFunc(w.log.deliveries, func(d store.Delivery) bool { return d.ID == id })
	if i < 0 || w.mends[id] == nil {
		return nil, fmt.Errorf("rows of %s were mended, which nobody asked for", id)
	}
	var out []row
	for _, n := range w.mends[id] {
		r := w.batches[w.log.deliveries[i].FileSHA256].rows[n-1]
		r.bad = false
		out = append(out, r)
	}
	return out, nil
}

// compareReceipt holds a receipt to the model.
func compareReceipt(d store.Delivery, want counts) error {
	var r delivery.Receipt
	if err := json.Unmarshal(d.Receipt, &r); err != nil {
		return fmt.Errorf("the receipt of %s: %w", d.ID, err)
	}
	got := counts{Received: r.Received, Accepted: r.Accepted, Changed: r.Changed, Quarantined: r.Quarantined, Duplicate: r.Duplicate, Vanished: r.Vanished}
	rest := int64(0)
	for _, b := range r.Balance {
		got.SumReceived, got.SumAccepted, got.SumQuarantined, rest = cents(b.Received), cents(b.Accepted), cents(b.Quarantined), cents(b.Duplicate)
	}
	if got != want || rest != want.SumReceived-want.SumAccepted-want.SumQuarantined {
		return fmt.Errorf("the receipt of %s (%s) says %+v, duplicate %d; it must be %+v", d.ID, d.FileName, got, rest, want)
	}
	return nil
}

// cents reads an amount with two decimals.
func cents(amount string) (n int64) {
	for _, c := range strings.Replace(amount, ".", "", 1) {
		n = n*10 + int64(c-'0')
	}
	return n
}

// compareReceipts holds that no receipt that was given out was lost or changed,
// and that what was asked to be undone is.
func (w *world) compareReceipts(ctx context.Context, a *app.App) error {
	for _, id := range sorted(w.receipts) {
		d, err := a.Store.Delivery(ctx, id)
		if err != nil {
			return fmt.Errorf("a receipt was given out for %s: %w", id, err)
		}
		var given, kept any
		if err := errors.Join(json.Unmarshal(w.receipts[id], &given), json.Unmarshal(d.Receipt, &kept)); err != nil {
			return err
		}
		if !reflect.DeepEqual(given, kept) {
			return fmt.Errorf("the receipt of %s was given out as\n%s\nand is kept as\n%s", id, w.receipts[id], d.Receipt)
		}
	}
	for _, id := range sorted(w.undone) {
		if d, err := a.Store.Delivery(ctx, id); err != nil || d.State != store.StateRolledBack {
			return fmt.Errorf("%s is %s, %v: it was rolled back", id, d.State, err)
		}
	}
	return nil
}

// compareHeld holds that quarantined rows are in the state that was decided, and
// notes those that are open.
func (w *world) compareHeld(ctx context.Context, a *app.App) error {
	for _, d := range w.log.deliveries {
		if d.State != store.StateCommitted || d.MendOf != "" {
			continue
		}
		page, err := a.Store.HeldRows(ctx, store.HeldFilter{DeliveryID: d.ID}, "", store.MaxPage)
		if err != nil {
			return err
		}
		if int64(len(page.Items)) != d.Quarantined {
			return fmt.Errorf("%s has %d rows in quarantine, its receipt %d", d.ID, len(page.Items), d.Quarantined)
		}
		for _, q := range page.Items {
			want := w.decided[d.ID][q.Row]
			if want == "" {
				want = string(store.RowOpen)
				w.log.open[d.ID] = append(w.log.open[d.ID], q.Row)
			}
			if string(q.State) != want {
				return fmt.Errorf("row %d of %s is %s, decided was %s", q.Row, d.ID, q.State, want)
			}
		}
	}
	return nil
}

// tidy holds that nothing is left open and no file belongs to nobody. Joined
// files that lost their process are maintenance's to clear away.
func (w *world) tidy(ctx context.Context, a *app.App) error {
	var t trace
	t.open = map[string]string{}
	if err := t.read(ctx, a.Store); err != nil {
		return err
	}
	if len(t.open) > 0 {
		return fmt.Errorf("left open are %v", t.open)
	}
	known, err := ended(ctx, a.Store)
	if err != nil {
		return err
	}
	const idLength = len("D20060102150405-0123456789ab")
	return filepath.WalkDir(w.data(), func(path string, d fs.DirEntry, err error) error {
		below := strings.TrimPrefix(path, w.data())
		owned := strings.HasPrefix(below, "/evidence/") || strings.HasPrefix(below, "/tmp/") || strings.HasSuffix(path, ".parquet")
		if err != nil || d.IsDir() || !owned {
			return err
		}
		if id := d.Name()[:min(len(d.Name()), idLength)]; !known[id] && !strings.HasPrefix(id, "C") || strings.HasSuffix(path, ".part") {
			return fmt.Errorf("nothing owns %s", path)
		}
		return nil
	})
}
