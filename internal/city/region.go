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
	// RuleDisclosure says what may be told of person data. Parameters: min_group
	// (the fewest persons that a figure may stand for), grade (from which grading
	// on data count as person data without naming persons), and optionally
	// hide_grade (from which grading on tokens are hidden whole).
	RuleDisclosure RuleKind = "disclosure"
	// RuleLights turns the lag behind the pace into a light. Parameters:
	// yellow, red (percentage points of the target; a lag >= yellow is at
	// risk, a lag > red will miss), and optionally limit_yellow, limit_red in
	// their place for upper limits such as an annual mean.
	RuleLights RuleKind = "lights"
	// RuleLikelihood turns the probability of keeping a promise into a light.
	// Parameters: green, red (from 0 to 1; from green on it is on pace, below red
	// it will miss, between them it is at risk).
	RuleLikelihood RuleKind = "likelihood"
	// RuleIndex is an IndexTable, RuleGrade a GradeTable, and RuleWarning a list
	// of Warnings; package standard reads them.
	RuleIndex   RuleKind = "index"
	RuleGrade   RuleKind = "grade"
	RuleWarning RuleKind = "warning"
	// RuleValidity bounds how much data a mean needs. Parameters: hour_minutes,
	// eight_hours, day_hours, o3_windows.
	RuleValidity RuleKind = "validity"
	// RuleBasin judges many sections together. Parameters: few (sections), good,
	// fair, light, moderate (percent), none, some (percentage points).
	RuleBasin RuleKind = "basin"
	// RuleStability says when a class is kept stably. Parameters: annual_mean
	// (1 yes), last, valid, failures (months).
	RuleStability RuleKind = "stability"
	// RuleCalendar gives the day of a festival in each year, and the months
	// that statistics state together because it wanders between them. It has
	// no parameters.
	RuleCalendar RuleKind = "calendar"
	// RuleLimits gives limits by name, such as those of a standard: each of its
	// parameters is one, in the unit of what it limits.
	RuleLimits RuleKind = "limits"
)

// RuleVersion is one edition of a rule.
type RuleVersion struct {
	From, To   Date // zero means open
	Source     Text
	Provenance string // evidence tag of domain/rules.md, for example S or M+
	Params     map[string]float64
	Index      *IndexTable // of a rule of kind index
	Grading    *GradeTable // of a rule of kind grade
	Warnings   []Warning   // of a rule of kind warning, from the lowest level up
	// Decimals is the number of decimals that the rule prescribes for the
	// published value, or -1 when it is silent.
	Decimals int
	Dates    []Date // of a calendar: the day of the festival, one for each year, in order
	Combine  Months // of a calendar: the months that are stated together
}

// Months is a run of months of one year, 1 to 12, both included. The zero
// Months is none.
type Months struct{ First, Last int }

// At is the version in force on the day of the event.
func (r *Rule) At(d Date) (RuleVersion, bool) {
	i := sort.Search(len(r.Versions), func(i int) bool { return r.Versions[i].From.After(d) }) - 1
	if i < 0 || (!r.Versions[i].To.IsZero() && d.After(r.Versions[i].To)) {
		return RuleVersion{}, false
	}
	return r.Versions[i], true
}
