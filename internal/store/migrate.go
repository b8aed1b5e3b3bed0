package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one numbered step forward. There are no steps back: a change is
// undone by a further step, or by a backup.
type migration struct {
	version int64 // from 1, without gaps
	name    string
	sql     string
	sum     string // SHA-256 of the text, to notice that an applied step was edited
}

// readMigrations reads migrations/NNNN_name.sql in the order of their names.
func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	out := make([]migration, 0, len(names))
	for i, name := range names {
		m := migration{version: int64(i + 1), name: path.Base(name)}
		var number int64
		if _, err := fmt.Sscanf(m.name, "%04d_", &number); err != nil || number != m.version {
			return nil, city.Errorf(city.CodeInternal, "migration %s should be number %04d", m.name, m.version)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		m.sql, m.sum = string(text), hex.EncodeToString(sum[:])
		out = append(out, m)
	}
	return out, nil
}

const createMigrations = `CREATE TABLE IF NOT EXISTS schema_migrations (
    version    BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    sha256     TEXT   NOT NULL,
    applied_at TEXT   NOT NULL
)`

// migrate applies the steps that the database lacks, each in a transaction of
// its own together with the note that it was applied. Another process that does
// the same at the same time is waited for.
func migrate(ctx context.Context, db *sql.DB, files fs.FS) error {
	all, err := readMigrations(files)
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, createMigrations); err != nil {
		return err
	}
	for _, m := range all {
		if err := apply(ctx, db, all, m); err != nil {
			return err
		}
	}
	return upToDate(ctx, db, files)
}

// apply runs one step unless it was applied before. What was applied is read
// inside the transaction, where no other process can change it.
func apply(ctx context.Context, db *sql.DB, all []migration, m migration) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	done, err := applied(ctx, tx, all)
	if err != nil || done >= m.version {
		return err
	}
	if _, err := tx.ExecContext(ctx, m.sql); err != nil {
		return fmt.Errorf("migration %s: %w", m.name, err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES ($1, $2, $3, $4)`,
		m.version, m.name, m.sum, timeText(time.Now())); err != nil {
		return err
	}
	return tx.Commit()
}

// upToDate refuses a database that is older or newer than the program.
func upToDate(ctx context.Context, q querier, files fs.FS) error {
	all, err := readMigrations(files)
	if err != nil {
		return err
	}
	done, err := applied(ctx, q, all)
	if err == nil && done < int64(len(all)) {
		return city.Errorf(city.CodeConflict+".database", "the database has schema version %d, this program needs %d", done, len(all)).
			WithHint("start jinyang serve once, which brings it up to date")
	}
	return err
}

// applied is the number of steps that the database has; it refuses one that has
// steps which this program does not know.
func applied(ctx context.Context, q querier, all []migration) (int64, error) {
	type step struct {
		version   int64
		name, sum string
	}
	done, err := list(ctx, q, func(r scanner) (s step, err error) {
		err = r.Scan(&s.version, &s.name, &s.sum)
		return s, err
	}, `SELECT version, name, sha256 FROM schema_migrations ORDER BY version`)
	if err != nil {
		return 0, err
	}
	for i, s := range done {
		if i >= len(all) {
			return 0, city.Errorf(codeDatabase, "the database was written by a newer version of this program (schema %d, known %d)",
				done[len(done)-1].version, len(all)).WithHint("use that version, or a newer one")
		}
		if m := all[i]; s.version != m.version || s.sum != m.sum {
			return 0, city.Errorf(codeDatabase, "step %d of the database's schema is not this program's %s", s.version, m.name).
				WithHint("use the version of the program that wrote the database")
		}
	}
	return int64(len(done)), nil
}
