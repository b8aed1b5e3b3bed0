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

// listed says that m follows the number before it with nothing but a mark of a
// list between, so that what leads to the first leads to both.
func (s *sentence) listed(before, m *mention) bool {
	gap := s.text(before.tail, m.i)
	return before.tail < m.i && strings.Trim(gap, "、和与及以") == ""
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
	var starts []*mention // where the numbers behind them start from, in order
	anchor := ms[0]
	for n, m := range ms {
		if n > 0 && !s.listed(ms[n-1], m) {
			anchor = m
		}
		if s.isBaseline(m, s.changedTo(ms, n), c) {
			rd.reject(s, c.i, m, []Reason{{Code: "baseline", Words: m.text, Weight: -1}}, 0.1)
			starts = append(starts, m)
			continue
		}
		cand := candidate{from: c.i, to: c.j, first: ms[0], anchor: anchor, shared: shared != nil, due: s.dueAt(due, k, m.i), few: ms}
		if n > 0 {
			cand.from = ms[n-1].tail
		}
		if n+1 < len(ms) {
			cand.to = nounEnd(s, m, ms[n+1])
		}
		cand.kindFrom, cand.phrase = cand.from, s.phrase(m, c, cand.from, cand.to, s.para.subject)
		if len(starts) > 0 {
			v, _ := starts[0].scaled()
			cand.baseline, cand.phrase = &v, s.phrase(starts[0], c, c.i, starts[0].j, s.para.subject)
			starts = starts[1:]
		}
		if shared != nil {
			cand.kindFrom, cand.phrase = c.i, shared[n]
		}
		rd.number(s, k, m, cand)
		if cand.phrase != "" {
			s.para.subject = cand.phrase
		}
		s.para.several = append(s.para.several, cand.phrase)
	}
}

// changedTo is the number that the n-th may start from: the next, or the one
// behind a list (分别由5万元和3万元提高到7万元和4万元); nil when there is none.
func (s *sentence) changedTo(ms []*mention, n int) *mention {
	switch {
	case n+1 >= len(ms):
		return nil
	case n+2 < len(ms) && s.listed(ms[n], ms[n+1]):
		return ms[n+2]
	}
	return ms[n+1]
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

// judge gathers what speaks for and against a number.
func (s *sentence) judge(k int, m *mention, cand candidate) *evidence {
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
	if w := s.condition(k, m); w != "" {
		e.add("condition", w, -0.6)
	}
	if w := s.graded(m); suffixWord(w, grades) != "" {
		e.add("existing", w, -0.4)
	}
	if w := s.described(m); w != "" {
		e.add("attribute", w, -0.5)
	}
	if m.num.chinese && !m.num.percent && m.num.exp == 0 && m.num.value < 10 {
		e.add("few", m.text, fewChinese)
	}
	return e
}

// number judges a number and proposes or rejects it.
func (rd *reader) number(s *sentence, k int, m *mention, cand candidate) {
	c := s.clauses[k]
	e := s.judge(k, m, cand)
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
		t.Deadline = rd.lastDay(s, s.text(s.clauses[k].i, s.clauses[k].j))
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
