package draft

import (
	"cmp"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plantext"
	"github.com/jinyang-city/jinyang/internal/store"
)

// proposal puts a proposed target into the words of the pack in force.
func (s *Service) proposal(n int, t plantext.Target, x *Extraction) Proposal {
	c := s.City()
	p := Proposal{Number: n, Target: t, State: store.DraftProposed, Suggestions: suggest(c, t)}
	d := Declaration{Title: city.Text{ZH: t.IndicatorPhrase, EN: t.IndicatorPhrase}, Deadline: t.Deadline, From: t.From, Kind: kindOf(t)}
	if t.Value != nil {
		d.number(c, t)
	}
	if t.ValueKind == plantext.Relative {
		zero := 0.0
		d.Value, d.Unit, d.Comparator = &zero, unitFor(c, "%", 1).name, city.Comparator(t.Comparator)
		d.Note = "与“" + t.RelativeTo + "”相比"
	}
	if d.Comparator == city.Around {
		d.Tolerance = tolerance(d)
	}
	d.Region, d.Owner = regionOf(c, t.Places), ownerOf(c, t.Bodies)
	p.Declared = d
	return p
}

// kindOf is the kind of target that a kind of value makes.
func kindOf(t plantext.Target) city.TargetKind {
	switch t.ValueKind {
	case plantext.Growth:
		return city.TargetGrowth
	case plantext.Coverage:
		return city.TargetCoverage
	case plantext.Milestone:
		return city.TargetMilestone
	case plantext.Relative:
		return city.TargetRelative
	}
	return city.TargetLevel
}

// number sets value, comparator and unit. A fall is a growth below zero; of a
// range the pack keeps the end nearer to now, and the note says so.
func (d *Declaration) number(c *city.City, t plantext.Target) {
	u := unitFor(c, t.BaseUnit, *t.BaseValue)
	v := *t.BaseValue / u.scale
	d.Unit, d.Comparator = u.name, city.Comparator(t.Comparator)
	if t.Comparator == plantext.Between {
		d.Comparator = city.AtLeast
		d.Note = "原文为区间：" + t.Number
	}
	if d.Kind == city.TargetGrowth && t.Direction == "down" {
		v = -v
		d.Comparator = turned(d.Comparator)
	}
	d.Value = &v
}

// turned is the comparator on the other side of zero.
func turned(c city.Comparator) city.Comparator {
	switch c {
	case city.AtLeast:
		return city.AtMost
	case city.AtMost:
		return city.AtLeast
	case city.Above:
		return city.Below
	case city.Below:
		return city.Above
	}
	return c
}

// tolerance is what 左右 is taken to allow until somebody says otherwise: half a
// percentage point, or a twentieth of the value.
func tolerance(d Declaration) *float64 {
	t := 0.5
	if d.Kind == city.TargetLevel && d.Value != nil && *d.Value > 100 {
		t = *d.Value / 20
	}
	return &t
}

// regionOf is the one region that the places name, "" for none or several.
func regionOf(c *city.City, places []string) string {
	found := ""
	for _, name := range places {
		for _, r := range c.Regions {
			if r.Code == c.Code || r.Name.ZH != name && strings.TrimRight(r.Name.ZH, "市区县") != name {
				continue
			}
			if found != "" && found != r.Code {
				return ""
			}
			found = r.Code
		}
	}
	return found
}

func ownerOf(c *city.City, bodies []string) string {
	for _, name := range bodies {
		for _, o := range c.Organisations {
			if o.Title.ZH == name || o.Short.ZH == name || strings.HasSuffix(o.Title.ZH, strings.TrimLeft(name, "市县区")) {
				return o.Name
			}
		}
	}
	return ""
}

// mostSuggestions is how many indicators are suggested for a proposal.
const mostSuggestions = 5

// suggest lists the indicators whose titles, or the titles of targets that are
// bound to them, are like the phrase; those of the same unit come first.
func suggest(c *city.City, t plantext.Target) []Suggestion {
	best := map[string]float64{}
	weigh := func(name, title string) { best[name] = max(best[name], likeness(t.IndicatorPhrase, title)) }
	for _, i := range c.Indicators {
		weigh(i.Name, i.Title.ZH)
	}
	for _, old := range c.Targets {
		if old.Indicator != "" {
			weigh(old.Indicator, old.Title.ZH)
		}
	}
	out := []Suggestion{}
	for _, i := range c.Indicators {
		score := best[i.Name]
		if score < leastLike {
			continue
		}
		unit := ""
		if u, err := c.Unit(i.Unit); err == nil {
			unit = u.Title.ZH
		}
		if _, base := scaleOf(unit); base == t.BaseUnit {
			score = min(1, score+0.1)
		}
		out = append(out, Suggestion{Indicator: i.Name, Title: i.Title, Unit: unit, Score: float64(int(score*100)) / 100})
	}
	slices.SortFunc(out, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Indicator, b.Indicator))
	})
	return out[:min(len(out), mostSuggestions)]
}

// leastLike is the likeness below which nothing is suggested.
const leastLike = 0.25

// likeness is the share of pairs of characters that two texts have in common
// (Dice's coefficient).
func likeness(a, b string) float64 {
	x, y := pairs(a), pairs(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	common := 0
	for p := range x {
		if y[p] {
			common++
		}
	}
	return 2 * float64(common) / float64(len(x)+len(y))
}

func pairs(s string) map[[2]rune]bool {
	r := []rune(s)
	out := map[[2]rune]bool{}
	for i := 1; i < len(r); i++ {
		out[[2]rune{r[i-1], r[i]}] = true
	}
	return out
}
