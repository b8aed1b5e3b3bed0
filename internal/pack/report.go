package pack

import (
	"errors"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

func (b *builder) buildReport(v *value) {
	r := &city.Report{
		Name:         v.text(kindReport),
		Title:        v.title("title"),
		Heading:      b.wording(v, "heading"),
		Organisation: b.refer(v, "organisation", kindOrganisation),
		Pos:          v.pos,
	}
	for _, p := range slices.Concat(r.Heading.ZH, r.Heading.EN) {
		if p.Name != "" {
			b.addf(v.at("heading"), CodeInvalidValue, "put figures into a section's text", "heading: only {year}, {month} and {period} may stand above a document")
			break
		}
	}
	last := 0
	for _, s := range v.get("sections").list() {
		section := city.ReportSection{Heading: s.title("heading"), Level: max(1, s.int("level")), Pos: s.pos}
		if section.Level > last+1 {
			b.addf(s.at("level"), CodeInconsistent, "begin with level 1, and go down one at a time", "level %d stands below level %d", section.Level, last)
		}
		last = section.Level
		for _, p := range s.get("parts").list() {
			section.Parts = append(section.Parts, b.reportPart(p))
		}
		r.Sections = append(r.Sections, section)
	}
	b.out.Reports = append(b.out.Reports, r)
}

func (b *builder) reportPart(v *value) city.ReportPart {
	p := city.ReportPart{Pos: v.pos}
	kind := b.exactlyOne(v, "parts", reportParts())
	w := v.get(kind)
	if kind == "" || w == nil {
		return p
	}
	switch kind {
	case "text":
		text := b.wording(v, "text")
		p.Text = &text
	case "table":
		p.Table = b.reportTable(w)
	case "chart":
		p.Chart = b.reportChart(w)
	case "ranking":
		p.Ranking = &city.ReportRanking{Title: w.title("title"), Indicator: b.refer(w, "indicator", kindIndicator), By: w.text("by"), Top: w.int("top")}
		b.broken(w.get("by"), "ranking.by", p.Ranking.Indicator)
	case "targets":
		p.Targets = &city.ReportTargets{Title: w.title("title"), Owner: b.refer(w, "owner", kindOrganisation), Why: w.bool("why")}
	case "changes":
		p.Changes = &city.ReportChanges{Indicators: b.watched(w, "changes.", "indicators", kindIndicator)}
	case "sources":
		if p.Sources = w.flag; !w.flag {
			b.addf(w.pos, CodeInvalidValue, "write true, or leave the part out", "sources is false")
		}
	}
	return p
}

func (b *builder) reportTable(v *value) *city.ReportTable {
	t := &city.ReportTable{Title: v.title("title"), By: v.text("by"), Months: v.int("months"), Totals: v.bool("totals")}
	for _, m := range v.get("measures").list() {
		b.repeated(m.get("show"), "table.measures.show")
		measure := city.ReportMeasure{Indicator: b.refer(m, "indicator", kindIndicator), Show: m.get("show").texts()}
		b.broken(v.get("by"), "table.by", measure.Indicator)
		for _, s := range m.get("show").list() {
			if t.By == "" && slices.Contains([]string{"rank", "rank_change", "share"}, s.str) {
				b.addf(s.pos, CodeInconsistent, "give by, the dimension of the members", "table.measures.show: %s is of members, and the table has none", s.str)
			}
		}
		t.Measures = append(t.Measures, measure)
	}
	if v.gives("by") && v.gives("months") {
		b.addf(v.at("months"), CodeInconsistent, "keep one of them", "table has by and months together")
	}
	if t.By == "" && t.Totals {
		b.addf(v.at("totals"), CodeInconsistent, "leave it out", "table.totals: months have no total")
	}
	return t
}

func (b *builder) reportChart(v *value) *city.ReportChart {
	c := &city.ReportChart{Kind: city.ChartKind(v.text("kind")), Title: v.title("title"), Indicator: b.refer(v, "indicator", kindIndicator), By: v.text("by")}
	switch {
	case c.Kind == city.ChartBar && !v.gives("by"):
		b.addf(v.pos, CodeMissingKey, "", "the key chart.by is missing; a bar stands for a member of a dimension")
	case c.Kind == city.ChartLine && v.gives("by"):
		b.addf(v.at("by"), CodeInconsistent, "leave it out, or make the kind bar", "chart.by is given for a line, which shows months")
	}
	b.broken(v.get("by"), "chart.by", c.Indicator)
	return c
}

// broken wants the indicator to be broken down by the dimension.
func (b *builder) broken(by *value, label, indicator string) {
	ind := b.indicators[indicator]
	if by == nil || ind == nil || slices.Contains(ind.Dimensions, by.str) {
		return
	}
	b.addf(by.pos, CodeUnknownReference, didYouMean(by.str, ind.Dimensions), "%s: the indicator %s has no dimension %q", label, ind.Name, by.str)
}

// wording reads a text with placeholders, in both languages.
func (b *builder) wording(v *value, key string) city.Wording {
	w := v.get(key)
	return city.Wording{ZH: b.phrases(w, key, "zh"), EN: b.phrases(w, key, "en")}
}

func (b *builder) phrases(v *value, label, lang string) []city.Phrase {
	if v.text(lang) == "" {
		return nil
	}
	at := v.at(lang)
	label += "." + lang
	out, err := city.ParsePhrases(v.text(lang))
	var wrong *city.Error
	if errors.As(err, &wrong) {
		b.addf(at, CodeInvalidValue, wrong.Hint, "%s: %s", label, wrong.Message)
		return nil
	}
	for _, p := range out {
		b.phrase(at, label, p)
	}
	return out
}

// phrase checks what a placeholder names.
func (b *builder) phrase(at city.Pos, label string, p city.Phrase) {
	switch {
	case p.Verb == city.VerbTarget:
		if _, bound := b.names[kindIndicator][p.Name]; !bound {
			b.resolve(at, label, kindTarget, p.Name)
		}
	case p.OfIndicator():
		if !b.resolve(at, label, kindIndicator, p.Name) {
			return
		}
		ind := b.indicators[p.Name]
		if ind == nil {
			return // mistaken and reported
		}
		if p.Aspect != "" && !slices.Contains(ind.Dimensions, p.Aspect) {
			b.addf(at, CodeUnknownReference, didYouMean(p.Aspect, ind.Dimensions), "%s: the indicator %s has no dimension %q", label, ind.Name, p.Aspect)
		}
		for _, c := range p.Where {
			if !slices.Contains(ind.Dimensions, c.Field) {
				b.addf(at, CodeUnknownReference, didYouMean(c.Field, ind.Dimensions), "%s: the indicator %s cannot be narrowed by %q", label, ind.Name, c.Field)
			}
		}
	}
}
