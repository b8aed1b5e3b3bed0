package sim

import (
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
)

// world is what every sender knows: who lives where, and how large the sample is.
type world struct {
	city  *city.City
	seed  uint64
	scale float64
	from  city.Date

	areas    []area // the city's districts, the functional ones too
	counties []area // the county-level divisions
	urban    []area // the six urban districts

	workers, retirees, residents, strangers *idSpace
}

// urbanSet names the set of regions that the plans call 六城区.
const urbanSet = "six_districts"

func newWorld(c *city.City, o Options) (*world, error) {
	w := &world{city: c, seed: mix64(o.Seed + 1), scale: o.Scale, from: o.From}
	var all, counties []string
	for _, r := range c.Districts() {
		all = append(all, r.Code)
		if !r.Functional {
			counties = append(counties, r.Code)
		}
	}
	w.areas, w.counties = newAreas(all), newAreas(counties)
	w.urban = newAreas(c.RegionSet(urbanSet))
	if len(w.areas) == 0 || len(w.urban) == 0 {
		return nil, city.Errorf(city.CodeInvalid, "the city %s has no district whose population the simulator knows", c.Code).
			WithHint("it knows the districts of Taiyuan, and needs the set %q", urbanSet)
	}
	day := func(y int) city.Date { return city.Date{Year: y, Month: 1, Day: 1} }
	space := func(prefix string, first, end int, n uint64) *idSpace {
		return newIDSpace(prefix, day(first), day(end).AddDays(-1), w.hash(tagPerson, n, 0))
	}
	// Birth years keep everybody at a plausible age over the simulated years.
	w.workers = space("990100", 1966, 2006, 1)
	w.retirees = space("990200", 1934, 1963, 2)
	w.residents = space("990300", 1940, 2006, 3)
	w.strangers = space("990900", 1950, 2000, 4)
	return w, nil
}

// sample is how many rows of the registers stand for n people or events.
func (w *world) sample(n float64) int { return int(math.Round(n * w.scale)) }

// home is the district that a person of a space lives in.
func (w *world) home(s *idSpace, k uint64) string {
	return w.areas[pick(w.areas, w.hash(tagRegion, s.shift, k))].code
}

// workday draws a day of the month that is no Saturday or Sunday.
func workday(month city.Date, h uint64) city.Date {
	last := month.MonthEnd().Day
	d := city.Date{Year: month.Year, Month: month.Month, Day: 1 + below(h, last)}
	switch d.Time().Weekday() {
	case 6:
		d.Day--
	case 0:
		d.Day++
	}
	if d.Day < 1 {
		d.Day = 3
	}
	if d.Day > last {
		d.Day = last - 2
	}
	return d
}

// permute gives a fixed arrangement of 0..n-1 that has nothing to do with the
// order of the numbers: the place of i.
func permute(i, n int) int {
	step := n*5/8 | 1
	for gcd(step, n) != 1 {
		step += 2
	}
	return (i*step + n/3) % n
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
