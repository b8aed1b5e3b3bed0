package plantext

import "strings"

// masks says which characters of a sentence belong to names that hold digits,
// so that no number is read there: titles in 《》, PM2.5, 1号线, 国道108, 十四五,
// 5A级, 第三季度, dates and phone numbers.
func masks(r []rune) []bool {
	out := make([]bool, len(r))
	hide := func(i, j int) {
		for ; i < j && i < len(out); i++ {
			out[i] = true
		}
	}
	for i := 0; i < len(r); i++ {
		if out[i] {
			continue
		}
		switch {
		case r[i] == '《':
			hide(i, closing(r, i, '》'))
		case r[i] == '“':
			if end := closing(r, i, '”'); end-i <= longestName {
				hide(i, end)
			}
		case r[i] == '第' && i+1 < len(r):
			if n, ok := readNumeral(r, i+1); ok {
				hide(i, n.end)
			}
		case r[i] == '每' && i+1 < len(r) && isChineseNumeral(r[i+1]):
			hide(i, i+2+boolInt(i+2 < len(r) && isChineseNumeral(r[i+2])))
		case latin(r[i]):
			hide(i, nameEnd(r, i))
		case isDigit(r[i]):
			hide(i, namedBy(r, i))
		case strings.ContainsRune("道省县", r[i]) && i+1 < len(r) && isDigit(r[i+1]) && i > 0 && strings.ContainsRune("国省县", r[i-1]):
			hide(i, digitsEnd(r, i+1))
		}
	}
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// longestName is the longest quoted text that is taken for a name.
const longestName = 18

// closing is the index behind the mark that closes what opens at i, or i when
// it is not closed.
func closing(r []rune, i int, mark rune) int {
	const longest = 200
	for j := i + 1; j < len(r) && j-i < longest; j++ {
		if r[j] == mark {
			return j + 1
		}
	}
	return i
}

// nameEnd is the end of a word of Latin letters with the digits in it, when it
// is a name (PM2.5, CO2, G20, A4); a unit is not preceded by letters.
func nameEnd(r []rune, i int) int {
	j := i
	for j < len(r) && (word(r[j]) || r[j] == '.' && j+1 < len(r) && isDigit(r[j+1])) {
		j++
	}
	if i > 0 && isDigit(r[i-1]) {
		return i // letters behind digits may be a unit
	}
	return j
}

func digitsEnd(r []rune, i int) int {
	for i < len(r) && (isDigit(r[i]) || r[i] == '.' || r[i] == '-' && i+1 < len(r) && isDigit(r[i+1])) {
		i++
	}
	return i
}

// behindName are words behind digits that make a name of them.
var behindName = []string{"号线", "号楼", "号地", "号院", "号文", "号", "版", "A级", "A景", "A", "G网", "G基", "G", "D打", "国道", "省道", "热线", "期工程", "路公交", "月份", "时许", "点整", "x", "届", "级"}

// namedBy is the end of digits at i that are part of a name, a date or a phone
// number, or i when they are a number.
func namedBy(r []rune, i int) int {
	j := digitsEnd(r, i)
	if j-i > 10 || strings.ContainsRune(string(r[i:j]), '-') && j-i > 7 {
		return j
	}
	j = i
	for j < len(r) && (isDigit(r[j]) || r[j] == '.' && j+1 < len(r) && isDigit(r[j+1])) {
		j++
	}
	if latinName(r, j) {
		return j
	}
	for _, w := range behindName {
		if hasAt(r, j, w) && !(w == "级" && j-i > 3) {
			return j + len([]rune(w))
		}
	}
	if end := dateEnd(r, i, j); end > j {
		return end
	}
	return i
}

// latinName says that letters behind digits make a name (12306App, 5G) and are no
// unit.
func latinName(r []rune, j int) bool {
	if j >= len(r) || !latin(r[j]) {
		return false
	}
	_, end, ok := oneUnit(r, j)
	return !ok || end < len(r) && latin(r[end])
}

// dateEnd is the end of a date that begins with the digits [i, j), or j.
func dateEnd(r []rune, i, j int) int {
	end := j
	if hasAt(r, end, "年") && j-i == 4 && isDigit(r[i+1]) && isDigit(r[i+2]) {
		end++
		for end < len(r) && isDigit(r[end]) && end-j <= 2 {
			end++
		}
	}
	if hasAt(r, end, "月") && isDigit(r[end-1]) {
		end++
		k := end
		for k < len(r) && isDigit(r[k]) && k-end < 2 {
			k++
		}
		if k > end && k+1 < len(r) && strings.ContainsRune("~～-—至", r[k]) && isDigit(r[k+1]) { // 1月19~20日
			k = digitsEnd(r, k+1)
		}
		if k > end && hasAt(r, k, "日") {
			return k + 1
		}
		return end
	}
	if hasAt(r, end, "日") && j-i <= 2 && !hasAt(r, end, "日内") {
		return end + 1
	}
	if end > j && isDigit(r[end-1]) { // 2024年5% …
		return j + 1
	}
	return end
}

// hasAt says whether the word stands at index i.
func hasAt(r []rune, i int, w string) bool {
	for _, c := range w {
		if i >= len(r) || r[i] != c {
			return false
		}
		i++
	}
	return true
}
