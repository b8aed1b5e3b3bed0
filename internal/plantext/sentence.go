package plantext

import "strings"

// maxSentence bounds a sentence, in characters: text without marks is cut.
const maxSentence = 600

// sentence is one sentence of a block, cut into clauses.
type sentence struct {
	flow
	mask    []bool
	clauses []clause
	heading bool
	section *section
	para    *paragraph
	first   bool // of its paragraph
	dated   bool // it has a date, beside which a bare day is another
}

// clause is the part [i, j) of a sentence between two marks.
type clause struct {
	i, j  int
	tense tense
}

// paragraph is what the sentences of a block share.
type paragraph struct {
	goal    bool     // it speaks of aims (目标, 预期)
	subject string   // the last indicator phrase
	several []string // the phrases of the last clause with numbers
	due     deadline // the date that the paragraph begins with
	joined  bool     // the sentence before ended with ；
	until   deadline // the distant date at the beginning of the items before, joined by ；
	horizon int      // the last year of what it plans; 0 for the running one
	tense   tense    // as the last clause with a sign of time left it
	after   tense    // that of the paragraph before
	urging  bool     // most of its clauses begin with a verb of action
	present bool     // the last past is how things stand now
	places  []string // named at its beginning
	day     [2]int   // month and day of what is reported, 0 when none is named
	// What the last number measured.
	kind      ValueKind
	direction string
	unit      unitDef
}

// sentences cuts a flow at the marks that end a sentence.
func sentences(f flow) []flow {
	var out []flow
	from, soft, opened := 0, 0, -1
	for i, c := range f.r {
		const longestBracket = 120
		switch {
		case c == '（':
			opened = i
		case c == '）':
			opened = -1
		case c == '；' && opened >= 0 && i-opened < longestBracket:
			continue
		}
		if c == '，' || c == '、' {
			soft = i + 1
		}
		end := c == '。' || c == '！' || c == '？' || c == '；' || c == '…' && i > 0 && runeAt(f.r, i+1) != '…'
		if end && i+1 < len(f.r) && strings.ContainsRune("”）』", f.r[i+1]) {
			continue // the quotation mark belongs to the sentence
		}
		end = end || i > 0 && strings.ContainsRune("”）』", c) && strings.ContainsRune("。！？", f.r[i-1])
		switch {
		case end:
		case i-from < maxSentence:
			continue
		case soft > from+maxSentence/2:
			i = soft - 1
		}
		if i+1 > from {
			out = append(out, f.cut(from, i+1))
		}
		from = i + 1
	}
	if from < len(f.r) {
		out = append(out, f.cut(from, len(f.r)))
	}
	return out
}

// runeAt is the character at i, 0 behind the end.
func runeAt(r []rune, i int) rune {
	if i < len(r) {
		return r[i]
	}
	return 0
}

// splitClauses finds the clauses of a sentence. Marks inside brackets do not
// divide.
func splitClauses(r []rune) []clause {
	var out []clause
	from, depth, opened := 0, 0, 0
	for i, c := range r {
		switch c {
		case '（', '《':
			depth, opened = depth+1, i
		case '）', '》':
			depth = max(0, depth-1)
		case '，', '；', '：', '。', '！', '？', '\t', '|', '—':
			const longestBracket = 80
			if depth > 0 && i-opened < longestBracket {
				continue
			}
			if c == '—' && (i == 0 || i+1 == len(r) || numeralAround(r, i)) {
				continue
			}
			if i > from {
				out = append(out, clause{i: from, j: i})
			}
			from, depth = i+1, 0
		}
	}
	if from < len(r) {
		out = append(out, clause{i: from, j: len(r)})
	}
	return out
}

// numeralAround says that the dash at i stands in a range (5%—6%).
func numeralAround(r []rune, i int) bool {
	j := i + 1
	for j < len(r) && (r[j] == '—' || r[j] == '-') {
		j++
	}
	return j < len(r) && (isDigit(r[j]) || isChineseNumeral(r[j])) && (isDigit(r[i-1]) || strings.ContainsRune("%万亿元个", r[i-1]))
}

// clauseAt is the index of the clause that holds character i.
func (s *sentence) clauseAt(i int) int {
	for k, c := range s.clauses {
		if i < c.j {
			return k
		}
	}
	return len(s.clauses) - 1
}

// text is the sentence's characters [i, j) as a string, within its bounds.
func (s *sentence) text(i, j int) string {
	i, j = max(0, i), min(len(s.r), j)
	if i >= j {
		return ""
	}
	return string(s.r[i:j])
}

// firstOf is the first of the words that stands in the text, or "".
func firstOf(text string, words []string) string {
	for _, w := range words {
		if strings.Contains(text, w) {
			return w
		}
	}
	return ""
}

// lastOf is the word of the list that stands last in the text, the longer one
// of two that end together, and the byte behind it.
func lastOf(text string, words []string) (word string, end int) {
	for _, w := range words {
		if i := strings.LastIndex(text, w); i >= 0 && (i+len(w) > end || i+len(w) == end && len(w) > len(word)) {
			word, end = w, i+len(w)
		}
	}
	return word, end
}
