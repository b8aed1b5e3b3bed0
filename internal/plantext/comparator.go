package plantext

import "strings"

// sideWord is an expression before a number that says on which side the value
// is to lie.
type sideWord struct {
	word string
	side Comparator
}

// sideWords are looked for in the last characters before a number; the one that
// ends last counts, of two the longer.
var sideWords = []sideWord{
	{"≥", AtLeast}, {"≤", AtMost}, {">", Above}, {"<", Below}, {"不少于", AtLeast}, {"不低于", AtLeast}, {"不小于", AtLeast}, {"至少", AtLeast}, {"达到", AtLeast}, {"达", AtLeast}, {"突破", AtLeast}, {"跨上", AtLeast}, {"迈上", AtLeast}, {"站上", AtLeast}, {"提高到", AtLeast}, {"提升到", AtLeast}, {"提高至", AtLeast}, {"提升至", AtLeast},
	{"增加到", AtLeast}, {"增至", AtLeast}, {"稳定在", AtLeast}, {"保持在", AtLeast}, {"超过", Above}, {"高于", Above}, {"大于", Above}, {"快于", Above}, {"多于", Above}, {"优于", Above}, {"逾", Above}, {"超", Above},
	{"不超过", AtMost}, {"不得超过", AtMost}, {"不得高于", AtMost}, {"不得低于", AtLeast}, {"不得少于", AtLeast}, {"不高于", AtMost}, {"不大于", AtMost}, {"不多于", AtMost}, {"不突破", AtMost}, {"控制在", AtMost}, {"降至", AtMost}, {"降到", AtMost}, {"下降到", AtMost}, {"下降至", AtMost}, {"降低到", AtMost}, {"降低至", AtMost}, {"减至", AtMost}, {"减少到", AtMost}, {"压减至", AtMost}, {"压减到", AtMost},
	{"约", Around}, {"约为", Around}, {"大约", Around}, {"缩小到", AtMost}, {"缩小至", AtMost}, {"压缩至", AtMost}, {"压缩到", AtMost}, {"缩短至", AtMost}, {"缩短到", AtMost}, {"低于", Below}, {"小于", Below}, {"少于", Below}, {"快于", Above},
}

// comparator says on which side the value of a number is promised.
func (s *sentence) comparator(m *mention, from int, phrase string, kind ValueKind) Comparator {
	if m.high != nil {
		return Between
	}
	for _, t := range comparatorTails {
		if m.tail > m.j && hasAt(s.r, m.j, t.word) || m.side == t.word {
			return t.side
		}
	}
	side, end, size := Comparator(""), 0, 0
	before := s.text(max(from, m.i-nearSpan), m.i)
	for _, w := range sideWords {
		if len(w.word) == len("超") && !strings.HasSuffix(before, w.word) {
			continue // 超 of 超长期
		}
		if i := strings.LastIndex(before, w.word); i >= 0 && (i+len(w.word) > end || i+len(w.word) == end && len(w.word) > size) {
			side, end, size = w.side, i+len(w.word), len(w.word)
		}
	}
	low := kind == Level && m.unit.dim == dimQuantity && firstOf(phrase, lowerIsBetter) != ""
	if side == AtLeast && low && suffixWord(before, []string{"达到", "达"}) != "" {
		return AtMost // PM2.5浓度达到40微克/立方米
	}
	if side != "" {
		return side
	}
	counted := m.unit.dim == dimCount || m.unit.dim == dimPeople
	if kind == Level && firstOf(phrase, lowerIsBetter) != "" && (!counted || firstOf(phrase, []string{"事故", "逾期", "死亡"}) != "") || kind == Growth && strings.Contains(phrase, "消费价格") {
		return AtMost
	}
	return AtLeast
}

// kindOf says what a number measures, and in which direction it is to change.
func (s *sentence) kindOf(m *mention, from int, phrase string) (kind ValueKind, direction string) {
	before := s.text(max(from, m.i-nearSpan), m.i)
	for _, w := range sideWords {
		before = strings.TrimSuffix(before, w.word)
	}
	full := s.text(max(from, m.i-nearSpan), m.i)
	to, toEnd := lastOf(full, toVerbs)
	up, upEnd := lastOf(before, upVerbs)
	down, downEnd := lastOf(before, downVerbs)
	if to != "" && to != "达" && to != "达到" && toEnd > max(upEnd, downEnd)-len("到") {
		return levelOr(m, phrase), ""
	}
	switch {
	case m.unit.dim == dimPoint:
		kind = Change
	case m.unit.dim == dimShare || m.unit.dim == dimTimes:
		kind = Growth
	default:
		kind = Change
	}
	if m.unit.dim != dimShare && m.unit.dim != dimPoint && (up == "提升" || up == "提高" || up == "扩大") && downEnd < upEnd {
		return Level, "" // 改造提升10万亩
	}
	switch {
	case down != "" && downEnd >= upEnd:
		return kind, "down"
	case up != "" && !(kind == Change && m.unit.dim != dimPoint && up == "新增"):
		return kind, "up"
	case m.unit.dim == dimPoint:
		return Change, ""
	case firstOf(phrase, []string{"增速", "增长率", "涨幅", "增幅"}) != "" && m.unit.dim == dimShare:
		return Growth, "up"
	case strings.HasSuffix(phrase, "增量"):
		return Change, "up"
	}
	return levelOr(m, phrase), ""
}

// levelOr is coverage for a share of a list, level otherwise.
func levelOr(m *mention, phrase string) ValueKind {
	if m.unit.dim == dimShare && (strings.Contains(phrase, "覆盖") && firstOf(phrase, []string{"森林", "林草", "植被", "绿化", "草原", "林木"}) == "" || m.num.value == 100) {
		return Coverage
	}
	return Level
}

// baselineWords lead to the value that a promise starts from.
var baselineWords = []string{"从", "由"}

// baselineAt is the index of 从 or 由 before the first number of [i, j), or 0.
func baselineAt(s *sentence, i, j int) int {
	for k := max(i, j-24); k < j; k++ {
		if (s.r[k] == '从' || s.r[k] == '由') && k+1 < j && (isDigit(s.r[k+1]) || firstOf(s.text(k+1, k+9), []string{"去年", "上年", "目前", "现在", "当前", "20"}) != "") {
			return k
		}
	}
	return 0
}

// isBaseline says whether a number is where another starts from: 从2.92提高到,
// 在去年…基础上.
func (s *sentence) isBaseline(m, next *mention, c clause) bool {
	if strings.HasSuffix(s.text(c.i, c.j), "基础上") || strings.Contains(s.text(m.j, min(c.j, m.j+24)), "基础上") {
		return true
	}
	if next == nil {
		return false
	}
	before, between := s.text(max(c.i, m.i-10), m.i), s.text(m.j, next.i)
	w, _ := lastOf(before, baselineWords)
	to := firstOf(between, []string{"提高到", "提升到", "提高至", "提升至", "增加到", "增至", "扩大到", "降至", "降到", "下降到", "下降至", "降低到", "减少到", "压缩到", "压缩至", "缩短至", "缩短到", "上升到", "提至", "调整为", "调整到", "到", "至", "增长到", "拓展到", "扩展到", "压减至", "压减到"})
	return w != "" && to != "" && len([]rune(between)) < 14
}
