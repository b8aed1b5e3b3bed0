package doctext

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// Kind is the form of a document.
type Kind string

// The forms that are read.
const (
	Text Kind = "txt"
	DOCX Kind = "docx"
	PDF  Kind = "pdf"
)

// The codes of a document that cannot be read.
const (
	CodeDocument = city.CodeInvalid + ".document" // damaged, or of another form
	CodeSize     = city.CodeInvalid + ".size"     // larger than the limits
	CodeScanned  = city.CodeInvalid + ".scanned"  // a PDF of pictures
	CodeLocked   = city.CodeInvalid + ".password" // a PDF with a password
)

// Limits bound a document. The zero value of a field means the default.
type Limits struct {
	Bytes      int64         // of the file; 32 MiB
	Unpacked   int64         // of one part of a .docx; 64 MiB
	Characters int           // of the text; 10 million
	Pages      int           // of a PDF; 1000
	Time       time.Duration // that a PDF may take, once the reader of PDFs is made; one minute
}

func (l Limits) orDefault() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 32 << 20
	}
	if l.Unpacked <= 0 {
		l.Unpacked = 64 << 20
	}
	if l.Characters <= 0 {
		l.Characters = 10_000_000
	}
	if l.Pages <= 0 {
		l.Pages = 1000
	}
	if l.Time <= 0 {
		l.Time = time.Minute
	}
	return l
}

// Document is a document's text. A form without pages has one.
type Document struct {
	Kind     Kind            `json:"kind"`
	Encoding format.Encoding `json:"encoding"` // of plain text; "" of others
	SHA256   string          `json:"sha256"`   // of the file
	Text     string          `json:"-"`
	Pages    []Page          `json:"pages"`
	// Whole says that every line is a whole paragraph, as in a word processor.
	Whole bool `json:"-"`
}

// Page is where a page stands in the text: characters [Start, End).
type Page struct {
	Number int `json:"number"`
	Start  int `json:"start"`
	End    int `json:"end"`
}

// Reader reads documents, by several callers at once if need be. The zero value
// is ready. Keep one: it keeps the PDF reader, whose making takes seconds.
type Reader struct {
	pdf machines
}

// Read reads a document to its end. The form is told by the bytes, not by a
// name. Errors are of city.CodeInvalid, with a hint that says how to mend.
func (d *Reader) Read(ctx context.Context, r io.Reader, l Limits) (*Document, error) {
	l = l.orDefault()
	b, err := io.ReadAll(io.LimitReader(r, l.Bytes+1))
	switch {
	case err != nil:
		return nil, city.Outside(err, "cannot read the document")
	case int64(len(b)) > l.Bytes:
		return nil, tooLarge("the file", l.Bytes>>20, "MiB")
	case len(b) == 0:
		return nil, city.Errorf(CodeDocument, "the file is empty").WithHint("give the text of a plan or a report")
	}
	doc, err := d.parse(ctx, b, l)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	doc.SHA256 = hex.EncodeToString(sum[:])
	if n := utf8.RuneCountInString(doc.Text); n > l.Characters {
		return nil, tooLarge("the text", int64(l.Characters), "characters")
	} else if doc.Pages == nil {
		doc.Pages = []Page{{Number: 1, End: n}}
	}
	return doc, nil
}

func (d *Reader) parse(ctx context.Context, b []byte, l Limits) (*Document, error) {
	switch {
	case bytes.HasPrefix(b, []byte("%PDF-")) || bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")):
		return d.pdf.read(ctx, b, l)
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return readDOCX(b, l)
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return nil, city.Errorf(CodeDocument, "the file is of Word before 2007 (.doc)").WithHint("save it as .docx")
	case bytes.HasPrefix(b, []byte("{\\rtf")):
		return nil, city.Errorf(CodeDocument, "the file is RTF").WithHint("save it as .docx or as plain text")
	}
	return readText(b)
}

func tooLarge(what string, limit int64, unit string) error {
	return city.Errorf(CodeSize, "%s is larger than %d %s", what, limit, unit).WithHint("give the part that holds the plan")
}

// readText decodes plain text.
func readText(b []byte) (*Document, error) {
	p := &format.Probe{}
	_, _ = p.Write(b) // never fails
	enc, err := p.Encoding("")
	if err != nil {
		return nil, city.Errorf(CodeDocument, "the file is not text: %w", err).WithHint("give .txt in UTF-8 or GB18030, .docx, or a PDF that holds text")
	}
	text, err := io.ReadAll(format.Decode(bytes.NewReader(b), enc))
	if err != nil {
		return nil, city.Errorf(CodeDocument, "the text cannot be decoded: %w", err).WithHint("save it as UTF-8")
	}
	return &Document{Kind: Text, Encoding: enc, Text: string(bytes.ToValidUTF8(text, []byte("\uFFFD")))}, nil
}
