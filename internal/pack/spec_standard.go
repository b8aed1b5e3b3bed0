package pack

// indexTableShape is the table of a rule of kind index.
func indexTableShape() *shape {
	s := object(
		required("levels", "the sub-index at each breakpoint, whole numbers ascending from 0", list(number(), 2)),
		required("items", "the quantities", mapOf(fieldText, object(
			required("zh", "title in Chinese", text()),
			required("en", "title in English", text()),
			required("points", "the value at each of the first levels, ascending", list(number(), 2)),
			withDefault("decimals", "decimals that the value is rounded to before", 0.0, integer(0, 6)),
			optional("beyond", "sub-index above the last point; absent when none is stated", number()),
		), 1)),
		withDefault("primary_above", "the index above which the items that reach it are named as primary", 0.0, number()),
		optional("missing_above", "an index with missing items is only stated above this; absent: for what there is", number()),
		optional("grades", "names of the values, ascending", list(object(
			required("grade", "short name", textLike(enumText)),
			required("zh", "name in Chinese", text()),
			required("en", "name in English", text()),
			optional("up_to", "the greatest value; absent for the last grade", number()),
		), 1)),
	)
	s.name = "index_table"
	return s
}

// gradeTableShape is the table of a rule of kind grade.
func gradeTableShape() *shape {
	limits := list(number(), 1)
	s := object(
		required("classes", "the classes, best first; the last is beyond all limits", list(object(
			required("class", "short name", textLike(enumText)),
			required("zh", "name in Chinese", text()),
			required("en", "name in English", text()),
			optional("verdict", "what the class says in words", bilingual()),
		), 2)),
		required("base", "the class whose limits exceedance is measured by", textLike(enumText)),
		required("items", "the quantities", mapOf(fieldText, object(
			required("zh", "title in Chinese", text()),
			required("en", "title in English", text()),
			optional("at_most", "the limit of each class but the last, ascending", limits),
			optional("at_least", "the limit of each class but the last, descending", limits),
			optional("range", "lowest and highest value of all classes", pairOf(number())),
			withDefault("reference", "true when it is stated and does not count for the class", false, boolean()),
			withDefault("first", "true when it stands before others among the main polluting items", false, boolean()),
		), 1)),
	)
	s.name = "grade_table"
	return s
}

// warningsShape is the levels of a rule of kind warning.
func warningsShape() *shape {
	return list(object(
		required("level", "short name", textLike(enumText)),
		required("zh", "name in Chinese", text()),
		required("en", "name in English", text()),
		required("any", "lists of runs of days; of one list all must be found", list(list(object(
			optional("above", "the index of each day is above this", number()),
			optional("at_least", "the index of each day is this or more", number()),
			required("days", "so many days in a row", integer(1, 366)),
		), 1), 1)),
	), 1)
}

// derivedShape is a field that is computed out of others by a rule.
func derivedShape() *shape {
	s := object(
		required("title", "title of the field", bilingual()),
		required("rule", "the rule of kind index or grade, in the edition in force on the row's day", textLike(nameText)),
		required("items", "which field holds each item of the rule", mapOf(fieldText, textLike(fieldText), 1)),
		withDefault("yields", "index: the value (a whole number); class: its grade or class", "index", oneOf("index", "class")),
	)
	s.name = "derived"
	return s
}
