package duck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// stage keeps the rows of a delivery in a temporary table of its connection.
type stage struct {
	ds         *city.Dataset
	deliveryID string
	conn       *sql.Conn
	scope      lake.Scope    // of Merge
	appender   *appender     // nil when it was flushed
	holder     *appender     // of the keys that are held; nil until there is one
	held       []any         // reused by Hold: a key in the order of the fields
	dict       []*dictionary // by field; nil where the value itself is staged
	tally      tally
}

const rowColumn = lake.ColumnRow

// Stage opens a stage for one delivery.
func (e *Engine) Stage(ctx context.Context, ds *city.Dataset, deliveryID string) (lake.Stage, error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, engineError(err, "cannot open a stage")
	}
	s := newStage(ds, deliveryID, conn)
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(engineError(err, "cannot open a stage"), conn.Close())
	}
	return s, nil
}

func newStage(ds *city.Dataset, deliveryID string, conn *sql.Conn) *stage {
	s := &stage{ds: ds, deliveryID: deliveryID, conn: conn}
	for _, f := range ds.Fields {
		s.dict = append(s.dict, newDictionary(f))
	}
	return s
}

func (s *stage) open(ctx context.Context) error {
	cols := make([]string, 0, len(s.ds.Fields)+1)
	for i := range s.ds.Fields {
		cols = append(cols, s.stagedColumn(i))
	}
	cols = append(cols, ident(rowColumn)+" BIGINT")
	if err := s.exec(ctx, "CREATE OR REPLACE TEMP TABLE stage ("+strings.Join(cols, ", ")+")"); err != nil {
		return err
	}
	if err := s.openHeld(ctx); err != nil {
		return err
	}
	var err error
	s.appender, err = s.appendTo("stage", s.dict)
	return err
}

// stagedColumn declares the column of a field in the stage.
func (s *stage) stagedColumn(i int) string {
	t := lake.SQLType(s.ds.Fields[i])
	if s.dict[i] != nil {
		t = "INTEGER"
	}
	return ident(s.ds.Fields[i].Name) + " " + t
}

// appendTo opens an appender to a temporary table, with the dictionaries of its
// first columns.
func (s *stage) appendTo(table string, dict []*dictionary) (a *appender, err error) {
	err = s.conn.Raw(func(driverConn any) error {
		raw, err := rawConnection(driverConn)
		if err == nil {
			a, err = newAppender(raw, table, dict)
		}
		return err
	})
	return a, err
}

// Append adds a row.
func (s *stage) Append(row int64, values []any) error {
	if err := s.appender.add(values, row); err != nil {
		return engineError(err, fmt.Sprintf("cannot stage record %d", row))
	}
	return nil
}

// Close drops the staged rows and gives the connection back.
func (s *stage) Close() error { return errors.Join(s.discard(), s.conn.Close()) }

// discard drops the staged rows.
func (s *stage) discard() error {
	ctx := context.Background()
	err := s.flush(ctx, nil, nil)
	for _, t := range append([]string{"stage", "stage_dup", "stage_hit", "stage_held", "stage_gone", asideTable}, checkTables[:]...) {
		err = errors.Join(err, s.exec(ctx, "DROP TABLE IF EXISTS temp."+t))
	}
	return err
}

func (s *stage) exec(ctx context.Context, q string, args ...any) error {
	_, err := s.conn.ExecContext(ctx, q, args...)
	return err
}

func (s *stage) count(ctx context.Context, q string, args ...any) (n int64, err error) {
	err = s.conn.QueryRowContext(ctx, q, args...).Scan(&n)
	return n, err
}

// names lists the declared fields, keys those that tell rows apart.
func (s *stage) names() []string {
	out := make([]string, len(s.ds.Fields))
	for i, f := range s.ds.Fields {
		out[i] = f.Name
	}
	return out
}

func (s *stage) keys() []string { return s.ds.Identity() }

// value gives the SQL of a staged field in the type of its column.
func (s *stage) value(f *city.Field, alias string) string {
	col := alias + "." + ident(f.Name)
	if i := slices.Index(s.ds.Fields, f); s.dict[i] != nil {
		return s.dict[i].text(col)
	}
	return col
}
