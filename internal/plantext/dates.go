package plantext

// feast is a day of the year that texts name instead of its date.
type feast struct {
	word       string
	month, day int
}

// in is the day of the feast in a year; "" when it moves or the year is unknown.
func (f feast) in(year int) string {
	if f.month == 0 {
		return ""
	}
	return dayOf(year, f.month, f.day)
}

// feasts with a fixed date. That of the spring moves with the moon: it dates a
// promise, to a day that only the text is told.
var feasts = []feast{{"国庆节", 10, 1}, {"国庆", 10, 1}, {"十一", 10, 1}, {"五一", 5, 1}, {"七一", 7, 1}, {"八一", 8, 1}, {"元旦", 1, 1}, {"六一", 6, 1}, {"劳动节", 5, 1}, {"春节", 0, 0}, {"秋季开学", 9, 1}, {"秋季学期", 9, 1}}

// feastAt reads a feast by which, or at which, something is to be.
func (s *sentence) feastAt(i, year int) (deadline, bool) {
	for _, f := range feasts {
		for _, w := range []string{f.word, "“" + f.word + "”"} {
			if hasAt(s.r, i, w+"前") || hasAt(s.r, i, w+"期间") || hasAt(s.r, i, w+"之前") || hasAt(s.r, i, w) && startOf(s.text(i+len([]rune(w)), i+len([]rune(w))+4), firmDeeds) != "" {
				n := len([]rune(w))
				for _, tail := range []string{"前", "期间", "之前"} {
					if hasAt(s.r, i+n, tail) {
						n += len([]rune(tail))
						break
					}
				}
				return deadline{i: i, j: i + n, due: f.in(yearOf(year, 0)), exact: true}, true
			}
		}
	}
	return deadline{}, false
}

// planAt reads the end of a five-year plan that is not over.
func (s *sentence) planAt(i, year int) (deadline, bool) {
	for name, end := range fiveYearPlans {
		if end < year {
			continue // a plan that is over sets no date
		}
		for _, w := range []string{name, "“" + name + "”"} {
			if hasAt(s.r, i, w) && firstOf(s.text(i+len([]rune(w)), i+len([]rune(w))+3), []string{"末", "期间", "时期", "期末"}) != "" {
				return deadline{i: i, j: i + len([]rune(w)) + 1, due: endOf(end, 12), exact: true}, true
			}
		}
	}
	return deadline{}, false
}

// chineseDate reads 十月底, 七月一日前, 今后五年.
func (s *sentence) chineseDate(i, year int) (deadline, bool) {
	if i > 0 && isChineseNumeral(s.r[i-1]) {
		return s.spanOfYears(i, year)
	}
	switch n, ok := readNumeral(s.r, i); {
	case !ok || n.percent || n.exp != 0:
	case n.value >= 1 && n.value <= 12 && hasAt(s.r, n.end, "月"):
		return s.monthDate(i, n.end+1, yearOf(year, 0), int(n.value))
	case n.value >= 1990 && n.value <= 2100 && n.end-i == 4 && hasAt(s.r, n.end, "年"): // 二〇三五年
		return s.inYear(i, n.end+1, int(n.value), year)
	}
	return s.spanOfYears(i, year)
}

// spanOfYears reads 今后5年, 未来三年, 利用3年时间, 3年内, 用两到三年时间.
func (s *sentence) spanOfYears(i, year int) (deadline, bool) {
	j, lead := i, 0
	for _, w := range []string{"未来", "往后", "利用", "用"} {
		if hasAt(s.r, i, w) {
			lead = len([]rune(w))
			j = i + lead
			break
		}
	}
	if i >= 2 && hasAt(s.r, i-2, "今后") {
		lead, i = 2, i-2
	}
	n, ok := readNumeral(s.r, j)
	if !ok || n.value < 1 || n.value > 30 {
		return deadline{}, false
	}
	if hasAt(s.r, n.end, "到") || hasAt(s.r, n.end, "至") {
		if high, ok := readNumeral(s.r, n.end+1); ok {
			n = high
		}
	}
	if !hasAt(s.r, n.end, "年") {
		return deadline{}, false
	}
	end := n.end + 1
	use := lead > 0 && s.r[i] != '未' && s.r[i] != '今'
	switch {
	case hasAt(s.r, end, "时间") || hasAt(s.r, end, "左右时间"):
		end, use = end+2, true
	case hasAt(s.r, end, "内"):
		end++
	case lead == 0 || use:
		return deadline{}, false
	}
	d := deadline{i: i, j: end, due: endOf(yearOf(year, int(n.value)-1), 12), exact: true}
	if use && s.para != nil && s.para.day[0] > 0 { // counted from the day that the text reports
		d.due = dayOf(yearOf(year, int(n.value)), s.para.day[0], s.para.day[1])
	}
	return d, true
}
