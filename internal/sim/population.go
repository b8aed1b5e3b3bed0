package sim

// census2020 is the permanent population by county-level division in the
// Seventh National Census of 2020-11-01, as published; 140171 (the
// transformation and reform zone) is counted apart. The sum is 5,304,061.
var census2020 = [...]struct {
	code       string
	population int
}{
	{"140105", 1139798},
	{"140106", 592747},
	{"140107", 765816},
	{"140108", 530499},
	{"140109", 951238},
	{"140110", 316445},
	{"140121", 325509},
	{"140122", 121218},
	{"140123", 91208},
	{"140171", 258826},
	{"140181", 210757},
}

// area is a district with its part of the population.
type area struct {
	code  string
	share float64 // of the areas of its list, sums to 1
	upto  uint64  // upper bound of the draws that fall on it
}

// newAreas lists the districts among codes that the census knows, with their
// shares of the population of all that are listed.
func newAreas(codes []string) []area {
	total := 0
	known := map[string]int{}
	for _, c := range census2020 {
		known[c.code] = c.population
	}
	for _, c := range codes {
		total += known[c]
	}
	var out []area
	sum := 0
	for _, c := range codes {
		n, ok := known[c]
		if !ok {
			continue
		}
		sum += n
		out = append(out, area{c, float64(n) / float64(total), uint64(float64(sum) / float64(total) * (1 << 63))})
	}
	if len(out) > 0 {
		out[len(out)-1].upto = 1 << 63
	}
	return out
}

// pick gives the index of the area that a draw falls on.
func pick(areas []area, h uint64) int {
	h >>= 1
	for i := range areas {
		if h < areas[i].upto {
			return i
		}
	}
	return len(areas) - 1
}
