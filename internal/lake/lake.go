package lake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	sqlcat "github.com/apache/iceberg-go/catalog/sql"
	"github.com/apache/iceberg-go/table"
	_ "github.com/mattn/go-sqlite3" // the catalogue's database driver

	"github.com/jinyang-city/jinyang/internal/city"
)

// Lake is the set of tables below one folder. It is safe for concurrent use.
type Lake struct {
	// Step is called as upkeep reaches each of Steps. It is for tests of faults,
	// which stop the process there; nil otherwise.
	Step func(name string)

	dir string
	db  *sql.DB
	cat *sqlcat.Catalog

	ledger  bool       // the catalogue holds the ledger; false when reading a folder made before it
	tagging sync.Mutex // serialises the making of tags

	now    func() time.Time
	behind func(dataset string, by time.Duration)

	mu     sync.Mutex
	tables map[string]*handle
}

// handle is what the process knows of one table.
type handle struct {
	commit sync.Mutex // serialises commits: the SQL catalogue does not retry
	mu     sync.Mutex
	view   *View  // current view, nil when not read yet
	state  uint64 // counts changes of the table
	told   bool   // that the clock is behind the table
}

// Options say how a Lake is opened.
type Options struct {
	// ReadOnly opens the catalogue without creating or changing anything.
	ReadOnly bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Behind is called at the first change of a dataset's table that finds the
	// clock more than a minute behind the change before it, as after it was set
	// back. The change is made all the same. It may be nil.
	Behind func(dataset string, by time.Duration)
}

// catalogFile is the Iceberg catalogue below the lake's folder.
const catalogFile = "catalog.db"

// Open opens the lake below dir, an absolute path, and creates what is missing.
func Open(ctx context.Context, dir string, o Options) (*Lake, error) {
	if err := checkPath(dir); err != nil {
		return nil, err
	}
	dsn, err := catalogDSN(dir, o)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return nil, outside(err, "cannot open the catalogue")
	}
	cat, err := sqlcat.NewCatalog("jinyang", db, sqlcat.SQLite, iceberg.Properties{
		"warehouse":           "file://" + dir,
		"init_catalog_tables": fmt.Sprint(!o.ReadOnly),
		"jdbc.schema-version": "V1",
	})
	if err != nil {
		return nil, errors.Join(outside(err, "cannot open the catalogue"), db.Close())
	}
	l := &Lake{dir: dir, db: db, cat: cat, now: o.Now, behind: o.Behind, tables: map[string]*handle{}}
	if l.now == nil {
		l.now = time.Now
	}
	if l.behind == nil {
		l.behind = func(string, time.Duration) {}
	}
	if err := l.openLedger(ctx, o.ReadOnly); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return l, nil
}

// checkPath refuses folders whose names the engine or Iceberg would take for
// something else: patterns, escapes, and the parts of a URI.
func checkPath(dir string) error {
	const special = `*?[]{}\%#`
	if strings.ContainsAny(dir, special) {
		return city.Errorf(city.CodeInvalid, "the data folder's path %q holds one of the characters %s", dir, strings.Join(strings.Split(special, ""), " ")).
			WithHint("file names with them mean something else to those who read the tables: choose another folder")
	}
	return nil
}

// catalogDSN says how to open the catalogue. A reader is told to change nothing.
// On a read-only disk it cannot even note that it reads; but nobody else can be
// writing there, so that it may read the file as it lies, unless its writer left
// a log beside it.
func catalogDSN(dir string, o Options) (string, error) {
	path := filepath.Join(dir, catalogFile)
	file := "file:" + (&url.URL{Path: path}).EscapedPath()
	if !o.ReadOnly {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", outside(err, "cannot create the lake's folder")
		}
		return file + "?mode=rwc&_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_txlock=immediate", nil
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return "", city.Errorf(city.CodeNotFound, "there is no lake in %s yet", dir).WithHint("deliver something first")
	}
	if _, err := os.Stat(path + "-wal"); errors.Is(err, os.ErrNotExist) && readOnlyDisk(dir) {
		return file + "?mode=ro&immutable=1", nil
	}
	return file + "?mode=ro&_busy_timeout=5000", nil
}

// Close releases the catalogue.
func (l *Lake) Close() error { return l.db.Close() }

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
		return nil, outside(err, "cannot read the table of "+dataset)
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
	files, err := os.ReadDir(l.DataDir(dataset))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return outside(err, "cannot list the files of "+dataset)
	}
	for _, f := range files {
		if !strings.HasPrefix(f.Name(), deliveryID+"-") {
			continue
		}
		err := os.Remove(filepath.Join(l.DataDir(dataset), f.Name()))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return outside(err, "cannot remove an uncommitted file of "+dataset)
		}
	}
	return nil
}
