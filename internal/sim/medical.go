package sim

import (
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Yearly means of the city's medical insurance, at full scale. Invented, but
// for the shares in calibration.go.
const (
	residentsToInsure  = 2_950_000
	medicalInsured     = 4_860_000
	settlementsPerYear = 31_000_000
	pharmacyShare      = 58 // of settlements, percent
	elsewherePerYear   = 1_150_000
)

func medicalSenders(f form) []sender {
	return []sender{
		{dataset: "ybj.enrolment", form: f, every: city.GrainMonth, rows: enrolmentMonth, history: 12,
			columns: []string{"month", "region", "eligible", "enrolled"}},
		{dataset: "ybj.evoucher", form: f, every: city.GrainMonth, rows: voucherMonth, history: 12,
			columns: []string{"month", "region", "insured", "activated", "settlements", "settlements_by_code", "mobile_settlements", "visits", "visits_full_flow"}},
		{dataset: "ybj.prescriptions", form: f, every: city.GrainMonth, rows: prescriptionMonth, history: 12,
			columns: []string{"month", "region", "pharmacy_settlements", "by_erx"}},
		{dataset: "ybj.crossregion", form: f, every: city.GrainMonth, rows: elsewhereMonth, history: 12,
			columns: []string{"month", "region", "settlements", "direct_settlements"}},
	}
}

// Keys that keep the districts' bends of different figures apart.
const (
	keyEnrolled uint64 = iota + 1
	keyActivated
	keyByCode
	keyMobile
	keyFlow
	keyERX
	keyDirect
)

// perMonth spreads a yearly figure over the months, more of it in winter, and
// lets it grow by 3 % a year from 2022.
func (w *world) perMonth(yearly float64, month city.Date, key uint64) float64 {
	season := 1 + 0.08*math.Cos(2*math.Pi*float64(month.Month-1)/12)
	noise := 1 + 0.015*spread(w.hash(tagShare, key<<32, uint64(monthIndex(month))))
	return yearly / 12 * season * noise * math.Pow(1.03, float64(month.Year-2022))
}

// table writes a month's rows of an area each: the cells are columns of parts.
func table(s *sheet, areas []area, month city.Date, columns ...[]int64) {
	for i, a := range areas {
		s.month(month)
		s.region(a.code)
		for _, c := range columns {
			s.integer(c[i])
		}
		s.end()
	}
}

func enrolmentMonth(w *world, s *sheet, month city.Date) {
	eligible := w.apportion(w.areas, residentsToInsure+600*float64(month.Month), tagShare, keyEnrolled<<8, 0.05)
	// Collection runs from September to the next February: the share dips in
	// January and is made up during the year.
	dip := 2.4 * float64(12-month.Month) / 11
	enrolled := w.part(eligible, enrolmentShare.at(city.Date{Year: month.Year, Month: 12, Day: 1})-dip, keyEnrolled, 0.02)
	table(s, w.areas, month, eligible, enrolled)
}

func voucherMonth(w *world, s *sheet, month city.Date) {
	insured := w.apportion(w.areas, medicalInsured+1_500*float64(monthIndex(month)-monthIndex(city.Date{Year: 2022, Month: 12})), tagShare, keyActivated<<8, 0.03)
	settlements := w.apportion(w.areas, w.perMonth(settlementsPerYear, month, keyByCode), tagShare, keyByCode<<8, 0.1)
	visits := make([]int64, len(settlements))
	for i, n := range settlements {
		visits[i] = n - n/40 // some visits settle twice
	}
	table(s, w.areas, month, insured,
		w.part(insured, activatedShare.at(month), keyActivated, 0.06), settlements,
		w.part(settlements, byCodeShare.at(month), keyByCode, 0.08),
		w.part(settlements, mobileShare.at(month), keyMobile, 0.12), visits,
		w.part(visits, flowShare.at(month), keyFlow, 0.07))
}

func prescriptionMonth(w *world, s *sheet, month city.Date) {
	n := w.apportion(w.areas, w.perMonth(settlementsPerYear*pharmacyShare/100, month, keyERX), tagShare, keyERX<<8, 0.1)
	table(s, w.areas, month, n, w.part(n, erxShare.at(month), keyERX, 0.25))
}

func elsewhereMonth(w *world, s *sheet, month city.Date) {
	n := w.apportion(w.areas, w.perMonth(elsewherePerYear, month, keyDirect), tagShare, keyDirect<<8, 0.1)
	table(s, w.areas, month, n, w.part(n, directShare.at(month), keyDirect, 0.05))
}
