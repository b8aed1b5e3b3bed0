package pack

import "github.com/jinyang-city/jinyang/internal/city"

// buildCalendar reads what an edition of a calendar states. Other rules have
// none of it.
func (b *builder) buildCalendar(v *value, kind city.RuleKind, out *city.RuleVersion) {
	if kind != city.RuleCalendar {
		for _, word := range []string{"dates", "combine"} {
			if kind != "" && v.gives(word) {
				b.addf(v.at(word), CodeInconsistent, "leave it out, or make the kind calendar", "%s is given for a rule of kind %s", word, kind)
			}
		}
		return
	}
	if !v.gives("dates") {
		b.addf(v.pos, CodeMissingKey, "the day of the festival in each year", "the key dates is missing; a rule of kind calendar needs it")
	}
	for _, d := range v.get("dates").list() {
		b.checkFestival(v, d, out)
		out.Dates = append(out.Dates, d.day)
	}
	if months := v.get("combine").list(); len(months) == 2 {
		out.Combine = city.Months{First: int(months[0].num), Last: int(months[1].num)}
		if out.Combine.First >= out.Combine.Last {
			b.addf(v.at("combine"), CodeInconsistent, "write for example [1, 2]", "combine: the last month does not come after the first")
		}
	}
}

// checkFestival wants one day for each year, in order and within the edition.
func (b *builder) checkFestival(edition, d *value, so *city.RuleVersion) {
	if n := len(so.Dates); n > 0 && d.day.Year <= so.Dates[n-1].Year {
		b.addf(d.pos, CodeInconsistent, "give one day for each year, in order", "dates: %s does not come in a year after %s", d.day, so.Dates[n-1])
	}
	if so.From.After(d.day) || !so.To.IsZero() && d.day.After(so.To) {
		b.addf(d.pos, CodeInconsistent, "mend from or to of the edition, or leave the day out", "dates: %s is not within the edition", d.day)
	}
}
