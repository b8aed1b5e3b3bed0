package duck_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// reading is a row of the dataset that the checks are tested with. Empty
// members that are pointers stand for empty fields.
type reading struct {
	id    string
	group *string
	day   int // counted from 2023-12-30, so that a year ends within a few days
	hour  int64
	value *float64
	total *int64 // in cents
	ref   *string
}

func (r reading) order() [2]int64 { return [2]int64{int64(r.day), r.hour} }

func (r reading) date() city.Date { return city.NewDate(2023, 12, 30).AddDays(r.day) }

func text(p *string) string {
	if p == nil {
		return "\x00"
	}
	return *p
}

// staged is a reading with its record number; 0 for one of the table.
type staged struct {
	reading
	row int64
}

// model judges as the checks must, the plain way.
type model struct {
	table map[string]reading // by id
	batch []staged
	scope lake.Scope
}

// key tells rows apart: by their ID, or when they are appended by all fields.
func (m *model) key(r reading) string {
	if m.scope.Mode != city.ModeAppend {
		return r.id
	}
	key := fmt.Sprint(r.id, r.day, r.hour, text(r.group), text(r.ref))
	if r.value != nil {
		key += fmt.Sprint(" v", *r.value)
	}
	if r.total != nil {
		key += fmt.Sprint(" t", *r.total)
	}
	return key
}

// winners are the rows of the batch that no later one supersedes.
func (m *model) winners() []staged {
	last := map[string]staged{}
	for _, s := range m.batch {
		last[m.key(s.reading)] = s
	}
	return slices.SortedFunc(maps.Values(last), func(a, b staged) int { return cmp.Compare(a.row, b.row) })
}

// rest are the rows of the table that the batch neither replaces nor lets
// vanish.
func (m *model) rest() []staged {
	out := []staged{}
	for _, r := range m.table {
		if m.scope.Mode == city.ModeSnapshot || m.scope.Mode == city.ModeReplace && m.scope.Period.Contains(r.date()) {
			continue
		}
		if !slices.ContainsFunc(m.batch, func(s staged) bool { return m.key(s.reading) == m.key(r) }) {
			out = append(out, staged{r, 0})
		}
	}
	return out
}

// failed gives the index of the first check that each row fails, by row.
func (m *model) failed(checks []lake.Check) map[int64]int {
	out := map[int64]int{}
	for i, k := range checks {
		for _, row := range m.failing(k) {
			if _, ok := out[row]; !ok {
				out[row] = i
			}
		}
	}
	for _, w := range m.winners() {
		i, bad := out[w.row]
		for _, s := range m.batch {
			if bad && m.key(s.reading) == m.key(w.reading) {
				out[s.row] = i
			}
		}
	}
	return out
}

func (m *model) failing(k lake.Check) []int64 {
	switch k.Kind {
	case city.CheckUnique:
		return m.repeated()
	case city.CheckReference:
		return m.dangling()
	case city.CheckMonotonic:
		return m.falling(k)
	case city.CheckStuck:
		return m.stuck(k)
	}
	return nil
}

// repeated is unique over value and ref.
func (m *model) repeated() (out []int64) {
	seen := map[string]bool{}
	for _, s := range append(m.rest(), m.winners()...) {
		if s.value == nil || s.ref == nil {
			continue
		}
		key := fmt.Sprint(*s.value, *s.ref)
		if seen[key] && s.row > 0 {
			out = append(out, s.row)
		}
		seen[key] = true
	}
	return out
}

// dangling looks ref up among the ids of the table.
func (m *model) dangling() (out []int64) {
	for _, s := range m.winners() {
		if _, ok := m.table[text(s.ref)]; s.ref != nil && !ok {
			out = append(out, s.row)
		}
	}
	return out
}

// series groups rows and sorts each group; ties by row, those of the table
// last.
func series(group func(staged) string, rows ...staged) map[string][]staged {
	out := map[string][]staged{}
	for _, s := range rows {
		out[group(s)] = append(out[group(s)], s)
	}
	for _, g := range out {
		slices.SortFunc(g, func(a, b staged) int {
			x, y := a.order(), b.order()
			return slices.Compare(x[:], y[:])
		})
	}
	return out
}

func before(a, b staged) bool {
	x, y := a.order(), b.order()
	return slices.Compare(x[:], y[:]) < 0
}

func (m *model) falling(k lake.Check) (out []int64) {
	group := func(s staged) string {
		g := text(s.group)
		switch k.Reset {
		case city.GrainYear:
			g += fmt.Sprint(s.date().Year)
		case city.GrainMonth:
			g += fmt.Sprint(s.date().MonthStart())
		}
		return g
	}
	sign := int64(1)
	if k.Down {
		sign = -1
	}
	comparable := func(a, b staged) bool { return group(a) == group(b) && a.total != nil && b.total != nil }
	kept := []staged{}
	for _, s := range m.winners() {
		bad := slices.ContainsFunc(m.rest(), func(t staged) bool {
			return comparable(s, t) && (before(t, s) && sign**t.total > sign**s.total || before(s, t) && sign**t.total < sign**s.total)
		})
		if bad {
			out = append(out, s.row)
		} else {
			kept = append(kept, s)
		}
	}
	for _, s := range kept {
		if slices.ContainsFunc(kept, func(t staged) bool { return comparable(s, t) && before(t, s) && sign**t.total > sign**s.total }) {
			out = append(out, s.row)
		}
	}
	return out
}

func (m *model) stuck(k lake.Check) (out []int64) {
	rows := slices.DeleteFunc(append(m.rest(), m.winners()...), func(s staged) bool { return s.value == nil })
	for _, g := range series(func(s staged) string { return text(s.group) }, rows...) {
		for from := 0; from < len(g); {
			to := from
			for to < len(g) && *g[to].value == *g[from].value {
				to++
			}
			if to-from >= k.Run && !slices.Contains(k.Ignore, *g[from].value) {
				for _, s := range g[from:to] {
					if s.row > 0 {
						out = append(out, s.row)
					}
				}
			}
			from = to
		}
	}
	return out
}

// missing counts the steps of gaps that are longer than most, by group.
func (m *model) missing(k lake.Check) (n int64) {
	step := func(s staged) int {
		switch k.Every {
		case city.StepMonth:
			return s.date().Year*12 + int(s.date().Month)
		case city.StepHour:
			return s.day*24 + int(s.hour)
		}
		return s.day
	}
	winners := m.winners()
	if len(winners) == 0 {
		return 0
	}
	lo, hi := step(winners[0]), step(winners[0])
	present := map[string]map[int]bool{}
	for _, s := range winners {
		lo, hi = min(lo, step(s)), max(hi, step(s))
		present[text(s.group)] = map[int]bool{}
	}
	for _, s := range append(m.rest(), winners...) {
		if g := present[text(s.group)]; g != nil {
			g[step(s)] = true
		}
	}
	for _, g := range present {
		run := 0
		for at := lo; at <= hi+1; at++ {
			if at <= hi && !g[at] {
				run++
				continue
			}
			if run > k.Most {
				n += int64(run)
			}
			run = 0
		}
	}
	return n
}
