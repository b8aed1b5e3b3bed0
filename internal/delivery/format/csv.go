package format

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
)

// CSV reads records separated by line ends (LF or CRLF). A field may be quoted;
// quotes inside it are doubled; it may hold delimiters and line ends. A quote
// inside a field that does not start with one is an ordinary character.
type CSV struct {
	inner bool // it reads one record out of a file, whose line ends are known
	r     *bufio.Reader
	comma byte
	rec   Record
	raw   []byte // the record being read
	text  []byte // unquoted contents of quoted fields
	spans []span
	line  int64
	crlf  bool // the first line ends in CR LF
}

// span is a field: a range of raw, or of text when it was quoted.
type span struct {
	from, to int
	quoted   bool
}

// NewCSV reads UTF-8 text from r. The delimiter must be an ASCII character.
func NewCSV(r io.Reader, delimiter rune) *CSV {
	if delimiter == 0 {
		delimiter = ','
	}
	return &CSV{r: bufio.NewReaderSize(r, 1<<16), comma: byte(delimiter)}
}

// Next gives the next record, or io.EOF after the last. Errors other than
// those of the reader have the code CodeCSV and name the line.
func (c *CSV) Next() (*Record, error) {
	for {
		if err := c.readRecord(); err != nil {
			return nil, err
		}
		if len(c.raw) > 0 {
			break
		}
	}
	c.rec.Number++
	c.rec.Raw = c.raw
	c.rec.Fields = c.rec.Fields[:0]
	for _, s := range c.spans {
		src := c.raw
		if s.quoted {
			src = c.text
		}
		c.rec.Fields = append(c.rec.Fields, src[s.from:s.to])
	}
	return &c.rec, nil
}

// readRecord gathers one record, which may span lines inside quotes.
func (c *CSV) readRecord() error {
	c.raw, c.text, c.spans = c.raw[:0], c.text[:0], c.spans[:0]
	c.rec.Line, c.rec.Malformed = c.line+1, false
	if err := c.appendLine(); err != nil {
		return err
	}
	if bytes.IndexByte(c.raw, '"') >= 0 {
		return c.splitQuoted()
	}
	if c.line == 1 && !c.inner && bytes.IndexByte(c.raw, '\r') >= 0 {
		return c.oldLineEnds()
	}
	return c.splitPlain()
}

// oldLineEnds refuses a file whose lines end in CR: all of it would be a header.
func (c *CSV) oldLineEnds() error {
	return c.errorf("the lines end in CR alone").WithHint("save the file with LF or CR LF at the ends of lines")
}

// appendLine adds one line of input to raw, without its line end. It gives
// io.EOF only when there was nothing to add.
func (c *CSV) appendLine() error {
	start := len(c.raw)
	for {
		piece, err := c.r.ReadSlice('\n')
		if len(c.raw)+len(piece) > MaxRecord+2 {
			if c.line == 0 && bytes.IndexByte(c.raw, '\r') >= 0 {
				return c.oldLineEnds()
			}
			return c.errorf("a record is longer than %d bytes", MaxRecord).WithHint("a quote may be missing, or the file is not CSV")
		}
		c.raw = append(c.raw, piece...)
		switch {
		case err == nil:
			c.line++
			c.raw = c.raw[:len(c.raw)-1]
			if n := len(c.raw); n > start && c.raw[n-1] == '\r' {
				c.raw = c.raw[:n-1]
				c.crlf = c.crlf || c.line == 1
			}
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(c.raw) > start:
			c.line++
			return nil
		default:
			return err
		}
	}
}

func (c *CSV) splitPlain() error {
	for from := 0; ; {
		i := bytes.IndexByte(c.raw[from:], c.comma)
		if i < 0 {
			return c.add(span{from, len(c.raw), false})
		}
		if err := c.add(span{from, from + i, false}); err != nil {
			return err
		}
		from += i + 1
	}
}

func (c *CSV) add(s span) error {
	if len(c.spans) >= MaxFields {
		return c.errorf("a record has more than %d fields", MaxFields)
	}
	c.spans = append(c.spans, s)
	return nil
}

func (c *CSV) splitQuoted() error {
	for pos := 0; ; {
		end, err := c.field(pos)
		if err != nil {
			return err
		}
		if end >= len(c.raw) {
			return nil
		}
		pos = end + 1 // past the delimiter
	}
}

// field reads the field that starts at pos and gives the position of the
// delimiter behind it, or len(raw).
func (c *CSV) field(pos int) (int, error) {
	if pos >= len(c.raw) || c.raw[pos] != '"' {
		i := bytes.IndexByte(c.raw[pos:], c.comma)
		if i < 0 {
			i = len(c.raw) - pos
		}
		return pos + i, c.add(span{pos, pos + i, false})
	}
	from := len(c.text)
	for pos++; ; {
		i := bytes.IndexByte(c.raw[pos:], '"')
		if i < 0 { // the field goes on in the next line
			c.text = append(c.text, c.raw[pos:]...)
			c.text = append(c.text, '\n')
			c.raw = append(c.raw, '\n')
			pos = len(c.raw)
			if err := c.appendLine(); err != nil {
				if errors.Is(err, io.EOF) {
					return 0, c.errorf("a quoted field is not closed before the end of the file").
						WithHint("the file may be cut short; ask for it again")
				}
				return 0, err
			}
			continue
		}
		c.text = append(c.text, c.raw[pos:pos+i]...)
		pos += i + 1
		if pos < len(c.raw) && c.raw[pos] == '"' {
			c.text = append(c.text, '"')
			pos++
			continue
		}
		break
	}
	if pos < len(c.raw) && c.raw[pos] != c.comma {
		c.rec.Malformed = true
		i := bytes.IndexByte(c.raw[pos:], c.comma)
		if i < 0 {
			i = len(c.raw) - pos
		}
		c.text = append(c.text, c.raw[pos:pos+i]...)
		pos += i
	}
	return pos, c.add(span{from, len(c.text), true})
}

// errorf is an error of the record being read: it names the line where it
// starts, which is where a person finds the quote that was not closed.
func (c *CSV) errorf(format string, args ...any) *city.Error {
	return city.Errorf(CodeCSV, format, args...).At(lineNo(c.rec.Line))
}
