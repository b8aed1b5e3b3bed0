package plantext

import (
	"math"
	"slices"
	"strings"
)

// accepted is the confidence from which a candidate is proposed, and listed
// the one from which a sentence without a number is named among the rejected.
const (
	accepted = 0.5
	listed   = 0.3
)

// What a candidate begins with, and what its surroundings add.
const (
	numberBase    = 0.35
	milestoneBase = 0.1
	planSection   = 0.3
	reviewSection = -0.5
	goalParagraph = 0.2
	// of a paragraph that says what to do, in a text whose headings do not tell
	urgingParagraph = 0.1
	futureTime      = 0.2
	pastTime        = -0.5
	pastBefore      = -0.2
	exactDate       = 0.3
	headline        = 0.06
	fewChinese      = -0.06
)

// evidence gathers reasons.
type evidence struct {
	sum     float64
	reasons []Reason
}

func (e *evidence) add(code, words string, weight float64) {
	e.sum += weight
	e.reasons = append(e.reasons, Reason{Code: code, Words: words, Weight: weight})
}

// confidence is the sum held between 0.02 and 0.98.
func (e *evidence) confidence() float64 {
	return math.Round(100*min(0.98, max(0.02, e.sum))) / 100
}

// why is the code of the strongest reason against.
func (e *evidence) why() string {
	code, worst := "unclear", 0.0
	for _, r := range e.reasons {
		if r.Weight < worst {
			code, worst = r.Code, r.Weight
		}
	}
	return code
}

// weigh applies a table of cues to the characters [i, tail) of clause k.
func (e *evidence) weigh(s *sentence, cues []cue, k, i, tail int) {
	c := s.clauses[k]
	texts := map[scope]string{
		inLead: s.text(c.i, i), inLeadUp: s.text(0, i), inClause: s.text(c.i, c.j),
		nearBefore: ownWords(s.text(max(c.i, i-nearSpan), i)), nearAfter: s.text(tail, min(c.j, tail+nearSpan)),
		atStart: s.text(skipLead(s.r, c.i, c.j), c.j), justBefore: s.text(max(c.i, i-nearSpan), i), behind: s.text(tail, c.j),
	}
	for _, q := range cues {
		text, word := texts[q.scope], ""
		switch q.scope {
		case atStart:
			word = startOfClause(q, text, s.text(c.i, skipLead(s.r, c.i, c.j)))
		case justBefore:
			word = suffixWord(text, q.words)
		case nearAfter:
			word = afterNumber(s.text(tail-2, min(c.j, tail+nearSpan)), text, q.words)
		case inLead, inClause:
			word = realWord(text, q.words)
		default:
			word = firstOf(text, q.words)
		}
		if word != "" {
			e.add(q.code, word, q.weight)
		}
	}
	if q := aspect(s.text(c.i, c.j)); q && !e.has("done") {
		e.add("done", "了", doneCue.weight)
	}
}

// ownWords are the words before a number without those that belong to another
// before it: of 总投资20亿元的 nothing.
func ownWords(before string) string {
	i := strings.LastIndex(before, "元的")
	if i > 0 && anyDigit([]rune(before[:i])) {
		return before[i+len("元的"):]
	}
	return before
}

// startOfClause is the word of a cue that a clause begins with: behind 新 as
// well, and among the words that lead the clause and are passed over.
func startOfClause(q cue, text, led string) string {
	if word := startOf(text, q.words); word != "" {
		return word
	}
	switch q.code {
	case "imperative":
		if word := startOf(strings.TrimPrefix(text, "新"), q.words); word != "" {
			return word
		}
		return firstOf(led, []string{"启动", "实施"})
	case "finishing":
		return firstOf(led, q.words)
	}
	return ""
}

// suffixWord is the word of the list that the text ends with, the longest.
func suffixWord(text string, words []string) string {
	best := ""
	for _, w := range words {
		if strings.HasSuffix(text, w) && len(w) > len(best) {
			best = w
		}
	}
	return best
}

// doneCue are the words before a number of what is over, imperatives the verbs of
// action that a clause of a plan begins with.
var (
	doneCue     = cueOf("done")
	imperatives = cueOf("imperative").words
)

