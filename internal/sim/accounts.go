package sim

import (
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
)

// accounts are the published growth rates of a year, cumulative by quarter, in
// tenths of a percent. 2022 as a whole is in the text ("地区生产总值5571.17亿元
// ,增长3.3%"), all others are invented.
type accounts struct {
	year              int
	gdp, urban, rural [4]int
	prices            [12]int // rise of consumer prices in the month, tenths of a percent
}

var accountsOf = [...]accounts{
	{year: 2022, gdp: [4]int{48, 32, 40, 33}, urban: [4]int{61, 50, 56, 52}, rural: [4]int{76, 64, 68, 65},
		prices: [12]int{12, 11, 16, 22, 21, 24, 26, 24, 26, 20, 17, 18}},
	{year: 2023, gdp: [4]int{51, 47, 42, 40}, urban: [4]int{45, 42, 41, 41}, rural: [4]int{72, 69, 67, 68},
		prices: [12]int{20, 10, 7, 2, 1, 1, -2, 1, 0, -2, -4, -2}},
	// "城镇居民人均可支配收入增长与经济增长基本同步,农村居民人均可支配收入增长要高于
	// 经济增长水平,居民消费价格指数涨幅控制在3%左右"
	{year: 2024, gdp: [4]int{24, 27, 30, 32}, urban: [4]int{27, 29, 31, 32}, rural: [4]int{46, 49, 50, 51},
		prices: [12]int{-7, 8, 2, 3, 3, 2, 5, 6, 4, 3, 2, 2}},
}

// The levels at the ends of the quarters of 2022: GDP in yuan and disposable
// income per head. The year's GDP is in the text, the rest is invented.
var (
	gdp2022   = [4]float64{128.9e9, 268.4e9, 412.6e9, 557.117e9}
	urban2022 = [4]float64{11_420, 21_760, 32_510, 43_870}
	rural2022 = [4]float64{5_930, 11_180, 16_540, 22_610}
)

// nominalGap is the growth of GDP at current prices over that at constant
// prices, in percent: coal got cheaper.
const nominalGap = -3.4

func accountsIn(year int) accounts {
	best := accountsOf[0]
	for _, a := range accountsOf {
		if abs(a.year-year) < abs(best.year-year) {
			best = a
		}
	}
	return best
}

// accountsQuarter writes the accounts at the end of a quarter's last month.
func accountsQuarter(w *world, s *sheet, month city.Date) {
	q := int(month.Month)/3 - 1
	a := accountsIn(month.Year)
	level := func(base [4]float64, rates func(accounts) int, gap float64) int64 {
		v := base[q]
		for y := 2023; y <= month.Year; y++ {
			v *= 1 + (float64(rates(accountsIn(y)))/10+gap)/100
		}
		return int64(math.Round(v * 100))
	}
	s.region(w.city.Code)
	s.month(month)
	s.money(level(gdp2022, func(a accounts) int { return a.gdp[q] }, nominalGap))
	s.fixed(int64(a.gdp[q]), 1)
	s.money(level(urban2022, func(a accounts) int { return a.urban[q] }, 0))
	s.fixed(int64(a.urban[q]), 1)
	s.money(level(rural2022, func(a accounts) int { return a.rural[q] }, 0))
	s.fixed(int64(a.rural[q]), 1)
	s.end()
}

// pricesMonth writes the month's rise and the mean of the year so far.
func pricesMonth(w *world, s *sheet, month city.Date) {
	a := accountsIn(month.Year)
	sum := 0
	for m := range int(month.Month) {
		sum += a.prices[m]
	}
	s.region(w.city.Code)
	s.month(month)
	s.fixed(int64(math.Round(float64(sum)/float64(month.Month))), 1)
	s.fixed(int64(a.prices[month.Month-1]), 1)
	s.end()
}
