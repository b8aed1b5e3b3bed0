package plantext

import (
	"slices"
	"strings"
)

// reader reads one text.
type reader struct {
	text []rune
	byte []int // the byte at which each character begins, and the end
	year int
	last int // last year of a five-year plan; 0 of others
	find *finder
	out  Result
}

// numbers judges every number of a sentence.
func (rd *reader) numbers(s *sentence, due []deadline) {
	all := rd.named(s, s.mentions())
	for a := 0; a < len(all); {
		k := s.clauseAt(all[a].i)
		b := a
		for b < len(all) && s.clauseAt(all[b].i) == k {
			b++
		}
		rd.clauseNumbers(s, k, all[a:b], due)
		a = b
	}
}

// named takes out the numbers that belong to the name of what is counted, and
// lists them: 亿元以上项目, 15分钟生活圈, 万元GDP能耗.
func (rd *reader) named(s *sentence, all []*mention) []*mention {
	kept := all[:0]
	for n, m := range all {
		w := s.inName(m)
		if w == "" && n > 0 && all[n-1].tail == m.i && all[n-1].unit.dim == dimCount && m.unit.dim == dimQuantity {
			w = m.text // 2座4.3米焦炉
		}
		if w != "" {
			if !m.num.bare {
				rd.reject(s, m.i, m, []Reason{{Code: "category", Words: w, Weight: -1}}, 0.1)
			}
			continue
		}
		kept = append(kept, m)
	}
	return kept
}

// inName gives the words by which a number is told to be part of a name, or "".
func (s *sentence) inName(m *mention) string {
	after := s.text(m.tail, m.tail+8)
	next := []rune(after + "。")[0]
	bound := m.tail > m.j
	if !bound && next == '级' && m.unit.name != "" || s.errand(m) {
		return m.text // 30万吨级码头
	}
	if c := s.clauses[s.clauseAt(m.i)]; bound && strings.HasPrefix(after, "的") && anyDigit(s.r[m.tail:c.j]) {
		return after[:len("的")] // 年收入20万元以上的村占比达到60%
	}
	if w := startOf(after, []string{"的项目", "的企业", "的单位", "的家庭", "的个人", "的村", "的乡镇", "的小区", "的部门", "的人员"}); w != "" {
		return m.text + w // 不低于300万元的项目
	}
	switch m.unit.dim {
	case dimMoney:
		if w := startOf(after, []string{"县", "村", "镇", "项目", "企业", "园区", "强县", "强镇"}); w != "" {
			return m.text + w // 超10亿元县
		}
		if m.num.bare && !bound && (han(next) || latin(next)) && startOf(after, []string{"台阶", "大关", "关口", "目标", "的目标", "规模", "以", "和", "、", "左右", "门槛", "投资", "城市"}) == "" {
			return m.text
		}
		if !bound && next == '的' && firstOf(s.text(m.i-4, m.i), []string{"投资", "价值", "产值"}) != "" {
			return m.text // 投资2.3亿元的污水处理厂
		}
		if bound {
			return startOf(after, []string{"项目", "企业", "产业", "工业", "重大", "的项目", "的企业", "的重大", "大项目", "产业项目", "工业项目", "龙头", "商品", "固定资产投资项目", "村", "集群", "的产业", "制造业", "重点", "优质", "的工业", "元"})
		}
	case dimAge:
		if bound && han(next) {
			return s.text(m.j, m.tail+2)
		}
	case dimTime:
		if strings.Contains(after, "覆盖") {
			return m.text // 课间15分钟全覆盖
		}
		if i := strings.Index(after, "圈"); i >= 0 && !bound {
			return after[:i+len("圈")]
		}
	case dimCount, dimPeople, dimQuantity:
		if strings.HasPrefix(m.unit.name, "千伏") || strings.HasPrefix(m.unit.name, "蒸吨") {
			if han(next) {
				return m.text
			}
		}
		if bound {
			return startOf(after, []string{"的企业", "燃煤锅炉", "的锅炉", "以上锅炉", "及以上锅炉", "的单位", "及以上的"})
		}
	}
	return ""
}

