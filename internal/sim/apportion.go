package sim

import (
	"math"
	"sort"
)

// split divides total by weights into whole parts that sum to it: what is left
// by rounding down goes to the largest remainders, in the order of the list
// where they are equal.
func split(total int64, weights []float64) []int64 {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	parts := make([]int64, len(weights))
	if sum <= 0 {
		return parts
	}
	order := make([]int, len(weights))
	rest := make([]float64, len(weights))
	left := total
	for i, w := range weights {
		exact := float64(total) * w / sum
		parts[i] = int64(exact)
		rest[i] = exact - float64(parts[i])
		left -= parts[i]
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return rest[order[a]] > rest[order[b]] })
	for i := 0; left > 0; i, left = i+1, left-1 {
		parts[order[i%len(order)]]++
	}
	return parts
}

// apportion splits total over areas by population, each share bent by up to
// bend (0.1 is 10 %) in a way that depends on the tag and key.
func (w *world) apportion(areas []area, total float64, tag tag, key uint64, bend float64) []int64 {
	weights := make([]float64, len(areas))
	for i, a := range areas {
		weights[i] = a.share * (1 + bend*spread(w.hash(tag, key, uint64(i))))
	}
	return split(int64(math.Round(total)), weights)
}

// part takes percent of the sum of wholes, spread over them with a bend, and
// never more of one than there is.
func (w *world) part(wholes []int64, percent float64, key uint64, bend float64) []int64 {
	weights := make([]float64, len(wholes))
	sum := int64(0)
	for i, n := range wholes {
		sum += n
		weights[i] = float64(n) * (1 + bend*spread(w.hash(tagShare, key, uint64(i))))
	}
	parts := split(int64(math.Round(float64(sum)*percent/100)), weights)
	over := int64(0)
	for i, n := range wholes {
		if parts[i] > n {
			over += parts[i] - n
			parts[i] = n
		}
	}
	for i, n := range wholes {
		room := min(over, n-parts[i])
		parts[i] += room
		over -= room
	}
	return parts
}
