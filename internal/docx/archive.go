package docx

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// namespaces of the parts that hold text.
const namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
	`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
	`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ` +
	`xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"`

const (
	declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	relations   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	mainType    = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	chartType   = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
	sheetType   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// earliest is the first time that an archive can hold; all parts bear it.
var earliest = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// archive writes the parts of a document one after the other; the first error
// ends it.
type archive struct {
	zip   *zip.Writer
	types []string // overrides of content types
	err   error
}

func newArchive(w io.Writer) *archive { return &archive{zip: zip.NewWriter(w)} }

// part writes an XML part of a content type.
func (a *archive) part(name, contentType, text string) {
	if contentType != "" {
		a.types = append(a.types, `<Override PartName="/`+name+`" ContentType="`+contentType+`"/>`)
	}
	a.bytes(name, []byte(declaration+text))
}

func (a *archive) bytes(name string, data []byte) {
	if a.err != nil {
		return
	}
	w, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: earliest})
	if err == nil {
		_, err = w.Write(data)
	}
	a.err = err
}

// relation is one reference of a part to another one.
type relation struct{ id, kind, target string }

func relationships(list []relation) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for _, r := range list {
		kind := r.kind
		if !strings.Contains(kind, "://") {
			kind = relations + kind
		}
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s" Target="%s"/>`, r.id, kind, r.target)
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}

// document writes all parts. The list of types comes last, when it is known.
func (a *archive) document(d *Document) error {
	text := newBody(d)
	text.all()
	rels := []relation{{"rStyles", "styles", "styles.xml"}, {"rSettings", "settings", "settings.xml"}, {"rFonts", "fontTable", "fontTable.xml"},
		{"rNotes", "endnotes", "endnotes.xml"}, {"rHeader", "header", "header1.xml"}, {"rFooter", "footer", "footer1.xml"}}
	a.part("word/document.xml", mainType+"document.main+xml", text.text())
	a.part("word/styles.xml", mainType+"styles+xml", styles(d.Lang))
	a.part("word/settings.xml", mainType+"settings+xml", settings(d.Lang))
	a.part("word/fontTable.xml", mainType+"fontTable+xml", fontTable())
	a.part("word/endnotes.xml", mainType+"endnotes+xml", endnotes(d))
	a.part("word/header1.xml", mainType+"header+xml", header(d))
	a.part("word/footer1.xml", mainType+"footer+xml", footer())
	for i, c := range text.charts {
		name := fmt.Sprintf("charts/chart%d.xml", i+1)
		rels = append(rels, relation{chartID(i + 1), "chart", name})
		a.part("word/"+name, chartType, chartXML(c))
		if len(c.Workbook) > 0 {
			book := fmt.Sprintf("embeddings/chart%d.xlsx", i+1)
			a.part(fmt.Sprintf("word/charts/_rels/chart%d.xml.rels", i+1), "", relationships([]relation{{"rBook", "package", "../" + book}}))
			a.bytes("word/"+book, c.Workbook)
		}
	}
	a.part("word/_rels/document.xml.rels", "", relationships(rels))
	a.part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", core(d))
	a.part("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml",
		`<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Jinyang</Application></Properties>`)
	a.part("_rels/.rels", "", relationships([]relation{{"rDocument", "officeDocument", "word/document.xml"}, {"rApp", "extended-properties", "docProps/app.xml"},
		{"rCore", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"}}))
	a.part("[Content_Types].xml", "", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`+
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Default Extension="xml" ContentType="application/xml"/><Default Extension="xlsx" ContentType="`+sheetType+`"/>`+strings.Join(a.types, "")+`</Types>`)
	if a.err != nil {
		return a.err
	}
	return a.zip.Close()
}

func core(d *Document) string {
	at := d.Date.UTC().Format(time.RFC3339)
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>` + escape(d.Title) + `</dc:title><dc:creator>` +
		escape(d.Author) + `</dc:creator><dc:language>` + escape(d.Lang) + `</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">` + at +
		`</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified></cp:coreProperties>`
}

// escape makes a text fit for XML; characters that XML cannot hold become U+FFFD.
func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes all
	return b.String()
}
