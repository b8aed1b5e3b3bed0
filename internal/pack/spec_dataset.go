package pack

func datasetShape() *shape {
	return object(
		required(kindDataset, "namespace.table", textLike(tableText)),
		required("title", "title of the dataset", bilingual()),
		optional("note", "what a reader should know", bilingual()),
		required("owner", "the organisation that answers for it", textLike(nameText)),
		required("grade", "data grading from 1 (public) to 4", integer(1, 4)),
		required("sharing", "sharing class", object(
			required("class", "who may have it", oneOf("unconditional", "conditional", "denied")),
			optional("basis", "legal basis; required for denied", text()),
			optional("methods", "how it is shared", list(oneOf("file", "api", "table"), 1)),
		)),
		required("delivery", "how it is delivered", deliveryShape()),
		optional("key", "fields that identify a row; required for upsert", list(textLike(fieldText), 1)),
		optional("checks", "checks over several fields of a row, and over sets of rows", list(checkShape(), 1)),
		required("fields", "the columns, in order", mapOf(fieldText, fieldShape(), 1)),
		optional("derived", "fields that are computed out of others by a rule, and not stored", mapOf(fieldText, derivedShape(), 1)),
	)
}

func deliveryShape() *shape {
	return object(
		required("mode", "what a batch does to the rows that are there", oneOf("upsert", "append", "replace", "snapshot")),
		required("period", "the date, datetime or month field that dates a row", textLike(fieldText)),
		required("every", "how often a batch is due", oneOf("day", "month", "quarter", "year")),
		required("late_after", "how long after the period's end a batch is late: 5wd or 5d", textLike(lateText)),
		withDefault("reject_above", "share of bad rows above which a batch is rejected; 100% never", "100%", textLike(percentText)),
		withDefault("vanish_above", "replace and snapshot: share of the period's or the table's rows that may vanish before a batch is rejected; 100% never", "100%", textLike(percentText)),
		withDefault("dates", "period: rows that are dated outside the period of their manifest go to quarantine, as in the mode replace", "any", oneOf("any", "period")),
		withDefault("signed", "whether a batch needs a manifest that a sender of the pack signed", "optional", oneOf("optional", "required")),
		withDefault("header", "whether the first record names the columns", "auto", oneOf("auto", "required", "none")),
		withDefault("delimiter", "what divides the columns", ",", oneOf(",", ";", "|", "^", "~", "tab")),
		optional("ignore", "columns of the sender that are not kept", list(text(), 1)),
	)
}

// fieldTypes are the types of a field.
func fieldTypes() []string {
	return []string{"string", "int", "number", "decimal", "date", "datetime", "month", "bool", "enum", "region", "person", "credit"}
}

func fieldShape() *shape {
	s := object(
		required("type", "type of the field", oneOf(fieldTypes()...)),
		required("title", "title of the field", bilingual()),
		optional("source", "column names in the sender's header, the usual one first; by default the field's name", oneOrMany(text())),
		optional("from", "dates, datetimes and months: columns whose texts, joined by spaces, make the value where the header has no source", list(text(), 2)),
		optional("column", "position in a file without header, from 1", integer(1, 10000)),
		withDefault("optional", "true when it may be empty", false, boolean()),
		optional("null", "texts that mean no value, besides the empty text", list(text(), 1)),
		optional("default", "what to take, as the sender would write it, when the file has no value", scalar()),
		optional("formats", "dates, datetimes and months: layouts to try, written for 2 January 2006, 15:04:05; by default 2006-01-02, 2006-01-02 15:04:05 or 2006-01, and year, month and so on for from", list(text(), 1)),
		optional("values", "enums: the codes, each with what senders write", mapOf(enumText, enumValueShape(), 1)),
		optional("true", "bools: texts that mean yes; by default 是, true, 1", list(text(), 1)),
		optional("false", "bools: texts that mean no; by default 否, false, 0", list(text(), 1)),
		optional("scale", "decimals: digits after the point; by default 2", integer(0, 18)),
		optional("min", "numbers: least value", number()),
		optional("max", "numbers: greatest value", number()),
		optional("max_len", "strings: characters at most", integer(1, 1<<20)),
		optional("personal", "strings: true when ID numbers of persons may be in the text; by default a row with one is held back", boolean()),
		optional("pattern", "strings: regular expression (RE2) for the whole text", text()),
		optional("unit", "numbers: unit of the value", textLike(nameText)),
		optional("sum", "numbers: true when the receipt states the sum", boolean()),
	)
	s.name = "field"
	return s
}

// enumValueShape takes what senders write (a text or several), or a map that
// gives the titles too.
func enumValueShape() *shape {
	s := oneOrMany(text())
	s.object = object(
		required("zh", "title in Chinese", text()),
		required("en", "title in English", text()),
		optional("source", "what senders write; by default the Chinese title", oneOrMany(text())),
	)
	s.name = "enum_value"
	return s
}
