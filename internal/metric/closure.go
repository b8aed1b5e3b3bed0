package metric

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/city"
)

// ClosureForm numbers the way in which closures are written down. Versions of
// different forms cannot be compared: who kept one of an older form makes it
// anew out of the pack.
const ClosureForm = 2

// Closure is all that the number of an indicator depends on in the declarations
// of a city: what the indicator declares, the indicators that it is built from,
// the fields that these read, and of each rule, standard or calendar behind them
// the parameters and tables that count, edition by edition. Titles, notes,
// sources of law, the order of lists and the place of declaration are not in it,
// nor is what may be told of a number.
type Closure struct {
	Form     int          `json:"form"`
	Datasets []string     `json:"datasets"` // that are read, the indicator's own first
	Years    int          `json:"years"`    // how many years before its own period a value looks
	All      bool         `json:"all"`      // a value looks at everything before it
	Parts    []Dependency `json:"parts"`    // in order, each once
}

// DependencyKind says what a number depends on.
type DependencyKind string

// The kinds of dependencies, in the order in which they are listed.
const (
	OnIndicator DependencyKind = "indicator" // a part of an indicator's declaration
	OnRegions   DependencyKind = "regions"   // the regions that an indicator's conditions name
	OnField     DependencyKind = "field"     // a field of a dataset: its type, or how it is derived
	OnRule      DependencyKind = "rule"      // a part of an edition of a rule, standard or calendar
)

// Dependency is one part of a declaration that a number depends on.
type Dependency struct {
	Kind   DependencyKind `json:"kind" enum:"indicator,regions,field,rule"`
	Name   string         `json:"name" doc:"of the indicator or rule, or dataset.field"`
	Part   string         `json:"part,omitempty" doc:"of what is named, for example measure, or item pm25 of a standard's table"`
	By     string         `json:"by,omitempty" doc:"the dimension in which alone it counts"`
	From   city.Date      `json:"from,omitzero" doc:"first day that it is for; absent when none of the value's days is before it"`
	To     city.Date      `json:"to,omitzero" doc:"last day that it is for; absent when none of the value's days is after it"`
	Digest string         `json:"digest" doc:"beginning of the SHA-256 over the part"`
}

// order puts dependencies in their order; those of the same part are equal,
// whatever it holds.
func (d Dependency) order(o Dependency) int {
	if c := cmp.Or(cmp.Compare(d.Kind.rank(), o.Kind.rank()), cmp.Compare(d.Name, o.Name)); c != 0 {
		return c
	}
	if d.From != o.From {
		return d.From.Compare(o.From)
	}
	return cmp.Or(cmp.Compare(d.Part, o.Part), cmp.Compare(d.By, o.By))
}

// rank is the place of a kind in their order.
func (k DependencyKind) rank() int {
	switch k {
	case OnIndicator:
		return 0
	case OnRegions:
		return 1
	case OnField:
		return 2
	}
	return 3
}

func (d Dependency) same(o Dependency) bool { return d.order(o) == 0 }

// For keeps what counts for the value of a period, broken down by some
// dimensions: editions for other days are left out, and the days of the others
// are cut to those that a value of the period may look at. These are taken from
// the beginning of a year, so that the months of a year mostly have one version.
func (c Closure) For(period city.Span, by []string) Closure {
	from := city.Date{}
	if !c.All && !period.From.IsZero() {
		from = city.GrainYear.Start(period.From).AddYears(-c.Years)
	}
	out := c
	out.Parts = []Dependency{}
	for _, d := range c.Parts {
		late := !period.To.IsZero() && d.From.After(period.To)
		if d.By != "" && !slices.Contains(by, d.By) || !d.To.IsZero() && d.To.Before(from) || late {
			continue
		}
		if !d.From.After(from) {
			d.From = city.Date{}
		}
		if !period.To.IsZero() && !d.To.Before(period.To) {
			d.To = city.Date{}
		}
		out.Parts = append(out.Parts, d)
	}
	return out
}

// Version is the SHA-256, in lower-case hex, over the parts of a closure: two
// declarations of the same version give the same number for the same rows.
func (c Closure) Version() string {
	var w canonical
	w.field("form", strconv.Itoa(c.Form))
	for _, d := range c.Parts {
		for _, text := range []string{string(d.Kind), d.Name, d.Part, d.By, d.From.String(), d.To.String(), d.Digest} {
			w.field("", text)
		}
	}
	return w.digest()
}

// digest is the SHA-256, in lower-case hex, over what was written.
func (w *canonical) digest() string {
	sum := sha256.Sum256([]byte(w.b.String()))
	return hex.EncodeToString(sum[:])
}

// ChangeKind says what became of a part.
type ChangeKind string

// What became of a part between two closures.
const (
	PartAdded   ChangeKind = "added"
	PartRemoved ChangeKind = "removed"
	PartChanged ChangeKind = "changed"
)

// Change is a part in which two closures differ.
type Change struct {
	Dependency
	Change ChangeKind `json:"change" enum:"added,removed,changed"`
	Text   city.Text  `json:"text" doc:"names the part, and what became of it"`
}

// Changes lists the parts in which a later closure differs from an earlier one.
// The digest is the later one's, and that of what was removed.
func Changes(was, now Closure) []Change {
	out := []Change{}
	add := func(d Dependency, kind ChangeKind) { out = append(out, Change{d, kind, wordsOfChange(d, kind)}) }
	for _, d := range now.Parts {
		i := slices.IndexFunc(was.Parts, d.same)
		switch {
		case i < 0:
			add(d, PartAdded)
		case was.Parts[i].Digest != d.Digest || was.Parts[i].To != d.To:
			add(d, PartChanged)
		}
	}
	for _, d := range was.Parts {
		if !slices.ContainsFunc(now.Parts, d.same) {
			add(d, PartRemoved)
		}
	}
	slices.SortStableFunc(out, func(a, b Change) int { return a.order(b.Dependency) })
	return out
}
