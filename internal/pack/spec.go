package pack

// formatVersion is the version of the pack format that this package reads.
const formatVersion = 1

// The kinds of document. Each is also the first key of its documents.
const (
	kindCity         = "city"
	kindRegion       = "region"
	kindOrganisation = "organisation"
	kindSender       = "sender"
	kindUnit         = "unit"
	kindDocument     = "document"
	kindRule         = "rule"
	kindDataset      = "dataset"
	kindIndicator    = "indicator"
	kindPlan         = "plan"
	kindTarget       = "target"
	kindAlert        = "alert"
	kindReport       = "report"
	kindOutline      = "outline"
)

// kind specifies one kind of document.
type kind struct {
	name  string
	doc   string
	shape *shape // an object; its first key is the kind's name
}

// spec is the specification of the format.
type spec struct {
	kinds []kind
}

// Patterns of names and texts.
var (
	nameText     = newPattern(`^[a-z0-9][a-z0-9_]*([.-][a-z0-9_]+)*$`, "small letters, digits and _, in parts joined by a dot or hyphen")
	senderText   = newPattern(`^[a-z0-9][a-z0-9_./-]{0,99}$`, "small letters, digits and _ . / -, at most 100 characters")
	fieldText    = newPattern(`^[a-z][a-z0-9_]{0,62}$`, "small letters, digits and _, beginning with a letter, at most 63 characters")
	tableText    = newPattern(`^[a-z][a-z0-9_]{0,62}\.[a-z][a-z0-9_]{0,62}$`, "namespace.table in small letters, digits and _")
	enumText     = newPattern(`^[A-Za-z0-9][A-Za-z0-9_]*$`, "letters, digits and _")
	regionText   = newPattern(`^[1-9][0-9]{5}$`, "a code of six digits (GB/T 2260)")
	sha256Text   = newPattern(`^[0-9a-f]{64}$`, "64 small hexadecimal digits")
	lateText     = newPattern(`^[0-9]{1,3}(wd|d)$`, "a number of working days (5wd) or days (5d)")
	percentText  = newPattern(`^(100|[0-9]{1,2}(\.[0-9]+)?)%$`, "a share between 0% and 100%")
	evidenceText = newPattern(`^[A-Z?][A-Z0-9]{0,2}\+?$`, "an evidence tag such as S, S2, M+, M or ?")
)

// newSpec builds the specification.
func newSpec() *spec {
	return &spec{kinds: []kind{
		{kindCity, "The city; exactly one per pack.", object(
			required(kindCity, "GB/T 2260 code of the city", textLike(regionText)),
			required("name", "name of the city", bilingual()),
			required("time_zone", "IANA time zone, for example Asia/Shanghai", text()),
			required("format", "version of the pack format", integer(formatVersion, formatVersion)),
		)},
		{kindRegion, "An administrative or functional area.", object(
			required(kindRegion, "GB/T 2260 code", textLike(regionText)),
			required("name", "name of the region", bilingual()),
			optional("parent", "code of the region that it belongs to; absent for the city itself", textLike(regionText)),
			optional("sets", "groups of regions that a plan speaks of", list(textLike(fieldText), 1)),
			withDefault("functional", "true for an area that statistics keep apart but that is no administrative division", false, boolean()),
			optional("from", "first day of validity", date()),
			optional("to", "last day of validity", date()),
		)},
		{kindOrganisation, "A body of the city that owns datasets and targets.", object(
			required(kindOrganisation, "short name, for example hrss", textLike(nameText)),
			required("title", "full name", bilingual()),
			optional("short", "how a table abbreviates it; by default the title", bilingual()),
		)},
		{kindSender, "A system that hands over data and signs what it says of them.", senderShape()},
		{kindUnit, "A unit of measurement.", object(
			required(kindUnit, "name, for example person", textLike(nameText)),
			required("title", "how it is written after a figure", bilingual()),
		)},
		{kindDocument, "An official text that promises are quoted from.", object(
			required(kindDocument, "name, for example economy-2024", textLike(nameText)),
			required("file", "name of the file below the folder of documents", text()),
			required("title", "title of the text", bilingual()),
			required("publisher", "who published it", text()),
			required("published", "day of publication", date()),
			required("sha256", "SHA-256 of the file, hexadecimal", textLike(sha256Text)),
		)},
		{kindRule, "A rule of law, a standard or a local policy.", ruleShape()},
		{kindDataset, "A table: what a source hands over and what is kept.", datasetShape()},
		{kindIndicator, "A measure over a dataset.", indicatorShape()},
		{kindPlan, "A published plan.", object(
			required(kindPlan, "name, for example \"2024\"", textLike(nameText)),
			required("year", "the plan's year", integer(1949, 2200)),
			required("title", "title of the plan", bilingual()),
			required("document", "the document that states it", textLike(nameText)),
			required("chapters", "headings that targets are grouped under, in order", mapOf(fieldText, bilingual(), 1)),
			optional("report", "how targets without an indicator are reported by hand, unless they say otherwise", reportShape()),
		)},
		{kindTarget, "One promise of a plan.", targetShape()},
		{kindAlert, "A rule that watches something and calls its owner.", alertShape()},
		{kindReport, "A template of a document that a body circulates each month.", monthlyShape()},
		outlineKind(),
	}}
}

// kind finds a kind of document by name.
func (s *spec) kind(name string) *kind {
	for i := range s.kinds {
		if s.kinds[i].name == name {
			return &s.kinds[i]
		}
	}
	return nil
}

func (s *spec) names() []string {
	out := make([]string, len(s.kinds))
	for i, k := range s.kinds {
		out[i] = k.name
	}
	return out
}

// bilingual is a text in the two languages of the console.
func bilingual() *shape {
	s := object(required("zh", "Chinese", text()), required("en", "English", text()))
	s.name = "text"
	return s
}

func ruleShape() *shape {
	return object(
		required(kindRule, "name, for example hj663.annual_mean", textLike(nameText)),
		required("kind", "which engine reads it", oneOf("completeness", "lights", "likelihood", "disclosure", "index", "grade", "warning", "validity", "basin", "stability", "calendar", "limits")),
		required("title", "title of the rule", bilingual()),
		required("versions", "its editions in the order of time, without overlap", list(object(
			optional("from", "first day of the edition", date()),
			optional("to", "last day of the edition", date()),
			required("source", "the text that states it", bilingual()),
			required("provenance", "how sure the reading is: S, S2, M+, M or ?", textLike(evidenceText)),
			withDefault("decimals", "decimals that the rule prescribes; -1 when it is silent", -1.0, integer(-1, 10)),
			optional("params", "its numbers, for kinds that have no table", mapOf(fieldText, number(), 1)),
			optional("index", "kind index: sub-indices of several quantities, the greatest of which counts", indexTableShape()),
			optional("grading", "kind grade: classes of several quantities, the worst of which counts", gradeTableShape()),
			optional("warnings", "kind warning: its levels, the lowest first", warningsShape()),
			optional("dates", "kind calendar: the day of the festival in each year, in order", list(date(), 1)),
			optional("combine", "kind calendar: first and last month, 1 to 12, that statistics state together", pairOf(integer(1, 12))),
		), 1)),
	)
}
