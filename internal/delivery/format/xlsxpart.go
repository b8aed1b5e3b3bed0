package format

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Bounds of the XML in a workbook: elements inside each other, and bytes from
// one tag to the next, which the decoder keeps in memory.
const (
	deepestXML  = 64
	longestNode = 2 * MaxRecord
)

// part reads the XML of one part of a workbook.
type part struct {
	r     io.ReadCloser
	m     *meter
	d     *xml.Decoder
	depth int
}

func (b *workbook) part(name string) *zip.File {
	for _, f := range b.a.files {
		if strings.EqualFold(f.Name, name) {
			return f
		}
	}
	return nil
}

func (b *workbook) openPart(name string) (*part, error) {
	f := b.part(name)
	if f == nil {
		return nil, city.Errorf(CodeXLSX, "the workbook lacks the part %s", shownText(name)).WithHint("save it anew")
	}
	r, err := b.a.open(f)
	if err != nil {
		return nil, err
	}
	m := &meter{r: r}
	return &part{r: r, m: m, d: xml.NewDecoder(m)}, nil
}

// each calls take with every start tag of a part.
func (b *workbook) each(name string, take func(xml.StartElement) error) error {
	p, err := b.openPart(name)
	if err != nil {
		return err
	}
	for err == nil {
		var t xml.Token
		if t, err = p.next(); err == nil {
			if e, ok := t.(xml.StartElement); ok {
				err = take(e)
			}
		}
	}
	return errors.Join(notAtEnd(err), p.Close())
}

// notAtEnd drops the end of a part, which is no error.
func notAtEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// next gives the next token, valid until the next call, and io.EOF only after
// the whole part was read and its checksum is right.
func (p *part) next() (xml.Token, error) {
	p.m.left = longestNode
	t, err := p.d.Token()
	if err != nil {
		var told *city.Error
		switch {
		case errors.Is(err, io.EOF), errors.As(err, &told):
			return nil, err
		case p.m.err != nil:
			return nil, p.m.err
		}
		return nil, badXLSX(err)
	}
	switch t.(type) {
	case xml.StartElement:
		p.depth++
	case xml.EndElement:
		p.depth--
	case xml.Directive:
		return nil, badXLSX(errors.New("a part declares a document type"))
	}
	if p.depth > deepestXML {
		return nil, badXLSX(errors.New("a part is nested too deeply"))
	}
	return t, nil
}

// content reads up to the end tag of the element whose start tag came last,
// and adds its text to dst, but that of the elements named in without.
func (p *part) content(dst []byte, without string) ([]byte, error) {
	skip := 0
	for inside := 1; inside > 0; {
		t, err := p.next()
		if err != nil {
			return dst, notEnd(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			inside++
			if skip > 0 || t.Name.Local == without {
				skip++
			}
		case xml.EndElement:
			inside--
			skip = max(0, skip-1)
		case xml.CharData:
			if skip == 0 {
				dst = append(dst, t...)
			}
		}
		if len(dst) > MaxRecord {
			return dst, city.Errorf(CodeXLSX, "a cell is longer than %d bytes", MaxRecord)
		}
	}
	return dst, nil
}

func (p *part) Close() error { return p.r.Close() }

// meter stops a read that brings no tag for too long.
type meter struct {
	r    io.Reader
	left int
	err  error
}

func (m *meter) Read(b []byte) (int, error) {
	if m.left <= 0 {
		m.err = city.Errorf(CodeXLSX, "the workbook holds a text longer than %d bytes", longestNode)
		return 0, m.err
	}
	n, err := m.r.Read(b[:min(len(b), m.left)])
	m.left -= n
	if err != nil && !errors.Is(err, io.EOF) {
		m.err = err
	}
	return n, err
}
