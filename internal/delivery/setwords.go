package delivery

import (
	"fmt"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// failure says why the rows that a check holds back fail. It names the tables
// that they were compared with, not their values.
func failure(k *lake.Check) validate.Failure {
	f := validate.Failure{Field: field(k), Code: k.Code}
	by := ""
	if len(k.By) > 0 {
		by = " of the same " + strings.Join(k.By, ", ")
	}
	switch k.Kind {
	case city.CheckUnique:
		f.Message = fmt.Sprintf("a row with another key has the same %s", strings.Join(k.Fields, ", "))
	case city.CheckReference:
		f.Message = fmt.Sprintf("%s has no row whose %s is this value (%s)", k.Dataset, k.To, snapshot(k.Refers))
	case city.CheckMonotonic:
		word, end := "falls", ""
		if k.Down {
			word = "rises"
		}
		if k.Reset != "" {
			end = " in the same " + string(k.Reset)
		}
		f.Message = fmt.Sprintf("%s %s in the order of %s, among the rows%s%s", k.Fields[0], word, strings.Join(k.Order, ", "), by, end)
	case city.CheckStuck:
		f.Message = fmt.Sprintf("%s stay the same for %d or more rows%s in a row", strings.Join(k.Fields, ", "), k.Run, by)
	}
	return f
}

// field is the field that a check is about, "" when it is about several.
func field(k *lake.Check) string {
	if len(k.Fields) == 1 {
		return k.Fields[0]
	}
	return ""
}

func snapshot(v *lake.View) string {
	if v.SnapshotID == 0 {
		return "it holds nothing yet"
	}
	return fmt.Sprintf("snapshot %d", v.SnapshotID)
}

// finding puts what a check noticed into words.
func finding(k *lake.Check, n *lake.Noticed) Finding {
	f := Finding{Code: k.Code, Field: field(k), Message: failure(k).Message, Count: n.Count, Sample: []Sample{}}
	for _, row := range n.Sample {
		f.Sample = append(f.Sample, Sample{Row: row})
	}
	if k.Kind != city.CheckGap {
		return f
	}
	f.Field, f.Message = k.Order[0], "the series has no row for "+stepsText(n.Count, k.Every)
	for _, g := range n.Gaps {
		f.Sample = append(f.Sample, Sample{Message: gapText(k, &g)})
	}
	return f
}

// gapText names a gap by its group. Groups are no persons, but a text may hold
// what it should not.
func gapText(k *lake.Check, g *lake.Gap) string {
	var group []string
	for i, by := range k.By {
		group = append(group, by+" "+validate.MaskText(g.Group[i]))
	}
	span := g.From
	if g.Steps > 1 {
		span += " to " + g.To
	}
	return strings.TrimPrefix(fmt.Sprintf("%s: %s, %s", strings.Join(group, ", "), span, stepsText(g.Steps, k.Every)), ": ")
}

func stepsText(n int64, every city.Step) string {
	if n == 1 {
		return "1 " + string(every)
	}
	return fmt.Sprintf("%d %ss", n, every)
}
