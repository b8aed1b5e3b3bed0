package sim

// mix64 is the finaliser of SplitMix64: a bijection whose output bits all
// depend on all input bits.
func mix64(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// hash draws a number that depends on the seed, on what it is drawn for and on
// two indices. Draws need no state, so that rows can be made in any order.
func (w *world) hash(tag tag, a, b uint64) uint64 {
	const golden = 0x9e3779b97f4a7c15
	return mix64(mix64(mix64(w.seed^uint64(tag)*golden)+a*golden) + b*golden)
}

// unit turns a draw into a number in [0, 1).
func unit(h uint64) float64 { return float64(h>>11) / (1 << 53) }

// spread turns a draw into a number in [-1, 1) with a peak at 0.
func spread(h uint64) float64 { return unit(h) + unit(mix64(h)) - 1 }

// below turns a draw into an integer in [0, n).
func below(h uint64, n int) int { return int(h>>32) * n >> 32 }

// tag names what a number is drawn for, so that two uses never share draws.
type tag uint64

const (
	tagRegion tag = iota + 1
	tagPerson
	tagDay
	tagKind
	tagDefect
	tagDuplicate
	tagBase
	tagStatus
	tagCourse
	tagCase
	tagShare
	tagAir
	tagDust
	tagGas
	tagWater
	tagRenewal
	tagRetail
	tagInstitution
	tagPlace
	tagCorrection
)
