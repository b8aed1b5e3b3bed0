package city

import "sort"

// Region is an administrative or functional area with a GB/T 2260 code.
type Region struct {
	Code   string // six digits
	Name   Text
	Parent string // code of the region it belongs to; "" for the city itself
	// Functional marks an area that statistics keep apart but that is not an
	// administrative division, such as a development zone.
	Functional bool
	// Sets are the named groups that a plan speaks of, for example "six_districts".
	Sets []string
	// From and To bound the validity of the code; zero means open.
	From, To Date
	Pos      Pos
}

// ValidOn says whether the code is in force on the day.
func (r *Region) ValidOn(d Date) bool {
	return (r.From.IsZero() || !d.Before(r.From)) && (r.To.IsZero() || !d.After(r.To))
}

// Organisation is a body of the city that owns datasets and targets.
type Organisation struct {
	Name  string // short identifier, for example hrss
	Title Text
	Short Text // how a table abbreviates it; may equal Title
	Pos   Pos
}

// Document is an official text that promises are quoted from. The text itself
// is not part of the pack; its hash says which text was meant.
type Document struct {
	Name      string // identifier, for example plan-2024
	File      string // file name below the folder given with --documents
	Title     Text
	Publisher string
	Published Date
	SHA256    string // lower-case hex of the file
	Pos       Pos
}

// Unit is a unit of measurement.
type Unit struct {
	Name  string // identifier, for example person, percent, ug_m3
	Title Text   // how it is written after a figure
	Pos   Pos
}

// Rule is a rule of law, a standard or a local policy: numbers with a period
// of validity and a source. Versions never overlap and are sorted by From.
type Rule struct {
	Name     string
	Title    Text
	Kind     RuleKind
	Versions []RuleVersion
	Pos      Pos
}

// RuleKind says which engine reads a rule.
type RuleKind string

const (
	// RuleCompleteness bounds how many valid days a mean needs. Parameters:
	// min_year, min_month, min_february (days).
	RuleCompleteness RuleKind = "completeness"
	// RuleLights turns the lag behind the pace into a light. Parameters:
	// yellow, red (percentage points of the target; a lag >= yellow is at
	// risk, a lag > red will miss), and optionally limit_yellow, limit_red in
	// their place for upper limits such as an annual mean.
	RuleLights RuleKind = "lights"
)

// RuleVersion is one edition of a rule.
type RuleVersion struct {
	From, To   Date // zero means open
	Source     Text
	Provenance string // evidence tag of domain/rules.md, for example S or M+
	Params     map[string]float64
	// Decimals is the number of decimals that the rule prescribes for the
	// published value, or -1 when it is silent.
	Decimals int
}

// At is the version in force on the day of the event.
func (r *Rule) At(d Date) (RuleVersion, bool) {
	i := sort.Search(len(r.Versions), func(i int) bool { return r.Versions[i].From.After(d) }) - 1
	if i < 0 || (!r.Versions[i].To.IsZero() && d.After(r.Versions[i].To)) {
		return RuleVersion{}, false
	}
	return r.Versions[i], true
}
