package sim

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// members are the index ranges of the people in the ledger of a month: those
// at the low end leave, those at the high end have joined last.
type members struct {
	workers, retirees, residents window
	// unemployment and injury are where in the workers' window the members of
	// these schemes begin; both reach to its end.
	unemployment, injury uint64
	both                 uint64 // workers who are in the residents' scheme too
}

type window struct{ from, to uint64 }

// churnSince is the month in which the windows begin to move.
var churnSince = city.Date{Year: 2010, Month: time.January, Day: 1}

// membersIn computes the ranges so that their sizes are exactly the sampled
// stocks of the month.
func (w *world) membersIn(month city.Date) members {
	in := insuredIn(month)
	nw, nr, nb := w.sample(in.workers), w.sample(in.retirees), w.sample(in.both)
	residents := max(0, w.sample(in.pension)-nw-nr+nb)
	passed := float64(max(0, monthIndex(month)-monthIndex(churnSince)))
	slide := func(n float64, count int) window {
		left := uint64(w.sample(n * churn * passed))
		return window{left, left + uint64(count)}
	}
	m := members{
		workers:   slide(insuredAt[0].workers, nw),
		retirees:  slide(insuredAt[0].retirees, nr),
		residents: slide(insuredAt[0].pension-insuredAt[0].workers-insuredAt[0].retirees, residents-nb),
		both:      uint64(nb),
	}
	m.unemployment = m.workers.to - uint64(min(nw, w.sample(in.unemployment)))
	m.injury = m.workers.to - uint64(min(nw, w.sample(in.injury)))
	return m
}

// ledger is the state of writing a month of the insurance ledger. Its cells
// are encoded once; the loop over millions of rows only copies bytes.
type ledger struct {
	w     *world
	s     *sheet
	month city.Date

	monthCell, wrongMonth, wrongRegion, wrongWord []byte
	employee, resident, unemployment, injury      []byte
	active, paused, retired                       []byte
	homes                                         [][]byte
	id, other                                     [18]byte
}

// ledgerRow is a row to be written; amounts are in fen, negative for none.
type ledgerRow struct {
	month, person, scheme, region, status []byte
	base, paid                            int64
}

func insuranceMonth(w *world, s *sheet, month city.Date) {
	l := newLedger(w, s, month)
	m := w.membersIn(month)
	for k := m.workers.from; k < m.workers.to; k++ {
		l.worker(k, k >= m.unemployment, k >= m.injury)
		if s.err != nil {
			return
		}
	}
	for k := m.retirees.from; k < m.retirees.to; k++ {
		w.retirees.put(&l.id, k)
		l.put(ledgerRow{scheme: l.employee, status: l.retired, region: l.home(w.retirees, k), base: -1, paid: -1})
	}
	for k := m.workers.from; k < m.workers.from+m.both; k++ {
		w.workers.put(&l.id, k)
		l.put(ledgerRow{scheme: l.resident, status: l.paused, region: l.home(w.workers, k), base: -1, paid: -1})
	}
	for k := m.residents.from; k < m.residents.to; k++ {
		l.residentRow(k)
		if s.err != nil {
			return
		}
	}
}

func newLedger(w *world, s *sheet, month city.Date) *ledger {
	scheme := func(code string) []byte { return s.enumWord("scheme", code) }
	status := func(code string) []byte { return s.enumWord("status", code) }
	l := &ledger{w: w, s: s, month: month,
		monthCell: appendDate(nil, month)[:7], wrongMonth: []byte(wrongMonth),
		wrongRegion: s.encoded(word{"", wrongRegion}, wrongRegion), wrongWord: s.encoded(word{"", wrongWord}, wrongWord),
		employee: scheme("pension_employee"), resident: scheme("pension_resident"),
		unemployment: scheme("unemployment"), injury: scheme("injury"),
		active: status("active"), paused: status("paused"), retired: status("retired"),
	}
	for _, a := range w.areas {
		l.homes = append(l.homes, s.regionWord(a.code))
	}
	return l
}

func (l *ledger) home(space *idSpace, k uint64) []byte {
	return l.homes[pick(l.w.areas, l.w.hash(tagRegion, space.shift, k))]
}

// Contribution rates of the month, of the base, employer's and employee's
// parts together, in per mille. They are plausible, not the city's own.
const (
	pensionRate      = 240
	unemploymentRate = 10
	injuryRate       = 5
)

// worker writes the rows of one person in employment.
func (l *ledger) worker(k uint64, unemployment, injury bool) {
	w := l.w
	w.workers.put(&l.id, k)
	h := w.hash(tagBase, 0, k)
	// Bases lie between 3,900 and 19,800 yuan, most of them low.
	base := int64(390+below(h, 500)+below(mix64(h), 1090)*below(h<<32, 100)/100) * 1000
	status := l.active
	if unit(w.hash(tagStatus, uint64(monthIndex(l.month)/4), k)) < 0.06 {
		status = l.paused
	}
	row := ledgerRow{region: l.home(w.workers, k), status: status, base: base}
	due := func(perMille int64) int64 {
		if &status[0] == &l.paused[0] {
			return 0
		}
		return base * perMille / 1000
	}
	row.scheme, row.paid = l.employee, due(pensionRate)
	l.put(row)
	if unemployment {
		row.scheme, row.paid = l.unemployment, due(unemploymentRate)
		l.put(row)
	}
	if injury {
		row.scheme, row.paid = l.injury, due(injuryRate)
		l.put(row)
	}
}

// residentRow writes the row of one person in the residents' scheme, who pays
// once a year, in a month of their own, or draws the pension.
func (l *ledger) residentRow(k uint64) {
	w := l.w
	w.residents.put(&l.id, k)
	h := w.hash(tagBase, 1, k)
	row := ledgerRow{scheme: l.resident, region: l.home(w.residents, k), status: l.active, base: -1, paid: -1}
	switch {
	case l.age() >= 60:
		row.status = l.retired
	case below(h, 12) == int(l.month.Month)-1:
		row.paid = int64(1+below(mix64(h), 50)) * 100 * 100
	}
	l.put(row)
}

// age is that of the person whose number was written last, in full years at
// the beginning of the month's year.
func (l *ledger) age() int {
	y := 0
	for _, c := range l.id[6:10] {
		y = y*10 + int(c-'0')
	}
	return l.month.Year - 1 - y
}

// put writes a row, perhaps again, and perhaps a bad one behind it.
func (l *ledger) put(r ledgerRow) {
	r.month, r.person = l.monthCell, l.id[:]
	l.write(r)
	if l.w.repeats(l.s, l.month) {
		l.write(r)
	}
	d := l.w.flaw(l.s, l.month)
	if d == sound {
		return
	}
	r.person = l.w.stranger(l.s, l.month, d, &l.other)
	switch d {
	case badDate:
		r.month = l.wrongMonth
	case badRegion:
		r.region = l.wrongRegion
	case badWord:
		r.scheme = l.wrongWord
	case outOfRange:
		r.base = 999_999_00
	}
	l.write(r)
}

func (l *ledger) write(r ledgerRow) {
	s := l.s
	s.raw(r.month)
	s.raw(r.person)
	s.raw(r.scheme)
	s.raw(r.region)
	s.raw(r.status)
	s.money(r.base)
	s.money(r.paid)
	s.end()
}
