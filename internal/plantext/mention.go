package plantext

import "strings"

// mention is a number with its unit in a sentence: characters [i, j). What says
// on which side the value lies stands in [j, tail): 以上, 左右.
type mention struct {
	i, j, tail int
	num        numeral
	high       *numeral // the upper end of a range
	unit       unitDef
	text       string
	side       string // 以上, 左右 behind the last number of a list that shares it
}

// comparatorTails stand behind a number.
var comparatorTails = []tailWord{
	{"及以上", AtLeast}, {"以上", AtLeast}, {"之上", AtLeast}, {"及以下", AtMost}, {"以下", AtMost}, {"以内", AtMost}, {"之内", AtMost}, {"之下", AtMost},
	{"左右", Around}, {"上下", Around}, {"内", AtMost},
}

type tailWord struct {
	word string
	side Comparator
}

// bareLead are words before a number that is only a power: 上千人, 突破千亿元.
var bareLead = []string{"上", "近", "逾", "超", "过", "破", "达", "数", "跨入", "迈上", "突破", "进入"}

// mentions finds the numbers of a sentence.
func (s *sentence) mentions() []*mention {
	var out []*mention
	for i := 0; i < len(s.r); i++ {
		if s.mask[i] || !isDigit(s.r[i]) && !isChineseNumeral(s.r[i]) {
			continue
		}
		m, next := s.mention(i)
		if m != nil {
			out = append(out, m)
		}
		i = max(i, next-1)
	}
	return out
}

// mention reads the number at i; next is where to look on.
func (s *sentence) mention(i int) (m *mention, next int) {
	n, ok := readNumeral(s.r, i)
	if !ok {
		return nil, s.numeralRun(i)
	}
	if end := ratioEnd(s.r, n.end); end > n.end && n.value == 1 {
		return nil, end // 床护比不低于1:0.6; of 2.8:1 the value is 2.8
	}
	m = &mention{i: i, num: n}
	end := m.readUnit(s.r)
	if high, after, ok := s.upper(end, m); ok {
		m.high, end = high, after
	}
	if m.unit.name == "" && n.exp >= 4 {
		m.unit = s.headcount(i, end)
	}
	if (m.unit.name == "期" || m.unit.name == "起") && (n.chinese || n.value < 10) {
		return nil, end // 二期, 三起: parts of a work, and none
	}
	if m.unit.name == "" && !s.index(i, end) || m.unit.dim == dimYears && !strings.HasSuffix(s.text(i-6, i), "限") && firstOf(s.text(i-8, i), []string{"年限", "寿命"}) == "" {
		return nil, max(end, n.end)
	}
	if s.saying(m) {
		return nil, end
	}
	m.j, m.tail = end, end
	for _, t := range comparatorTails {
		if hasAt(s.r, end, t.word) && !(t.word == "内" && !(m.unit.dim == dimTime)) {
			m.tail = end + len([]rune(t.word))
			break
		}
	}
	m.text = s.text(i, m.j)
	return m, m.tail
}

// ratioEnd is the end of a ratio whose first number ends at i, or i.
func ratioEnd(r []rune, i int) int {
	if i+1 < len(r) && strings.ContainsRune("：:∶", r[i]) && isDigit(r[i+1]) {
		if n, ok := readNumeral(r, i+1); ok {
			return n.end
		}
	}
	return i
}

// headcount is the unit of a number with 万 or 亿 but without a unit of its own,
// when the figure before it counts heads or visits: 接待人次突破500万.
func (s *sentence) headcount(i, end int) unitDef {
	if end < len(s.r) && !strings.ContainsRune("，。；、以左（）", s.r[end]) {
		return unitDef{}
	}
	before := s.text(i-12, i)
	switch {
	case strings.Contains(before, "人次"):
		return unitDef{"人次", dimPeople}
	case firstOf(before, []string{"人数", "人口", "持卡", "参保"}) != "":
		return unitDef{"人", dimPeople}
	case suffixWord(before, []string{"学位", "车位", "泊位", "岗位", "托位"}) != "":
		return unitDef{"个", dimCount}
	case suffixWord(before, []string{"床位"}) != "":
		return unitDef{"张", dimCount}
	case firstOf(before, []string{"户数", "主体总量", "主体总数"}) != "":
		return unitDef{"户", dimPeople}
	}
	return unitDef{}
}

// numeralRun is the end of numeral characters that are no number: 十四五.
func (s *sentence) numeralRun(i int) int {
	for i < len(s.r) && isChineseNumeral(s.r[i]) {
		i++
	}
	return i
}

