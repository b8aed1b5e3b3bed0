package doctext

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Bounds of a .docx besides those of Limits.
const (
	mostParts  = 4000
	deepestXML = 200
)

// readDOCX reads the body of a word processor's document, then its footnotes:
// one line for each paragraph, one for each row of a table with its cells
// between tabs. Deleted text and field codes are left out.
func readDOCX(b []byte, l Limits) (*Document, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, damaged(err)
	}
	if len(z.File) > mostParts {
		return nil, city.Errorf(CodeDocument, "the archive holds %d parts, more than %d", len(z.File), mostParts)
	}
	w := &wordText{limit: l.Characters}
	found := false
	for _, name := range []string{"word/document.xml", "word/footnotes.xml", "word/endnotes.xml"} {
		for _, f := range z.File {
			if f.Name != name {
				continue
			}
			found = true
			if err := w.part(f, l.Unpacked); err != nil {
				return nil, err
			}
			break
		}
		if !found {
			return nil, city.Errorf(CodeDocument, "the archive is not a .docx document").WithHint("unpack it, or save the document as .docx")
		}
	}
	return &Document{Kind: DOCX, Text: strings.TrimRight(w.out.String(), "\n"), Whole: true}, nil
}

func damaged(err error) error {
	return city.Errorf(CodeDocument, "the .docx document is damaged: %w", err).WithHint("open it and save it anew")
}

// wordText gathers text from the parts of a document.
type wordText struct {
	out   strings.Builder
	limit int

	line  strings.Builder // the paragraph
	cells []int           // for each open table, how many cells its row has so far
	skip  int             // depth of what is left out
}

func (w *wordText) part(f *zip.File, unpacked int64) error {
	r, err := f.Open()
	if err != nil {
		return damaged(err)
	}
	defer r.Close()
	bound := &io.LimitedReader{R: r, N: unpacked + 1}
	err = w.read(xml.NewDecoder(bound))
	switch {
	case bound.N <= 0 || errors.Is(err, errLong):
		return tooLarge("the document unpacked", unpacked>>20, "MiB")
	case err != nil:
		return damaged(err)
	}
	w.paragraph()
	return nil
}

var errLong = errors.New("the text is too long")

func (w *wordText) read(d *xml.Decoder) error {
	depth, inText := 0, 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			if depth++; depth > deepestXML {
				return errors.New("its XML is nested too deeply")
			}
			w.open(e.Name.Local)
			if e.Name.Local == "t" {
				inText++
			}
		case xml.EndElement:
			depth--
			w.end(e.Name.Local)
			if e.Name.Local == "t" {
				inText--
			}
		case xml.CharData:
			if inText > 0 && w.skip == 0 {
				w.line.Write(e)
			}
		}
		if w.out.Len()+w.line.Len() > 4*w.limit {
			return errLong
		}
	}
}

// leftOut are elements whose text is not part of the document as it reads.
var leftOut = map[string]bool{"del": true, "moveFrom": true, "instrText": true, "Fallback": true, "delText": true, "rPr": true, "pPr": true}

func (w *wordText) open(name string) {
	switch {
	case leftOut[name]:
		w.skip++
	case w.skip > 0:
	case name == "tbl":
		w.cells = append(w.cells, 0)
	case name == "tr" && len(w.cells) > 0:
		w.cells[len(w.cells)-1] = 0
	case name == "tc" && len(w.cells) > 0:
		if w.cells[len(w.cells)-1]++; w.cells[len(w.cells)-1] > 1 {
			w.line.WriteByte('\t')
		}
	case name == "tab" || name == "cr":
		w.line.WriteByte(' ')
	case name == "br" && len(w.cells) == 0:
		w.paragraph()
	case name == "noBreakHyphen":
		w.line.WriteByte('-')
	}
}

func (w *wordText) end(name string) {
	switch {
	case leftOut[name]:
		w.skip--
	case w.skip > 0:
	case name == "p" && len(w.cells) == 0, name == "tr":
		w.paragraph()
	case name == "tbl" && len(w.cells) > 0:
		w.cells = w.cells[:len(w.cells)-1]
	}
}

// paragraph ends the line.
func (w *wordText) paragraph() {
	if w.line.Len() == 0 {
		return
	}
	w.out.WriteString(strings.ToValidUTF8(strings.ReplaceAll(w.line.String(), "\n", " "), "\uFFFD"))
	w.out.WriteByte('\n')
	w.line.Reset()
}
