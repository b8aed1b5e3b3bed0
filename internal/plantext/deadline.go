package plantext

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// deadline is a date by which, or from which, something is promised.
type deadline struct {
	i, j  int    // characters of the sentence
	text  string // as written
	due   string // YYYY-MM-DD; "" when the year is unknown
	from  string
	exact bool // it names more than the running year: 9月底前, 年底, 到2025年
}

// dueWord is a fixed expression of a date: so many years after the text's, and
// the month in which it ends.
type dueWord struct {
	word  string
	years int
	month int
	exact bool
}

// dueWords in the order of the look: longer ones first.
var dueWords = []dueWord{
	{"今年年底前", 0, 12, true}, {"今年年底", 0, 12, true}, {"今年底前", 0, 12, true}, {"今年底", 0, 12, true}, {"今年年内", 0, 12, true}, {"今年内", 0, 12, true}, {"今年上半年", 0, 6, true}, {"明年年底前", 1, 12, true},
	{"明年底前", 1, 12, true}, {"明年底", 1, 12, true}, {"明年上半年", 1, 6, true}, {"明年", 1, 12, false}, {"后年", 2, 12, true}, {"年底之前", 0, 12, true}, {"年底以前", 0, 12, true}, {"年底前", 0, 12, true}, {"年末前", 0, 12, true},
	{"年底", 0, 12, true}, {"年末", 0, 12, true}, {"岁末", 0, 12, true}, {"年终", 0, 12, true}, {"年内", 0, 12, true}, {"当年", 0, 12, true}, {"上半年", 0, 6, true}, {"下半年", 0, 12, true}, {"前三季度", 0, 9, true}, {"一季度", 0, 3, true}, {"第一季度", 0, 3, true},
	{"二季度", 0, 6, true}, {"三季度", 0, 9, true}, {"四季度", 0, 12, true}, {"今年", 0, 12, false}, {"全年", 0, 12, false}, {"本年度", 0, 12, false}, {"本年", 0, 12, false},
}