// readUnit reads the unit behind the number, and gives the end of both.
func (m *mention) readUnit(r []rune) int {
	if m.num.percent {
		m.unit = unitDef{"%", dimShare}
		return m.num.end
	}
	if m.num.perMille {
		m.unit = unitDef{"‰", dimShare}
		return m.num.end
	}
	u, end, ok := readUnit(r, m.num.end)
	if !ok {
		return m.perMany(r)
	}
	m.unit = u
	if end < len(r) && strings.ContainsRune("多余", r[end]) { // 10个多
		end++
	}
	if u.name == "‰" {
		m.unit.dim = dimShare
	}
	return end
}

// perMany reads the unit of a rate per so many people: 8/10万. It gives the end
// of it, or of the number when there is none.
func (m *mention) perMany(r []rune) int {
	for _, w := range []string{"/10万", "/十万", "/万"} {
		if hasAt(r, m.num.end, w) {
			m.unit = unitDef{w, dimQuantity}
			return m.num.end + len([]rune(w))
		}
	}
	return m.num.end
}

// upper reads the upper end of a range that goes on at index end: 5%—6%, 300至400个.
func (s *sentence) upper(end int, m *mention) (*numeral, int, bool) {
	j := end
	for j < len(s.r) && j-end < 2 && strings.ContainsRune("—–-~～－至", s.r[j]) {
		j++
	}
	if j == end || j >= len(s.r) {
		return nil, end, false
	}
	high, ok := readNumeral(s.r, j)
	if !ok {
		return nil, end, false
	}
	u, after, ok := readUnit(s.r, high.end)
	switch {
	case high.percent:
		u, after, ok = unitDef{"%", dimShare}, high.end, true
	case m.unit.name == "" && ok:
		if m.num.exp < high.exp && high.exp > 0 { // 3—5万
			m.num.exp += high.exp
			m.num, _ = m.num.settle()
		}
		m.unit = u
	}
	if !ok || u != m.unit || high.value <= m.num.value {
		return nil, end, false
	}
	return &high, after, true
}

// indexLead are words before a number without a unit that is the value of an
// index: 综合指数降至4.8以下.
var indexLead = []string{"达到", "提高到", "提升到", "提高至", "提升至", "下降到", "降低到", "降至", "降到", "控制在", "不高于", "不低于", "不超过", "从", "由", "稳定在", "保持在", "不大于", "小于", "低于", "高于", "增加到", "增至"}

// index says whether the number [i, end) without a unit is worth a look.
func (s *sentence) index(i, end int) bool {
	if !isDigit(s.r[i]) {
		return false
	}
	before := s.text(i-4, i)
	for _, w := range indexLead {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return hasAt(s.r, end, "以上") || hasAt(s.r, end, "以下") || hasAt(s.r, end, "左右") || hasAt(s.r, end, "以内")
}

// lineNames are kinds of roads and railways that are named by the places at their
// ends, some of which are numerals.
var lineNames = []string{"高速", "铁路", "高铁", "公路", "城际", "大道", "快线"}

// line says that a numeral and what looks like its unit are the short names of two
// places (四台高速).
func (s *sentence) line(m *mention) bool {
	return strings.ContainsAny(m.unit.name, "双台株") && startOf(s.text(m.behindUnit(), m.behindUnit()+2), lineNames) != ""
}

// behindUnit is the index behind a unit of one character.
func (m *mention) behindUnit() int { return m.num.end + 1 }

// sayings are Chinese numbers that count nothing: 一批, 千家万户, 三农.
func (s *sentence) saying(m *mention) bool {
	if !m.num.chinese || m.num.percent {
		return false
	}
	before := s.text(m.i-2, m.i)
	if m.num.bare {
		if m.unit.dim == dimMoney {
			return false
		}
		if hasAt(s.r, m.num.end+len([]rune(m.unit.name)), "以上") {
			return false
		}
		for _, w := range bareLead {
			if strings.HasSuffix(before, w) {
				return false
			}
		}
		return true
	}
	if m.num.value == 1 && m.num.exp == 0 {
		w, _ := lastOf(s.text(m.i-5, m.i), []string{"新建", "建成", "新增", "新建成", "创建"})
		return w == "" || strings.ContainsAny(m.unit.name, "批类次部组级片段道种")
	}
	if m.unit.name == "路" || m.num.value < 10 && m.unit.dim == dimCount && s.line(m) {
		return true // 园区六路; a line named by its ends: 四台高速
	}
	if m.unit.name == "类" || m.unit.name == "方" || m.unit.name == "分" || m.unit.name == "次" {
		return true
	}
	return m.unit.dim == dimTime && m.unit.name == "日" || strings.HasSuffix(before, "第")
}