// cueOf is the first cue of numberCues with a code.
func cueOf(code string) cue {
	i := slices.IndexFunc(numberCues, func(q cue) bool { return q.code == code })
	return numberCues[i]
}

func (e *evidence) has(code string) bool {
	for _, r := range e.reasons {
		if r.Code == code {
			return true
		}
	}
	return false
}

// afterNumber is the word that stands directly behind a number; words that
// begin with 以上 and the like are matched with the comparator itself.
func afterNumber(withTail, text string, words []string) string {
	for _, w := range words {
		if strings.HasPrefix(text, w) || strings.HasPrefix(withTail, w) {
			return w
		}
	}
	return ""
}

// realWord finds a word of the list, passing over longer words that hold it.
func realWord(text string, words []string) string {
	for _, w := range words {
		i := strings.Index(text, w)
		if i < 0 {
			continue
		}
		if longer, ok := holders[w]; ok && firstOf(text, longer) != "" {
			continue
		}
		return w
	}
	return ""
}

// holders are longer words that hold a cue and mean another thing.
var holders = map[string][]string{
	"已": {"不已", "而已", "已建成区"}, "了": {"为了", "了解", "除了"}, "要": {"主要", "重要", "需要", "要素", "必要", "紧要"}, "将": {"将军"}, "目前": {"目前列"}, "成功": {"成功率"}, "累计": {"累计率", "年累计"}, "获得": {"获得感"},
	"取得": {"取得感"}, "拥有": {"拥有量", "人口拥有", "人拥有"}, "首次": {"首次公开"}, "预计": {"预计到"}, "消息": {"消息化"}, "顺利": {"顺利推进"}, "完成": {"完成率"}, "位居": {"力争位居"}, "全员": {"全员劳动", "全员生产"},
}

// aspect says that a clause has the particle of what is over.
func aspect(text string) bool {
	i := strings.Index(text, "了")
	if i <= 0 {
		return false
	}
	return firstOf(text, []string{"为了", "除了", "了解", "不了", "了然", "明了", "了望"}) == ""
}

// startOf is the word of the list that the text begins with, the longest.
func startOf(text string, words []string) string {
	best := ""
	for _, w := range words {
		if strings.HasPrefix(text, w) && len(w) > len(best) {
			best = w
		}
	}
	return best
}

// surroundings adds what the section, the paragraph and the time of a clause
// tell.
func (e *evidence) surroundings(s *sentence, k int, due deadline, inPlan, inExact float64) {
	switch {
	case s.section.mode == modePlan:
		e.add("plan_section", s.section.title, inPlan)
	case s.section.mode == modeReview && s.clauses[k].tense != tenseNext:
		e.add("past", s.section.title, reviewSection)
	}
	if s.para.goal {
		e.add("goal", "", goalParagraph)
	}
	if s.para.urging && s.section.mode == modeNone && s.clauses[k].tense != tensePast {
		e.add("urging", "", urgingParagraph)
	}
	switch s.clauses[k].tense {
	case tenseNext:
		e.add("future", "", futureTime)
	case tensePast:
		e.add("past", "", pastTime)
	case tenseNone:
		if s.para.after == tensePast && s.section.mode != modePlan {
			e.add("past", "", pastBefore)
		}
	}
	if due.exact && s.clauses[k].tense != tensePast {
		e.add("dated", due.text, inExact)
	}
	if s.heading {
		e.add("headline", "", headline)
	}
}

// skipLead is the index of the first character of [i, j) behind times, adverbs
// and marks.
func skipLead(r []rune, i, j int) int {
	for i < j {
		n := leadAt(r, i, j)
		if n == 0 && (r[i] == '”' || r[i] == '“' && closing(r[:j], i, '”')-i > longestName || r[i] == '“' && closing(r[:j], i, '”') == i) {
			n = 1 // speech; a quoted name stays
		}
		if n == 0 {
			return i
		}
		i += n
	}
	return i
}

// leadAt is the length of the lead word at i, or 0. Words that only begin like
// one are kept.
func leadAt(r []rune, i, j int) int {
	for _, w := range keptLeads {
		if hasAt(r, i, w) {
			return 0
		}
	}
	best := 0
	for _, w := range leadWords {
		if n := len([]rune(w)); n > best && i+n <= j && hasAt(r, i, w) {
			best = n
		}
	}
	return best
}
