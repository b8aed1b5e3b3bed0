package pack

// watches are the keys of an alert's "of" that say what is watched.
func watches() []string { return []string{"indicator", "target", "late", "quality", "overdue_reports"} }

// watchKeys are the other keys of "of", by the watch that they belong to.
func watchKeys() map[string][]string {
	return map[string][]string{
		"indicator":       {"by", "where", "value", "grain", "above", "below", "clear", "for"},
		"target":          {"plan", "light", "probability_below", "clear"},
		"late":            {"beyond"},
		"quality":         {"quarantined_above", "quarantined_clear", "rejected", "open_rows_older_than"},
		"overdue_reports": {"beyond"},
	}
}

// mostPeriods bounds how many periods in a row a rule looks back on.
const mostPeriods = 24

func alertShape() *shape {
	return object(
		required(kindAlert, "name, for example targets.unlikely", textLike(nameText)),
		required("title", "what is wrong when it is raised", bilingual()),
		optional("note", "what to do about it", bilingual()),
		required("severity", "how urgent it is", oneOf("info", "warning", "critical")),
		optional("owner", "the organisation that is called; by default the owner of what is watched", textLike(nameText)),
		required("of", "what is watched, and when it is raised and cleared", watchShape()),
		withDefault("stays", "looks in a row, each on something new, that must agree before it is raised or cleared", 1.0, integer(1, 100)),
		optional("group_by", "alerts of one look that are told in one message: those of the same rule, owner or subject; by default rule and owner", list(oneOf("rule", "owner", "subject"), 1)),
		optional("repeat_after", "reminds of what is neither over nor acknowledged: 7d or 5wd; by default never", textLike(lateText)),
		optional("channels", "channels of the data folder that it is sent to; by default all that take it", list(textLike(nameText), 1)),
	)
}

func watchShape() *shape {
	names := oneOrMany(text())
	s := object(
		optional("indicator", "an indicator whose values are watched", textLike(nameText)),
		optional("by", "indicator: dimensions whose members are watched apart", list(textLike(fieldText), 1)),
		optional("where", "indicator: narrows the rows", conditionsShape()),
		optional("value", "indicator: the value, or its change on the year or the period before; by default value", oneOf("value", "yoy", "mom")),
		optional("grain", "indicator: the length of its periods; by default month", oneOf("day", "month", "quarter", "year")),
		optional("above", "indicator: raised above this", number()),
		optional("below", "indicator: raised below this", number()),
		optional("for", "indicator: in so many periods in a row; by default 1", integer(1, mostPeriods)),
		optional("target", "targets that are watched: their names, or \"*\" for all of the plan", names),
		optional("plan", "target: the plan whose targets \"*\" means; by default those of the current year", textLike(nameText)),
		optional("light", "target: raised when the light is this or worse", oneOf("yellow", "red")),
		optional("probability_below", "target: raised when the probability of keeping it is below this, 0 to 1", numberIn(0, 1)),
		optional("late", "datasets whose batches are watched: their names, or \"*\" for all", names),
		optional("beyond", "late, overdue_reports: so long after the day on which it counts as late; by default at once", textLike(lateText)),
		optional("quality", "datasets whose deliveries are watched: their names, or \"*\" for all", names),
		optional("quarantined_above", "quality: raised when more of the newest delivery's rows are held back", textLike(percentText)),
		optional("quarantined_clear", "quality: cleared when no more than this are; by default the same share", textLike(percentText)),
		optional("rejected", "quality: raised by a rejected delivery until one of its period is accepted", boolean()),
		optional("open_rows_older_than", "quality: raised when rows wait in quarantine for longer", textLike(lateText)),
		optional("overdue_reports", "true watches the reports by hand", boolean()),
		optional("clear", "indicator, target: the threshold at which it is cleared; by default the one at which it is raised", number()),
	)
	s.name = "watch"
	return s
}
