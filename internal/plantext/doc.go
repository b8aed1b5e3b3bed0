// Package plantext reads the promises of an official Chinese text: a
// government work report, a plan, a page of a newspaper. It proposes targets,
// each with its exact quote, and says of every other number why it is not one.
//
// It is pure and deterministic: the same text and options give the same
// proposals, without network, clock or model. The way of a text:
//
//	text ─▶ lines     furniture apart, broken lines joined          (lines.go, block.go)
//	     ─▶ sections  review of the past or plan                     (section.go)
//	     ─▶ sentences and clauses, each character with its place     (sentence.go)
//	     ─▶ numbers with units, names that hold digits passed over   (numeral.go, unit.go, mask.go, mention.go)
//	     ─▶ what is promised: subject, comparator, deadline, place   (subject.go, comparator.go, deadline.go, dates.go, place.go)
//	     ─▶ horizon of what has no date; deeds without a number      (horizon.go, deed.go, milestone.go)
//	     ─▶ evidence for and against, by the tables of lexicon.go    (judge.go)
//	     ─▶ proposals and rejections; what is said twice is joined   (read.go, repeat.go)
//
// Offsets count Unicode characters of the decoded text, from 0, without a byte
// order mark; byte offsets of its UTF-8 form stand beside them. A quote is cut
// from the text as it is, with its line breaks.
//
// Time is linear in the text: every look around is bounded by the sentence,
// and a sentence by maxSentence.
package plantext
