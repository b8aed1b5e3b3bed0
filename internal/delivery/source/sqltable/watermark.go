package sqltable

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// mark is the cursor of a table that is read by watermark.
type mark struct {
	By []string `json:"by"` // the watermark and the key that the cursor is of
	At []string `json:"at"` // their values in the last row that was read
	// With an overlap, rows may still appear behind At. Those from Again on are
	// read once more when there are not as many of them as were Seen.
	Again string `json:"again,omitempty"`
	Seen  string `json:"seen,omitempty"`
}

// read reads a cursor; nil for "".
func (s *session) read(cursor string) (*mark, error) {
	if cursor == "" {
		return nil, nil
	}
	m := &mark{}
	if err := json.Unmarshal([]byte(cursor), m); err != nil || !slices.Equal(m.By, s.by()) || len(m.At) != len(m.By) {
		return nil, city.Errorf("invalid.cursor", "the cursor of the source is not of this watermark and key").
			WithHint("give the source another name to begin anew: rows that were taken are found to be the same")
	}
	return m, nil
}

func (s *session) by() []string { return append([]string{s.Watermark}, s.Key...) }

// watermark gives the rows behind the cursor, at most Options.Batch new ones.
func (s *session) watermark(cursor string) (*source.Batch, error) {
	before, err := s.read(cursor)
	if err != nil {
		return nil, err
	}
	if err := s.refuseNull(); err != nil {
		return nil, err
	}
	end, err := s.boundary(before)
	if err != nil {
		return nil, err
	}
	if end == nil && before != nil {
		late, err := s.late(before)
		if err != nil || !late {
			return nil, err
		}
		end = before.At
	}
	if end == nil {
		return nil, nil
	}
	now, err := s.advance(end)
	if err != nil {
		return nil, err
	}
	next, err := json.Marshal(now)
	if err != nil {
		return nil, err
	}
	return s.batch(s.between(before, end), s.name(before, end), string(next))
}

// refuseNull finds rows that no watermark would ever bring.
func (s *session) refuseNull() error {
	var conditions []string
	q := s.query()
	for _, c := range s.order {
		if c.nullable {
			conditions = append(conditions, q.column(c)+" IS NULL")
		}
	}
	if len(conditions) == 0 {
		return nil
	}
	q.write("SELECT '1' FROM %s WHERE %s LIMIT 1", s.from, strings.Join(conditions, " OR "))
	found, err := s.one(q)
	if err == nil && found != nil {
		return city.Errorf("invalid.watermark", "the table holds rows without a value in %s, which would never be fetched", strings.Join(s.by(), " or ")).
			WithHint("have the columns filled and declared NOT NULL, or declare snapshot: true")
	}
	return err
}

func (s *session) query() *query { return &query{dialect: s.driver.dialect} }

// boundary is the last row of the next batch; nil when nothing is new.
func (s *session) boundary(before *mark) ([]string, error) {
	for _, last := range []struct {
		direction string
		skip      int64
	}{{"", s.Batch - 1}, {" DESC", 0}} { // a full batch, or else up to the last row
		q := s.query()
		q.write("SELECT %s FROM %s", q.texts(s.order), s.from)
		if before != nil {
			q.write(" WHERE %s", q.after(s.order, before.At))
		}
		q.write(" ORDER BY %s LIMIT 1 OFFSET %d", q.names(s.order, last.direction), last.skip)
		row, err := s.one(q)
		if err != nil || row != nil {
			return row, err
		}
	}
	return nil, nil
}

// late says whether rows appeared, or went, behind the cursor.
func (s *session) late(before *mark) (bool, error) {
	if s.Overlap == 0 || before.Again == "" {
		return false, nil
	}
	seen, err := s.count(before.Again, before.At)
	return seen != before.Seen, err
}

func (s *session) count(from string, end []string) (string, error) {
	q := s.query()
	q.write("SELECT count(*) FROM %s WHERE %s AND %s", s.from, q.from(s.order[0], from), q.upTo(s.order, end))
	n, err := s.one(q)
	if err != nil {
		return "", err
	}
	return n[0], nil
}

// advance makes the cursor for a batch that ends with a row. Rows may still
// appear as far back as the overlap from the newest row of the table, which
// stands for the present by the clock that writes the watermarks. Behind that,
// where a table is still being caught up with, nothing is read again.
func (s *session) advance(end []string) (*mark, error) {
	m := &mark{By: s.by(), At: end}
	if s.Overlap == 0 {
		return m, nil
	}
	d, c, q := s.driver.dialect, s.order[0], s.query()
	again := fmt.Sprintf("LEAST(%s, %s)", q.param(c, end[0]), d.before(q.column(c), s.Overlap, c))
	q.write("SELECT %s FROM %s ORDER BY %s DESC LIMIT 1", d.text(again, c.class), s.from, q.column(c))
	row, err := s.one(q)
	if err != nil || row == nil {
		return m, err
	}
	m.Again = row[0]
	m.Seen, err = s.count(m.Again, end)
	return m, err
}

// between asks for the rows of a batch.
func (s *session) between(before *mark, end []string) *query {
	q := s.query()
	q.write("SELECT %s FROM %s WHERE %s", q.texts(s.cols), s.from, q.upTo(s.order, end))
	switch {
	case before == nil:
	case before.Again != "" && s.Overlap > 0:
		q.write(" AND %s", q.from(s.order[0], before.Again))
	default:
		q.write(" AND %s", q.after(s.order, before.At))
	}
	return q.write(" ORDER BY %s", q.names(s.order, ""))
}

// name is the file name of a batch: the table and the watermarks it lies between.
func (s *session) name(before *mark, end []string) string {
	parts := []string{s.Table}
	if before != nil {
		parts = append(parts, before.At[0])
	}
	return fileName(append(parts, end[0])...)
}

// fileName makes a file name out of texts.
func fileName(parts ...string) string {
	const most = 80 // of each part, in bytes
	for i, p := range parts {
		p = strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return 'T'
			case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '_':
				return r
			}
			return -1
		}, p)
		parts[i] = strings.ToValidUTF8(p[:min(len(p), most)], "")
	}
	return strings.TrimLeft(strings.Join(parts, "-"), ".") + ".csv"
}
