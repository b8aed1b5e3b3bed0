package pack

import "github.com/jinyang-city/jinyang/internal/city"

func (b *builder) buildPlan(v *value) {
	p := &city.Plan{
		Name:     v.text(kindPlan),
		Year:     v.int("year"),
		Title:    v.title("title"),
		Document: b.refer(v, "document", kindDocument),
		Pos:      v.pos,
	}
	for _, e := range v.get("chapters").each() {
		p.Chapters = append(p.Chapters, city.Chapter{
			Name:  e.name,
			Title: city.Text{ZH: e.val.text("zh"), EN: e.val.text("en")},
		})
	}
	p.Report = b.planReporting(v)
	b.out.Plans = append(b.out.Plans, p)
	if _, twice := b.plans[p.Name]; !twice {
		b.plans[p.Name] = &planDecl{p, v}
	}
}

// checkChapter reports a chapter that the target's plan does not have.
func (b *builder) checkChapter(v *value, p *planDecl) {
	chapters := p.chapters()
	if chapters == nil || v.get("chapter") == nil || chapters.entry(v.text("chapter")) != nil {
		return
	}
	var names []string
	for _, e := range chapters.entries {
		names = append(names, e.name)
	}
	b.addf(v.at("chapter"), CodeUnknownReference, didYouMean(v.text("chapter"), names), "chapter: the plan %s has no chapter %q", p.Name, v.text("chapter"))
}

// chapters is what was read for the chapters, nil when nothing was.
func (p *planDecl) chapters() *value {
	if p == nil {
		return nil
	}
	return p.v.get("chapters")
}
