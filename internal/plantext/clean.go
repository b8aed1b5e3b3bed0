package plantext

import "unicode"

// take adds a line to the flow in the form in which it is read: full-width
// digits and Latin letters narrow, Chinese marks for ASCII ones between Chinese
// characters, no white space inside Chinese text, no tags (<sub>), no hyphen at
// the end of a broken word.
func (f *flow) take(text []rune, l line) {
	if n := len(f.r); n > 0 && f.r[n-1] == '-' && l.start < l.end && latin(text[l.start]) {
		f.r, f.at = f.r[:n-1], f.at[:n-1]
	} else if n > 0 && l.start < l.end && word(f.r[n-1]) && word(text[l.start]) && !isDigit(text[l.start]) {
		f.add(' ', l.start)
	}
	for i := l.start; i < l.end; i++ {
		if text[i] == '<' {
			if end := tagEnd(text, i, l.end); end > 0 {
				i = end
				continue
			}
		}
		c := narrow(text[i])
		if l.kind != lineTable && blank(c) {
			switch {
			case f.keepsSpace(text, i, l.end):
				c = ' '
			case parted(text, i, l):
				c = '，'
			default:
				continue
			}
		}
		f.add(f.mark(text, i, l.end, c), i)
	}
}

// tagEnd is the index of the > of a tag of markup that begins at i, or 0.
func tagEnd(text []rune, i, end int) int {
	const longestTag = 12
	j := i + 1
	if j < end && text[j] == '/' {
		j++
	}
	if j >= end || !latin(text[j]) {
		return 0
	}
	for ; j < end && j-i < longestTag; j++ {
		if text[j] == '>' {
			return j
		}
	}
	return 0
}

func latin(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func word(r rune) bool { return latin(r) || isDigit(r) }

func han(r rune) bool { return unicode.Is(unicode.Han, r) || r == '〇' }

// narrow is the half-width form of a full-width digit, letter or percent sign.
func narrow(r rune) rune {
	switch {
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ', r == '％', r == '／', r == '＋', r == '＜', r == '＞':
		return r - 0xFEE0
	case r == '．':
		return '.'
	case r == 'µ':
		return 'μ'
	case r == '×':
		return 'x'
	}
	return r
}

// keepsSpace says whether white space at i stands between two words of Latin
// letters or digits, and so is kept, once.
func (f *flow) keepsSpace(text []rune, i, end int) bool {
	n := len(f.r)
	if n == 0 || !word(f.r[n-1]) {
		return false
	}
	for i < end && blank(text[i]) {
		i++
	}
	return i < end && word(narrow(text[i])) && !(isDigit(f.r[n-1]) && isDigit(narrow(text[i])))
}

// parted says that white space at i of a line without marks divides two phrases,
// as in the headlines of newspapers: 两座水厂超额完成任务 城东泵站3月底通水.
func parted(text []rune, i int, l line) bool {
	const shortest, longest = 6, 40
	if l.end-l.start > longest || i == l.start || inSentence(text[l.start:l.end]) || !han(text[i-1]) || i+1 >= l.end || !han(text[i+1]) {
		return false
	}
	return run(text[l.start:i], -1) >= shortest && run(text[i+1:l.end], 1) >= shortest
}

// run is how many characters without white space a text begins with (step 1) or
// ends with (step -1).
func run(r []rune, step int) int {
	i := 0
	if step < 0 {
		i = len(r) - 1
	}
	n := 0
	for ; i >= 0 && i < len(r) && !blank(r[i]); i += step {
		n++
	}
	return n
}

// mark gives the Chinese form of an ASCII mark in Chinese text.
func (f *flow) mark(text []rune, i, end int, c rune) rune {
	inNumber := i > 0 && i+1 < end && isDigit(narrow(text[i-1])) && isDigit(narrow(text[i+1]))
	switch c {
	case ',', '，':
		if inNumber && thousands(text[:end], i) {
			return ','
		}
		return '，'
	case ';':
		return '；'
	case ':':
		return '：'
	case '(':
		return '（'
	case ')':
		return '）'
	case '!':
		return '！'
	case '?':
		return '？'
	}
	return c
}
