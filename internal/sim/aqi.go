package sim

// airDay is a day's air of the city: µg/m³, CO in hundredths of mg/m³.
type airDay struct {
	pm25, pm10, so2, no2, co, o3 int
}

// breakpoints are the concentrations at which the sub-indices 0, 50, 100, 150,
// 200, 300, 400 and 500 stand (HJ 633-2012 table 1, 24-hour means and the
// daily maximum 8-hour mean of O3; CO in tenths of mg/m³). O3 has no 8-hour
// sub-index above 300; simulated air does not get there.
type breakpoints [8]int

var (
	pm25Points = breakpoints{0, 35, 75, 115, 150, 250, 350, 500}
	pm10Points = breakpoints{0, 50, 150, 250, 350, 420, 500, 600}
	so2Points  = breakpoints{0, 50, 150, 475, 800, 1600, 2100, 2620}
	no2Points  = breakpoints{0, 40, 80, 180, 280, 565, 750, 940}
	coPoints   = breakpoints{0, 20, 40, 140, 240, 360, 480, 600}
	o3Points   = breakpoints{0, 100, 160, 215, 265, 800, 800, 800}
	indices    = breakpoints{0, 50, 100, 150, 200, 300, 400, 500}
)

// subIndex is the IAQI of a concentration, rounded up (HJ 633-2012 6.2).
func subIndex(points breakpoints, c int) int {
	for i := 1; i < len(points); i++ {
		lo, hi := points[i-1], points[i]
		if c <= hi && hi > lo {
			step := (indices[i] - indices[i-1]) * (c - lo)
			return indices[i-1] + (step+hi-lo-1)/(hi-lo)
		}
	}
	return indices[len(indices)-1]
}

// aqi is the air quality index of the day by HJ 633-2012.
func (d airDay) aqi() int {
	return max(
		subIndex(pm25Points, d.pm25), subIndex(pm10Points, d.pm10), subIndex(so2Points, d.so2),
		subIndex(no2Points, d.no2), subIndex(coPoints, (d.co+5)/10), subIndex(o3Points, d.o3))
}

// airLevel is the level of an index (HJ 633-2012 table 2).
func airLevel(aqi int) string {
	switch {
	case aqi <= 50:
		return "excellent"
	case aqi <= 100:
		return "good"
	case aqi <= 150:
		return "light"
	case aqi <= 200:
		return "moderate"
	case aqi <= 300:
		return "heavy"
	}
	return "severe"
}
