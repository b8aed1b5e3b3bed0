package pack

// maxQuote bounds a quote: a pack quotes promises, it does not carry texts.
const maxQuote = 120

func indicatorShape() *shape {
	return object(
		required(kindIndicator, "name, for example employment.new_urban", textLike(nameText)),
		required("title", "title of the indicator", bilingual()),
		optional("note", "what the official definition says", bilingual()),
		optional("source", "the standard or statistical rule behind it", bilingual()),
		required("dataset", "the dataset that it measures", textLike(tableText)),
		optional("scope", "rows that count at all", conditionsShape()),
		required("measure", "what is computed", measureShape()),
		required("time", "the date, datetime or month field that places a row in a period", textLike(fieldText)),
		required("window", "which rows make the value of a period", oneOf("period", "year", "stock", "all")),
		required("unit", "unit of the value", textLike(nameText)),
		withDefault("decimals", "decimals that are shown", 0.0, integer(0, 6)),
		required("better", "which direction is good", oneOf("higher", "lower", "none")),
		optional("dimensions", "fields that it may be broken down by", list(textLike(fieldText), 1)),
		optional("complete", "the completeness rule that a value must satisfy", textLike(nameText)),
		optional("calendar", "the calendar whose festival the value moves with", textLike(nameText)),
	)
}

// conditionsShape maps fields to what they must be. All must hold.
func conditionsShape() *shape {
	condition := oneOrMany(scalar())
	condition.name = "condition"
	condition.object = object(
		optional("not", "what it must not be: a value or a list", oneOrMany(scalar())),
		optional("min", "numbers and dates: least value, included", scalar()),
		optional("max", "numbers and dates: greatest value, included", scalar()),
		optional("in", "regions: a set of regions", textLike(fieldText)),
	)
	s := mapOf(fieldText, condition, 1)
	s.name = "conditions"
	return s
}

// measureKinds are the keys of a measure that say what it computes.
func measureKinds() []string {
	return []string{
		"count", "count_distinct", "sum", "mean", "min", "max", "percentile",
		"ratio", "difference", "growth", "increase", "const", "share", "index", "limit", "indicator",
	}
}

func measureShape() *shape {
	measure := &shape{form: formObject, name: "measure"}
	field := textLike(fieldText)
	pair := pairOf(measure)
	measure.keys = []key{
		optional("count", "rows", oneOf("*")),
		optional("count_distinct", "distinct values of a field", field),
		optional("sum", "sum of a number", field),
		optional("mean", "mean of a number", field),
		optional("min", "least value of a number", field),
		optional("max", "greatest value of a number", field),
		optional("percentile", "percentile p of a number, interpolated as HJ 663-2013 appendix A", field),
		optional("p", "which percentile, 0 to 100", numberIn(0, 100)),
		optional("since", "measures the days from this date or datetime to the field, which is of the same type", field),
		optional("ratio", "A / B, times 100 when the indicator's unit is percent", pair),
		optional("difference", "A - B", pair),
		optional("growth", "change on an earlier time, in percent", measure),
		optional("increase", "change on an earlier time, as an amount", measure),
		optional("on", "growth and increase: the earlier time, by default the same window of the year before", oneOf("year", "period", "festival")),
		optional("share", "what its where keeps, of the same without it; where beside share narrows both", measure),
		optional("index", "the sum of weight × of / over of its terms", list(termShape(measure), 1)),
		optional("limit", "RULE.PARAM: a number of a rule, in the edition in force on the last day of the window", textLike(nameText)),
		optional("indicator", "the value of another indicator, in its own window", textLike(nameText)),
		optional("const", "a number", number()),
		optional("where", "narrows the rows of this measure", conditionsShape()),
		optional("factor", "multiplies the result, for a change of unit", number()),
	}
	return measure
}

// termShape is one term of an index.
func termShape(measure *shape) *shape {
	s := object(
		required("of", "what is measured", measure),
		required("over", "what it is divided by: a number, or RULE.PARAM as in limit", scalar()),
		optional("weight", "what the quotient is multiplied by; 1 by default", number()),
	)
	s.name = "term"
	return s
}

// comparators are the keys of a target that compare with a number.
func comparators() []string { return []string{"at_least", "at_most", "around", "above", "below"} }

func targetShape() *shape {
	return object(
		required(kindTarget, "name, for example employment.new_urban.2024", textLike(nameText)),
		required("title", "title of the target", bilingual()),
		required("plan", "the plan that promises it", textLike(nameText)),
		required("chapter", "chapter of the plan", textLike(fieldText)),
		optional("indicator", "what measures it; absent while no data is bound", textLike(nameText)),
		optional("where", "narrows the indicator", conditionsShape()),
		optional("at_least", "the value or more", number()),
		optional("at_most", "the value or less", number()),
		optional("around", "within the tolerance of the value, or on its better side", number()),
		optional("above", "more than the value", number()),
		optional("below", "less than the value", number()),
		optional("milestone", "true for something done by the deadline, without a number", boolean()),
		optional("tolerance", "for around, in the unit of the value", number()),
		optional("unit", "unit of the value; required with a number", textLike(nameText)),
		optional("kind", "how the promise is judged; by default level, or milestone when it is one",
			oneOf("level", "growth", "coverage", "milestone", "relative")),
		optional("relative", "for kind relative: the indicator to compare with", textLike(nameText)),
		optional("pace", "how the expected value grows; by default past for totals of a year, else level",
			oneOf("past", "linear", "last_year", "level", "ramp")),
		optional("from", "first day that the promise holds", date()),
		optional("deadline", "last day; by default 31 December of the plan's year", date()),
		required("owner", "the organisation that answers for it", textLike(nameText)),
		optional("region", "region code, when the promise is of one region", textLike(regionText)),
		optional("document", "the document quoted; by default the plan's", textLike(nameText)),
		optional("report", "without an indicator: how it is reported by hand; what is left out is the plan's", reportShape()),
		required("quote", "exact text of the document", textUpTo(maxQuote)),
		optional("note", "what had to be interpreted", bilingual()),
	)
}
