package errorfile

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// text writes lines in the encoding of a form.
type text struct {
	*bufio.Writer
	encoder io.Closer // nil for UTF-8
}

func newText(w io.Writer, form format.Form) *text {
	t := &text{}
	if form.Encoding == format.GB18030 {
		e := transform.NewWriter(w, simplifiedchinese.GB18030.NewEncoder())
		w, t.encoder = e, e
	}
	t.Writer = bufio.NewWriterSize(w, 64<<10)
	if form.BOM {
		_, _ = t.WriteString("\ufeff") // the first Flush tells of an error
	}
	return t
}

// Close writes out what is held back.
func (t *text) Close() error {
	err := t.Flush()
	if t.encoder != nil {
		err = errors.Join(err, t.encoder.Close())
	}
	return err
}

// csv writes records as they were written.
type csv struct {
	*text
	columns
	delimiter rune
	crlf      bool
	line      []byte
}

func (c *csv) Header(rec *format.Record) error {
	c.learn(rec.Fields)
	return c.write(rec, city.ErrorCodeColumn, city.ErrorMessageColumn)
}

func (c *csv) Row(rec *format.Record, code, message string) error {
	return c.write(rec, code, message)
}

// write adds two fields to a record. Its own text stays to the letter, unless
// reasons have to be taken out of it.
func (c *csv) write(rec *format.Record, more ...string) error {
	c.line = c.line[:0]
	if fields := c.sender(rec.Fields); len(fields) == len(rec.Fields) {
		c.line = append(c.line, rec.Raw...)
	} else {
		for i, f := range fields {
			if i > 0 {
				c.line = append(c.line, byte(c.delimiter))
			}
			c.line = format.AppendCSV(c.line, f, c.delimiter)
		}
	}
	for _, m := range more {
		c.line = append(c.line, byte(c.delimiter))
		c.line = format.AppendCSV(c.line, []byte(m), c.delimiter)
	}
	if c.crlf {
		c.line = append(c.line, '\r')
	}
	_, err := c.Write(append(c.line, '\n'))
	return err
}

// lines writes JSON Lines.
type lines struct {
	*text
	table bool     // records are rows of a table, and not lines of JSON
	names []string // of the table
}

func (l *lines) Header(rec *format.Record) error {
	for _, f := range rec.Fields {
		l.names = append(l.names, string(f))
	}
	return nil
}

func (l *lines) Row(rec *format.Record, code, message string) error {
	members := l.members(rec)
	members = append(members, member(city.ErrorCodeColumn, code), member(city.ErrorMessageColumn, message))
	for i, m := range members {
		mark := byte(',')
		if i == 0 {
			mark = '{'
		}
		_ = l.WriteByte(mark) // the last write tells of an error
		_, _ = l.Write(quote(m.Key))
		_ = l.WriteByte(':')
		_, _ = l.Write(m.Value)
	}
	_, err := l.WriteString("}\n")
	return err
}

// members gives what the sender wrote, without the reasons of an earlier
// failure.
func (l *lines) members(rec *format.Record) (out []format.Member) {
	if l.table {
		for i, name := range l.names {
			m := format.Member{Key: name, Value: json.RawMessage("null")}
			if i < len(rec.Fields) && len(rec.Fields[i]) > 0 {
				m = member(name, string(rec.Fields[i]))
			}
			out = append(out, m)
		}
		return out
	}
	all, ok := format.Members(rec.Raw)
	if !ok {
		return []format.Member{member(city.ErrorTextColumn, string(rec.Raw))}
	}
	for _, m := range all {
		if !isReason(m.Key) {
			out = append(out, m)
		}
	}
	return out
}

func member(key, value string) format.Member {
	return format.Member{Key: key, Value: quote(value)}
}

// quote writes a text of JSON.
func quote(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		return []byte(`""`) // texts cannot fail
	}
	return b
}
