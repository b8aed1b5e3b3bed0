package sim

import (
	"fmt"
	"math"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// communities is how many the six urban districts have.
const communities = 618

// gigCounties are how many of the ten county-level divisions have a public gig
// market: "实现公益性零工市场县县全覆盖" (2023).
var gigCounties = ramp{2022: 4, 2023: 10, 2024: 10}

func welfareSenders(local, modern form) []sender {
	return []sender{
		{dataset: "hrss.gig_markets", form: modern, every: city.GrainMonth, rows: gigMonth, history: 12,
			columns: []string{"month", "region", "markets", "public_markets", "has_public", "posts", "matched"}},
		{dataset: "housing.renewal", form: local, every: city.GrainMonth, rows: renewalMonth, opening: renewalBefore,
			columns: []string{"neighbourhood", "region", "plan_year", "in_plan", "planned_on", "started_on", "completed_on", "households", "area"}},
		{dataset: "civil.canteens", form: local, every: city.GrainMonth, rows: canteenMonth,
			columns: []string{"canteen", "region", "certified_on", "seats"}},
		{dataset: "health.childcare", form: modern, every: city.GrainMonth, rows: childcareMonth, history: 1,
			columns: []string{"month", "community", "region", "embedded", "family", "places"}},
	}
}

func gigMonth(w *world, s *sheet, month city.Date) {
	have := gigCounties.count(month)
	for i, a := range w.counties {
		h := w.hash(tagPlace, uint64(monthIndex(month)), uint64(i))
		public := 0
		if permute(i, len(w.counties)) < have {
			public = 1 + int(a.share*8)
		}
		markets := public + 1 + int(a.share*20)
		posts := int(float64(markets) * (160 + 60*spread(h)))
		s.month(month)
		s.region(a.code)
		s.integer(int64(markets))
		s.integer(int64(public))
		s.yes("has_public", public > 0)
		s.integer(int64(posts))
		s.integer(int64(float64(posts) * (0.55 + 0.2*spread(mix64(h)))))
		s.end()
	}
}

// canteenMonth sends the whole register: it is short, and a month without a
// new canteen must still say so.
func canteenMonth(w *world, s *sheet, month city.Date) {
	start := min(2022, w.from.Year-1)
	for year := start; year <= month.Year; year++ {
		last := 12
		if year == month.Year {
			last = int(month.Month)
		}
		total := float64(yearFigures(year).canteens)
		for i := range canteenCurve.upTo(total, last) {
			m := 1
			for canteenCurve.upTo(total, m) <= i {
				m++
			}
			h := w.hash(tagPlace, uint64(year), 1000+uint64(i))
			s.plain(fmt.Sprintf("ST%d-%03d", year, i+1))
			s.region(w.urban[pick(w.urban, h)].code)
			s.date(workday(city.Date{Year: year, Month: time.Month(m), Day: 1}, mix64(h)))
			s.integer(int64(40 + 10*below(mix64(h+1), 13)))
			s.end()
		}
	}
}

func childcareMonth(w *world, s *sheet, month city.Date) {
	embedded := int(math.Round(embeddedShare.at(month) * communities / 100))
	family := int(math.Round(familyShare.at(month) * communities / 100))
	counts := w.apportion(w.urban, communities, tagPlace, 0, 0)
	i := 0
	for d, a := range w.urban {
		for n := range counts[d] {
			has := permute(i, communities) < embedded
			s.month(month)
			s.plain(fmt.Sprintf("SQ%s%03d", a.code, n+1))
			s.region(a.code)
			s.yes("embedded", has)
			s.yes("family", permute(communities-1-i, communities) < family)
			if has {
				s.integer(int64(15 + 5*below(w.hash(tagPlace, 1, uint64(i)), 9)))
			} else {
				s.integer(0)
			}
			s.end()
			i++
		}
	}
}
