package sim

import (
	"context"
	"strconv"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// sheet writes the rows of one batch. Cells are put one after the other in the
// order of the columns; the first error sticks and is returned by close, so
// that the code that makes rows reads like the rows. Enum words, yes and no,
// and regions come from the dataset's declaration.
type sheet struct {
	ctx     context.Context
	dir     string
	base    string // file name without number and extension
	dataset *city.Dataset
	columns []*city.Field
	sums    []columnSum       // by column, of the file being written
	regions map[string]string // name by code
	form    form
	maxRows int64 // of one file

	words map[word][]byte
	buf   []byte
	cells int
	file  *dataFile
	files []city.ManifestFile
	err   error

	rows, defects, duplicates, bytes int64
}

// word is a declared value of a field.
type word struct{ field, value string }

const flushAt = 1 << 16

// fail keeps the first error.
func (s *sheet) fail(err error) {
	if s.err == nil && err != nil {
		s.err = err
	}
}

// raw puts a cell whose bytes need no encoding or have it.
func (s *sheet) raw(b []byte) {
	s.buf = append(s.buf, b...)
	s.next()
}

// plain puts a cell of ASCII text without separators.
func (s *sheet) plain(t string) {
	s.buf = append(s.buf, t...)
	s.next()
}

// text puts any text. It is remembered in its encoded form: for texts that
// come again and again.
func (s *sheet) text(t string) { s.raw(s.encoded(word{"", t}, t)) }

// empty puts a cell without value.
func (s *sheet) empty() { s.next() }

// integer puts a whole number.
func (s *sheet) integer(v int64) {
	s.add(v, 0)
	s.buf = strconv.AppendInt(s.buf, v, 10)
	s.next()
}

// fixed puts v/10^decimals.
func (s *sheet) fixed(v int64, decimals int) {
	s.add(v, decimals)
	s.buf = appendFixed(s.buf, v, decimals)
	s.next()
}

// date puts a day as 2006-01-02, an empty cell for the zero date.
func (s *sheet) date(d city.Date) {
	if !d.IsZero() {
		s.buf = appendDate(s.buf, d)
	}
	s.next()
}

// month puts a month as 2006-01.
func (s *sheet) month(d city.Date) {
	s.buf = appendDate(s.buf, d)
	s.buf = s.buf[:len(s.buf)-3]
	s.next()
}

// enum puts the word that senders use for a declared value.
func (s *sheet) enum(field, code string) { s.raw(s.enumWord(field, code)) }

// yes puts the word of a bool.
func (s *sheet) yes(field string, v bool) { s.raw(s.boolWord(field, v)) }

// region puts the name of a region.
func (s *sheet) region(code string) { s.raw(s.regionWord(code)) }

func (s *sheet) next() {
	s.buf = append(s.buf, ',')
	s.cells++
}

// end finishes the row.
func (s *sheet) end() {
	if s.cells != len(s.columns) {
		s.fail(city.Errorf(city.CodeInternal, "a simulated row of %s has %d cells for %d columns", s.dataset.Name, s.cells, len(s.columns)))
	}
	s.cells = 0
	s.rows++
	s.endLine()
	if s.file != nil {
		s.file.rows++
	}
	if len(s.buf) >= flushAt {
		s.flush()
	}
	if s.file != nil && s.file.rows >= s.maxRows {
		s.finishFile()
	}
}

// endLine turns the last separator into the end of the line.
func (s *sheet) endLine() {
	s.buf = s.buf[:len(s.buf)-1]
	if s.form.crlf {
		s.buf = append(s.buf, '\r')
	}
	s.buf = append(s.buf, '\n')
	if s.file == nil {
		s.openFile()
	}
}

// flush hands the buffer to the file and looks whether to stop.
func (s *sheet) flush() {
	if s.err == nil {
		s.fail(s.ctx.Err())
	}
	if s.err == nil && s.file != nil {
		_, err := s.file.Write(s.buf)
		s.fail(err)
	}
	s.buf = s.buf[:0]
}

func appendFixed(b []byte, v int64, decimals int) []byte {
	if v < 0 {
		b = append(b, '-')
		v = -v
	}
	div := int64(1)
	for range decimals {
		div *= 10
	}
	b = strconv.AppendInt(b, v/div, 10)
	if decimals == 0 {
		return b
	}
	b = append(b, '.')
	for v %= div; div > 1; v %= div {
		div /= 10
		b = append(b, byte('0'+v/div))
	}
	return b
}

func appendDate(b []byte, d city.Date) []byte {
	y, m, day := d.Year, int(d.Month), d.Day
	return append(b, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-', byte('0'+day/10), byte('0'+day%10))
}

// sentAt is the time that a batch is sent: six in the evening of the day,
// China Standard Time, which every Chinese city keeps.
func sentAt(d city.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 18, 0, 0, 0, time.FixedZone("CST", 8*60*60))
}

// money puts an amount in fen as yuan, an empty cell when it is below zero.
// To write a negative amount on purpose, use fixed.
func (s *sheet) money(fen int64) {
	if fen >= 0 {
		s.add(fen, 2)
		s.buf = appendFixed(s.buf, fen, 2)
	}
	s.next()
}
