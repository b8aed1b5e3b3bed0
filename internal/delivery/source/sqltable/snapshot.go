package sqltable

import (
	"crypto/sha256"
	"encoding/hex"
	"io"

	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// snapshot gives the whole table when it is not the one that the cursor is of.
// The table is read once for its hash and, when it changed, a second time for
// the delivery, both in one transaction that sees one state. So a table that
// stands still costs no delivery, and nothing is kept on the way.
func (s *session) snapshot(cursor string) (*source.Batch, error) {
	h := sha256.New()
	c := s.content(s.everything())
	n, err := io.Copy(h, c)
	if err != nil {
		return nil, err
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if sum == cursor || cursor == "" && n == int64(len(s.header())) {
		return nil, nil // as before, or empty from the beginning
	}
	return s.batch(s.everything(), fileName(s.Table, s.env.Now().In(s.env.Location).Format("20060102 150405")), sum)
}

func (s *session) everything() *query {
	q := s.query()
	return q.write("SELECT %s FROM %s ORDER BY %s", q.texts(s.cols), s.from, q.names(s.order, ""))
}