// listed says that m follows the number before it with nothing but a mark of a
// list between, so that what leads to the first leads to both.
func (s *sentence) listed(before, m *mention) bool {
	gap := s.text(before.tail, m.i)
	return before.tail < m.i && strings.Trim(gap, "、和与及以") == ""
}

// errand says that a number announces what is listed behind it, and counts
// nothing that could be measured: 抓好四件事, 做好五项工作.
func (s *sentence) errand(m *mention) bool {
	const most = 20
	if m.tail > m.j || m.num.value > most || m.unit.dim != dimCount {
		return false
	}
	w := startOf(s.text(m.tail, m.tail+6), []string{"事", "工作", "方面", "重点工作", "重点任务", "主要任务", "方面工作", "举措", "措施", "大事", "实事", "关键", "关键词", "主题", "维度", "环节", "问题", "重点", "突出问题", "转变", "强化"})
	if w == "" {
		return false
	}
	end := m.tail + len([]rune(w))
	return end >= len(s.r) || slices.Contains([]rune("：，。；"), s.r[end])
}

// clauseNumbers judges the numbers of one clause, in order.
func (rd *reader) clauseNumbers(s *sentence, k int, ms []*mention, due []deadline) {
	c := s.clauses[k]
	shared := s.shared(ms, c)
	if last := ms[len(ms)-1]; shared != nil && last.tail > last.j {
		for _, m := range ms { // 分别达到90%、95%以上
			m.side = s.text(last.j, last.tail)
		}
	}
	if shared == nil && strings.Contains(s.text(c.i, ms[0].i), "分别") && len(ms) == len(s.para.several) && s.tidy(c.i, ms[0].i) == "" {
		shared = s.para.several // 接待游客5000万人次、旅游收入450亿元，分别增长10%、12%
	}
	s.para.several = nil
	var baseline *float64
	anchor := ms[0]
	for n, m := range ms {
		if n > 0 && !s.listed(ms[n-1], m) {
			anchor = m
		}
		from, to := c.i, c.j
		var next *mention
		if n > 0 {
			from = ms[n-1].tail
		}
		if n+1 < len(ms) {
			next = ms[n+1]
			to = nounEnd(s, m, next)
		}
		if s.isBaseline(m, next, c) {
			rd.reject(s, c.i, m, []Reason{{Code: "baseline", Words: m.text, Weight: -1}}, 0.1)
			v, _ := m.scaled()
			baseline = &v
			continue
		}
		phrase := s.phrase(m, c, from, to, s.para.subject)
		if baseline != nil {
			phrase = s.phrase(ms[n-1], c, c.i, ms[n-1].j, s.para.subject)
		}
		if shared != nil {
			phrase = shared[n]
		}
		kindFrom := from
		if shared != nil {
			kindFrom = c.i
		}
		rd.number(s, k, m, candidate{from: from, to: to, kindFrom: kindFrom, first: ms[0], anchor: anchor, shared: shared != nil, phrase: phrase, baseline: baseline, due: s.dueAt(due, k, m.i), few: ms})
		baseline = nil
		if phrase != "" {
			s.para.subject = phrase
		}
		s.para.several = append(s.para.several, phrase)
	}
}

// nounEnd is where the words that belong to a number end before the next one:
// at the last mark of a list or 和 between them, or before a verb.
func nounEnd(s *sentence, m, next *mention) int {
	for j := next.i - 1; j > m.tail; j-- {
		switch s.r[j] {
		case '、', '和', '及', '与', '，':
			return j
		}
	}
	return next.i
}

// candidate is a number with what was found out about it.
type candidate struct {
	from, to int // what belongs to it in the clause
	kindFrom int // where the verb may stand that says what it measures
	first    *mention
	anchor   *mention // the first of the numbers that stand in a row: 780元、620元
	shared   bool     // its subjects and those of its neighbours are one list
	phrase   string
	baseline *float64
	due      deadline
	few      []*mention
}

