package sim

import (
	"strconv"

	"github.com/jinyang-city/jinyang/internal/city"
)

// repeatRate is the share of registrations by people who registered before in
// the same year and must be counted once.
const repeatRate = 0.02

// employmentRow is a registration before it is written. Cells are bytes, so
// that a bad row can hold what no good value could.
type employmentRow struct {
	no, person, region, date, kind, employer []byte
}

func (r employmentRow) put(s *sheet) {
	s.raw(r.no)
	s.raw(r.person)
	s.raw(r.region)
	s.raw(r.date)
	s.raw(r.kind)
	s.raw(r.employer)
	s.end()
}

// hires is the range of the year's newly employed who register in the month,
// and exits that of the natural decrease: distinct persons less exits make the
// year's figure, whatever the scale.
func (w *world) hires(month city.Date) (hires, exits window) {
	f := yearFigures(month.Year)
	totalExits := float64(w.sample(f.decrease))
	total := float64(w.sample(f.newUrban)) + totalExits
	m := int(month.Month)
	span := func(total float64) window {
		return window{uint64(hiringCurve.upTo(total, m-1)), uint64(hiringCurve.upTo(total, m))}
	}
	return span(total), span(totalExits)
}

// employmentMonth writes the registrations of a month: new ones, repeats, exits.
func employmentMonth(w *world, s *sheet, month city.Date) {
	hires, exits := w.hires(month)
	for k := hires.from; k < hires.to && s.err == nil; k++ {
		w.putEmployment(s, month, w.hire(s, month, k))
		if k > 0 && unit(w.hash(tagKind, uint64(month.Year)<<1, k)) < repeatRate {
			again := w.hire(s, month, k/2) // somebody of an earlier month, mostly
			again.no = recordNo("JY", month, 5_000_000+k)
			w.putEmployment(s, month, again)
		}
	}
	for k := exits.from; k < exits.to && s.err == nil; k++ {
		w.putEmployment(s, month, w.exit(s, month, k))
	}
}

// putEmployment writes a row, perhaps again, and perhaps a bad one behind it.
func (w *world) putEmployment(s *sheet, month city.Date, r employmentRow) {
	r.put(s)
	if w.repeats(s, month) {
		r.put(s)
	}
	d := w.flaw(s, month)
	if d == sound {
		return
	}
	var id [18]byte
	r.person = w.stranger(s, month, d, &id)
	r.no = recordNo("JY", month, 9_000_000+uint64(s.defects))
	switch d {
	case badDate:
		r.date = []byte(wrongDate)
	case badRegion:
		r.region = s.encoded(word{"", wrongRegion}, wrongRegion)
	case badWord:
		r.kind = s.encoded(word{"", wrongWord}, wrongWord)
	case outOfRange:
		r.employer = []byte("9199990010000001AA")
	}
	r.put(s)
}

// hire is the registration of the year's k-th newly employed person.
func (w *world) hire(s *sheet, month city.Date, k uint64) employmentRow {
	// Who joins the insured workers in a year is who was hired in it.
	person := w.membersIn(city.Date{Year: month.Year - 1, Month: 12, Day: 1}).workers.to + k
	h := w.hash(tagKind, uint64(month.Year), k)
	kind := hireKind(h)
	r := employmentRow{
		no: recordNo("JY", month, k+1), region: s.regionWord(w.home(w.workers, person)),
		date: appendDate(nil, workday(month, w.hash(tagDay, uint64(monthIndex(month)), k))), kind: s.enumWord("kind", kind),
	}
	if kind == "hire" || kind == "community" {
		r.employer = []byte(creditCode(10, below(mix64(h), 60_000)))
	}
	var id [18]byte
	w.workers.put(&id, person)
	r.person = id[:]
	return r
}

func hireKind(h uint64) string {
	switch u := unit(h); {
	case u < 0.62:
		return "hire"
	case u < 0.74:
		return "self"
	case u < 0.78:
		return "community"
	}
	return "flexible"
}

// exit is the registration of the year's k-th person who retired, died or was
// disabled.
func (w *world) exit(s *sheet, month city.Date, k uint64) employmentRow {
	person := w.membersIn(city.Date{Year: month.Year - 1, Month: 12, Day: 1}).workers.from + k
	var id [18]byte
	w.workers.put(&id, person)
	return employmentRow{
		no: recordNo("JY", month, 7_000_000+k), person: id[:], region: s.regionWord(w.home(w.workers, person)),
		date: appendDate(nil, workday(month, w.hash(tagDay, uint64(monthIndex(month)), 1<<40+k))), kind: s.enumWord("kind", "exit"),
	}
}

// employmentCorrection writes again, under the same record numbers, about one
// in forty registrations of a month, whose kind had been entered wrongly.
func employmentCorrection(w *world, s *sheet, month city.Date) {
	hires, _ := w.hires(month)
	for k := hires.from; k < hires.to && s.err == nil; k++ {
		if k > hires.from && below(w.hash(tagCorrection, uint64(monthIndex(month)), k), 40) > 0 {
			continue
		}
		r := w.hire(s, month, k)
		if string(r.kind) == string(s.enumWord("kind", "flexible")) {
			r.kind = s.enumWord("kind", "self")
		} else {
			r.kind, r.employer = s.enumWord("kind", "flexible"), nil
		}
		r.put(s)
	}
}

// recordNo is the number of a record: letters, the month and seven digits.
func recordNo(letters string, month city.Date, n uint64) []byte {
	b := append(make([]byte, 0, 16), letters...)
	b = strconv.AppendInt(b, int64(month.Year*100+int(month.Month)), 10)
	for div := uint64(1_000_000); div > 0; div /= 10 {
		b = append(b, byte('0'+n/div%10))
	}
	return b
}
