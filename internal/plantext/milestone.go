package plantext

import (
	"slices"
	"strings"
)

// shortestClause is the length of the shortest clause without a date of its own
// that promises a deed, in characters.
const shortestClause = 6

// milestone proposes a clause that promises a deed: dated, or in words of
// commitment, or with a firm deed in a section of plans.
func (rd *reader) milestone(s *sentence, k int, text string, d deadline, due []deadline) {
	c := s.clauses[k]
	deed, weight, uncertain := deed(text)
	own := s.ownDate(k, d)
	if deed == "" || c.j-c.i < shortestClause && !own || s.isDue(c, d) {
		return
	}
	e := &evidence{}
	e.add("milestone", "", milestoneBase)
	e.add("deed", deed, weight)
	e.surroundings(s, k, deadline{}, 0.15, 0)
	e.drop("goal", "headline", "urging")
	// An aim of years is no deed with a date: 到2030年，文明程度提升，城市建设深化.
	aim := !own && uncertain && distant(d.due, rd.year)
	if d.exact && !aim {
		e.add("dated", d.text, exactDate)
	} else if d.text != "" && !d.exact {
		e.add("this_year", d.text, 0.05)
	}
	e.weigh(s, milestoneCues, k, c.j, c.j)
	if d.exact && strings.Contains(text, "预计") {
		e.drop("effect") // 预计国庆节前通车
	}
	e.undated(weight, uncertain && (!e.has("dated") || weight >= 0.3 && !own))
	if e.confidence() < accepted {
		rd.rejectClause(s, c, e)
		return
	}
	if d.exact && d.i >= c.i && rd.dates(s, c, deed, d) {
		return
	}
	if rd.several(s, k, due, e) {
		return
	}
	for _, part := range s.projects(c) {
		t := rd.target(s, k, s.quoteOf(c), c.j, d, e)
		t.ValueKind, t.Comparator = Milestone, AtLeast
		t.IndicatorPhrase = s.deedPhrase(part, c, deed)
		rd.propose(t)
	}
}

// deedPhrase names what is promised by the characters of part; of a clause that
// is a deed alone with what the sentence is about before it.
func (s *sentence) deedPhrase(part [2]int, c clause, deed string) string {
	phrase := s.tidy(part[0], part[1])
	if phrase == "" {
		phrase = deed
	}
	if strings.HasPrefix(phrase, deed) && len([]rune(phrase)) <= len([]rune(deed))+2 {
		return s.topic(c) + phrase
	}
	return phrase
}

// ownDate says that clause k has a date of its own: in it, or alone in front of
// it. The years of a term that open a paragraph govern all, and date nothing.
func (s *sentence) ownDate(k int, d deadline) bool {
	c := s.clauses[k]
	inFront := k > 0 && d.i >= s.clauses[k-1].i && s.isDue(s.clauses[k-1], d) && firstOf(d.text, yearsAhead) == ""
	return d.exact && (d.i >= c.i && d.j <= c.j || inFront)
}

// topicEnds stand behind what a sentence is about.
var topicEnds = []string{"位于", "去年", "今年", "已", "将", "计划", "预计", "力争", "争取", "拟", "正", "目前", "项目于", "于", "确保", "年内"}

// topic is what a sentence is about, when the clause c names only a deed: the
// beginning of its first clause; "" when that has none.
func (s *sentence) topic(c clause) string {
	const longest = 24
	first := s.clauses[0]
	if first.i == c.i {
		return ""
	}
	text := s.text(skipDue(s, first.i, first.j), first.j)
	for _, w := range topicEnds {
		if i := strings.Index(text, w); i >= 0 {
			text = text[:i]
		}
	}
	if n := len([]rune(text)); n > longest || n < 2 {
		return ""
	}
	return trimMarks(text)
}