// number judges a number and proposes or rejects it.
func (rd *reader) number(s *sentence, k int, m *mention, cand candidate) {
	c := s.clauses[k]
	e := &evidence{}
	e.add("number", m.text, numberBase)
	e.surroundings(s, k, cand.due, planSection, futureTime)
	e.weigh(s, numberCues, k, cand.anchor.i, m.tail)
	near := s.text(max(c.i, cand.anchor.i-nearSpan), cand.anchor.i)
	if m.unit.dim != dimMoney && m.unit.dim != dimTime && m.unit.dim != dimAge || firstOf(near, toVerbs) != "" || firstOf(near, []string{"突破", "余额", "增长", "投放"}) != "" {
		e.drop("threshold") // a sum limits who gets what, a number of people does not; and a rate may be raised
	}
	e.relieve(s, k, cand.anchor)
	if last := s.text(c.j-1, c.j); last == "的" && m.tail < c.j {
		e.add("condition", last, -0.6) // 吸纳10人以上就业的，给予…
	}
	if m.num.chinese && !m.num.percent && m.num.exp == 0 && m.num.value < 10 {
		e.add("few", m.text, fewChinese)
	}
	verbOf := m
	if cand.shared {
		verbOf = cand.first
	}
	kind, direction := s.kindOf(verbOf, cand.kindFrom, cand.phrase)
	if s.tidy(cand.from, m.i) == "" && !cand.shared && cand.phrase != "" && m.unit.dim == s.para.unit.dim && kind == Level && s.para.kind == Growth {
		kind, direction = s.para.kind, s.para.direction // 增长6%左右，力争达到6.5%
	}
	s.para.kind, s.para.direction, s.para.unit = kind, direction, m.unit
	if kind == Level && cand.phrase == "" {
		e.add("no_subject", "", -0.3)
	}
	if e.confidence() < accepted {
		rd.reject(s, c.i, m, e.reasons, e.confidence())
		return
	}
	start, end := s.quoteStart(k, m, cand), m.tail
	if s.modifies(m, cand.to) {
		end = max(end, s.countedEnd(m, cand.to))
	}
	t := rd.target(s, k, start, end, cand.due, e)
	v, unit := m.scaled()
	base := m.num.value
	t.Value, t.Unit, t.Number, t.BaseValue, t.BaseUnit = &v, unit, m.text, &base, m.unit.name
	if m.high != nil {
		h := *m
		h.num = *m.high
		high, _ := h.scaled()
		t.High = &high
	}
	t.IndicatorPhrase, t.ValueKind, t.Direction, t.Baseline = cand.phrase, kind, direction, cand.baseline
	t.Comparator = s.comparator(m, cand.kindFrom, cand.phrase, kind)
	if m.num.approx && t.Comparator == AtLeast {
		t.Notes = append(t.Notes, "approximate")
	}
	rd.propose(t)
}

// relieve drops evidence that does not bear on the number: a comparison with
// last year is a result only where results are told, a share is no attribute of
// a project, and a sum that is to be raised, or a loan that is to be granted,
// limits nothing.
func (e *evidence) relieve(s *sentence, k int, m *mention) {
	c := s.clauses[k]
	if e.has("goal_bound") || e.has("commitment") || (s.section.mode == modePlan || s.para.goal) && s.clauses[k].tense != tensePast {
		e.drop("compared")
	}
	if m.unit.dim == dimShare || m.unit.dim == dimPoint {
		e.drop("attribute")
	}
	lead := s.text(c.i, m.i)
	if m.tail == m.j && suffixOf(lead, []string{"常住人口", "总人口"}) {
		e.add("fact", lead, -0.5)
	}
	if suffixOf(lead, toVerbs) && firstOf(lead, []string{"总投资", "占地", "概算", "全长", "设计", "建筑面积"}) == "" {
		e.drop("attribute") // 装机容量达到100万千瓦
	}
	if suffixOf(lead, upVerbs) || firstOf(lead, []string{"发放", "投放", "筹集", "争取", "安排"}) != "" && firstOf(lead, []string{"每人", "每户", "每月", "最高"}) == "" {
		e.drop("threshold")
	}
}

