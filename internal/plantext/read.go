package plantext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Read proposes the promises of a text.
func Read(text string, o Options) Result {
	rd := &reader{text: []rune(text), year: o.Year, find: newFinder(o)}
	rd.out = Result{Targets: []Target{}, Rejected: []Rejected{}, Furniture: []Span{}, Sections: []Section{}, Year: o.Year, YearReason: "given"}
	rd.index()
	first, last := planYears(text)
	rd.last = last
	if rd.year == 0 {
		if rd.year = inferYear(text); first > 0 {
			rd.year = first
		}
		rd.out.Year, rd.out.YearReason = rd.year, "inferred"
		if rd.year == 0 {
			rd.out.YearReason = "unknown"
		}
	}
	blocks, furniture := makeBlocks(rd.text, o.Whole)
	for _, l := range furniture {
		rd.out.Furniture = append(rd.out.Furniture, rd.span(l.start, l.end))
	}
	rd.blocks(blocks)
	rd.order()
	rd.join()
	return rd.out
}

// index notes at which byte each character begins.
func (rd *reader) index() {
	rd.byte = make([]int, len(rd.text)+1)
	for i, r := range rd.text {
		rd.byte[i+1] = rd.byte[i] + utf8.RuneLen(r)
	}
}

func (rd *reader) blocks(blocks []*block) {
	sec := &section{}
	var head *tableHead
	for _, b := range blocks {
		if b.kind == lineTable {
			head = rd.tableRow(head, b, sec)
			continue
		}
		head = nil
		if b.kind == lineHeading {
			sec = sec.next(b, rd.year)
			rd.section(sec, b)
		} else if m := opening(b.r, rd.year, sec.mode); m != modeNone && m != sec.mode {
			sec = &section{title: sec.title, mode: m, level: sec.level, at: b.at[0], soft: true, horizon: sec.horizon, mixed: sec.mixed, setBy: sec.setBy}
		}
		rd.paragraph(b, sec)
	}
}

// section lists a heading; its span ends where the next begins.
func (rd *reader) section(sec *section, b *block) {
	if n := len(rd.out.Sections); n > 0 {
		rd.out.Sections[n-1].Span = rd.span(rd.out.Sections[n-1].Start, b.at[0])
	}
	rd.out.Sections = append(rd.out.Sections, Section{Title: sec.title, Span: rd.span(b.at[0], len(rd.text)), Mode: string(sec.mode)})
}

// openingLength is how many characters at the beginning of a paragraph tell what
// it is about.
const openingLength = 40

// paragraph reads the sentences of a block.
func (rd *reader) paragraph(b *block, sec *section) {
	p := &paragraph{goal: firstOf(string(b.r[:min(len(b.r), 400)]), goalWords) != "", after: sec.tense}
	p.urging = sec.tense != tensePast && urges(b)
	p.goal = p.goal || sec.aims()
	p.horizon = sec.horizonHere(string(b.r[:min(len(b.r), openingLength)]), rd.year)
	for n, f := range sentences(b.flow.cut(numberEnd(b.r), len(b.r))) {
		s := &sentence{flow: f, mask: masks(f.r), clauses: splitClauses(f.r), heading: b.kind == lineHeading, section: sec, para: p, first: n == 0}
		if len(s.clauses) == 0 {
			continue
		}
		rd.sentence(s)
	}
	if sec.tense = p.tense; p.tense == tensePast && p.present {
		sec.tense = tenseNone
	}
}

func (rd *reader) sentence(s *sentence) {
	due := s.deadlines(rd.year)
	s.tenses(rd.year, due)
	if s.para.horizon > 0 && strings.Contains(s.text(0, len(s.r)), "今年") {
		s.para.horizon = 0
	}
	if s.first && len(due) > 0 && due[0].i < 4 {
		s.para.due = due[0]
		s.para.due.exact = false
	}
	if s.first {
		if places, _ := rd.find.find(s, 0, s.clauses[0].j); len(places) > 0 {
			s.para.places = places
		}
	}
	before := len(rd.out.Targets)
	rd.numbers(s, due)
	for k := range s.clauses {
		if !rd.promised(s, k, before) {
			rd.wordless(s, k, due)
		}
	}
	s.distantDate(due, rd.year)
}

// promised says that a number of clause k was proposed.
func (rd *reader) promised(s *sentence, k, before int) bool {
	c := s.clauses[k]
	start, end := s.span(c.i, c.j)
	return slices.ContainsFunc(rd.out.Targets[before:], func(t Target) bool { return t.Value != nil && t.Start < end && t.End > start })
}

// order puts proposals and rejections into the order of the text.
func (rd *reader) order() {
	slices.SortStableFunc(rd.out.Targets, func(a, b Target) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	slices.SortStableFunc(rd.out.Rejected, func(a, b Rejected) int { return a.Start - b.Start })
}