// several proposes the items of a clause that each have a date and a deed of
// their own: 南湖大桥年内合龙、5号线三季度通车. It says whether they do.
func (rd *reader) several(s *sentence, k int, due []deadline, e *evidence) bool {
	c := s.clauses[k]
	type item struct {
		i, j int
		due  deadline
	}
	var items []item
	from := s.clauseStart(c)
	for i := from; i <= c.j; i++ {
		if i < c.j && s.r[i] != '、' {
			continue
		}
		found := item{i: from, j: i}
		for _, d := range due {
			if d.i >= from && d.j <= i && d.exact {
				found.due = d
			}
		}
		text := s.text(from, i)
		if found.due.text == "" || !deedful(text) {
			return false
		}
		items = append(items, found)
		from = i + 1
	}
	if len(items) < 2 {
		return false
	}
	subject := ""
	for _, it := range items {
		t := rd.target(s, k, it.i, it.j, it.due, e)
		t.ValueKind, t.Comparator, t.IndicatorPhrase = Milestone, AtLeast, s.tidy(it.i, it.j)
		if it.due.i == it.i && subject != "" { // 6月底前开工、年底建成
			t.IndicatorPhrase = subject + t.IndicatorPhrase
		} else {
			subject = s.tidy(it.i, it.due.i)
		}
		rd.propose(t)
	}
	return true
}

// dates gives the date of a clause that has no subject of its own (10月底前完工) to
// the numbers before it in the sentence, and says whether it did.
func (rd *reader) dates(s *sentence, c clause, deed string, d deadline) bool {
	if slices.Contains(startingDeeds, deed) || s.follows(c) {
		return false
	}
	if text := s.tidy(c.i, c.j); text != "" && text != deed && !strings.HasPrefix(deed, text) {
		return false
	}
	first, _ := s.span(0, 1)
	here, _ := s.span(c.i, c.i+1)
	done := false
	for i := range rd.out.Targets {
		t := &rd.out.Targets[i]
		if t.Start >= first && t.Start < here && t.Value != nil && (t.DeadlineText == "" || t.Deadline == endOf(rd.year, 12)) {
			t.Deadline, t.DeadlineText, t.From, done = d.due, d.text, d.from, true
		}
	}
	return done
}

// follows says that the clause before c starts the work that c ends (3月开工，11月
// 完成): both are milestones.
func (s *sentence) follows(c clause) bool {
	k := s.clauseAt(c.i)
	return k > 0 && deedIn(s.text(s.clauses[k-1].i, s.clauses[k-1].j), startingDeeds) != ""
}

// undated weighs a deed that tells nothing without a date: it is an intention, or
// the name of a concern, unless a word commits to it.
func (e *evidence) undated(weight float64, uncertain bool) {
	switch {
	case !uncertain:
	case e.has("commitment"):
		e.add("undated", "", -0.1)
	case weight > 0.2:
		e.add("undated", "", -0.4)
	default:
		e.add("undated", "", -0.25)
	}
}

// drop removes reasons that do not bear on a candidate.
func (e *evidence) drop(codes ...string) {
	kept := e.reasons[:0]
	for _, r := range e.reasons {
		dropped := false
		for _, code := range codes {
			dropped = dropped || r.Code == code
		}
		if dropped {
			e.sum -= r.Weight
			continue
		}
		kept = append(kept, r)
	}
	e.reasons = kept
}

// isDue says that a clause is nothing but its date.
func (s *sentence) isDue(c clause, d deadline) bool {
	return d.i >= c.i && d.j <= c.j && len(s.tidy(c.i, c.j)) == 0 && !deedful(s.text(d.j, c.j))
}

// projects gives the parts of a clause that promise by themselves: several
// works with one date (A、B等项目年内完工; 完成A、B).
func (s *sentence) projects(c clause) [][2]int {
	start := s.quoteOf(c)
	whole := [][2]int{{start, c.j}}
	text := s.text(c.i, c.j)
	if strings.ContainsAny(text, "“《（") || strings.Contains(text, "的") {
		return whole
	}
	var parts [][2]int
	from := start
	for i := start; i <= c.j; i++ {
		if i < c.j && s.r[i] != '、' {
			continue
		}
		const shortest, longest, most = 5, 30, 4
		if i-from < shortest || i-from > longest || len(parts) == most {
			return whole
		}
		parts = append(parts, [2]int{from, i})
		from = i + 1
	}
	if len(parts) < 2 {
		return whole
	}
	return parts
}

// quoteOf is where the quote of a clause begins: before the date that stands as
// a clause of its own in front of it.
func (s *sentence) quoteOf(c clause) int {
	k := s.clauseAt(c.i)
	if k > 0 {
		p := s.clauses[k-1]
		if d, ok := s.deadlineAt(s.clauseStart(p), 2000); ok && d.j >= p.j-1 {
			return s.clauseStart(p)
		}
	}
	return s.clauseStart(c)
}
