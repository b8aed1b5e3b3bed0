// Package duck is the embedded engine: DuckDB reads the Parquet files that a
// lake.View names, and writes those of a delivery.
//
// One in-memory database serves a process. Its memory is bounded; what does
// not fit spills to a temporary folder. Statements that readers send run on
// pooled connections; each Stage pins one connection for its lifetime, because
// its rows live in a temporary table.
package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"strings"
	"unique"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// Options bound what the engine may use.
type Options struct {
	TempDir  string // spill folder; it is created, and emptied on Open
	MemoryMB int    // limit of the buffer manager; 0 means 768
	Threads  int    // 0 means 2
}

// Engine is DuckDB. It is safe for concurrent use.
type Engine struct {
	connector *duckdb.Connector
	db        *sql.DB
	ranges    ranges
	shapes    shapes
}

var _ lake.Stager = (*Engine)(nil)

// Open starts the engine.
func Open(o Options) (*Engine, error) {
	if o.MemoryMB == 0 {
		o.MemoryMB = 768
	}
	if o.Threads == 0 {
		o.Threads = 2
	}
	if err := resetDir(o.TempDir); err != nil {
		return nil, err
	}
	settings := []string{
		fmt.Sprintf("SET memory_limit = '%dMB'", o.MemoryMB),
		fmt.Sprintf("SET threads = %d", o.Threads),
		"SET temp_directory = " + quote(o.TempDir),
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"SET TimeZone = 'UTC'",
		"SET parquet_metadata_cache = true", // a file never changes once it is written
	}
	first := true
	connector, err := duckdb.NewConnector("", func(conn driver.ExecerContext) error {
		if !first {
			return nil // the settings are the database's, not the connection's
		}
		first = false
		for _, s := range settings {
			if _, err := conn.ExecContext(context.Background(), s, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, city.Errorf(city.CodeUnavailable, "cannot start the engine: %w", err)
	}
	e := &Engine{connector: connector, db: sql.OpenDB(connector), ranges: ranges{of: map[rangeOf]city.Span{}}, shapes: shapes{of: map[string]unique.Handle[string]{}}}
	if err := e.try(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	e.db.SetMaxIdleConns(4)
	return e, nil
}

// try opens a connection as a stage needs it.
func (e *Engine) try() error {
	conn, err := e.db.Conn(context.Background())
	if err != nil {
		return city.Errorf(city.CodeUnavailable, "cannot start the engine: %w", err)
	}
	err = conn.Raw(func(driverConn any) error {
		_, err := rawConnection(driverConn)
		return err
	})
	return errors.Join(err, conn.Close())
}

// resetDir makes an empty folder: what an earlier process spilled is of no use.
func resetDir(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return city.Outside(err, "cannot empty the spill folder")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return city.Outside(err, "cannot create the spill folder")
	}
	return nil
}

// Close stops the engine.
func (e *Engine) Close() error {
	err := e.db.Close()
	if cerr := e.connector.Close(); err == nil {
		err = cerr
	}
	return err
}

// Query runs a statement that reads.
func (e *Engine) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if len(args) > 0 {
		if text, ok := inline(query, args); ok {
			query, args = text, nil
		}
	}
	rows, err := e.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, engineError(err, "the engine refused a query")
	}
	return rows, nil
}

// Relation reads the view's files by field ID, so that files written before a
// column was added, or before the declaration was reordered, read correctly.
// Files that are known to have the view's columns are read as they are.
func (e *Engine) Relation(v *lake.View) string {
	if len(v.Files) > 0 && e.shapes.same(v.Files, v.Columns) {
		return "read_parquet([" + fileList(v.Files) + "], hive_partitioning = false)"
	}
	return relation(v, v.Files, false)
}

func relation(v *lake.View, files []string, withFile bool) string {
	if len(files) == 0 {
		return emptyRelation(v.Columns)
	}
	cols := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		cols[i] = fmt.Sprintf("%d: {name: %s, type: %s, default_value: NULL}", c.FieldID, quote(c.Name), quote(c.SQLType))
	}
	extra := ""
	if withFile {
		extra = ", filename = true"
	}
	return fmt.Sprintf("read_parquet([%s], schema = MAP {%s}%s)", fileList(files), strings.Join(cols, ", "), extra)
}

func emptyRelation(cols []lake.Column) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = fmt.Sprintf("CAST(NULL AS %s) AS %s", c.SQLType, ident(c.Name))
	}
	return "(SELECT " + strings.Join(parts, ", ") + " WHERE false)"
}

// quote writes an SQL string literal, ident an SQL identifier.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
func ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
