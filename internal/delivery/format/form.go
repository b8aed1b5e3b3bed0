package format

import (
	"bytes"
	"encoding/json"
	"io"
)

// Kind is the kind of a file, whatever it is packed in.
type Kind int

// The kinds of files that are read.
const (
	KindCSV Kind = iota
	KindJSONLines
	KindWorkbook // XLSX
	KindParquet
)

// Form says how a file is written, as far as another one has to know that is
// to look like it.
type Form struct {
	Kind     Kind
	Encoding Encoding // of text
	BOM      bool     // text begins with a byte order mark
	CRLF     bool     // the first line of CSV ends in CR LF
}

// Form of the records' file.
func (o *opened) Form() Form {
	f := o.form
	if c, ok := o.reader.(*CSV); ok {
		f.CRLF = c.crlf
	}
	return f
}

// bom says whether the file begins with the mark U+FEFF in one of the encodings
// that are read.
func (p *Probe) bom() bool {
	return bytes.HasPrefix(p.head, []byte("\xef\xbb\xbf")) || bytes.HasPrefix(p.head, []byte("\x84\x31\x95\x33"))
}

// AppendCSV writes a field of CSV, in quotes where it must be.
func AppendCSV(dst, field []byte, delimiter rune) []byte {
	if !bytes.ContainsAny(field, "\"\r\n") && bytes.IndexByte(field, byte(delimiter)) < 0 {
		return append(dst, field...)
	}
	dst = append(dst, '"')
	for _, b := range field {
		if b == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, b)
	}
	return append(dst, '"')
}

// SplitCSV reads the fields of one record, given as Record.Raw has it. It says
// no when the text is not one sound record.
func SplitCSV(raw []byte, delimiter rune) (fields [][]byte, ok bool) {
	c := NewCSV(bytes.NewReader(raw), delimiter)
	c.inner = true
	rec, err := c.Next()
	if err != nil || rec.Malformed {
		return nil, false
	}
	for _, f := range rec.Fields {
		fields = append(fields, bytes.Clone(f))
	}
	_, err = c.Next()
	return fields, err == io.EOF
}

// SplitObject reads the texts of a flat JSON object by key, as a JSON Lines
// file gives them. It says no when the line is none.
func SplitObject(line []byte) (texts map[string]string, ok bool) {
	texts = map[string]string{}
	var parse jsonObject
	fault := parse.object(line, func(key, value []byte) Fault {
		texts[string(key)] = string(value)
		return Fault{}
	})
	return texts, fault == (Fault{})
}

// Member is a key of a JSON object with its value as it was written.
type Member struct {
	Key   string
	Value json.RawMessage
}

// Members reads a JSON object, keeping the order of its keys. It says no when
// the line is none.
func Members(line []byte) (members []Member, ok bool) {
	d := json.NewDecoder(bytes.NewReader(line))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	for d.More() {
		t, err := d.Token()
		key, isText := t.(string)
		m := Member{Key: key}
		if err != nil || !isText || d.Decode(&m.Value) != nil {
			return nil, false
		}
		members = append(members, m)
	}
	if _, err := d.Token(); err != nil {
		return nil, false
	}
	_, err := d.Token()
	return members, err == io.EOF
}
