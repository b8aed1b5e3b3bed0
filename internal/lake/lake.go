package lake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	sqlcat "github.com/apache/iceberg-go/catalog/sql"
	"github.com/apache/iceberg-go/table"
	_ "github.com/mattn/go-sqlite3" // the catalogue's database driver

	"github.com/jinyang-city/jinyang/internal/city"
)

// Lake is the set of tables below one folder. It is safe for concurrent use.
type Lake struct {
	dir string
	db  *sql.DB
	cat *sqlcat.Catalog

	mu     sync.Mutex
	tables map[string]*handle
}

// handle is what the process knows of one table.
type handle struct {
	commit sync.Mutex // serialises commits: the SQL catalogue does not retry
	mu     sync.Mutex
	view   *View // current view, nil when not read yet
}

// Options say how a Lake is opened.
type Options struct {
	// ReadOnly opens the catalogue without creating or changing anything.
	ReadOnly bool
}

// Open opens the lake below dir, an absolute path, and creates what is missing.
func Open(ctx context.Context, dir string, o Options) (*Lake, error) {
	if strings.ContainsAny(dir, "*?[]{}") {
		return nil, city.Errorf(city.CodeInvalid, "the data folder's path %q holds one of the characters * ? [ ] { }", dir).
			WithHint("the engine reads them as patterns: choose another folder")
	}
	mode := "rwc"
	if o.ReadOnly {
		mode = "ro"
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, city.Errorf(city.CodeUnavailable, "cannot create the lake's folder: %w", err)
	}
	dsn := "file:" + escapeURIPath(filepath.Join(dir, "catalog.db")) +
		"?mode=" + mode + "&_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_txlock=immediate"
	if o.ReadOnly {
		dsn = "file:" + escapeURIPath(filepath.Join(dir, "catalog.db")) + "?mode=ro&_busy_timeout=5000"
	}
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return nil, city.Errorf(city.CodeUnavailable, "cannot open the catalogue: %w", err)
	}
	cat, err := sqlcat.NewCatalog("jinyang", db, sqlcat.SQLite, iceberg.Properties{
		"warehouse":           "file://" + dir,
		"init_catalog_tables": fmt.Sprint(!o.ReadOnly),
		"jdbc.schema-version": "V1",
	})
	if err != nil {
		return nil, errors.Join(city.Errorf(city.CodeUnavailable, "cannot open the catalogue: %w", err), db.Close())
	}
	return &Lake{dir: dir, db: db, cat: cat, tables: map[string]*handle{}}, nil
}

// Close releases the catalogue.
func (l *Lake) Close() error { return l.db.Close() }

func escapeURIPath(p string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(p)
}

func (l *Lake) handle(dataset string) *handle {
	l.mu.Lock()
	defer l.mu.Unlock()
	h, ok := l.tables[dataset]
	if !ok {
		h = &handle{}
		l.tables[dataset] = h
	}
	return h
}

func ident(dataset string) table.Identifier { return strings.SplitN(dataset, ".", 2) }

// load gives the table of a dataset, or nil when it does not exist yet.
func (l *Lake) load(ctx context.Context, dataset string) (*table.Table, error) {
	t, err := l.cat.LoadTable(ctx, ident(dataset))
	switch {
	case errors.Is(err, catalog.ErrNoSuchTable), errors.Is(err, catalog.ErrNoSuchNamespace):
		return nil, nil
	case err != nil:
		return nil, city.Errorf(city.CodeUnavailable, "cannot read the table of %s: %w", dataset, err)
	}
	return t, nil
}

// DataDir is the folder that an engine writes the files of a dataset to.
func (l *Lake) DataDir(dataset string) string {
	id := ident(dataset)
	return filepath.Join(l.dir, id[0], id[1], "data")
}

// FilePath gives the path of a file named by a View or a Change.
func FilePath(uri string) string { return strings.TrimPrefix(uri, "file://") }

// FileURI gives the name under which a file is registered. Other engines
// refuse bare paths.
func FileURI(path string) string { return "file://" + path }

// Discard removes the files of a delivery that did not commit. Files that the
// current snapshot names are left alone.
func (l *Lake) Discard(ctx context.Context, dataset, deliveryID string) error {
	if _, found, err := l.FindDelivery(ctx, dataset, deliveryID); err != nil || found {
		return err
	}
	files, err := filepath.Glob(filepath.Join(l.DataDir(dataset), deliveryID+"-*.parquet"))
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot list files of %s: %w", dataset, err)
	}
	for _, f := range files {
		if err := os.Remove(f); err != nil && !errors.Is(err, os.ErrNotExist) {
			return city.Errorf(city.CodeUnavailable, "cannot remove an uncommitted file: %w", err)
		}
	}
	return nil
}
