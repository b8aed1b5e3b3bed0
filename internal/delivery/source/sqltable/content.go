package sqltable

import (
	"bytes"
	"errors"
	"io"

	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// chunk is how much CSV is made at once, in bytes.
const chunk = 64 << 10

// batch answers with the rows of a query. The session ends when its content is
// closed; until it is read nobody asks the database.
func (s *session) batch(q *query, name, cursor string) (*source.Batch, error) {
	s.watch.Stop()
	return &source.Batch{Name: name, Content: s.content(q), Cursor: cursor}, nil
}

// content is the rows of a query as CSV in UTF-8, a header first. NULL and the
// empty text are both an empty field.
type content struct {
	*session
	query *query
	rows  rows
	buf   []byte // made and not yet read
	at    int    // how much of buf was read
	err   error  // comes after buf
}

func (s *session) content(q *query) *content { return &content{session: s, query: q} }

// Read gives the next bytes. An error before io.EOF says that rows are missing.
func (c *content) Read(p []byte) (int, error) {
	for c.at == len(c.buf) {
		if c.err != nil {
			return 0, c.err
		}
		c.fill()
	}
	n := copy(p, c.buf[c.at:])
	c.at += n
	return n, nil
}

// fill makes the next chunk. While the delivery is busy nobody asks the
// database, so its silence counts only within.
func (c *content) fill() {
	c.heard()
	c.buf, c.at = c.buf[:0], 0
	if c.rows == nil {
		c.asks()
		if c.rows, c.err = c.conn.query(c.ctx, c.query.text(), c.query.args...); c.err != nil {
			c.err = c.failed(c.ctx, c.err)
			return
		}
		c.buf = append(c.buf, c.header()...)
	}
	for len(c.buf) < chunk {
		cells, err := c.rows.next()
		if err != nil {
			c.finish(err)
			return
		}
		c.heard()
		c.buf = appendRow(c.buf, cells, c.comma())
	}
	c.watch.Stop()
}

// finish keeps how the rows ended.
func (c *content) finish(err error) {
	if c.err = io.EOF; !errors.Is(err, io.EOF) {
		c.err = c.failed(c.ctx, err)
		c.cancel(err) // the rest is not read
	}
	c.rows.close()
	c.watch.Stop()
}

// Close ends the session.
func (c *content) Close() error {
	c.end()
	if c.rows != nil {
		c.rows.close()
	}
	c.conn.close()
	return nil
}

// comma is what stands between fields in files of the dataset.
func (s *session) comma() byte {
	if d := s.env.Dataset.Delivery.Delimiter; d != 0 {
		return byte(d) // packages pack and format hold it to ASCII
	}
	return ','
}

func (s *session) header() []byte {
	cells := make([][]byte, len(s.names))
	for i, n := range s.names {
		cells[i] = []byte(n)
	}
	return appendRow(nil, cells, s.comma())
}

// appendRow appends a record of CSV.
func appendRow(to []byte, cells [][]byte, comma byte) []byte {
	if len(cells) == 1 && len(cells[0]) == 0 {
		return append(to, '"', '"', '\n') // an empty line would be no record
	}
	for i, c := range cells {
		if i > 0 {
			to = append(to, comma)
		}
		if bytes.IndexByte(c, comma) < 0 && !bytes.ContainsAny(c, "\"\r\n") {
			to = append(to, c...)
			continue
		}
		to = append(to, '"')
		to = append(to, bytes.ReplaceAll(c, []byte{'"'}, []byte(`""`))...)
		to = append(to, '"')
	}
	return append(to, '\n')
}
