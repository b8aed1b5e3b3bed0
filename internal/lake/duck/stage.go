package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// stage keeps the rows of a delivery in a temporary table of its connection.
type stage struct {
	ds         *city.Dataset
	deliveryID string
	conn       *sql.Conn
	appender   *duckdb.Appender
	row        []driver.Value // reused by Append: the values and the record number
	dict       []*dictionary  // by field; nil where the value itself is staged
}

const rowColumn = lake.ColumnRow

// Stage opens a stage for one delivery.
func (e *Engine) Stage(ctx context.Context, ds *city.Dataset, deliveryID string) (lake.Stage, error) {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return nil, engineError(err, "cannot open a stage")
	}
	s := &stage{ds: ds, deliveryID: deliveryID, conn: conn, row: make([]driver.Value, len(ds.Fields)+1)}
	for _, f := range ds.Fields {
		s.dict = append(s.dict, newDictionary(f))
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(engineError(err, "cannot open a stage"), conn.Close())
	}
	return s, nil
}

func (s *stage) open(ctx context.Context) error {
	cols := make([]string, 0, len(s.ds.Fields)+1)
	for i, f := range s.ds.Fields {
		t := lake.SQLType(f)
		switch {
		case f.Type == city.TypeDecimal:
			t = "BIGINT" // counted in the smallest unit; cheaper to append than a DECIMAL
		case s.dict[i] != nil:
			t = "INTEGER"
		}
		cols = append(cols, ident(f.Name)+" "+t)
	}
	cols = append(cols, ident(rowColumn)+" BIGINT")
	if err := s.exec(ctx, "CREATE OR REPLACE TEMP TABLE stage ("+strings.Join(cols, ", ")+")"); err != nil {
		return err
	}
	return s.conn.Raw(func(driverConn any) (err error) {
		s.appender, err = duckdb.NewAppender(driverConn.(*duckdb.Conn), "temp", "main", "stage")
		return err
	})
}

// Append adds a row.
func (s *stage) Append(row int64, values []any) error {
	for i, v := range values {
		if text, ok := v.(string); ok && s.dict[i] != nil {
			v = s.dict[i].code(text)
		}
		s.row[i] = v
	}
	s.row[len(values)] = row
	if err := s.appender.AppendRow(s.row...); err != nil {
		return engineError(err, fmt.Sprintf("cannot stage record %d", row))
	}
	return nil
}

// Close drops the staged rows and gives the connection back.
func (s *stage) Close() error {
	var err error
	if s.appender != nil {
		err = s.appender.Close()
		s.appender = nil
	}
	ctx := context.Background()
	for _, t := range []string{"stage", "stage_dup", "stage_hit"} {
		err = errors.Join(err, s.exec(ctx, "DROP TABLE IF EXISTS temp."+t))
	}
	return errors.Join(err, s.conn.Close())
}

func (s *stage) exec(ctx context.Context, q string, args ...any) error {
	_, err := s.conn.ExecContext(ctx, q, args...)
	return err
}

func (s *stage) count(ctx context.Context, q string, args ...any) (n int64, err error) {
	err = s.conn.QueryRowContext(ctx, q, args...).Scan(&n)
	return n, err
}

// names lists the declared fields, keys those that tell rows apart: the
// declared key or, to append, all fields.
func (s *stage) names() []string {
	out := make([]string, len(s.ds.Fields))
	for i, f := range s.ds.Fields {
		out[i] = f.Name
	}
	return out
}

func (s *stage) keys() []string {
	if s.ds.Delivery.Mode != city.ModeAppend && len(s.ds.Key) > 0 {
		return s.ds.Key
	}
	return s.names()
}

// value gives the SQL of a staged field in the type of its column.
func (s *stage) value(f *city.Field, alias string) string {
	col := alias + "." + ident(f.Name)
	if i := slices.Index(s.ds.Fields, f); s.dict[i] != nil {
		return s.dict[i].text(col)
	}
	if f.Type != city.TypeDecimal || f.Scale == 0 {
		return fmt.Sprintf("CAST(%s AS %s)", col, lake.SQLType(f))
	}
	unit := "0." + strings.Repeat("0", f.Scale-1) + "1"
	return fmt.Sprintf("CAST(%s * CAST(%s AS DECIMAL(%d,%d)) AS %s)", col, unit, f.Scale+1, f.Scale, lake.SQLType(f))
}
