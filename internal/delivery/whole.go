package delivery

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// This file is about batches that speak for a whole period (city.ModeReplace)
// or the whole table (city.ModeSnapshot): what they leave out vanishes. A row
// that failed its checks is in the batch all the same: as far as its key can be
// read, the version of it that the table holds stays.

// outsidePeriod is the code of rows dated outside the period that the manifest
// says the batch replaces.
const outsidePeriod = "outside_period"

// mode is what the delivery does to the rows that are there. Mended rows are a
// few of a batch and correct it, whatever the batch itself does.
func (r *run) mode() city.Mode {
	if m := r.ds.Delivery.Mode; !m.Whole() || r.req.MendOf == "" {
		return m
	}
	return city.ModeUpsert
}

// keyOf names the fields that tell rows apart; none where whole rows do.
func keyOf(ds *city.Dataset) []string {
	if ds.Delivery.Mode == city.ModeAppend {
		return nil
	}
	return ds.Key
}

// scope says what the batch speaks for. A month stands for all of its days.
func (r *run) scope() lake.Scope {
	s := lake.Scope{Mode: r.mode()}
	if s.Mode != city.ModeReplace || r.req.Manifest == nil {
		return s
	}
	s.Period = r.req.Manifest.Period
	if f, ok := r.ds.Field(r.ds.Delivery.Period); ok && f.Type == city.TypeMonth && !s.Period.IsZero() {
		s.Period = city.GrainMonth.Scope(s.Period)
	}
	return s
}

// checkWhole refuses a batch of several files where each would let vanish what
// the others bring.
func (r *run) checkWhole() error {
	if m := r.req.Manifest; m != nil && r.mode().Whole() && len(m.Files) > 1 {
		return reject(city.Errorf("invalid.manifest", "the manifest lists %d files; a batch of %s in the mode %s is one file", len(m.Files), r.ds.Name, r.mode()).
			WithHint("join the files, or send a manifest for each period"))
	}
	return nil
}

// outside finds rows dated outside the period that the batch replaces.
type outside struct {
	field  string
	at     int   // of the field among the values
	key    []int // of the fields that tell rows apart
	period city.Span
}

// newOutside gives nil where no row can be outside.
func newOutside(ds *city.Dataset, s lake.Scope) *outside {
	if s.Period.IsZero() {
		return nil
	}
	at := map[string]int{}
	for i, f := range ds.Fields {
		at[f.Name] = i
	}
	o := &outside{field: ds.Delivery.Period, at: at[ds.Delivery.Period], period: s.Period}
	for _, name := range ds.Identity() {
		o.key = append(o.key, at[name])
	}
	return o
}

// check judges a row that passed all other checks, and gives the key of one
// that does not lie in the period.
func (o *outside) check(values []any) (fail *validate.Failure, key []any) {
	if o == nil {
		return nil, nil
	}
	if day, ok := values[o.at].(time.Time); ok && o.period.Contains(city.DateOf(day)) {
		return nil, nil
	}
	for _, i := range o.key {
		key = append(key, values[i])
	}
	return &validate.Failure{Field: o.field, Code: outsidePeriod, Message: "the row is not dated in " + o.period.String() + ", which the batch replaces"}, key
}

// hold keeps the version that the table has of a row that failed, if its key is
// known.
func (w *rowReader) hold(key []any) error {
	switch {
	case !w.whole:
		return nil
	case key == nil:
		w.receipt.Unkeyed++
		return nil
	}
	return w.stage.Hold(key)
}

// checkUsable refuses a batch of which no row passed: it does not say what the
// period or the table holds.
func (r *run) checkUsable() error {
	if c := r.receipt; r.mode().Whole() && c.Received == c.Quarantined {
		return reject(city.Errorf("invalid.too_many_failures", "none of the %d rows passed its checks, so that the batch does not say what %s holds", c.Received, r.ds.Name).
			WithHint("see the reasons, mend the file or its declaration, and deliver again"))
	}
	return nil
}

// checkVanished applies the dataset's vanish_above: a batch that was cut short
// would let everything vanish that it lost.
func (r *run) checkVanished(m *lake.Merged) error {
	if period := m.Period; r.mode() == city.ModeReplace && !period.IsZero() {
		r.receipt.Period = &period // what was replaced, to the day
	}
	if m.InScope == 0 {
		return nil
	}
	share := float64(m.Vanished) / float64(m.InScope)
	if limit := r.ds.Delivery.VanishAbove; limit < 1 && share > limit {
		return reject(city.Errorf("invalid.too_many_vanished", "%d of %d rows that the batch speaks for would vanish (%.1f %%), more than the %.1f %% that %s allows",
			m.Vanished, m.InScope, 100*share, 100*limit, r.ds.Name).
			WithHint("if the file is complete, raise vanish_above of the dataset for this delivery; otherwise ask for it again"))
	}
	for _, row := range m.Gone { // a key may be made of numbers that are a person's
		for field, text := range row {
			row[field] = validate.MaskText(text)
		}
	}
	r.receipt.Vanished, r.receipt.Gone = m.Vanished, m.Gone
	return nil
}
