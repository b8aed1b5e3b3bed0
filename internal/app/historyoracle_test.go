package app_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/ledger"
)

type row struct {
	no, place, day string
	amount         int
}

// event is a delivery, or one taken back, with what the table held after it.
type event struct {
	mode, id string
	rollback bool
	after    map[string]row
}

// batch is a delivery as the sender remembers it.
type batch struct {
	id     string
	rows   []row
	undone bool
}

// model is what an outsider knows.
type model struct {
	now     declaration
	batches map[string][]*batch // by mode
	tables  map[string]map[string]row
	events  []event
	files   map[string]bool
}

func newModel() model {
	return model{batches: map[string][]*batch{}, tables: map[string]map[string]row{}, files: map[string]bool{}}
}

// moment is what stood at some time.
type moment struct {
	declaration
	tables map[string]map[string]row
	events int
}

func (m *model) snapshot() moment { return moment{m.now, maps.Clone(m.tables), len(m.events)} }

// fresh says that a file was not sent before: the same one twice is no delivery.
func (m *model) fresh(mode, content string) bool {
	key := mode + "\n" + content
	was := m.files[key]
	m.files[key] = true
	return !was
}

func (m *model) sent(mode, id string, rows []row) {
	m.batches[mode] = append(m.batches[mode], &batch{id: id, rows: rows})
	m.happened(mode, id, false)
}

// pick chooses a delivery that can be taken back; the first one stays.
func (m *model) pick(mode string, chance *rand.Rand) (string, bool) {
	var open []string
	for i, b := range m.batches[mode] {
		if i > 0 && !b.undone {
			open = append(open, b.id)
		}
	}
	if len(open) == 0 {
		return "", false
	}
	return open[chance.IntN(len(open))], true
}

func (m *model) undone(mode, id string) {
	for _, b := range m.batches[mode] {
		b.undone = b.undone || b.id == id
	}
	m.happened(mode, id, true)
}

func (m *model) happened(mode, id string, rollback bool) {
	table := map[string]row{}
	for _, b := range m.batches[mode] {
		if !b.undone {
			table = applied(mode, table, b.rows)
		}
	}
	m.tables[mode] = table
	m.events = append(m.events, event{mode, id, rollback, table})
}

func keyOf(mode string, r row) string {
	if mode == "append" {
		return fmt.Sprint(r)
	}
	return r.no
}

// applied is a table after a batch: what the manual says of its mode.
func applied(mode string, table map[string]row, rows []row) map[string]row {
	out := map[string]row{}
	first, last := "9999", ""
	for _, r := range rows {
		first, last = min(first, r.day[:7]), max(last, r.day[:7])
	}
	for k, r := range table {
		if mode == "snapshot" || mode == "replace" && first <= r.day[:7] && r.day[:7] <= last {
			continue
		}
		out[k] = r
	}
	for _, r := range rows {
		out[keyOf(mode, r)] = r
	}
	return out
}

// line is one figure: what to compute of which rows.
type line struct{ mode, kind, period, dimension, member string }

func lineOf(d *ledger.FigureDetail) line {
	mode, kind, _ := strings.Cut(d.Indicator.Name, ".")
	return line{mode, kind, d.Period, d.Dimension, d.Member}
}

// index is the sub-index of the standard, rounded up.
func (d declaration) index(amount int) int {
	if amount <= d.good {
		return int(math.Ceil(50 * float64(amount) / float64(d.good)))
	}
	return 50 + int(math.Ceil(50*float64(amount-d.good)/float64(100-d.good)))
}

func (d declaration) grade(amount int) string {
	if d.index(amount) <= 50 {
		return "good"
	}
	return "bad"
}

// in says that a row is one of the line's in a month.
func (l line) in(d declaration, r row, from, to string) bool {
	switch {
	case r.day[:7] < from || r.day[:7] > to:
		return false
	case l.dimension == "place":
		return r.place == l.member
	case l.dimension == "grade":
		return d.grade(r.amount) == l.member
	}
	return true
}

// value computes the line, or nothing.
func (l line) value(d declaration, tables map[string]map[string]row) *float64 {
	before := map[string]string{"2024-01": "2023-12", "2024-02": "2024-01"}[l.period]
	amounts := func(mode, from, to string, keep func(row) bool) []float64 {
		var out []float64
		for _, r := range tables[mode] {
			if l.in(d, r, from, to) && keep(r) {
				out = append(out, float64(r.amount))
			}
		}
		slices.Sort(out)
		return out
	}
	all := func(row) bool { return true }
	own := amounts(l.mode, l.period, l.period, all)
	if l.kind == "sum" {
		own = amounts(d.source(l.mode, l.kind), l.period, l.period, func(r row) bool { return slices.Contains(d.core, r.place) })
	}
	switch n := float64(len(own)); l.kind {
	case "mean":
		if own = amounts(l.mode, "2024-01", l.period, all); len(own) == 0 {
			return nil
		}
		return of(total(own) / float64(len(own)))
	case "more":
		earlier := amounts(l.mode, before, before, all)
		if len(own) == 0 || len(earlier) == 0 {
			return nil
		}
		return of(total(own) - total(earlier))
	case "per":
		kinds := len(slices.Compact(amounts("append", l.period, l.period, all)))
		if len(own) == 0 || kinds == 0 {
			return nil
		}
		return of(total(own) / float64(kinds))
	default:
		switch {
		case n > 0:
		case l.kind == "kinds" && l.dimension == "": // none is a number where nobody has a line of his own
			return of(0)
		default:
			return nil
		}
	}
	switch l.kind {
	case "sum":
		return of(total(own) * float64(d.factor))
	case "kinds":
		return of(float64(len(slices.Compact(own))))
	case "high":
		p := 0.5
		if d.per90 {
			p = 0.9
		}
		at := float64(len(own)-1) * p
		low := int(at)
		high := min(low+1, len(own)-1)
		return of(own[low] + (own[high]-own[low])*(at-float64(low)))
	case "index":
		for i, v := range own {
			own[i] = float64(d.index(int(v)))
		}
		return of(total(own) / float64(len(own)))
	}
	good := 0.0
	for _, v := range own {
		if d.grade(int(v)) == "good" {
			good++
		}
	}
	return of(100 * good / float64(len(own)))
}

