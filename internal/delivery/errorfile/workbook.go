package errorfile

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// workbook writes an XLSX file with one sheet, row by row. Every cell is a text
// (an inline string in the number format "@"), whatever it begins with: an Excel
// program shows =1+1 and computes nothing, and keeps the last digits of an ID
// number and the zeros that a code begins with.
//
// It is written by hand because libraries keep a sheet of unknown length in
// memory or, in the clear, in a temporary file.
type workbook struct {
	columns
	w     *bufio.Writer
	zip   *zip.Writer
	sheet io.Writer
	row   int
	line  strings.Builder
	err   error // of the first write that failed
}

// parts are the files of the workbook but for the sheet.
func parts() [][2]string {
	const (
		head  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
		types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
		rel   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
		pkg   = "http://schemas.openxmlformats.org/package/2006/"
		main  = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	)
	return [][2]string{
		{"[Content_Types].xml", head + `<Types xmlns="` + pkg + `content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + types + `sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + types + `worksheet+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + types + `styles+xml"/></Types>`},
		{"_rels/.rels", head + `<Relationships xmlns="` + pkg + `relationships">` +
			`<Relationship Id="rId1" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", head + `<workbook xmlns="` + main + `" xmlns:r="` + rel + `"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", head + `<Relationships xmlns="` + pkg + `relationships">` +
			`<Relationship Id="rId1" Type="` + rel + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + rel + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", head + `<styleSheet xmlns="` + main + `"><fonts count="1"><font/></fonts>` +
			`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
			`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
			`<cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`},
		{"xl/worksheets/sheet1.xml", head + `<worksheet xmlns="` + main + `"><sheetData>`},
	}
}

func newWorkbook(w io.Writer) *workbook {
	b := &workbook{w: bufio.NewWriterSize(w, 64<<10)}
	b.zip = zip.NewWriter(b.w)
	for _, p := range parts() {
		if b.err != nil {
			break
		}
		if b.sheet, b.err = b.zip.Create(p[0]); b.err == nil {
			_, b.err = io.WriteString(b.sheet, p[1])
		}
	}
	return b
}

func (b *workbook) Header(rec *format.Record) error {
	b.learn(rec.Fields)
	return b.write(rec, city.ErrorCodeColumn, city.ErrorMessageColumn)
}

func (b *workbook) Row(rec *format.Record, code, message string) error {
	return b.write(rec, code, message)
}

func (b *workbook) write(rec *format.Record, more ...string) error {
	if b.err != nil {
		return b.err
	}
	b.row++
	b.line.Reset()
	fmt.Fprintf(&b.line, `<row r="%d">`, b.row)
	fields := b.sender(rec.Fields)
	for i, f := range fields {
		b.cell(i, string(f))
	}
	for i, m := range more {
		b.cell(max(len(fields), b.width-len(b.reasons))+i, m)
	}
	b.line.WriteString("</row>")
	_, b.err = io.WriteString(b.sheet, b.line.String())
	return b.err
}

func (b *workbook) cell(column int, text string) {
	if text == "" {
		return
	}
	fmt.Fprintf(&b.line, `<c r="%s%d" s="1" t="inlineStr"><is><t xml:space="preserve">`, letters(column), b.row)
	_ = xml.EscapeText(&b.line, []byte(escape(text))) // a Builder takes everything
	b.line.WriteString("</t></is></c>")
}

// letters names a column, from 0: A, B, … Z, AA.
func letters(column int) string {
	if column < 26 {
		return string(rune('A' + column))
	}
	return letters(column/26-1) + string(rune('A'+column%26))
}

// escape writes what XML cannot hold as a workbook does, _x0001_, and a text
// that looks like that so that it is not taken for it (ISO/IEC 29500-1,
// 22.9.2.19).
func escape(text string) string {
	text = strings.ReplaceAll(text, "_x", "_x005F_x")
	if strings.IndexFunc(text, unprintable) < 0 {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if unprintable(r) {
			fmt.Fprintf(&out, "_x%04X_", r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

func unprintable(r rune) bool { return r < ' ' && unicode.IsControl(r) && r != '\t' && r != '\n' }

// Close ends the sheet and the archive.
func (b *workbook) Close() error {
	if b.err == nil {
		_, b.err = io.WriteString(b.sheet, "</sheetData></worksheet>")
	}
	return errors.Join(b.err, b.zip.Close(), b.w.Flush())
}
