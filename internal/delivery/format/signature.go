package format

import (
	"bytes"

	"github.com/jinyang-city/jinyang/internal/city"
)

// kind is what the first bytes of a file say it is.
type kind int

const (
	kindText kind = iota // CSV, until something else is shown
	kindJSONL
	kindGzip
	kindZip // a zip archive or a workbook
	kindParquet
)

// signatures of the forms that are not text.
var signatures = []struct {
	magic string
	kind  kind
}{
	{"\x1f\x8b", kindGzip},
	{"PK\x03\x04", kindZip},
	{"PK\x05\x06", kindZip}, // an archive without files
	{"PAR1", kindParquet},
}

// refused are the signatures of files that are not read, and what to do about
// them.
var refused = []struct{ magic, what, hint string }{
	{"\xd0\xcf\x11\xe0", "an old Excel file (XLS), or a workbook with a password", "save it as XLSX without a password, or as CSV"},
	{"PARE", "an encrypted Parquet file", "deliver it without encryption"},
	{"PK\x07\x08", "one part of a zip archive in several parts", "pack it into one archive"},
	{"\xff\xfe", "UTF-16 text", "save it as UTF-8 or GB18030"},
	{"\xfe\xff", "UTF-16 text", "save it as UTF-8 or GB18030"},
	{"%PDF", "a PDF file", "ask the sender for CSV or XLSX"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive", "pack it with zip or gzip"},
	{"Rar!\x1a\x07", "a RAR archive", "pack it with zip or gzip"},
	{"\xfd7zXZ\x00", "an xz file", "pack it with zip or gzip"},
	{"\x28\xb5\x2f\xfd", "a zstd file", "pack it with zip or gzip"},
	{"BZh91AY&SY", "a bzip2 file", "pack it with zip or gzip"},
}

// kind recognises the form of the file.
func (p *Probe) kind() kind {
	for _, s := range signatures {
		if bytes.HasPrefix(p.head, []byte(s.magic)) {
			return s.kind
		}
	}
	if first, second := p.opening(); first == '{' && (second == '"' || second == '}') {
		return kindJSONL
	}
	return kindText
}

// refused gives the error for a file of a form that is not read.
func (p *Probe) refused() error {
	for _, s := range refused {
		if bytes.HasPrefix(p.head, []byte(s.magic)) {
			return city.Errorf(CodeFormat, "the file is %s", s.what).WithHint("%s", s.hint)
		}
	}
	if first, second := p.opening(); first == '[' && second == '{' {
		return city.Errorf(CodeFormat, "the file is one JSON list").WithHint("deliver JSON Lines: one object a line, without brackets and commas around them")
	}
	return nil
}

// opening gives the first two characters that are not space; 0 where there is
// none.
func (p *Probe) opening() (first, second byte) {
	text := bytes.TrimLeft(bytes.TrimPrefix(p.head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) == 0 {
		return 0, 0
	}
	if rest := bytes.TrimLeft(text[1:], " \t\r\n"); len(rest) > 0 {
		second = rest[0]
	}
	return text[0], second
}
