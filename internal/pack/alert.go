package pack

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

func (b *builder) buildAlert(v *value) {
	a := &city.Alert{
		Name:        v.text(kindAlert),
		Title:       v.title("title"),
		Note:        v.title("note"),
		Severity:    city.Severity(v.text("severity")),
		Owner:       b.refer(v, "owner", kindOrganisation),
		Stays:       max(1, v.int("stays")),
		RepeatAfter: delay(v.get("repeat_after")),
		Channels:    v.get("channels").texts(),
		Pos:         v.pos,
	}
	b.repeated(v.get("channels"), "channels")
	b.repeated(v.get("group_by"), "group_by")
	for _, key := range v.get("group_by").texts() {
		a.GroupBy = append(a.GroupBy, city.GroupKey(key))
	}
	if len(a.GroupBy) == 0 {
		a.GroupBy = []city.GroupKey{city.GroupByRule, city.GroupByOwner}
	}
	if v.gives("repeat_after") && v.get("repeat_after") != nil && a.RepeatAfter.Days == 0 {
		b.addf(v.at("repeat_after"), CodeInvalidValue, "leave it out to remind nobody", "repeat_after is no time at all")
	}
	b.watch(v.get("of"), a)
	b.out.Alerts = append(b.out.Alerts, a)
}

// watch reads what is watched, and reports keys that belong to another watch.
func (b *builder) watch(v *value, a *city.Alert) {
	if v == nil {
		return
	}
	kind := b.exactlyOne(v, "of", watches())
	if kind == "" {
		return
	}
	for _, e := range v.entries {
		if e.name != kind && !slices.Contains(watchKeys()[kind], e.name) && !slices.Contains(watches(), e.name) {
			b.addf(e.pos, CodeInconsistent, "leave it out; "+kind+" takes "+words(watchKeys()[kind], "and"), "of.%s is given for %s", e.name, kind)
		}
	}
	switch kind {
	case "indicator":
		a.Indicator = b.watchIndicator(v)
	case "target":
		a.Target = b.watchTarget(v)
	case "late":
		a.Late = &city.LateWatch{Datasets: b.watched(v, "of.", "late", kindDataset), Beyond: delay(v.get("beyond"))}
	case "quality":
		a.Quality = b.watchQuality(v)
	case "overdue_reports":
		a.Overdue = &city.OverdueWatch{Beyond: delay(v.get("beyond"))}
		if w := v.get("overdue_reports"); w != nil && !w.flag {
			b.addf(w.pos, CodeInvalidValue, "write true, or watch something else", "of.overdue_reports is false")
		}
	}
}

// watched reads names; "*", which means all, gives none.
func (b *builder) watched(v *value, place, key, kind string) []string {
	names := v.get(key).texts()
	if slices.Contains(names, "*") {
		if len(names) > 1 {
			b.addf(v.at(key), CodeInconsistent, "keep one of them", "%s%s has \"*\" and names together", place, key)
		}
		return nil
	}
	b.repeated(v.get(key), place+key)
	for _, item := range v.get(key).list() {
		b.resolve(item.pos, place+key, kind, item.str)
	}
	return names
}

func (b *builder) watchTarget(v *value) *city.TargetWatch {
	w := &city.TargetWatch{Targets: b.watched(v, "of.", "target", kindTarget), Plan: b.refer(v, "plan", kindPlan), Light: v.text("light"), Probability: v.numberPtr("probability_below")}
	if v.gives("plan") && len(w.Targets) > 0 {
		b.addf(v.at("plan"), CodeInconsistent, "leave it out", "of.plan is given beside the names of targets")
	}
	if !v.gives("light") && !v.gives("probability_below") {
		b.addf(v.pos, CodeMissingKey, "", "of needs light or probability_below, or both")
	}
	if w.Probability == nil {
		if v.gives("clear") {
			b.addf(v.at("clear"), CodeInconsistent, "leave it out", "of.clear is a probability, and probability_below is not given")
		}
		return w
	}
	w.Clear = *w.Probability
	if c := v.numberPtr("clear"); c != nil {
		if w.Clear = *c; *c < *w.Probability || *c > 1 {
			b.addf(v.at("clear"), CodeInvalidValue, "", "of.clear: %s is not between %s, which raises, and 1", plain(*c), plain(*w.Probability))
		}
	}
	return w
}

func (b *builder) watchQuality(v *value) *city.QualityWatch {
	w := &city.QualityWatch{Datasets: b.watched(v, "of.", "quality", kindDataset), Rejected: v.bool("rejected"), OpenOlder: delay(v.get("open_rows_older_than"))}
	if v.get("quarantined_above") != nil {
		s := share(v.text("quarantined_above"))
		w.Quarantined, w.Clear = &s, s
	}
	if v.get("quarantined_clear") != nil {
		w.Clear = share(v.text("quarantined_clear"))
		if w.Quarantined == nil || w.Clear > *w.Quarantined {
			b.addf(v.at("quarantined_clear"), CodeInconsistent, "give quarantined_above, and clear at no more than that", "of.quarantined_clear is not below the share that raises")
		}
	}
	if !v.gives("quarantined_above") && !v.gives("open_rows_older_than") && !v.bool("rejected") {
		b.addf(v.pos, CodeMissingKey, "", "of needs one of quarantined_above, rejected: true and open_rows_older_than, or several")
	}
	return w
}

// delay reads 5d or 5wd. What is absent, or mistaken and reported, is none.
func delay(v *value) city.Delay {
	if v == nil {
		return city.Delay{}
	}
	d, _ := city.ParseDelay(v.str) // the shape admits no text that it refuses
	return d
}
