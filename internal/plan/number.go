package plan

import (
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// maxDecimals bounds how far a figure is spelled out to tell it from another.
const maxDecimals = 9

// show writes a number with the given decimals and with thousands set apart.
// It never shows two different figures as the same: where v rounds to what one
// of the others rounds to without being it, decimals are added.
func show(v float64, decimals int, others ...float64) string {
	for decimals < maxDecimals && blurs(v, decimals, others) {
		decimals++
	}
	s, sign := city.Figure(v, decimals), ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, part, has := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if has {
		whole += "." + part
	}
	return sign + whole
}

func blurs(v float64, decimals int, others []float64) bool {
	shown := city.Figure(v, decimals)
	for _, o := range others {
		if v != o && shown == city.Figure(o, decimals) {
			return true
		}
	}
	return false
}

// declared gives the decimals that a declared number needs to be shown whole,
// at least the usual ones.
func declared(v float64, decimals int) int {
	_, part, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	return max(decimals, min(len(part), maxDecimals))
}
