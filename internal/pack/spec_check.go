package pack

// checkShape is a check over several fields of a row, or over a set of rows.
// The key beside code says which.
func checkShape() *shape {
	return object(
		required("code", "reason code of what fails", textLike(fieldText)),
		optional("on_fail", "rows that fail are held back (quarantine) or only reported (notice); by default quarantine, for gap notice", oneOf("quarantine", "notice")),
		optional("any_of", "at least one of these fields must have a value", list(textLike(fieldText), 1)),
		optional("not_after", "the first date must not be after the second", pairOf(textLike(fieldText))),
		optional("not_above", "the first number must not be above the second", pairOf(textLike(fieldText))),
		optional("unique", "no two rows with different keys may have the same values in all of these fields", list(textLike(fieldText), 1)),
		optional("reference", "another dataset's table must have the value", object(
			required("field", "the field with the value", textLike(fieldText)),
			required("dataset", "the other dataset", textLike(tableText)),
			required("to", "its field", textLike(fieldText)),
		)),
		optional("monotonic", "a cumulative number may not fall", object(
			required("field", "the number", textLike(fieldText)),
			byKey(), orderKey(),
			withDefault("direction", "up: it may not fall; down: it may not rise", "up", oneOf("up", "down")),
			withDefault("reset", "the period after which it begins anew, by the first field of order", "none", oneOf("year", "month", "none")),
		)),
		optional("stuck", "a sensor may not give the same readings many times in a row", object(
			required("fields", "the readings, which are stuck when all of them stay", list(textLike(fieldText), 1)),
			byKey(), orderKey(),
			required("run", "so many equal readings in a row are too many", integer(2, 1e6)),
			optional("ignore", "readings that may stay, for example 0 at night", list(number(), 1)),
		)),
		optional("gap", "reports the steps of a series that have no row", object(
			byKey(),
			required("order", "the date and, for every hour, the hour unless the date tells it", object(
				required("date", "a date, datetime or month field", textLike(fieldText)),
				optional("hour", "an int field from 0 to 23", textLike(fieldText)),
			)),
			required("every", "the distance of the rows", oneOf("hour", "day", "month")),
			withDefault("most", "so many missing steps in a row are not reported", 0.0, integer(0, 1e6)),
		)),
	)
}

func byKey() key {
	return optional("by", "the groups that are looked at apart", list(textLike(fieldText), 1))
}

func orderKey() key {
	return required("order", "the fields that order the rows of a group", list(textLike(fieldText), 1))
}
