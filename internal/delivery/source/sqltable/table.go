package sqltable

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// table is the source. Each batch has a connection of its own.
type table struct {
	*Options
	env     source.Env
	driver  driver
	closing context.Context // ends when the source is closed
	cancel  context.CancelCauseFunc
}

var _ source.Source = (*table)(nil)

// errClosed ends what waits when the source is closed.
var errClosed = city.Errorf("unavailable.closed", "the source was closed")

// errSilent says that the database took too long.
var errSilent = city.Errorf("unavailable.stalled", "the database does not answer in time").WithHint("it is tried again; connect and stall say how long is waited")

// Close breaks off what is under way.
func (t *table) Close() error {
	t.cancel(errClosed)
	return nil
}

// Next asks the table for what is new.
func (t *table) Next(ctx context.Context, cursor string) (*source.Batch, error) {
	s, err := t.connect(ctx)
	if err != nil {
		return nil, err
	}
	b, err := t.next(s, cursor)
	if err != nil || b == nil {
		err = t.failed(s.ctx, err)
		s.close()
		return nil, err
	}
	return b, nil
}

func (t *table) next(s *session, cursor string) (*source.Batch, error) {
	if err := s.describe(); err != nil {
		return nil, err
	}
	if t.Snapshot {
		return s.snapshot(cursor)
	}
	return s.watermark(cursor)
}

// session is one transaction and what it knows of the table.
type session struct {
	*table
	ctx    context.Context
	cancel context.CancelCauseFunc
	stop   func() bool // no longer listens to table.closing
	watch  *time.Timer // ends the context when the database is silent
	conn   conn

	from  string   // the table, quoted, as t
	cols  []column // that are asked for
	names []string // of them in the batch
	order []column // the watermark, if there is one, and the key
}

// connect opens a session that ends with ctx, with the source, or when the
// database is silent.
func (t *table) connect(ctx context.Context) (*session, error) {
	s := &session{table: t}
	s.ctx, s.cancel = context.WithCancelCause(ctx)
	s.stop = context.AfterFunc(t.closing, func() { s.cancel(context.Cause(t.closing)) })
	s.watch = time.AfterFunc(t.Connect, func() { s.cancel(errSilent) })
	var err error
	if s.conn, err = t.driver.open(s.ctx, t.Options, t.env); err != nil {
		err = t.failed(s.ctx, err)
		s.end()
		return nil, err
	}
	s.heard()
	return s, nil
}

// heard notes that the database answered.
func (s *session) heard() { s.watch.Reset(s.Stall) }

// asks notes that the database works on a query over the table: it may sort for
// a long time before it gives the first row.
func (s *session) asks() { s.watch.Reset(s.Statement) }

// end ends the context. Nothing waits for the database any more.
func (s *session) end() {
	s.watch.Stop()
	s.stop()
	s.cancel(context.Canceled)
}

// close ends the session. A query that is not read to its end is cancelled.
func (s *session) close() {
	s.end()
	s.conn.close()
}

// each passes on the rows that answer a query. The cells of a row are valid
// only within the call.
func (s *session) each(q *query, row func(cells [][]byte) error) error {
	defer s.heard()
	r, err := s.conn.query(s.ctx, q.text(), q.args...)
	if err != nil {
		return err
	}
	for {
		cells, err := r.next()
		if err == nil {
			s.heard()
			err = row(cells)
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				s.cancel(err) // the rest is not read
			}
			r.close()
			return notEOF(err)
		}
	}
}

func notEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// one gives the only row that answers a query as texts; nil when there is none
// or its first cell is NULL.
func (s *session) one(q *query) (texts []string, err error) {
	s.asks()
	err = s.each(q, func(cells [][]byte) error {
		if cells[0] == nil {
			return nil
		}
		for _, c := range cells {
			texts = append(texts, string(c))
		}
		return nil
	})
	return texts, err
}

// describe reads the columns of the table and finds those that were declared.
func (s *session) describe() error {
	schema, name, ok := strings.Cut(s.Table, ".")
	if !ok {
		schema, name = s.driver.dialect.schema(s.Database), s.Table
	}
	s.from = s.driver.dialect.quote(schema) + "." + s.driver.dialect.quote(name) + " AS t"
	var all []column
	q := &query{dialect: s.driver.dialect, args: []string{schema, name}}
	q.sql.WriteString(s.driver.dialect.columns())
	err := s.each(q, func(c [][]byte) error {
		all = append(all, column{name: string(c[0]), typ: string(c[1]), class: class(c[2]), nullable: string(c[3]) == "true"})
		return nil
	})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return city.Errorf("not_found.table", "there is no table %s that the user %s may see", s.Table, s.User).WithHint("write schema.table, and grant SELECT on it")
	}
	if err := s.choose(all); err != nil {
		return err
	}
	return s.chooseOrder(all)
}

// choose finds the columns of the batch, in the order of the table.
func (s *session) choose(all []column) error {
	for _, c := range all {
		name, asked := s.Columns[c.name]
		if len(s.Columns) == 0 {
			name, asked = c.name, true
		}
		if asked {
			s.cols, s.names = append(s.cols, c), append(s.names, name)
		}
	}
	for declared := range s.Columns {
		if _, err := find(all, declared); err != nil {
			return err
		}
	}
	return nil
}

// chooseOrder finds the columns that the rows are ordered by.
func (s *session) chooseOrder(all []column) error {
	order := s.Key
	if s.Watermark != "" {
		order = append([]string{s.Watermark}, s.Key...)
	}
	for i, name := range order {
		c, err := find(all, name)
		if err != nil {
			return err
		}
		mark := i == 0 && s.Watermark != ""
		switch {
		case mark && c.class != classExact && c.class != classTime, c.class != classExact && c.class != classTime && c.class != classText:
			return city.Errorf("invalid.watermark", "the column %s has no order to rely on", name).WithHint("take a whole number, a date or a time as watermark; the key may be a text too")
		case mark && s.Overlap > 0 && c.class != classTime:
			return city.Errorf("invalid.watermark", "an overlap needs a date or a time as watermark, and %s is none", name).WithHint("leave overlap out")
		case s.Watermark != "" && s.person(name):
			return city.Errorf("invalid.watermark", "the column %s holds ID numbers, which may not be kept in a cursor", name).WithHint("take another unique column as key")
		}
		s.order = append(s.order, c)
	}
	return nil
}

func find(all []column, name string) (column, error) {
	i := slices.IndexFunc(all, func(c column) bool { return c.name == name })
	if i < 0 {
		return column{}, city.Errorf("not_found.column", "the table has no column %q, or it may not be read", name).WithHint("compare key, watermark and columns with the table")
	}
	return all[i], nil
}

// person says whether a column becomes a field with ID numbers.
func (s *session) person(name string) bool {
	if len(s.Columns) > 0 {
		name = s.Columns[name]
	}
	return slices.ContainsFunc(s.env.Dataset.Fields, func(f *city.Field) bool {
		return f.Type == city.TypePerson && slices.Contains(f.Source, name)
	})
}
