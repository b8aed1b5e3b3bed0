// Package errorfile writes rows that failed their checks as the sender wrote
// them, with the reason beside each, so that they can be mended where they came
// from and delivered again.
//
// The file has the form of the delivered one: CSV keeps its encoding, byte order
// mark, delimiter, line ends and header, and the text of every row to the
// letter; JSON Lines its keys and values; a workbook its header and the text of
// its cells, each as text, so that nothing in it is computed when it is opened.
// Parquet comes back as JSON Lines, since nothing that people mend rows with
// writes Parquet. A packed file comes back unpacked.
//
// Two columns follow those of the sender: city.ErrorCodeColumn and
// city.ErrorMessageColumn. The delivery road reads over them, so a mended file
// may be sent back as it is; when its rows fail again, they are replaced.
//
// Rows are written as they come; memory does not grow with their number.
package errorfile

import (
	"io"
	"path"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// Writer writes one error file. Errors are those of what it writes to.
type Writer interface {
	// Header writes the record that names the columns. It comes first, or not
	// at all for a file that has none.
	Header(rec *format.Record) error
	// Row writes a record and why it failed.
	Row(rec *format.Record, code, message string) error
	// Close ends the file; it does not close what is written to.
	Close() error
}

// New gives the writer for files of a form. The delimiter is that of CSV; 0
// means a comma.
func New(w io.Writer, form format.Form, delimiter rune) Writer {
	if delimiter == 0 {
		delimiter = ','
	}
	switch form.Kind {
	case format.KindWorkbook:
		return newWorkbook(w)
	case format.KindJSONLines:
		return &lines{text: newText(w, form)}
	case format.KindParquet:
		return &lines{text: newText(w, format.Form{Encoding: format.UTF8}), table: true}
	}
	return &csv{text: newText(w, form), delimiter: delimiter, crlf: form.CRLF}
}

// Name is what the error file of a delivered file is called: 就业.csv.gz becomes
// 就业.errors.csv.
func Name(file string, form format.Form) string {
	ext, _ := typeOf(form)
	base := path.Base(strings.ReplaceAll(file, `\`, "/"))
	for _, known := range []string{".gz", ".zip", ".csv", ".txt", ".jsonl", ".json", ".ndjson", ".xlsx", ".parquet"} {
		if n := len(base) - len(known); n > 0 && strings.EqualFold(base[n:], known) {
			base = base[:n]
		}
	}
	return strings.TrimSuffix(base, ".errors") + ".errors" + ext
}

// MediaType is the type of the error file of a form.
func MediaType(form format.Form) string {
	_, media := typeOf(form)
	return media
}

func typeOf(form format.Form) (ext, media string) {
	charset := "; charset=utf-8"
	if form.Encoding == format.GB18030 {
		charset = "; charset=gb18030"
	}
	switch form.Kind {
	case format.KindWorkbook:
		return ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case format.KindJSONLines, format.KindParquet:
		return ".jsonl", "application/jsonl"
	}
	return ".csv", "text/csv" + charset
}

// columns leaves the reasons of an earlier failure out of a record: the columns
// that an error file had which was mended and failed again.
type columns struct {
	width   int
	reasons []int // places of these columns in the header
}

func (c *columns) learn(header [][]byte) {
	c.width = len(header)
	for i, name := range header {
		if isReason(strings.TrimSpace(string(name))) {
			c.reasons = append(c.reasons, i)
		}
	}
}

// sender gives the fields of the sender. A record of another width than the
// header is left as it is, since its columns are not known.
func (c *columns) sender(fields [][]byte) [][]byte {
	if len(c.reasons) == 0 || len(fields) != c.width {
		return fields
	}
	out := make([][]byte, 0, len(fields))
	for i, f := range fields {
		if !slices.Contains(c.reasons, i) {
			out = append(out, f)
		}
	}
	return out
}

func isReason(name string) bool {
	return name == city.ErrorCodeColumn || name == city.ErrorMessageColumn
}
