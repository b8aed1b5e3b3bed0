package monthly

import (
	"fmt"
	"slices"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// notes gives each source one number, in the order in which they are first
// spoken of, and keeps the notices that follow from them.
type notes struct {
	doc   *Document
	lang  string
	month city.Span
	seen  map[string]int  // number by what the note says
	told  map[string]bool // notices
}

// versionDigits is how much of a definition's version a note prints: enough to
// find it, as with commits.
const versionDigits = 12

// add gives the number of a note, a new one when it was not said before.
func (n *notes) add(note Note) int {
	if number, ok := n.seen[note.Text]; ok {
		return number
	}
	note.Number = len(n.doc.Notes) + 1
	n.doc.Notes = append(n.doc.Notes, note)
	n.doc.Simulated = n.doc.Simulated || note.Simulated
	n.seen[note.Text] = note.Number
	return note.Number
}

// notice is said once.
func (n *notes) notice(text string) {
	if text != "" && !n.told[text] {
		n.told[text] = true
		n.doc.Notices = append(n.doc.Notices, text)
	}
}

// source gives the note of an indicator's figures. title is what the figures
// are, where that is not the indicator itself.
func (n *notes) source(indicator analysis.Named, s analysis.Source, d analysis.Definition) int {
	n.incomplete(s)
	return n.add(Note{Text: n.words(indicator.Title.In(n.lang), s, d.Version), Indicator: indicator.Name, Dataset: s.Dataset, SnapshotID: s.SnapshotID,
		CompleteTo: s.CompleteTo, Version: d.Version, Simulated: s.Simulated})
}

// incomplete says that a dataset has not come for the whole month.
func (n *notes) incomplete(s analysis.Source) {
	if s.CompleteTo.Before(n.month.To) {
		n.notice(say(n.lang, noticeIncomplete, s.Title.In(n.lang), day(n.lang, s.CompleteTo)))
	}
}

func (n *notes) answer(a *analysis.Answer) int { return n.source(a.Indicator, a.Source, a.Definition) }

// words says dataset, snapshot, how far it is complete, and the definition.
func (n *notes) words(title string, s analysis.Source, version string) string {
	text := say(n.lang, noteSource, title, s.Owner.Title.In(n.lang), s.Title.In(n.lang), s.Dataset, orNone(n.lang, s.SnapshotID), day(n.lang, s.CompleteTo), short(version))
	if s.Fraction > 0 && s.Fraction < 1 {
		text += say(n.lang, noteSample, fmt.Sprintf("%.2g", s.Fraction*100))
	}
	if s.Simulated {
		text += say(n.lang, noteSimulated)
	}
	return text + say(n.lang, fullStop)
}

func short(version string) string { return version[:min(len(version), versionDigits)] }

func orNone(lang, text string) string {
	if text == "" {
		return say(lang, wordNone)
	}
	return text
}

// merged joins note numbers without repeating one.
func merged(lists ...[]int) []int {
	out := slices.Concat(lists...)
	slices.Sort(out)
	out = slices.Compact(out)
	if out == nil {
		out = []int{}
	}
	return out
}
