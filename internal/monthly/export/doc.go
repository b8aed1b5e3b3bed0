// Package export writes a document of package monthly as DOCX, which offices
// circulate, and as XLSX, whose cells hold the numbers themselves.
package export

import (
	"io"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/monthly"
)

// Format is a form of file.
type Format string

// The forms of files.
const (
	DOCX Format = "docx"
	XLSX Format = "xlsx"
)

// Formats lists the forms of files.
func Formats() []Format { return []Format{DOCX, XLSX} }

// Of finds the format that a file's name ends with.
func Of(name string) (Format, error) {
	for _, f := range Formats() {
		if strings.HasSuffix(strings.ToLower(name), "."+string(f)) {
			return f, nil
		}
	}
	return "", city.Errorf(city.CodeInvalid, "%q has no ending that says how to write it", name).WithHint("use .docx or .xlsx")
}

// MediaType is the media type of a form of file.
func (f Format) MediaType() string {
	if f == DOCX {
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	}
	return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
}

// Name proposes a file name: report, month and language.
func Name(d *monthly.Document, f Format) string {
	return d.Report + "_" + d.Month + "_" + d.Lang + "." + string(f)
}

// Write writes a document. The same document gives the same bytes.
func Write(w io.Writer, f Format, d *monthly.Document) error {
	switch f {
	case DOCX:
		return writeDOCX(w, d)
	case XLSX:
		return writeXLSX(w, d)
	}
	return city.Errorf(city.CodeInvalid, "there is no format %q", f).WithHint("use docx or xlsx")
}
