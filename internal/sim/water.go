package sim

import (
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
)

// waterSection is a state-assessed section with the usual concentrations of
// its water, mg/l: permanganate index, COD, BOD5, ammonia nitrogen, phosphorus.
type waterSection struct {
	name, region                  string
	codmn, cod, bod5, nh3n, tp, o float64
}

// waterSections are the six sections of the city, from the reservoir down; the
// names are public (domain/rules.md 2.2), the districts and the water invented.
func waterSections() []waterSection {
	return []waterSection{
		{"汾河水库出口", "140123", 1.6, 8, 1.4, 0.07, 0.012, 9.6},
		{"上兰", "140108", 1.8, 10, 1.7, 0.10, 0.018, 9.1},
		{"李八沟", "140181", 2.6, 12, 2.1, 0.24, 0.05, 8.4},
		{"迎泽桥", "140106", 3.2, 13.5, 2.4, 0.32, 0.07, 8.2},
		{"韩武村", "140105", 4.6, 17, 3.2, 0.62, 0.14, 7.2},
		{"河底村", "140122", 4.4, 16.5, 3.0, 0.55, 0.13, 7.5},
	}
}

// The month in which a section fails: ammonia after a storm has flushed the
// sewers, as happens.
const (
	failingSection = "韩武村"
	failingMonth   = "2024-07"
	failingAmmonia = 1.36
)

// waterSample is a month's value of each item, in hundredths (phosphorus and
// ammonia in thousandths) of mg/l.
type waterSample struct {
	ph, do, codmn, cod, bod5, nh3n, tp int
}

// waterMonth writes the sections' samples of a month.
func waterMonth(w *world, s *sheet, month city.Date) {
	for i, section := range waterSections() {
		v := w.waterOf(section, i, month)
		s.month(month)
		s.text(section.name)
		s.text("汾河流域")
		s.region(section.region)
		s.enum("class", v.class())
		for _, n := range []int{v.ph, v.do, v.codmn, v.cod, v.bod5} {
			s.fixed(int64(n), 2)
		}
		s.fixed(int64(v.nh3n), 3)
		s.fixed(int64(v.tp), 3)
		s.end()
	}
}

// waterOf draws a section's sample of a month. The draws are narrow enough for
// class III to be kept by every section in every month but the failing one.
func (w *world) waterOf(c waterSection, i int, month city.Date) waterSample {
	h := w.hash(tagWater, uint64(monthIndex(month)), uint64(i))
	summer := -math.Cos(2 * math.Pi * float64(month.Month-1) / 12)
	of := func(item uint64, base, unit float64) int {
		return int(math.Round(base * (1 + 0.05*summer + 0.10*spread(mix64(h+item))) * unit))
	}
	v := waterSample{
		ph: 790 + below(h, 45), do: int(math.Round(c.o * (1 - 0.12*summer + 0.05*spread(mix64(h+9))) * 100)),
		codmn: of(1, c.codmn, 100), cod: of(2, c.cod, 100), bod5: of(3, c.bod5, 100), nh3n: of(4, c.nh3n, 1000), tp: of(5, c.tp, 1000),
	}
	if c.name == failingSection && month.String()[:7] == failingMonth {
		v.nh3n = failingAmmonia * 1000
	}
	return v
}

// class judges a sample by its worst item (single-factor method of
// 环办〔2011〕22号 with the limits of GB 3838-2002 table 1, rivers).
func (v waterSample) class() string {
	names := [6]string{"I", "II", "III", "IV", "V", "worse_than_V"}
	worst := 0
	for _, item := range []struct {
		value  int
		limits [5]int
	}{
		{-v.do, [5]int{-750, -600, -500, -300, -200}}, // oxygen is better when higher
		{v.codmn, [5]int{200, 400, 600, 1000, 1500}},
		{v.cod, [5]int{1500, 1500, 2000, 3000, 4000}},
		{v.bod5, [5]int{300, 300, 400, 600, 1000}},
		{v.nh3n, [5]int{150, 500, 1000, 1500, 2000}},
		{v.tp, [5]int{20, 100, 200, 300, 400}},
	} {
		class := 0
		for class < 5 && item.value > item.limits[class] {
			class++
		}
		worst = max(worst, class)
	}
	return names[worst]
}
