package duck

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"unique"

	"github.com/jinyang-city/jinyang/internal/lake"
)

// shapes remembers which columns files have. Where all files of a view have its
// columns, they need no mapping by field ID, which DuckDB takes up to a third
// longer to plan than a small table takes to read. A file never changes once it
// is written, and no other gets its name.
type shapes struct {
	mu sync.RWMutex
	of map[string]unique.Handle[string]
}

// shapeOf writes columns in one form: field IDs, names and types, in their order.
func shapeOf(cols []lake.Column) unique.Handle[string] {
	var b strings.Builder
	for _, c := range cols {
		fmt.Fprintf(&b, "%d %q %s\n", c.FieldID, c.Name, c.SQLType)
	}
	return unique.Make(b.String())
}

// same says that all files are known to have these columns and no others.
func (s *shapes) same(files []string, cols []lake.Column) bool {
	want := shapeOf(cols)
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, f := range files {
		if have, ok := s.of[f]; !ok || have != want {
			return false
		}
	}
	return true
}

// unseen lists the files whose columns are not known.
func (s *shapes) unseen(files []string) (out []string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, f := range files {
		if _, ok := s.of[f]; !ok {
			out = append(out, f)
		}
	}
	return out
}

// readShapes reads the columns of files from their footers.
func (e *Engine) readShapes(ctx context.Context, files []string) error {
	if files = e.shapes.unseen(files); len(files) == 0 {
		return nil
	}
	rows, err := e.Query(ctx, fmt.Sprintf(`SELECT file_name, coalesce(field_id, 0), name, coalesce(duckdb_type, '') FROM parquet_schema([%s])
WHERE field_id IS NOT NULL OR num_children IS NULL`, fileList(files)))
	if err != nil {
		return err
	}
	defer rows.Close()
	found := map[string][]lake.Column{}
	for rows.Next() {
		var file string
		var c lake.Column
		if err := rows.Scan(&file, &c.FieldID, &c.Name, &c.SQLType); err != nil {
			return engineError(err, "cannot read the columns of a file")
		}
		found[lake.FileURI(file)] = append(found[lake.FileURI(file)], c)
	}
	if err := rows.Err(); err != nil {
		return engineError(err, "cannot read the columns of files")
	}
	e.shapes.mu.Lock()
	defer e.shapes.mu.Unlock()
	if len(e.shapes.of)+len(found) > rangesKept {
		clear(e.shapes.of)
	}
	for file, cols := range found {
		e.shapes.of[file] = shapeOf(cols)
	}
	return nil
}

// fileList writes files as a list of SQL texts.
func fileList(files []string) string {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = quote(lake.FilePath(f))
	}
	return strings.Join(names, ", ")
}
