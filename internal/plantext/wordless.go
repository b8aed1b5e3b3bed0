package plantext

import "strings"

// full are words that promise all of something; empty that nothing is left.
var (
	full  = []string{"全覆盖", "全面覆盖", "全部", "100%覆盖", "全员", "应保尽保", "应收尽收", "应纳尽纳", "应接尽接", "应改尽改", "应享尽享", "应转尽转", "全域覆盖", "全面清零", "村村通", "县县通", "户户通", "村村有"}
	empty = []string{"清零", "零新增", "零增长", "零死亡", "零上访"}
)

// relations are words that measure a figure by another. %s stands for the other.
var relations = []sideWord{
	{"基本同步", Around}, {"保持同步", Around}, {"同步增长", Around}, {"同步", Around}, {"不低于", AtLeast}, {"高于", Above}, {"快于", Above}, {"优于", Above}, {"好于", Above}, {"低于", Below}, {"不高于", AtMost}, {"跑赢", Above}, {"达到", AtLeast},
}

// others are what a figure is measured by.
var others = []string{"全国", "全省", "全市", "省", "市", "国家", "平均", "经济", "GDP", "地区生产总值", "城镇", "上年", "去年", "周边", "同期", "国", "财政", "居民", "预期", "工业", "一般", "全县", "全区", "农民", "农村", "中部", "西部", "东部", "各项", "其他", "同行业", "同类"}

// wordless judges a clause without a number: a full coverage, a figure measured
// by another, a milestone.
func (rd *reader) wordless(s *sentence, k int, due []deadline) {
	c := s.clauses[k]
	text := s.text(c.i, c.j)
	d := s.dueAt(due, k, c.j)
	switch {
	case rd.doubling(s, k, text, d):
	case rd.relative(s, k, text, d):
	case rd.covering(s, k, text, d):
	default:
		rd.milestone(s, k, text, d, due)
	}
}

// doublings are words for growth by whole multiples, in percent.
var doublings = []struct {
	word    string
	percent float64
}{{"翻两番", 300}, {"翻一番", 100}, {"翻番", 100}, {"翻一倍", 100}, {"实现倍增", 100}}

// doubling proposes 翻一番 as a growth of 100 %.
func (rd *reader) doubling(s *sentence, k int, text string, d deadline) bool {
	for _, w := range doublings {
		if !strings.Contains(text, w.word) {
			continue
		}
		c := s.clauses[k]
		e, ok := rd.weighWord(s, k, d, "number", w.word, numberBase)
		if !ok {
			return true
		}
		t := rd.target(s, k, s.clauseStart(c), c.j, d, e)
		v := w.percent
		t.Value, t.BaseValue, t.Number, t.Unit, t.BaseUnit, t.ValueKind, t.Direction, t.Comparator = &v, &v, w.word, "%", "%", Growth, "up", AtLeast
		t.IndicatorPhrase = s.around(c, w.word)
		rd.propose(t)
		s.para.subject = t.IndicatorPhrase
		return true
	}
	return false
}

// covering proposes 全覆盖, 全部, 均 as 100 % and 清零 as none left.
func (rd *reader) covering(s *sentence, k int, text string, d deadline) bool {
	w, value := realFull(text), 100.0
	if w == "" {
		if w = firstOf(text, empty); w == "" {
			return false
		}
		value = 0
	}
	c := s.clauses[k]
	e := &evidence{}
	e.add("coverage", w, numberBase)
	e.surroundings(s, k, d, planSection, futureTime)
	e.weigh(s, numberCues, k, c.j, c.j)
	e.weigh(s, []cue{{"done", -0.4, inClause, doneCue.words}, {"meeting", -0.4, inClause, []string{"会议", "监督", "从严治党", "巡察", "审计", "安全生产", "排查", "责任"}}}, k, c.j, c.j)
	if w == "均" || w == "全部" || w == "全员" {
		e.add("common_word", w, -0.03)
	} else {
		e.add("coverage_word", w, 0.12)
	}
	if e.confidence() < accepted {
		rd.rejectClause(s, c, e)
		return false
	}
	t := rd.target(s, k, s.clauseStart(c), c.j, d, e)
	t.Value, t.BaseValue, t.Number, t.Unit, t.BaseUnit, t.ValueKind, t.Comparator = &value, &value, w, "%", "%", Coverage, AtLeast
	if value == 0 {
		t.Unit, t.BaseUnit, t.ValueKind, t.Comparator = "件", "件", Level, AtMost
	}
	t.IndicatorPhrase = s.around(c, w)
	rd.propose(t)
	s.para.subject = t.IndicatorPhrase
	return true
}

