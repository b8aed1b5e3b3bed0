package sim

import (
	"math"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

func environmentSenders(station, local form) []sender {
	return []sender{
		{dataset: "env.air_daily", form: station, every: city.GrainMonth, rows: airMonth, history: 12,
			columns: []string{"region", "date", "level", "aqi", "rank", "pm25", "pm10", "so2", "no2", "co", "o3"}},
		{dataset: "env.water_monthly", form: local, every: city.GrainMonth, rows: waterMonth, history: 12,
			columns: []string{"month", "section", "river", "region", "class", "ph", "do", "codmn", "cod", "bod5", "nh3n", "tp"}},
	}
}

// airMonth writes the days of a month.
func airMonth(w *world, s *sheet, month city.Date) {
	year := w.airYear(month.Year)
	for d := month; d.Month == month.Month; d = d.AddDays(1) {
		day := year[d.Time().YearDay()-1]
		index := day.aqi()
		s.region(w.city.Code)
		s.date(d)
		s.enum("level", airLevel(index))
		s.integer(int64(index))
		s.integer(int64(nationalRank(index, w.hash(tagAir, uint64(d.Year), uint64(1000+d.Time().YearDay())))))
		for _, v := range []int{day.pm25, day.pm10, day.so2, day.no2} {
			s.integer(int64(v))
		}
		s.fixed(int64(day.co), 2)
		s.integer(int64(day.o3))
		s.end()
	}
}

// nationalRank places the day among 339 cities: the worse the air, the further
// back, with some luck.
func nationalRank(aqi int, h uint64) int {
	return min(339, max(1, 20+aqi*9/5+below(h, 90)))
}

// airYear makes the days of a year. Particles follow the season and yesterday
// (a first-order autoregression of the logarithm), dust comes in spring, ozone
// in summer. Then the days are scaled so that the parts of the year have
// exactly the means of calibration.go, to the nearest microgram in the sum.
func (w *world) airYear(year int) []airDay {
	n := city.Date{Year: year, Month: time.December, Day: 31}.Time().YearDay()
	days := make([]airDay, n)
	pm25, pm10 := make([]float64, n), make([]float64, n)
	weather := 0.0
	for i := -30; i < n; i++ {
		noise := spread(w.hash(tagAir, uint64(year), uint64(i+30)))
		weather = 0.72*weather + 0.75*noise
		if i < 0 {
			continue
		}
		winter := math.Cos(2 * math.Pi * float64(i-15) / 365)
		pm25[i] = (0.82 + 0.36*winter) * math.Exp(weather)
		pm10[i] = pm25[i] * w.coarse(year, i)
		days[i] = w.gases(year, i, winter, weather)
	}
	early := city.Date{Year: year, Month: time.October, Day: 31}.Time().YearDay()
	at := airTargets(year)
	settle(pm25[:early], at.pm25.early)
	settle(pm25[early:], at.pm25.late)
	settle(pm10[:early], at.pm10.early)
	settle(pm10[early:], at.pm10.late)
	for i := range days {
		days[i].pm25, days[i].pm10 = int(pm25[i]), int(pm10[i])
	}
	return days
}

// coarse is PM10 over PM2.5: higher in spring, very high on a day of dust.
func (w *world) coarse(year, day int) float64 {
	h := w.hash(tagDust, uint64(year), uint64(day))
	spring := math.Exp(-math.Pow(float64(day-110)/38, 2))
	ratio := (1.75 + 0.75*spring) * math.Exp(0.22*spread(h))
	if unit(mix64(h)) < 0.05*spring {
		ratio *= 2.2
	}
	return ratio
}

// gases are a day's SO2, NO2, CO and O3.
func (w *world) gases(year, day int, winter, weather float64) airDay {
	h := w.hash(tagGas, uint64(year), uint64(day))
	bend := func(i uint64, by float64) float64 { return math.Exp(by * spread(mix64(h+i))) }
	calm := math.Exp(0.5 * weather)
	return airDay{
		so2: int(math.Max(3, (11+5*winter)*calm*bend(1, 0.4))),
		no2: int(math.Max(8, (34+10*winter)*calm*bend(2, 0.3))),
		co:  int(math.Max(20, (78+34*winter)*calm*bend(3, 0.3))),
		o3:  int(math.Max(12, (104-58*winter)*bend(4, 0.35))),
	}
}

// airTargets are the means of the year, or of the nearest year that has them.
func airTargets(year int) (at struct{ pm25, pm10 airMean }) {
	best := airAt[0]
	for _, a := range airAt {
		if abs(a.year-year) < abs(best.year-year) {
			best = a
		}
	}
	at.pm25, at.pm10 = best.pm25, best.pm10
	return at
}

// settle scales values to the mean and rounds them to whole numbers of at
// least 4 whose sum is that of the mean, to the nearest whole number.
func settle(values []float64, mean float64) {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	scale := mean * float64(len(values)) / sum
	left := int(math.Round(mean * float64(len(values))))
	for i := range values {
		values[i] = math.Max(4, math.Round(values[i]*scale))
		left -= int(values[i])
	}
	for i := 0; left != 0; i = (i + 7) % len(values) {
		step := 1
		if left < 0 {
			step = -1
		}
		if values[i]+float64(step) >= 4 {
			values[i] += float64(step)
			left -= step
		}
	}
}
