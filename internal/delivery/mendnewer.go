package delivery

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/store"
)

// checkNewer refuses rows that a later delivery has brought already: mending
// an old version would undo the newer one.
func (m *mending) checkNewer(ctx context.Context, content string) error {
	if m.req.Force || m.ds.Delivery.Mode == city.ModeAppend {
		return nil
	}
	rows, err := m.typed(content)
	if err != nil {
		return err
	}
	later, err := m.Store.Since(ctx, m.ds.Name, m.d.Seq+1)
	if err != nil {
		return err
	}
	newer := map[string]bool{}
	for _, d := range later {
		newer[d.ID] = d.State == store.StateCommitted
	}
	stale := map[int64]bool{}
	if err := m.findNewer(ctx, rows, newer, stale); err != nil {
		return err
	}
	m.findReplaced(rows, later, stale)
	for _, row := range m.req.Rows {
		if stale[row.Row] {
			return city.Errorf("conflict.newer", "a later row or delivery has brought row %d of %s in its own version", row.Row, m.d.ID).
				WithHint("waive the row, or force it to put the older version in the newer one's place")
		}
	}
	return nil
}

// typed reads the rows as the delivery will; those that fail have no element.
func (m *mending) typed(content string) (map[int64][]any, error) {
	probe := &format.Probe{}
	_, _ = probe.Write([]byte(content)) // never fails
	src := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }
	records, bound, _, err := m.openWith(src, probe, m.ds, m.Vault.Token)
	if err != nil {
		return nil, err
	}
	rows := map[int64][]any{}
	for i := 0; ; i++ {
		rec, err := records.Next()
		if errors.Is(err, io.EOF) {
			return rows, records.Close()
		}
		if err != nil {
			return nil, errors.Join(err, records.Close())
		}
		if values, fail := bound.Row(rec); fail == nil {
			rows[m.req.Rows[i].Row] = slices.Clone(values)
		}
	}
}

// findNewer notes the rows whose key the table holds from a later delivery, or
// from a later row of the same one.
func (m *mending) findNewer(ctx context.Context, rows map[int64][]any, newer map[string]bool, stale map[int64]bool) error {
	at := map[string]int{}
	for i, f := range m.ds.Fields {
		at[f.Name] = i
	}
	var keys [][]any
	var of []int64
	for row, values := range rows {
		var key []any
		for _, name := range m.ds.Identity() {
			key = append(key, values[at[name]])
		}
		keys, of = append(keys, key), append(of, row)
	}
	view, err := m.Lake.View(ctx, m.ds, time.Time{})
	if err != nil {
		return err
	}
	found, err := m.Engine.Find(ctx, view, m.ds, keys)
	for _, f := range found {
		if row := of[f.Key]; newer[f.DeliveryID] || f.DeliveryID == m.d.ID && f.Row > row {
			stale[row] = true
		}
	}
	return err
}

// findReplaced notes the rows of a period, or of the whole table, that a later
// delivery replaced as a whole: it would have brought them if there were any.
func (m *mending) findReplaced(rows map[int64][]any, later []store.Delivery, stale map[int64]bool) {
	if !m.ds.Delivery.Mode.Whole() {
		return
	}
	period := slices.IndexFunc(m.ds.Fields, func(f *city.Field) bool { return f.Name == m.ds.Delivery.Period })
	for _, d := range later {
		if d.State != store.StateCommitted || d.MendOf != "" {
			continue
		}
		for row, values := range rows {
			if m.ds.Delivery.Mode == city.ModeSnapshot || period < 0 {
				stale[row] = true
			} else if day, ok := values[period].(time.Time); ok && d.Period.Contains(city.DateOf(day)) {
				stale[row] = true
			}
		}
	}
}