// fiveYearPlans end in these years.
var fiveYearPlans = map[string]int{"十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}

// deadlines finds the dates of a sentence. year is the text's, 0 when unknown.
func (s *sentence) deadlines(year int) []deadline {
	var out []deadline
	s.dated = false
	carried := 0
	for i := 0; i < len(s.r); i++ {
		base := year
		if s.partOfYear(i) && !strings.HasSuffix(s.text(i-2, i), "今年") {
			base = max(base, carried)
		}
		if strings.HasSuffix(s.text(i-2, i), "明年") {
			base = yearOf(year, 1) // 明年4月开放, 明年年底通车
		}
		d, ok := s.deadlineAt(i, base)
		if !ok {
			continue
		}
		d.text = s.text(d.i, d.j)
		s.dated = s.dated || d.exact
		if years := yearsIn(d.text); len(years) > 0 && years[0] > year {
			carried = years[0] // 预计2026年6月建成，9月启用
		}
		out = append(out, d)
		i = d.j - 1
	}
	return out
}

// partOfYear says that a month or another part of a year stands at i.
func (s *sentence) partOfYear(i int) bool {
	return isDigit(s.r[i]) && (hasAt(s.r, i+1, "月") || hasAt(s.r, i+2, "月")) || startOf(s.text(i, i+4), []string{"年底", "年末", "上半年", "下半年", "一季度", "二季度", "三季度", "四季度", "前三季度"}) != ""
}

func (s *sentence) deadlineAt(i, year int) (deadline, bool) {
	switch r := s.r[i]; {
	case isDigit(r) && (i == 0 || !isDigit(s.r[i-1]) && s.r[i-1] != '.'):
		return s.numericDate(i, year)
	case strings.ContainsRune("今明后年岁上下前一二三四全本当第", r):
		for _, w := range dueWords {
			if hasAt(s.r, i, w.word) && !s.partOf(i, w) {
				return deadline{i: i, j: i + len([]rune(w.word)), due: endOf(yearOf(year, w.years), w.month), exact: w.exact || i > 0 && s.r[i-1] == '于'}, true
			}
		}
		if isChineseNumeral(r) {
			return s.chineseDate(i, year)
		}
	case strings.ContainsRune("未往", r) || r == '利' || r == '用':
		return s.spanOfYears(i, year)
	case isChineseNumeral(r):
		if d, ok := s.chineseDate(i, year); ok {
			return d, true
		}
	}
	if !strings.ContainsRune("国十五七八元六劳本秋春“", s.r[i]) {
		return deadline{}, false
	}
	if d, ok := s.feastAt(i, year); ok {
		return d, true
	}
	if d, ok := s.planAt(i, year); ok {
		return d, true
	}
	if hasAt(s.r, i, "本世纪中叶") {
		return deadline{i: i, j: i + 5, due: endOf(2050, 12), exact: true}, true
	}
	return deadline{}, false
}

// partOf says that the word at i is part of a longer one that is no date:
// 去年底, 历年, 今年以来, 全年申报.
func (s *sentence) partOf(i int, w dueWord) bool {
	before, after := rune(0), s.text(i+len([]rune(w.word)), i+len([]rune(w.word))+2)
	if i > 0 {
		before = s.r[i-1]
	}
	if strings.HasPrefix(w.word, "年") && (isDigit(before) || strings.ContainsRune("去前每历近周常多当两三五", before)) {
		return true
	}
	if strings.HasPrefix(w.word, "今后") || w.word == "后年" && before == '今' || w.word == "当年" && after != "底" {
		return true
	}
	return strings.HasPrefix(after, "以来") || w.word == "上半年" && before == '年' && i > 1 && s.r[i-2] == '去'
}

// numericDate reads 9月底前, 7月1日起, 2025年底, 到2035年, 3年内.
func (s *sentence) numericDate(i, year int) (deadline, bool) {
	n, ok := readNumeral(s.r, i)
	if !ok || n.exp > 0 || n.digits == "" || strings.Contains(n.digits, ".") {
		return deadline{}, false
	}
	v, j := int(n.value), n.end
	if v >= 1990 && v <= 2100 && hasAt(s.r, j, "年") {
		return s.inYear(i, j+1, v, year)
	}
	if v >= 1 && v <= 12 && hasAt(s.r, j, "月") {
		return s.monthDate(i, j+1, yearOf(year, 0), v)
	}
	return s.spanOfYears(i, year)
}

// inYear reads what follows 2025年. A year before the text's is no deadline.
func (s *sentence) inYear(i, j, v, year int) (deadline, bool) {
	if v < year || i > 0 && strings.ContainsRune("由从比较以", s.r[i-1]) {
		return deadline{}, false
	}
	if j < len(s.r) && isDigit(s.r[j]) {
		if n, ok := readNumeral(s.r, j); ok && n.value >= 1 && n.value <= 12 && hasAt(s.r, n.end, "月") {
			return s.monthDate(i, n.end+1, v, int(n.value))
		}
	}
	d := deadline{i: i, j: j, due: endOf(v, 12), exact: v > year || suffixWord(s.text(i-4, i), dueLeads) != ""}
	for _, w := range []string{"年底前", "底前", "年底", "底", "年末", "末", "上半年", "前三季度", "一季度", "二季度", "三季度", "四季度", "前", "内"} {
		if hasAt(s.r, j, w) {
			d.j, d.exact = j+len([]rune(w)), true
			if n := slices.IndexFunc(dueWords, func(q dueWord) bool { return q.word == w && q.month < 12 }); n >= 0 {
				d.due = endOf(v, dueWords[n].month)
			}
			break
		}
	}
	if d.i > 0 && (s.r[d.i-1] == '到' || s.r[d.i-1] == '至') {
		d.i--
		d.exact = true
	}
	return d, true
}

// monthDate reads what follows a month: 底前, 末, 前, 1日起, 1日前.
func (s *sentence) monthDate(i, j, year, month int) (deadline, bool) {
	d := deadline{i: i, exact: true, due: endOf(year, month)}
	for _, w := range []string{"底之前", "底以前", "底前", "底", "末前", "末", "份前", "前", "中旬前", "上旬前", "下旬前", "中旬", "上旬", "下旬"} {
		if hasAt(s.r, j, w) {
			d.j = j + len([]rune(w))
			switch {
			case w == "前" || w == "份前":
				d.due = endOf(year, month-1) // of month 0: the year before
			case strings.HasPrefix(w, "中旬"):
				d.due = dayOf(year, month, 20)
			case strings.HasPrefix(w, "上旬"):
				d.due = dayOf(year, month, 10)
			}
			return d, true
		}
	}
	n, ok := readNumeral(s.r, j)
	if !ok || n.value < 1 || n.value > 31 || !hasAt(s.r, n.end, "日") {
		return s.bareMonth(d, j)
	}
	d.due = dayOf(year, month, int(n.value))
	if until, end := s.until(n.end+1, year); until != "" {
		d.from, d.due, d.j = d.due, until, end // 2025年10月1日至2026年3月31日
		return d, true
	}
	for _, w := range []string{"起", "开始", "以前", "之前", "前"} {
		if hasAt(s.r, n.end+1, w) {
			d.j = n.end + 1 + len([]rune(w))
			if w == "起" || w == "开始" {
				d.from = d.due
			}
			return d, true
		}
	}
	if s.announced(i) {
		d.j = n.end + 1
		return d, true
	}
	if s.para != nil {
		s.para.day = [2]int{month, int(n.value)} // the day of a meeting
	}
	return d, false
}

// announced says that a day at i is one by which something will be, and not that
// of an event: 预计7月1日建成, or one behind another date.
func (s *sentence) announced(i int) bool {
	before := s.text(i-6, i)
	for _, y := range yearsIn(before + "年") {
		before = strings.TrimSuffix(before, strconv.Itoa(y)+"年")
	}
	return s.dated || suffixOf(before, append([]string{"拟", "力争于", "确保", "定于", "力争在", "将在"}, dueLeads...))
}

// until is the last day of a span of days that goes on at j (至2026年3月31日), and
// the index behind it; "" when none does.
func (s *sentence) until(j, year int) (string, int) {
	for _, w := range []string{"起至", "至", "到", "—", "-"} {
		if !hasAt(s.r, j, w) {
			continue
		}
		parts, at := [3]int{year}, j+len([]rune(w))
		for n, sign := range []string{"年", "月", "日"} {
			v, ok := readNumeral(s.r, at)
			if ok && hasAt(s.r, v.end, sign) {
				parts[n], at = int(v.value), v.end+1
			}
		}
		if parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31 || parts[0] > 2100 {
			return "", j
		}
		return dayOf(parts[0], parts[1], parts[2]), at
	}
	return "", j
}

// bareMonth reads a month that stands directly before a deed: 9月份举办, 11月建成.
func (s *sentence) bareMonth(d deadline, j int) (deadline, bool) {
	if hasAt(s.r, j, "份") {
		j++
	}
	before := s.text(d.i-4, d.i)
	if suffixWord(before, dueLeads) != "" {
		d.j = j
		return d, true // 预计2026年4月，主体将完工
	}
	if strings.HasSuffix(before, "年") && suffixWord(before, []string{"今年", "明年"}) == "" || startOf(s.text(j, j+4), softDeeds) == "" && firstOf(s.text(j, j+6), firmDeeds) == "" && firstOf(s.text(j, j+6), datedDeeds) == "" {
		return d, false
	}
	d.j = j
	return d, strings.LastIndex(s.text(j, j+6), "以来") < 0
}

// leads says that a date stands at the beginning of its clause, and so may
// govern the clauses behind it.
func (s *sentence) leads(d deadline) bool {
	c := s.clauses[s.clauseAt(d.i)]
	if behind := s.text(d.j, c.j); suffixOf(behind, []string{"目标", "愿景", "蓝图", "目标是", "目标为"}) && (strings.HasPrefix(behind, "的") || firstOf(d.text, yearsAhead) != "") {
		return true // 展望了到2035年的奋斗目标，…
	}
	return skipLead(s.r, c.i, c.j) >= d.i || d.i-c.i <= 1
}

// yearOf is the year so many years after the text's; 0 when that is unknown.
func yearOf(year, after int) int {
	if year == 0 {
		return 0
	}
	return year + after
}

// endOf is the last day of a month.
func endOf(year, month int) string {
	if year == 0 {
		return ""
	}
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func dayOf(year, month, day int) string {
	if year == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, min(day, time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()))
}

// itemAt are the ends of the item of a list within the clause that holds
// character i.
func (c clause) itemAt(r []rune, i int) (from, to int) {
	from, to = min(i, c.j), i
	for from > c.i && r[from-1] != '、' {
		from--
	}
	for to < c.j && r[to] != '、' {
		to++
	}
	return from, to
}

// dueAt chooses the date that governs the characters [i, j) of clause k: the
// nearest before in the clause, one behind in the clause, the last before in
// the sentence, and what the paragraph began with.
func (s *sentence) dueAt(all []deadline, k, i int) deadline {
	var before, inside, earlier deadline
	c := s.clauses[k]
	from, to := c.itemAt(s.r, i)
	for _, d := range all {
		if d.exact && d.i >= from && d.j <= to {
			return d // 80个上半年开工、60个年内竣工
		}
	}
	for _, d := range all {
		switch {
		case d.j <= c.i:
			if s.leads(d) {
				earlier = d
			}
		case d.i >= c.i && d.j <= i && (d.exact || !before.exact):
			before = d
		case d.i >= i && d.j <= c.j && inside.text == "":
			inside = d
		}
	}
	for _, d := range []deadline{before, inside, earlier, s.para.until, s.para.due} {
		if d.text != "" {
			return d
		}
	}
	return deadline{}
}
