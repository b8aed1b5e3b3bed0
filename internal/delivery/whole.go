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

// outsidePeriod is the code of rows dated outside the period that the batch
// replaces, or that the manifest names where the dataset's rows must lie in it.
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

// scope says what the batch speaks for. Mended rows speak for nothing but
// themselves, and lie in the period that the batch replaced which they came
// with. A month stands for all of its days.
func (r *run) scope() lake.Scope {
	s := lake.Scope{Mode: r.mode()}
	switch {
	case r.ds.Delivery.Mode != city.ModeReplace:
		return s
	case r.mend != nil:
		s.Period = r.mend.d.Period
	case r.req.Manifest != nil:
		s.Period = r.req.Manifest.Period
	}
	s.Period = r.wholeMonths(s.Period)
	return s
}

// within is the period in which the rows must be dated; zero when any date will
// do. Mended rows must lie in that of the manifest which they came with.
func (r *run) within() city.Span {
	switch replaced := r.scope().Period; {
	case !replaced.IsZero() || !r.ds.Delivery.InPeriod:
		return replaced
	case r.req.Manifest != nil:
		return r.wholeMonths(r.req.Manifest.Period)
	case r.mend != nil && (r.mend.d.Batch != "" || !r.mend.d.SentAt.IsZero()):
		return r.wholeMonths(r.mend.d.Period)
	}
	return city.Span{}
}

// wholeMonths widens a period to months where the dataset's rows have no days.
func (r *run) wholeMonths(p city.Span) city.Span {
	if f, ok := r.ds.Field(r.ds.Delivery.Period); ok && f.Type == city.TypeMonth && !p.IsZero() {
		return city.GrainMonth.Scope(p)
	}
	return p
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

// outside finds rows dated outside the period in which they must lie.
type outside struct {
	field  string
	at     int   // of the field among the values
	key    []int // of the fields that tell rows apart
	period city.Span
}

// newOutside gives nil where no row can be outside.
func newOutside(ds *city.Dataset, period city.Span) *outside {
	if period.IsZero() {
		return nil
	}
	at := map[string]int{}
	for i, f := range ds.Fields {
		at[f.Name] = i
	}
	o := &outside{field: ds.Delivery.Period, at: at[ds.Delivery.Period], period: period}
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
	return &validate.Failure{Field: o.field, Code: outsidePeriod, Message: "the row is not dated in " + o.period.String() + ", the period of the batch"}, key
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
// period or the table holds, and would count as having covered the period.
func (r *run) checkUsable() error {
	if c := r.receipt; (r.mode().Whole() || r.ds.Delivery.InPeriod && r.req.MendOf == "") && c.Received == c.Quarantined {
		if r.reasons.count(outsidePeriod) == c.Received {
			return reject(city.Errorf(codeManifest, "no row is dated in %s, the period of the batch", r.within()).
				WithHint("the manifest belongs to another file, or names another period than the file holds"))
		}
		return reject(city.Errorf("invalid.too_many_failures", "no row passed its checks, so that the batch does not say what %s holds", r.ds.Name).
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
