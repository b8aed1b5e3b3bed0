// Package format turns the bytes of a delivered file into records of UTF-8
// text. A file is CSV (RFC 4180), JSON Lines, Parquet or a workbook of Excel
// (XLSX), plain, packed with gzip, or the only data file of a zip archive; it
// is recognised by its content, never by its name. Fields are given as text,
// so that package validate stays the only place where types are judged.
// Memory is bounded whatever the file holds, and what unpacks to more than
// Limits allow is refused.
package format

import "github.com/jinyang-city/jinyang/internal/city"

// MaxRecord is the longest record, in bytes of UTF-8, that is read.
const MaxRecord = 1 << 20

// MaxFields is the largest number of fields in a record.
const MaxFields = 4096

// The codes of errors in the form of a file.
const (
	CodeFormat  city.Code = "invalid.format"  // a form that is not read
	CodeArchive city.Code = "invalid.archive" // gzip or zip
	CodeCSV     city.Code = "invalid.csv"
	CodeJSONL   city.Code = "invalid.jsonl"
	CodeParquet city.Code = "invalid.parquet"
	CodeXLSX    city.Code = "invalid.xlsx"
)

// Records gives the records of a file, in the order of the file.
type Records interface {
	// Next gives the next record, or io.EOF after the last. Errors of the file
	// have a code of this package; others are those of its source.
	Next() (*Record, error)
	// Named says that the first record certainly names the columns, whatever
	// the dataset declares of a header.
	Named() bool
	// Form says how the file is written; after the first record, so far as that
	// shows it.
	Form() Form
	// Close releases what reading took. The source's content is not touched.
	Close() error
}

// Record is one record of a file. Its slices are valid until the next read.
type Record struct {
	Number int64 // from 1, blank lines not counted
	Line   int64 // line of the file, or row of the sheet, where it starts, from 1
	Fields [][]byte
	// Raw is the text as delivered, without the line end. Forms that are not
	// text give the record as a line of CSV.
	Raw []byte
	// Malformed is set when the record cannot be read as its form demands;
	// Fields are then best effort and the record must not be used.
	Malformed bool
	// Fault says why it is malformed. CSV leaves it empty: there text follows a
	// closing quote.
	Fault Fault
}

// Fault is what is wrong with a record that its form does not allow. Neither
// text holds anything of the record.
type Fault struct {
	Code    string // stable, a reason code of receipts
	Message string
}

// The codes of faults.
const (
	FaultJSON      = "malformed_json"   // the line is not one JSON object
	FaultKey       = "unknown_key"      // a key that the header does not have
	FaultNested    = "nested_value"     // a list or an object as a value
	FaultText      = "bad_encoding"     // characters that are not text
	FaultFormula   = "formula"          // a cell is computed
	FaultCell      = "cell_error"       // a cell holds an error such as #N/A, or is damaged
	FaultPrecision = "imprecise_number" // more digits than the form can hold
)

// line builds records of forms that are not lines of text.
type line struct {
	rec  Record
	text []byte
	ends []int
	raw  []byte
}

func (l *line) reset() {
	l.text, l.ends = l.text[:0], l.ends[:0]
	l.rec.Malformed, l.rec.Fault = false, Fault{}
}

func (l *line) add(field []byte) {
	l.text = append(l.text, field...)
	l.end()
}

// end closes the field whose text was appended to text.
func (l *line) end() { l.ends = append(l.ends, len(l.text)) }

// fault marks the record as malformed; the first reason stays.
func (l *line) fault(f Fault) {
	if !l.rec.Malformed {
		l.rec.Malformed, l.rec.Fault = true, f
	}
}

// tooLong says that the record breaks a bound.
func (l *line) tooLong() bool { return len(l.text) > MaxRecord || len(l.ends) > MaxFields }

// finish gives the record; its raw text is rendered as CSV.
func (l *line) finish(number int64) *Record {
	l.rec.Line = number
	l.split()
	l.raw = l.raw[:0]
	for i, f := range l.rec.Fields {
		if i > 0 {
			l.raw = append(l.raw, ',')
		}
		l.raw = AppendCSV(l.raw, f, ',')
	}
	l.rec.Raw = l.raw
	return &l.rec
}

func (l *line) split() {
	l.rec.Number++
	l.rec.Fields = l.rec.Fields[:0]
	from := 0
	for _, end := range l.ends {
		l.rec.Fields = append(l.rec.Fields, l.text[from:end])
		from = end
	}
}
