package plantext

import "math"

// Labels are the promises that a person found in a text.
type Labels struct {
	SHA256      string  `json:"sha256"` // of the file
	Year        int     `json:"year"`
	Labels      []Label `json:"labels"`
	NotPromises []Label `json:"not_promises"`
}

// Label is one promise, or something that is none, at characters [Start, End).
type Label struct {
	Start       int        `json:"start"`
	End         int        `json:"end"`
	QuoteSHA256 string     `json:"quote_sha256"` // the first 16 digits
	Kind        string     `json:"kind"`         // numeric or milestone
	ValueKind   ValueKind  `json:"value_kind"`
	Value       *float64   `json:"value"`
	Unit        string     `json:"unit"`
	Comparator  Comparator `json:"comparator"`
	Deadline    string     `json:"deadline"`
	Places      []string   `json:"places"`
	Repeats     [][2]int   `json:"repeats"`
	Optional    bool       `json:"optional"` // finding it is neither right nor wrong
	Why         string     `json:"why"`      // of what is no promise
}

// Score compares proposals with labels.
//
// A proposal and a label match when their quotes, or one of their repetitions,
// overlap, both are milestones or both are not, and their values are equal once
// both are in the base unit (20亿元 is 2·10^9元; a relative promise has none).
// Each matches at most once, in the order of the text. Proposals that match an
// optional label count neither way.
type Score struct {
	Numeric   Tally `json:"numeric"`
	Milestone Tally `json:"milestone"`
	// Of the matched numeric proposals.
	Comparators int `json:"comparators"` // that have the label's comparator
	Deadlines   int `json:"deadlines"`   // of all matched, that have the label's deadline
	Dated       int `json:"dated"`       // of all matched, whose label has one
	// What went wrong.
	Missed []Label  `json:"missed"`
	Extra  []Target `json:"extra"`
}

// Tally counts one kind.
type Tally struct {
	Labels    int     `json:"labels"`
	Proposed  int     `json:"proposed"`
	Matched   int     `json:"matched"`
	Precision float64 `json:"precision"` // matched / proposed
	Recall    float64 `json:"recall"`    // matched / labels
}

// Compare scores the proposals of a text.
func Compare(r Result, l Labels) Score {
	s := Score{Missed: []Label{}, Extra: []Target{}}
	taken := make([]bool, len(r.Targets))
	for _, optional := range []bool{false, true} {
		for _, label := range l.Labels {
			if label.Optional != optional {
				continue
			}
			n := label.find(r.Targets, taken)
			if n >= 0 {
				taken[n] = true
			}
			if !optional {
				s.count(label, r.Targets, n)
			}
		}
	}
	for n, t := range r.Targets {
		if taken[n] {
			continue
		}
		s.tally(t.ValueKind == Milestone).Proposed++
		s.Extra = append(s.Extra, t)
	}
	s.Numeric.settle()
	s.Milestone.settle()
	return s
}

func (s *Score) tally(milestone bool) *Tally {
	if milestone {
		return &s.Milestone
	}
	return &s.Numeric
}

// count enters a label and the proposal that matches it, n < 0 for none.
func (s *Score) count(l Label, ts []Target, n int) {
	t := s.tally(l.Kind == string(Milestone))
	t.Labels++
	if n < 0 {
		s.Missed = append(s.Missed, l)
		return
	}
	t.Matched++
	t.Proposed++
	if l.Kind != string(Milestone) && ts[n].Comparator == l.Comparator {
		s.Comparators++
	}
	if l.Deadline != "" {
		s.Dated++
		if ts[n].Deadline == l.Deadline {
			s.Deadlines++
		}
	}
}

func (t *Tally) settle() {
	if t.Proposed > 0 {
		t.Precision = float64(t.Matched) / float64(t.Proposed)
	}
	if t.Labels > 0 {
		t.Recall = float64(t.Matched) / float64(t.Labels)
	}
}

// find is the free proposal that matches the label and shares most of its
// quote, or -1.
func (l Label) find(ts []Target, taken []bool) int {
	best, shared := -1, 0
	for n, t := range ts {
		if taken[n] || (t.ValueKind == Milestone) != (l.Kind == string(Milestone)) || !l.sameValue(t) {
			continue
		}
		if o := l.overlap(t); o > shared { // of proposals that share a quote the first, which is the first of the text
			best, shared = n, o
		}
	}
	return best
}

func (l Label) sameValue(t Target) bool {
	if l.Value == nil || t.Value == nil {
		return l.Value == nil && t.Value == nil
	}
	want := *l.Value * scaleOf(l.Unit)
	return math.Abs(want-*t.BaseValue) <= 1e-9*math.Abs(want)
}

// scaleOf is what a unit with 万 or 亿 stands for in its base unit.
func scaleOf(unit string) float64 {
	scale := 1.0
	for _, r := range unit {
		switch r {
		case '万':
			scale *= 1e4
		case '亿':
			scale *= 1e8
		default:
			return scale
		}
	}
	return scale
}

// overlap is how many characters a label and a proposal share, at any of their
// places.
func (l Label) overlap(t Target) int {
	best := 0
	for _, a := range append([][2]int{{l.Start, l.End}}, l.Repeats...) {
		for _, b := range append([]Span{t.Span}, t.Repeats...) {
			best = max(best, min(a[1], b.End)-max(a[0], b.Start))
		}
	}
	return best
}
