package city

import "strings"

// Nearest is the word of the list that s was probably meant to be, or "" when
// none is near. Near means at most one slip for three characters.
func Nearest(s string, words []string) string {
	length := len([]rune(s))
	best, least := "", min(max(length/3, 1), length-1)
	for _, w := range words {
		d := distance(strings.ToLower(s), strings.ToLower(w))
		if d < least || (d == least && best == "") {
			best, least = w, d
		}
	}
	return best
}

// distance counts the slips between two words: an inserted, missing or wrong
// character, or two neighbours swapped (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(x)][len(y)]
}
