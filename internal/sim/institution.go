package sim

import (
	"math"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The designated institutions: medical ones in the order of their size, then
// pharmacies. The counts of tertiary and other hospitals are invented.
const (
	tertiaryHospitals  = 28
	secondaryHospitals = 62
	primaryHospitals   = 170
	medicalTotal       = 1_180
	pharmacyTotal      = 2_640
	largeHospitals     = tertiaryHospitals + secondaryHospitals

	creditMedical  = 20 // kinds of credit codes
	creditPharmacy = 30
)

// How many have or do something at the ends of Decembers.
var (
	// "在去年已开通495家定点医疗机构和2001家定点零售药店异地联网结算基础上,
	// 增加400家以上定点医疗机构和250家以上定点零售药店" (2023)
	medicalOpen  = ramp{2022: 495, 2023: 931, 2024: 1_051}
	pharmacyOpen = ramp{2022: 2_001, 2023: 2_269, 2024: 2_359}
	// "全市二级及以上定点医院均支持使用医保移动支付": three short at the end of 2023
	mobileHospitals = ramp{2022: 55, 2023: 87, 2024: 90}
	mobileOthers    = ramp{2022: 12, 2023: 34, 2024: 48} // percent
	// "三级定点医院全部接入医保电子处方中心"
	erxTertiary = ramp{2022: 10, 2023: tertiaryHospitals, 2024: tertiaryHospitals}
	erxOthers   = ramp{2022: 2, 2023: 14, 2024: 22} // percent
	// "年内实现市域内公立医院集采药品采购使用全覆盖"
	buysPublic = ramp{2022: 91, 2023: 100, 2024: 100} // percent
	// "落地实施带量采购的药品不少于600种,医用耗材不少于20种", "落地低值医用耗材不少于40种"
	drugs       = ramp{2022: 488, 2023: 624, 2024: 702}
	consumables = ramp{2022: 14, 2023: 24, 2024: 31}
	lowValue    = ramp{2022: 4, 2023: 43, 2024: 52}
)

func institutionSenders(modern, office form) []sender {
	return []sender{
		{dataset: "ybj.institutions", form: office, every: city.GrainMonth, rows: institutionMonth, history: 1,
			columns: []string{"month", "institution", "kind", "level", "region", "public", "supports_mobile", "erx_connected", "crossregion", "procurement", "designated_since"}},
		{dataset: "ybj.crossregion_openings", form: modern, every: city.GrainMonth, rows: openingsMonth, opening: openingsBefore,
			columns: []string{"institution", "kind", "region", "opened_on"}},
		{dataset: "ybj.procurement", form: office, every: city.GrainMonth, rows: procurementMonth, opening: procurementBefore,
			columns: []string{"item_code", "kind", "level", "landed_on"}},
	}
}

// count is a ramp of numbers of things, rounded.
func (r ramp) count(month city.Date) int { return int(math.Round(r.at(month))) }

// institution is one row of the monthly list.
type institution struct {
	kind, level                                   string
	public, mobile, erx, crossregion, procurement bool
}

func institutionMonth(w *world, s *sheet, month city.Date) {
	for i := range medicalTotal {
		h := w.hash(tagInstitution, creditMedical, uint64(i))
		putInstitution(w, s, month, creditCode(creditMedical, i), h, medicalInstitution(i, h, month))
	}
	for i := range pharmacyTotal {
		h := w.hash(tagInstitution, creditPharmacy, uint64(i))
		place := permute(i, pharmacyTotal) * 100
		putInstitution(w, s, month, creditCode(creditPharmacy, i), h, institution{
			kind: "pharmacy", level: "unrated", crossregion: i < pharmacyOpen.count(month),
			mobile: place < mobileOthers.count(month)*pharmacyTotal, erx: place < erxOthers.count(month)*pharmacyTotal,
		})
	}
}

// medicalInstitution is the state of the i-th medical institution in a month.
func medicalInstitution(i int, h uint64, month city.Date) institution {
	in := institution{kind: "hospital", level: "primary", crossregion: i < medicalOpen.count(month)}
	switch {
	case i < tertiaryHospitals:
		in.level = "tertiary"
	case i < largeHospitals:
		in.level = "secondary"
	case i >= largeHospitals+primaryHospitals:
		in.kind, in.level = "clinic", "unrated"
	}
	place := permute(i, medicalTotal) * 100
	in.mobile = place < mobileOthers.count(month)*medicalTotal
	in.erx = place < erxOthers.count(month)*medicalTotal
	if i < largeHospitals {
		in.mobile = permute(i, largeHospitals) < mobileHospitals.count(month)
	}
	if i < tertiaryHospitals {
		in.erx = permute(i, tertiaryHospitals) < erxTertiary.count(month)
	}
	in.public = unit(h) < 0.72
	in.procurement = below(mix64(h), 100) < 35
	if in.public {
		in.procurement = below(mix64(h), 100) < buysPublic.count(month)
	}
	return in
}

func putInstitution(w *world, s *sheet, month city.Date, code string, h uint64, in institution) {
	s.month(month)
	s.plain(code)
	s.enum("kind", in.kind)
	s.enum("level", in.level)
	s.region(w.areas[pick(w.areas, mix64(h+1))].code)
	s.yes("public", in.public)
	s.yes("supports_mobile", in.mobile)
	s.yes("erx_connected", in.erx)
	s.yes("crossregion", in.crossregion)
	s.yes("procurement", in.procurement)
	s.date(city.Date{Year: 2010, Month: time.January, Day: 1}.AddDays(below(mix64(h+2), 4_500)))
	s.end()
}

// entered gives the day on which the i-th thing of a ramp came about, drawn
// from its month; things that are older than the ramp get a day of the four
// years before its first December.
func entered(r ramp, i int, h uint64) city.Date {
	m := city.Date{Year: 2022, Month: time.December, Day: 1}
	if i < r.count(m) {
		return city.Date{Year: 2019, Month: time.January, Day: 1}.AddDays(below(h, 4*365))
	}
	for i >= r.count(m) {
		m = city.GrainMonth.Next(m)
	}
	return workday(m, h)
}

// openingsMonth writes the institutions that opened in the month.
func openingsMonth(w *world, s *sheet, month city.Date) {
	putOpenings(w, s, city.Span{From: month, To: month.MonthEnd()})
}

// openingsBefore writes all that had opened by the day.
func openingsBefore(w *world, s *sheet, asOf city.Date) { putOpenings(w, s, city.Span{To: asOf}) }

func putOpenings(w *world, s *sheet, span city.Span) {
	put := func(kind string, credit int, r ramp) {
		for i := range r.count(span.To) {
			h := w.hash(tagInstitution, uint64(credit), uint64(i))
			opened := entered(r, i, mix64(h+3))
			if !span.Contains(opened) {
				continue
			}
			s.plain(creditCode(credit, i))
			s.enum("kind", kind)
			s.region(w.areas[pick(w.areas, mix64(h+1))].code)
			s.date(opened)
			s.end()
		}
	}
	put("medical", creditMedical, medicalOpen)
	put("pharmacy", creditPharmacy, pharmacyOpen)
}

func procurementMonth(w *world, s *sheet, month city.Date) {
	putProcurement(w, s, city.Span{From: month, To: month.MonthEnd()})
}

func procurementBefore(w *world, s *sheet, asOf city.Date) {
	putProcurement(w, s, city.Span{To: asOf})
}

func putProcurement(w *world, s *sheet, span city.Span) {
	put := func(kind, letters string, key uint64, levels [4]string, r ramp) {
		for i := range r.count(span.To) {
			h := w.hash(tagInstitution, key, uint64(i))
			landed := entered(r, i, h)
			if !span.Contains(landed) {
				continue
			}
			s.raw(recordNo(letters, city.Date{Year: landed.Year, Month: landed.Month}, uint64(i+1)))
			s.enum("kind", kind)
			s.enum("level", levels[mix64(h)%4])
			s.date(landed)
			s.end()
		}
	}
	put("drug", "YP", 101, [4]string{"national", "national", "province", "alliance"}, drugs)
	put("consumable", "HC", 102, [4]string{"national", "province", "province", "alliance"}, consumables)
	// "太原—晋中—忻州—吕梁四市联盟低值医用耗材集中带量采购"
	put("low_value", "DZ", 103, [4]string{"alliance", "alliance", "alliance", "alliance"}, lowValue)
}
