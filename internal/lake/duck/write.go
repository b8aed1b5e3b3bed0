package duck

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/lake"
)

// write puts the staged rows into one new file, and what remains of each file
// that held an older version, or a row that vanishes, into another.
func (s *stage) write(ctx context.Context, v *lake.View, dir string, m *lake.Merged) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	ids := fieldIDs(v.Columns)
	if m.Accepted > 0 {
		q := fmt.Sprintf("SELECT %s FROM temp.stage AS s", s.writtenColumns(v))
		if err := s.copyTo(ctx, q, dir, 0, ids, m); err != nil {
			return err
		}
	}
	for i, file := range m.Remove {
		rel := relation(v, []string{file}, false)
		q := fmt.Sprintf("SELECT * FROM %s AS e WHERE NOT EXISTS (SELECT 1 FROM temp.stage AS s WHERE %s)", rel, s.match("s"))
		if m.Vanished > 0 {
			q += fmt.Sprintf(" AND NOT EXISTS (SELECT 1 FROM temp.stage_gone AS g WHERE %s)", sameVersion("e", "g"))
		}
		left, err := s.count(ctx, "SELECT count(*) FROM ("+q+")")
		if err != nil {
			return err
		}
		if left == 0 {
			continue
		}
		if err := s.copyTo(ctx, q, dir, i+1, ids, m); err != nil {
			return err
		}
	}
	return lake.SyncPath(dir)
}

// tableColumns gives the SQL of all columns of the table for the staged rows.
func (s *stage) tableColumns(v *lake.View) string {
	cols := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		cols[i] = s.column(c)
	}
	return strings.Join(cols, ", ")
}

// writtenColumns is tableColumns in the form that is quickest to write: texts
// drawn from a list are an ENUM. They are texts in the file all the same, with
// the dictionary that DuckDB would else find out row by row.
func (s *stage) writtenColumns(v *lake.View) string {
	cols := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		f, _ := s.ds.Field(c.Name)
		switch at := slices.Index(s.ds.Fields, f); {
		case c.Name == lake.ColumnDelivery:
			cols[i] = enum([]string{s.deliveryID}, "1") + " AS " + ident(c.Name)
		case at >= 0 && s.dict[at] != nil:
			cols[i] = enum(s.dict[at].texts, "s."+ident(c.Name)) + " AS " + ident(c.Name)
		default:
			cols[i] = s.column(c)
		}
	}
	return strings.Join(cols, ", ")
}

// column gives the SQL of a table column for the staged rows. A column that
// the declaration no longer has is empty.
func (s *stage) column(c lake.Column) string {
	switch c.Name {
	case lake.ColumnDelivery:
		return quote(s.deliveryID) + " AS " + ident(c.Name)
	case lake.ColumnRow:
		return "s." + ident(c.Name)
	}
	f, ok := s.ds.Field(c.Name)
	if !ok {
		return fmt.Sprintf("CAST(NULL AS %s) AS %s", c.SQLType, ident(c.Name))
	}
	return s.value(f, "s") + " AS " + ident(c.Name)
}

func (s *stage) copyTo(ctx context.Context, query, dir string, n int, ids string, m *lake.Merged) error {
	path := filepath.Join(dir, fmt.Sprintf("%s-%d.parquet", s.deliveryID, n))
	if err := s.exec(ctx, copyParquet(query, path, ids)); err != nil {
		return err
	}
	if err := lake.SyncPath(path); err != nil {
		return err
	}
	m.Add = append(m.Add, lake.FileURI(path))
	return nil
}

// copyParquet writes the rows of a query as a file of a table.
func copyParquet(query, path, ids string) string {
	return fmt.Sprintf("COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, FIELD_IDS {%s})", query, quote(path), ids)
}

func fieldIDs(cols []lake.Column) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = fmt.Sprintf("%s: %d", ident(c.Name), c.FieldID)
	}
	return strings.Join(parts, ", ")
}

func (s *stage) strings(ctx context.Context, q string) ([]string, error) {
	rows, err := s.conn.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func identList(alias string, names []string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = alias + ident(n)
	}
	return strings.Join(parts, ", ")
}

func parseInts(list string) []int64 {
	var out []int64
	for _, p := range strings.Split(list, ",") {
		if n, err := strconv.ParseInt(p, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}
