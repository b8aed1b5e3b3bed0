package sim

import (
	"fmt"
	"math"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

func economySenders(office, bare, modern form) []sender {
	return []sender{
		{dataset: "commerce.retail", form: office, every: city.GrainMonth, rows: retailMonth, history: 12,
			columns: []string{"month", "region", "category", "amount"}},
		{dataset: "commerce.consumption_status", form: bare, every: city.GrainMonth, rows: placesMonth,
			columns: []string{"month", "region", "new_scenes", "landmarks", "night_landmarks"}},
		{dataset: "commerce.circles", form: modern, every: city.GrainMonth, rows: circlesMonth,
			columns: []string{"circle", "region", "opened_on"}},
		{dataset: "stats.economy", form: office, every: city.GrainQuarter, rows: accountsQuarter, history: 12,
			columns: []string{"region", "month", "gdp", "gdp_growth", "urban_income", "urban_income_growth", "rural_income", "rural_income_growth"}},
		{dataset: "stats.cpi", form: modern, every: city.GrainMonth, rows: pricesMonth, history: 12,
			columns: []string{"region", "month", "rise", "rise_month"}},
		{dataset: "energy.retrofits", form: modern, every: city.GrainMonth, rows: retrofitMonth,
			columns: []string{"unit_no", "region", "capacity", "completed_on"}},
	}
}

// retailLine is a category's sales of 2022 in yuan and its growth on the year
// before in percent, for 2023 and from 2024.
type retailLine struct {
	category           string
	base               float64
	growth23, growth24 float64
	peak               time.Month // the month in which most is sold
}

// retailLines: "力争互联网商品零售额增长15%以上" is on course, "新能源汽车类商品
// 零售额增长20%以上、增量达到20亿元" is behind on both counts.
func retailLines() []retailLine {
	return []retailLine{
		{"online", 27.8e9, 12.4, 16.1, time.November},
		{"nev", 7.6e9, 31.0, 18.0, time.December},
		{"vehicle", 38.5e9, 4.1, 2.2, time.December},
		{"appliance", 6.9e9, 2.6, 5.4, time.June},
		{"furniture", 2.1e9, -1.2, 1.9, time.October},
		{"catering", 12.3e9, 14.2, 5.8, time.October},
	}
}

// retailMonth writes every category's sales by district.
func retailMonth(w *world, s *sheet, month city.Date) {
	for i, line := range retailLines() {
		season := 1 + 0.18*math.Cos(2*math.Pi*float64(month.Month-line.peak)/12)
		noise := 1 + 0.008*spread(w.hash(tagRetail, uint64(monthIndex(month)), uint64(i)))
		fen := math.Round(line.in(month.Year) / 12 * season * noise * 100)
		for j, part := range w.apportion(w.areas, fen, tagRetail, uint64(i)<<20+uint64(month.Year), 0.15) {
			s.month(month)
			s.region(w.areas[j].code)
			s.enum("category", line.category)
			s.money(part)
			s.end()
		}
	}
}

// in is the category's sales of a year.
func (l retailLine) in(year int) float64 {
	v := l.base
	for y := 2023; y <= year; y++ {
		if y == 2023 {
			v *= 1 + l.growth23/100
		} else {
			v *= 1 + l.growth24/100
		}
	}
	return v
}

// districtPlaces are what a district reaches by the end of the year:
// "六城区…年内各打造新消费场景3个、热门消费地标3个", "年内打造5个…夜间经济地标".
type districtPlaces struct{ scenes, landmarks, night int }

// placesOf are the six urban districts' figures for the end of a year, in the
// order of their codes.
func placesOf(year int) [6]districtPlaces {
	if year < 2024 {
		return [6]districtPlaces{{2, 2, 1}, {2, 1, 1}, {1, 2, 0}, {1, 1, 0}, {2, 1, 1}, {1, 1, 0}}
	}
	return [6]districtPlaces{{5, 4, 1}, {4, 4, 2}, {3, 4, 0}, {3, 2, 0}, {4, 4, 1}, {4, 5, 1}}
}

// placesMonth writes what the districts have reached since January.
func placesMonth(w *world, s *sheet, month city.Date) {
	reached := func(n int) int64 { return int64(n * int(month.Month) / 12) }
	for i, a := range w.urban {
		p := placesOf(month.Year)[i%6]
		s.month(month)
		s.region(a.code)
		s.integer(reached(p.scenes))
		s.integer(reached(p.landmarks))
		// Night landmarks open one district after the other from June.
		s.integer(int64(p.night * min(1, int(month.Month)/(6+i%6))))
		s.end()
	}
}

// circle is one of the eleven circles of commerce and tourism that Jinyuan is
// to have within three years: "打造11个各具特色、多点支撑的商旅圈".
type circle struct {
	name   string
	opened city.Date
}

func circles() []circle {
	on := func(y int, m time.Month, d int) city.Date { return city.Date{Year: y, Month: m, Day: d} }
	return []circle{
		{"太原古县城夜间文化和旅游消费商旅圈", on(2022, 12, 20)},
		{"晋阳湖北岸商务会展休闲商旅圈", on(2023, 9, 28)},
		{"迎宾路汽车出行生活商旅圈", on(2024, 5, 17)},
		{"晋阳湖南岸数字沉浸式体验商旅圈", on(2024, 8, 9)},
		{"晋阳湖东岸体育休闲慢时尚商旅圈", on(2024, 9, 27)},
		{"环晋祠农文旅体验商旅圈", on(2025, 4, 25)},
	}
}

// circlesMonth sends the register of the circles that are open.
func circlesMonth(w *world, s *sheet, month city.Date) {
	for _, c := range circles() {
		if c.opened.After(month.MonthEnd()) {
			continue
		}
		s.text(c.name)
		s.region("140110")
		s.date(c.opened)
		s.end()
	}
}

// retrofitMonth sends the register of the coal-fired units that have been
// retrofitted, in kW: "力争年内完成18万千瓦节能改造" (2024), of which less than
// half is done by October and the rest in the last weeks of the year.
func retrofitMonth(w *world, s *sheet, month city.Date) {
	for i, r := range []struct {
		region string
		kw     int64
		on     city.Date
	}{
		{"140181", 60_000, city.Date{Year: 2022, Month: 11, Day: 18}},
		{"140105", 25_000, city.Date{Year: 2023, Month: 10, Day: 12}},
		{"140181", 50_000, city.Date{Year: 2024, Month: 5, Day: 24}},
		{"140108", 35_000, city.Date{Year: 2024, Month: 8, Day: 16}},
		{"140121", 35_000, city.Date{Year: 2024, Month: 11, Day: 22}},
		{"140109", 60_000, city.Date{Year: 2024, Month: 12, Day: 20}},
	} {
		if r.on.After(month.MonthEnd()) {
			continue
		}
		s.plain(fmt.Sprintf("JZ-%02d", i+1))
		s.region(r.region)
		s.integer(r.kw)
		s.date(r.on)
		s.end()
	}
}
