package pack

import "github.com/jinyang-city/jinyang/internal/city"

// reportShape is how promises are reported by hand. A plan gives all that is
// needed; a target gives what differs.
func reportShape() *shape {
	s := object(
		optional("every", "how often; required for a plan", oneOf("month", "quarter", "year")),
		optional("due", "how long after the period's end the report is late: 5wd or 5d; required for a plan", textLike(lateText)),
		optional("by", "the organisation that reports; by default the target's owner", textLike(nameText)),
		optional("evidence", "true when a report needs at least one file that shows what it says", boolean()),
	)
	s.name = "report"
	return s
}

// planReporting reads what holds for the plan's targets.
func (b *builder) planReporting(v *value) *city.Reporting {
	if !v.gives("report") {
		return nil
	}
	r := b.reporting(v.get("report"), city.Reporting{})
	for _, key := range []string{"every", "due"} {
		if w := v.get("report"); w != nil && !w.gives(key) {
			b.addf(v.at("report"), CodeMissingKey, "a plan says it for all of its targets", "report: the key %s is missing", key)
		}
	}
	return r
}

// targetReporting is the plan's reporting with what the target says otherwise;
// nil for a target with an indicator, whose values come from data.
func (b *builder) targetReporting(v *value, t *city.Target, p *planDecl) *city.Reporting {
	own := v.get("report")
	if v.gives("indicator") {
		if own != nil {
			b.addf(v.at("report"), CodeInconsistent, "leave report out: the values come from data", "report is given for a target with an indicator")
		}
		return nil
	}
	base := city.Reporting{}
	switch {
	case p != nil && p.Report != nil:
		base = *p.Report
	case own == nil:
		return nil
	}
	r := b.reporting(own, base)
	if r.By == "" {
		r.By = t.Owner
	}
	if r.Every == "" {
		b.addf(v.at("report"), CodeMissingKey, "say every and due, here or in the plan", "report: nothing says how often")
	}
	return r
}

// reporting lays what was read over a base.
func (b *builder) reporting(v *value, base city.Reporting) *city.Reporting {
	if v.gives("every") {
		base.Every = city.Grain(v.text("every"))
	}
	if v.gives("due") {
		if d, err := city.ParseDelay(v.text("due")); err == nil { // else the shape has told of it
			base.Due = d
		}
	}
	if v.gives("by") {
		base.By = b.refer(v, "by", kindOrganisation)
	}
	if v.gives("evidence") {
		base.Evidence = v.bool("evidence")
	}
	return &base
}