// realFull finds a word of full coverage; 均 counts only before a verb, and not
// in 平均 or 人均.
func realFull(text string) string {
	if w := realWord(text, full); w != "" && !strings.Contains(text, "、"+w+"、") { // 全流程、全覆盖、标准化改革
		return w
	}
	for i, c := range text {
		if c != '均' {
			continue
		}
		before, after := text[:i], text[i+len("均"):]
		if suffixOf(before, []string{"平均", "人平", "人", "户", "年", "日", "月", "亩", "地", "平", "不"}) || endsWith(before, "平人户年日月亩地不") {
			continue
		}
		if startOf(after, []string{"支持", "达", "实现", "建", "完成", "设", "有", "开展", "开通", "配备", "纳入", "接入", "要", "能", "可", "高于", "优于", "不"}) != "" {
			return "均"
		}
	}
	return ""
}

func endsWith(text, set string) bool {
	r := []rune(text)
	return len(r) > 0 && strings.ContainsRune(set, r[len(r)-1])
}

// around is the phrase of a clause whose promise is a word in it.
func (s *sentence) around(c clause, w string) string {
	text := s.tidy(c.i, c.j)
	if i := strings.Index(text, w); i > 0 && w != "均" && w != "全部" {
		text = text[:i]
	}
	for _, t := range trailWords {
		text = strings.TrimSuffix(text, t)
	}
	return trimMarks(text)
}

// relative proposes a figure that is measured by another: 与经济增长同步, 高于全省平均水平.
func (rd *reader) relative(s *sentence, k int, text string, d deadline) bool {
	at, best := -1, sideWord{}
	for _, w := range relations {
		if i := strings.Index(text, w.word); i > 0 && (at < 0 || len(w.word) > len(best.word)) {
			at, best = i, w
		}
	}
	if at < 0 {
		return false
	}
	subject, other := text[:at], text[at+len(best.word):]
	if best.side == Around {
		i := lastAny(subject, "与", "和", "同")
		if i == 0 && s.para.subject != "" { // 居民收入增长6%左右，与经济增长基本同步
			i, subject = len(s.para.subject), s.para.subject+subject
			at += i
		}
		if i <= 0 || len(subject[i:]) > len("一二三四五六七八九十一二三四五六") || firstOf(subject, []string{"增长", "收入", "增速", "支出", "投资"}) == "" {
			return false
		}
		subject, other = subject[:i], subject[i+len("与"):]
	} else if !measuredBy(subject, other, best) {
		return false
	}
	c := s.clauses[k]
	e, ok := rd.weighWord(s, k, d, "relative", best.word, numberBase+0.1)
	if !ok {
		return true
	}
	t := rd.target(s, k, s.clauseStart(c), c.j, d, e)
	t.ValueKind, t.Comparator, t.RelativeTo = Relative, best.side, trimMarks(strings.TrimSuffix(strings.TrimSuffix(other, "保持"), "基本"))
	n := len([]rune(subject))
	t.IndicatorPhrase = s.para.subject
	if strings.HasPrefix(text, subject) {
		t.IndicatorPhrase = s.tidy(c.i, c.i+n)
	}
	if t.IndicatorPhrase == "" {
		t.IndicatorPhrase = s.subjectBefore(c, s.para.subject)
	}
	rd.propose(t)
	s.para.subject = t.IndicatorPhrase
	return true
}

// measuredBy says that a figure is measured by another: by its kind (全省平均水平), or
// because it is a growth (跨境贸易增长快于一般贸易). 达到 measures only by an average.
func measuredBy(subject, other string, by sideWord) bool {
	switch {
	case by.word == "达到":
		return strings.HasSuffix(other, "平均水平")
	case by.side == Above && strings.HasSuffix(subject, "增长"):
		return true
	}
	return startOf(strings.TrimLeft(other, "于"), others) != "" || firstOf(other, []string{"增速", "增幅", "水平", "平均"}) != ""
}

func lastAny(text string, words ...string) int {
	at := -1
	for _, w := range words {
		at = max(at, strings.LastIndex(text, w))
	}
	return at
}

// weighWord weighs a clause that promises by a word; false when the evidence is
// too weak and the clause was put among the rejected.
func (rd *reader) weighWord(s *sentence, k int, d deadline, kind, word string, base float64) (*evidence, bool) {
	c := s.clauses[k]
	e := &evidence{}
	e.add(kind, word, base)
	e.surroundings(s, k, d, planSection, futureTime)
	e.weigh(s, numberCues, k, c.j, c.j)
	if e.confidence() < accepted {
		rd.rejectClause(s, c, e)
		return nil, false
	}
	return e, true
}

// rejectClause adds a sentence that is no promise, when it looked like one.
func (rd *reader) rejectClause(s *sentence, c clause, e *evidence) {
	if e.confidence() < listed {
		return
	}
	start, end := s.span(s.clauseStart(c), c.j)
	rd.out.Rejected = append(rd.out.Rejected, Rejected{Span: rd.span(start, end), Quote: string(rd.text[start:end]), Why: e.why(), Confidence: e.confidence(), Reasons: e.reasons})
}