// quoteStart is where the quote of a number begins: its clause, or what belongs
// to the number alone when others stand before it and share nothing.
func (s *sentence) quoteStart(k int, m *mention, cand candidate) int {
	c := s.clauses[k]
	if cand.baseline != nil {
		return s.clauseStart(c)
	}
	if len(cand.few) > 1 && cand.from > c.i && s.text(cand.from, m.i) != "" && len([]rune(cand.phrase)) > 0 {
		from := cand.from
		if s.modifies(m, cand.to) {
			return m.i
		}
		for from < m.i && slices.Contains([]rune("、和与及，以 "), s.r[from]) {
			from++
		}
		if m.i-from >= 2 || s.modifies(m, cand.to) {
			return from
		}
		return c.i
	}
	return s.clauseStart(c)
}

// clauseStart is the first character of a clause behind marks and a bullet's
// number.
func (s *sentence) clauseStart(c clause) int {
	i := c.i
	for i < c.j-1 && slices.Contains([]rune("“”、—-·●■◆★▲•○□※* "), s.r[i]) {
		if end := closing(s.r[:c.j], i, '”'); s.r[i] == '“' && end > i && end-i <= longestName {
			break // a quoted name
		}
		i++
	}
	return i
}

// countedEnd is the end of the words that a number counts.
func (s *sentence) countedEnd(m *mention, to int) int {
	j := m.tail
	for j < to && s.r[j] != '、' && s.r[j] != '，' {
		j++
	}
	return j
}

// target makes the proposal of the characters [i, j) of clause k.
func (rd *reader) target(s *sentence, k, i, j int, due deadline, e *evidence) Target {
	start, end := s.span(i, j)
	t := Target{Span: rd.span(start, end), Quote: string(rd.text[start:end]), Section: s.section.title,
		Deadline: due.due, DeadlineText: due.text, From: due.from, Confidence: e.confidence(), Reasons: e.reasons, Notes: []string{}, Repeats: []Span{}}
	if t.Deadline == "" && due.text == "" {
		t.Deadline = endOf(max(rd.year, rd.last), 12)
	}
	t.Places, t.Bodies = rd.find.find(s, s.clauses[k].i, s.clauses[k].j)
	if len(t.Bodies) == 0 && firstOf(s.text(0, len(s.r)), []string{"牵头", "负责", "责任单位", "责任部门", "主办单位"}) != "" {
		_, t.Bodies = rd.find.find(s, 0, len(s.r))
	}
	if t.Places == nil {
		t.Places = slices.Clone(s.para.places)
	}
	clause := s.text(s.clauses[k].i, s.clauses[k].j)
	t.Each = firstOf(clause, []string{"各打造", "各建", "每个县", "各县区", "县县", "各新", "各培育", "村村", "每县", "各完成", "各有", "每个乡镇"}) != "" || s.eachLater(k)
	if t.Places == nil {
		t.Places = []string{}
	}
	if t.Bodies == nil {
		t.Bodies = []string{}
	}
	return t
}

func (s *sentence) eachLater(k int) bool {
	return firstOf(s.text(0, s.clauses[k].j), []string{"内各", "要各", "分别各"}) != ""
}

// propose adds a target.
func (rd *reader) propose(t Target) { rd.out.Targets = append(rd.out.Targets, t) }

// reject adds a number that is no promise.
func (rd *reader) reject(s *sentence, from int, m *mention, reasons []Reason, confidence float64) {
	start, end := s.span(max(from, m.i-nearSpan), m.tail)
	e := evidence{reasons: reasons}
	v, unit := m.scaled()
	rd.out.Rejected = append(rd.out.Rejected, Rejected{Span: rd.span(start, end), Quote: string(rd.text[start:end]), Number: m.text,
		Value: &v, Unit: unit, Why: e.why(), Confidence: confidence, Reasons: reasons})
}

// span is a place of the text with its bytes.
func (rd *reader) span(start, end int) Span {
	return Span{Start: start, End: end, ByteStart: rd.byte[start], ByteEnd: rd.byte[end]}
}
