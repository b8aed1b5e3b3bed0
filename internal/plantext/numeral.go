package plantext

import (
	"strconv"
	"strings"
)

// numeral is a number read at some place of a text.
type numeral struct {
	value    float64
	digits   string // the decimal as written without separators, when it was written in digits
	exp      int    // the power of ten of 万, 亿 … behind it
	end      int    // index behind it
	approx   bool   // 多, 余: somewhat more
	chinese  bool   // written in Chinese characters
	bare     bool   // only a multiplier: 千亿元, 万亿元
	percent  bool   // 百分之, 成, 分之: the value is a percentage
	perMille bool   // 千分之: the value is in ‰
}

// digitOf are the Chinese digits; powerOf the units between them.
var (
	digitOf = map[rune]int{'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
		'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}
	powerOf = map[rune]int64{'十': 10, '百': 100, '千': 1000, '拾': 10, '佰': 100, '仟': 1000}
)

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isChineseNumeral(r rune) bool {
	_, d := digitOf[r]
	_, p := powerOf[r]
	return d || p || r == '万' || r == '亿'
}

// maxNumeral bounds the characters of one number.
const maxNumeral = 40

// readNumeral reads the number that begins at i, if one does.
func readNumeral(r []rune, i int) (n numeral, ok bool) {
	switch {
	case i >= len(r):
		return n, false
	case isDigit(r[i]):
		return readDigits(r, i)
	case isChineseNumeral(r[i]):
		return readChinese(r, i)
	}
	return n, false
}

// readDigits reads 1,234.5 and what multiplies it: 万, 亿, 万亿, 千万, 百.
func readDigits(r []rune, i int) (numeral, bool) {
	j, dot := i, false
	var b strings.Builder
	for ; j < len(r) && j-i < maxNumeral; j++ {
		switch {
		case isDigit(r[j]):
			b.WriteRune(r[j])
			continue
		case r[j] == '.' && !dot && j+1 < len(r) && isDigit(r[j+1]):
			dot = true
			b.WriteRune('.')
			continue
		case r[j] == ',' && !dot && thousands(r, j):
			continue
		}
		break
	}
	n := numeral{digits: b.String(), end: j}
	n.more(r)
	for j = n.end; j < len(r) && multiplier(r, j) > 0; j++ {
		n.exp += multiplier(r, j)
		n.end = j + 1
	}
	n.more(r)
	return n.settle()
}

// thousands says whether the comma at j separates thousands.
func thousands(r []rune, j int) bool {
	if j+3 >= len(r) || !isDigit(r[j+1]) || !isDigit(r[j+2]) || !isDigit(r[j+3]) {
		return false
	}
	return j+4 >= len(r) || !isDigit(r[j+4])
}

// multiplier is the power of ten of the character at j when it multiplies the
// digits before it, or 0. 千 and 百 do only before 万 and 亿 or a unit that does
// not begin with them (千瓦, 千米, 百分点).
func multiplier(r []rune, j int) int {
	next := rune(0)
	if j+1 < len(r) {
		next = r[j+1]
	}
	switch r[j] {
	case '万':
		return 4
	case '亿':
		return 8
	case '千':
		if strings.ContainsRune("瓦米克伏安卡焦字帕赫", next) {
			return 0
		}
		return 3
	case '百':
		if next == '分' || next == '米' {
			return 0
		}
		return 2
	}
	return 0
}

// more takes the words for "somewhat more".
func (n *numeral) more(r []rune) {
	if n.end < len(r) && strings.ContainsRune("多余几", r[n.end]) {
		n.end++
		n.approx = true
	}
}

// settle computes the value from the digits.
func (n numeral) settle() (numeral, bool) {
	v, err := strconv.ParseFloat(n.digits+"e"+strconv.Itoa(n.exp), 64)
	if err != nil || len(n.digits) > 20 {
		return n, false
	}
	n.value = v
	return n, true
}

// readChinese reads 八万, 二十五, 一百二十, 二〇二四, 两千余, 万亿, 百分之五,
// 三分之一 and 两成. 十四五 is not a number.
func readChinese(r []rune, i int) (numeral, bool) {
	if n, ok := fraction(r, i); ok {
		return n, true
	}
	j := i
	for j < len(r) && j-i < maxNumeral && isChineseNumeral(r[j]) && !unitStart(r, i, j) {
		j++
	}
	v, exp, ok := chinese(r[i:j])
	if !ok {
		return numeral{}, false
	}
	n := numeral{digits: strconv.FormatInt(v, 10), exp: exp, end: j, chinese: true}
	if exp == 0 {
		n.point(r)
	}
	if n.digits == "0" {
		return numeral{}, false // 零部件, 零工, 零距离
	}
	n.bare = strings.ContainsRune("十百千万亿", r[i]) && !hasDigit(r[i:j]) && r[i] != '十'
	n.more(r)
	for ; n.approx && n.end < len(r) && multiplier(r, n.end) >= 4; n.end++ {
		n.exp += multiplier(r, n.end)
	}
	if n.end < len(r) && r[n.end] == '成' && v >= 1 && v <= 10 && exp == 0 && !followedByHan(r, n.end, "立为员功果都本交品绩就熟长") {
		n.end++
		n.percent, n.exp = true, 1
	}
	return n.settle()
}

// point reads the decimals behind a Chinese number: 十二点五, 一点二亿.
func (n *numeral) point(r []rune) {
	j := n.end + 1
	if n.end >= len(r) || r[n.end] != '点' {
		return
	}
	var b strings.Builder
	for ; j < len(r) && j-n.end <= 4; j++ {
		d, ok := digitOf[r[j]]
		if !ok {
			break
		}
		b.WriteByte(byte('0' + d))
	}
	if b.Len() == 0 {
		return
	}
	n.digits, n.end = n.digits+"."+b.String(), j
	for ; n.end < len(r) && (r[n.end] == '万' || r[n.end] == '亿'); n.end++ {
		n.exp += multiplier(r, n.end)
	}
}

// followedByHan says whether one of the characters stands behind index i.
func followedByHan(r []rune, i int, set string) bool {
	return i+1 < len(r) && strings.ContainsRune(set, r[i+1])
}

func hasDigit(r []rune) bool {
	for _, c := range r {
		if _, ok := digitOf[c]; ok {
			return true
		}
	}
	return false
}

// unitStart says that the character at j begins a unit (千瓦) and not a power.
func unitStart(r []rune, i, j int) bool {
	return j > i && (r[j] == '千' || r[j] == '百') && multiplier(r, j) == 0
}

// fraction reads 百分之X, 千分之X and X分之Y as a percentage.
func fraction(r []rune, i int) (numeral, bool) {
	k := i
	for k < len(r) && k-i < 4 && isChineseNumeral(r[k]) {
		k++
	}
	if k+2 >= len(r) || k == i || r[k] != '分' || r[k+1] != '之' {
		return numeral{}, false
	}
	below, exp, ok := chinese(r[i:k])
	if !ok || below == 0 || exp != 0 {
		return numeral{}, false
	}
	top, ok := readNumeral(r, k+2)
	if !ok || top.percent {
		return numeral{}, false
	}
	if below == 1000 {
		top.chinese, top.perMille = true, true
		return top, true
	}
	v := top.value / float64(below) * 100
	return numeral{value: v, digits: strconv.FormatFloat(v, 'g', 6, 64), end: top.end, chinese: true, percent: true}, true
}

// chinese is the value of Chinese numeral characters as v·10^exp.
func chinese(r []rune) (v int64, exp int, ok bool) {
	if v, ok := inParts(r); ok {
		return v, 0, true
	}
	for len(r) > 1 && (r[len(r)-1] == '万' || r[len(r)-1] == '亿') {
		if r[len(r)-1] == '万' {
			exp += 4
		} else {
			exp += 8
		}
		r = r[:len(r)-1]
	}
	switch {
	case len(r) == 0 || len(r) > 16:
		return 0, 0, false
	case len(r) == 1 && r[0] == '万':
		return 1, exp + 4, true
	case len(r) == 1 && r[0] == '亿':
		return 1, exp + 8, true
	}
	v, ok = smallChinese(r)
	return v, exp, ok
}

// inParts reads 三十二亿五千万: what stands before 亿 or 万 and what behind it.
func inParts(r []rune) (int64, bool) {
	for _, p := range []struct {
		sign  rune
		value int64
	}{{'亿', 100_000_000}, {'万', 10_000}} {
		for i := 1; i < len(r)-1 && len(r) <= maxNumeral; i++ {
			if r[i] != p.sign || r[i+1] == '亿' {
				continue
			}
			high, exp, ok := chinese(r[:i])
			low, below, ok2 := chinese(r[i+1:])
			for ; below > 0 && ok2; below-- {
				low *= 10
			}
			return high*p.value + low, ok && ok2 && exp == 0 && low < p.value && high < 1_000_000
		}
	}
	return 0, false
}

// smallChinese reads digits in a row (二〇二四), or digits with powers, whose
// parts must fall (一万二千三百).
func smallChinese(r []rune) (int64, bool) {
	if row, ok := digitRow(r); ok {
		return row, true
	}
	var total, part, digit int64
	digit = -1
	last, zero := int64(1<<62), false
	for _, c := range r {
		if d, ok := digitOf[c]; ok {
			if digit > 0 || digit == 0 && !zero {
				return 0, false // 十四五
			}
			digit, zero = int64(d), d == 0
			continue
		}
		p, ok := powerOf[c]
		if !ok { // 万 or 亿 inside
			p = 10_000
			if c == '亿' {
				p = 100_000_000
			}
			part += max(digit, 0)
			if part == 0 {
				part = 1
			}
			total, part, digit, zero, last = total+part*p, 0, -1, false, p
			continue
		}
		if p >= last && part > 0 {
			return 0, false
		}
		if digit <= 0 {
			digit = 1
		}
		part, digit, zero, last = part+digit*p, -1, false, p
	}
	if digit > 0 {
		part += digit
	}
	return total + part, true
}

// digitRow reads digits without powers: one, or three and more (一二三 as in a
// year). Two in a row are a saying (三五).
func digitRow(r []rune) (int64, bool) {
	var v int64
	for _, c := range r {
		d, ok := digitOf[c]
		if !ok {
			return 0, false
		}
		v = v*10 + int64(d)
	}
	return v, len(r) == 1 || len(r) == 4
}