func total(list []float64) (sum float64) {
	for _, v := range list {
		sum += v
	}
	return sum
}

func of(v float64) *float64 { return &v }

// expected walks from one moment to the present and adds up what each cause does.
func (m *model) expected(l line, was moment) (from *float64, causes map[ledger.Cause]float64, to *float64) {
	causes = map[ledger.Cause]float64{}
	d, tables := was.declaration, maps.Clone(was.tables)
	from = l.value(d, tables)
	last := from
	step := func(cause ledger.Cause) {
		v := l.value(d, tables)
		if v != nil && last != nil {
			causes[cause] += *v - *last
		}
		if v != nil {
			last = v
		}
	}
	order := []string{d.source(l.mode, l.kind)}
	if l.kind == "per" && l.mode != "append" {
		order = append(order, "append")
	}
	for _, mode := range order {
		for _, e := range m.events[was.events:] {
			if e.mode == mode {
				m.delivered(e, tables, step)
			}
		}
	}
	d.core = m.now.core
	step(ledger.CauseRegion)
	d.good = m.now.good
	step(ledger.CauseStandard)
	d, tables = m.now, m.tables
	step(ledger.CauseDefinition)
	return from, causes, l.value(d, tables)
}

// delivered takes the steps of one event.
func (m *model) delivered(e event, tables map[string]map[string]row, step func(ledger.Cause)) {
	if e.rollback {
		tables[e.mode] = e.after
		step(ledger.CauseRollback)
		return
	}
	old := tables[e.mode]
	table := maps.Clone(old)
	for _, s := range []struct {
		cause ledger.Cause
		takes func(was, now row, had, has bool) bool
	}{
		{ledger.CauseLate, func(was, now row, had, has bool) bool { return !had }},
		{ledger.CauseRegion, func(was, now row, had, has bool) bool { return had && has && was.place != now.place }},
		{ledger.CauseCorrections, func(was, now row, had, has bool) bool { return had && has && was != now }},
		{ledger.CauseVanished, func(was, now row, had, has bool) bool { return !has }},
	} {
		table = maps.Clone(table)
		for k := range union(old, e.after) {
			was, had := old[k]
			now, has := e.after[k]
			if !s.takes(was, now, had, has) {
				continue
			}
			if has {
				table[k] = now
			} else {
				delete(table, k)
			}
		}
		tables[e.mode] = table
		step(s.cause)
	}
}

func union(a, b map[string]row) map[string]bool {
	out := map[string]bool{}
	for k := range a {
		out[k] = true
	}
	for k := range b {
		out[k] = true
	}
	return out
}

// compare holds an explanation to what the oracle expects.
func (h *history) compare(d *ledger.FigureDetail, was moment) {
	h.t.Helper()
	l := lineOf(d)
	from, causes, to := h.expected(l, was)
	e := d.Explanation
	if !alike(from, e.Published.Value) || !alike(to, e.Now.Value) {
		h.t.Errorf("%v: from %s to %s, the oracle has %s to %s", l, shownAs(e.Published.Value), shownAs(e.Now.Value), shownAs(from), shownAs(to))
		return
	}
	for _, p := range e.Parts {
		if p.Amount == nil || p.Cause == ledger.CauseRounding {
			continue
		}
		got, err := strconv.ParseFloat(*p.Amount, 64)
		if err != nil {
			h.t.Fatal(err)
		}
		if want := causes[p.Cause]; math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
			h.t.Errorf("%v: %s is %v, the oracle has %v; all: %s, the oracle %v", l, p.Cause, got, want, parts(e), causes)
		}
		delete(causes, p.Cause)
	}
	for cause, amount := range causes {
		if math.Abs(amount) > 1e-9 {
			h.t.Errorf("%v: the part %s of %v is missing; all: %s, the oracle %v", l, cause, amount, parts(e), causes)
		}
	}
}

func alike(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return math.Abs(*a-*b) <= 1e-9*max(1, math.Abs(*b))
}

func shownAs(v *float64) string {
	if v == nil {
		return "nothing"
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}
