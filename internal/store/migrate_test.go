package store

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jinyang-city/jinyang/internal/city"
)

// upTo is the first n migrations as files.
func upTo(t *testing.T, n int) fstest.MapFS {
	t.Helper()
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, name := range names[:n] {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: text}
	}
	return out
}

func head(t *testing.T) int {
	t.Helper()
	all, err := readMigrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// TestEveryVersionToHead makes a database of each older version and opens it.
func TestEveryVersionToHead(t *testing.T) {
	t.Parallel()
	for from := range head(t) {
		t.Run(fmt.Sprint(from), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "city.db")
			db, err := openWriter(path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := migrate(t.Context(), db, upTo(t, from)); err != nil {
				t.Fatal(err)
			}
			if from > 0 {
				_, err := OpenReadOnly(t.Context(), path)
				wantCode(t, err, "conflict.database")
			}
			s := open(t, path)
			if err := s.Stage(t.Context(), sample("D1"), entry()); err != nil {
				t.Errorf("the tables are not all there: %v", err)
			}
			var names int
			if err := s.read.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM schema_migrations`).Scan(&names); err != nil || names != head(t) {
				t.Errorf("%d migrations are noted, %v", names, err)
			}
		})
	}
}

func TestMigrationsRefuse(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]string{
		"a newer database":  `INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES (9999, 'future', '', '')`,
		"an edited step":    `UPDATE schema_migrations SET sha256 = 'x' WHERE version = 1`,
		"a missing step":    `DELETE FROM schema_migrations WHERE version = 1`,
		"a renumbered step": `UPDATE schema_migrations SET version = 77 WHERE version = 1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "city.db")
			s := open(t, path)
			if _, err := s.write.ExecContext(t.Context(), spoil); err != nil {
				t.Fatal(err)
			}
			s.Close()
			_, err := Open(t.Context(), path)
			wantCode(t, err, codeDatabase)
			_, err = OpenReadOnly(t.Context(), path)
			wantCode(t, err, codeDatabase)
			if !strings.Contains(err.Error(), path) {
				t.Errorf("the error does not name the database: %v", err)
			}
		})
	}
}

// TestFailedMigrationLeavesNothing adds a step that fails half way.
func TestFailedMigrationLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "city.db"))
	files := upTo(t, head(t))
	bad := fmt.Sprintf("migrations/%04d_bad.sql", head(t)+1)
	files[bad] = &fstest.MapFile{Data: []byte(`CREATE TABLE half (a TEXT); CREATE TABLE settings (a TEXT);`)}
	if err := migrate(t.Context(), s.write, files); err == nil || !strings.Contains(err.Error(), "bad.sql") {
		t.Errorf("got %v", err)
	}
	if _, err := s.write.ExecContext(t.Context(), `SELECT a FROM half`); err == nil {
		t.Error("half of the step is there")
	}
	if err := upToDate(t.Context(), s.read, migrationFiles); err != nil {
		t.Errorf("the step was noted: %v", err)
	}
}

func TestMigrationsAreNumbered(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fstest.MapFS{
		"gap":       {"migrations/0001_a.sql": {}, "migrations/0003_b.sql": {}},
		"no number": {"migrations/first.sql": {}},
		"from 0":    {"migrations/0000_a.sql": {}},
	} {
		if _, err := readMigrations(files); city.CodeOf(err) != city.CodeInternal {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
