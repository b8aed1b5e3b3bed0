package pack

// mostMonths bounds the months that one table of a report lists.
const mostMonths = 36

// reportParts are the keys that make a part of a report's section.
func reportParts() []string {
	return []string{"text", "table", "chart", "ranking", "targets", "changes", "sources"}
}

func monthlyShape() *shape {
	return object(
		required(kindReport, "name, for example hrss.monthly", textLike(nameText)),
		required("title", "what a list calls it", bilingual()),
		required("heading", "what stands above the document; may hold {year}, {month} and {period}", bilingual()),
		required("organisation", "who circulates it", textLike(nameText)),
		required("sections", "its headings in order, with what stands below each", list(object(
			required("heading", "without a number, which is added", bilingual()),
			withDefault("level", "1 for 一、 2 for （一） 3 for 1.", 1.0, integer(1, 3)),
			optional("parts", "what stands below it, in order", list(reportPartShape(), 1)),
		), 1)),
	)
}

func reportPartShape() *shape {
	s := object(
		optional("text", "a paragraph with placeholders such as {value INDICATOR}", bilingual()),
		optional("table", "measures by the members of a dimension, or by month", object(
			required("title", "what the table shows", bilingual()),
			required("measures", "its columns", list(object(
				required("indicator", "whose figures", textLike(nameText)),
				optional("show", "what of it; its value by default", list(reportShows(), 1)),
			), 1)),
			optional("by", "dimension that the rows are members of", textLike(fieldText)),
			optional("months", "a row for each of so many months, up to the report's", integer(1, mostMonths)),
			withDefault("totals", "adds the total, which is computed and not summed up", false, boolean()),
		)),
		optional("chart", "a chart of one indicator", object(
			required("title", "what the chart shows", bilingual()),
			required("kind", "line: this year, the last one and the pace; bar: the members of a dimension", oneOf("line", "bar")),
			required("indicator", "whose figures", textLike(nameText)),
			optional("by", "bar: the dimension", textLike(fieldText)),
		)),
		optional("ranking", "members by rank, with the ranks won and lost since the year before", object(
			required("title", "what is ranked", bilingual()),
			required("indicator", "by whose figures", textLike(nameText)),
			required("by", "the dimension", textLike(fieldText)),
			optional("top", "so many of them; by default all", integer(1, 1000)),
		)),
		optional("targets", "the board of the report's year", object(
			required("title", "what the board shows", bilingual()),
			optional("owner", "whose targets; by default all", textLike(nameText)),
			withDefault("why", "adds a sentence for each target that is not on pace", false, boolean()),
		)),
		optional("changes", "published figures that would be printed otherwise now, and why", object(
			required("indicators", "which; \"*\" for all", oneOrMany(text())),
		)),
		optional("sources", "true lists the datasets and definitions of the document", boolean()),
	)
	s.name = "report_part"
	return s
}

// reportShows are the columns that a table of a report knows.
func reportShows() *shape {
	return oneOf("value", "previous", "yoy", "yoy_diff", "before", "mom", "mom_diff", "ytd", "share", "rank", "rank_change")
}
