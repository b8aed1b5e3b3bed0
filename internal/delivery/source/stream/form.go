package stream

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// form says how messages become lines of a file.
type form struct {
	json   bool
	comma  rune
	header []byte // the first line of a file of csv
}

func (f *form) suffix() string {
	if f.json {
		return ".jsonl"
	}
	return ".csv"
}

// lines gives the lines of a message, the last with its end. A message that
// does not hold what it should becomes one line that holds it whole and fails
// the checks of the delivery, so that it goes to the quarantine and does not
// disturb its neighbours.
func (f *form) lines(message []byte) []byte {
	message = bytes.TrimSpace(message)
	if f.json {
		return append(jsonLine(message), '\n')
	}
	if !f.readable(message) {
		return f.record([]string{text(message)})
	}
	return append(bytes.Clone(message), '\n')
}

// jsonLine is an object on one line, or a text that is no object.
func jsonLine(message []byte) []byte {
	var line bytes.Buffer
	if len(message) > 0 && message[0] == '{' && utf8.Valid(message) && json.Compact(&line, message) == nil {
		return line.Bytes()
	}
	quoted, err := json.Marshal(text(message))
	if err != nil {
		return []byte(`""`) // a text always has a form in JSON
	}
	return quoted
}

// text is a message as text: as it is, or in hexadecimal where it is none.
func text(message []byte) string {
	if utf8.Valid(message) {
		return string(message)
	}
	return "hex:" + hex.EncodeToString(message)
}

// readable says whether a message is whole records of csv.
func (f *form) readable(message []byte) bool {
	r := csv.NewReader(bytes.NewReader(message))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = f.comma, -1, true
	if !utf8.Valid(message) || len(message) == 0 {
		return false
	}
	for {
		if _, err := r.Read(); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

// record is one record of csv with its end.
func (f *form) record(fields []string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = f.comma
	_ = w.Write(fields) // to memory, with a delimiter that packs are held to
	w.Flush()
	if out.Len() <= 1 {
		return []byte("\"\"\n") // an empty line would be no record
	}
	return out.Bytes()
}
