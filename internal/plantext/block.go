package plantext

// block is a piece of text that is read as one: a paragraph with its broken
// lines joined, a heading, an item of a list, a row of a table.
type block struct {
	kind  lineKind
	level int
	flow  // what is read
}

// flow is text as it is read, with the place of each character.
type flow struct {
	r  []rune
	at []int // index of each character in the text
}

func (f *flow) add(r rune, at int) { f.r, f.at = append(f.r, r), append(f.at, at) }

// cut is a part of a flow.
func (f flow) cut(i, j int) flow { return flow{f.r[i:j], f.at[i:j]} }

// span is the place in the text of the characters [i, j), without marks at its
// ends that belong to no word.
func (f flow) span(i, j int) (start, end int) { return f.at[i], f.at[j-1] + 1 }

// makeBlocks joins lines to blocks. A line goes on in the next one when it ends
// inside a sentence: without a mark that ends one, and either long or with a
// mark inside. Blank lines and furniture may stand between (columns of a
// newspaper, the turn of a page). With whole, every line is a block.
func makeBlocks(text []rune, whole bool) (blocks []*block, furniture []line) {
	lines := splitLines(text)
	running := runningHeads(text, lines)
	width := usualWidth(lines)
	var open *block
	last := line{}
	for i := range lines {
		l := lines[i]
		switch {
		case l.kind == lineBlank:
			continue
		case l.kind == lineFurniture || running[string(text[l.start:l.end])] > 2:
			furniture = append(furniture, l)
			continue
		case !whole && open != nil && goesOn(text, last, l, lines[:i], width, open):
			open.flow.take(text, l)
		default:
			open = &block{kind: l.kind, level: l.level}
			open.flow.take(text, l)
			blocks = append(blocks, open)
		}
		last = l
	}
	for _, b := range blocks {
		b.settle()
	}
	return blocks, furniture
}

// goesOn says whether line l continues the open block, whose last line is last.
func goesOn(text []rune, last, l line, before []line, width int, open *block) bool {
	if l.kind != lineBody || open.kind == lineTable || last.kind == lineHeading || isCell(text[l.start:l.end]) || isCell(text[last.start:last.end]) {
		return false
	}
	end := text[last.end-1]
	if endsSentence(end) || end == '：' || end == ':' {
		return false
	}
	apart := before[len(before)-1].kind == lineBlank
	size := last.end - last.start
	first := len(open.r) <= size // the block is this one line so far
	switch {
	case l.paragraph && !apart && endsSentence(end):
		return false
	case !first:
		return true // a column of narrow lines
	case apart || l.paragraph:
		return size > maxHeading && inSentence(text[last.start:last.end]) || holdsEnd(text[last.start:last.end])
	case open.kind == lineItem && open.level > 0 && size < maxHeading && size < width*2/3:
		return false // a numbered heading
	}
	return size*10 >= width*7 || size > maxHeading || holdsEnd(text[last.start:last.end])
}

// isCell says that a line is a share and nothing else: the cell of a table whose
// lines were lost.
func isCell(r []rune) bool {
	n, ok := readNumeral(r, 0)
	return ok && isDigit(r[0]) && n.end < len(r) && narrow(r[n.end]) == '%' && (n.end+1 == len(r) || r[n.end+1] == '（')
}

// inSentence says that a line has a mark inside a sentence.
func inSentence(r []rune) bool {
	for _, c := range r {
		switch c {
		case '，', ',', '；', '、', '。':
			return true
		}
	}
	return false
}

// holdsEnd says that a line holds the end of a sentence, and goes on behind it.
func holdsEnd(r []rune) bool {
	for _, c := range r {
		if c == '。' || c == '；' {
			return true
		}
	}
	return false
}

// endsSentence says that a mark ends a sentence.
func endsSentence(r rune) bool {
	switch r {
	case '。', '！', '？', '；', ';', '!', '?', '…', '”', '）', '』':
		return true
	}
	return false
}

// settle decides what depends on the whole block: a short one without the end
// of a sentence is a heading.
func (b *block) settle() {
	if b.kind != lineBody && b.kind != lineItem || len(b.r) == 0 {
		return
	}
	end := b.r[len(b.r)-1]
	short := len(b.r) <= maxHeading && !endsSentence(end) && !holdsEnd(b.r) && end != '，' && end != '、'
	if short && (b.kind == lineBody || b.level > 0) {
		b.kind = lineHeading
	}
}

// runningHeads counts the short lines that stand in a text again and again.
func runningHeads(text []rune, lines []line) map[string]int {
	out := map[string]int{}
	for _, l := range lines {
		if n := l.end - l.start; n > 0 && n <= maxHeading && l.kind == lineBody && !endsSentence(text[l.end-1]) && !anyDigit(text[l.start:l.end]) {
			out[string(text[l.start:l.end])]++
		}
	}
	return out
}

func anyDigit(r []rune) bool {
	for _, c := range r {
		if isDigit(c) {
			return true
		}
	}
	return false
}

// usualWidth is the width of full lines: that of the longest tenth of the
// text's lines, at most 120 characters.
func usualWidth(lines []line) int {
	const widest = 120
	var count [widest + 1]int
	total := 0
	for _, l := range lines {
		if n := l.end - l.start; n > 0 {
			count[min(n, widest)]++
			total++
		}
	}
	seen := 0
	for n := widest; n > 0; n-- {
		if seen += count[n]; seen*10 >= total && total > 0 {
			return n
		}
	}
	return widest
}
