package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

func noon() time.Time { return time.Date(2024, 10, 31, 12, 0, 0, 0, time.UTC) }

func entry() audit.Entry {
	return audit.Entry{At: noon(), Actor: "test", Action: "test", Subject: "D1"}
}

func sample(id string) Delivery {
	return Delivery{ID: id, Dataset: "env.air", ReceivedAt: noon(), SampleFraction: 1}
}

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func wantCode(t testing.TB, err error, code city.Code) {
	t.Helper()
	if err == nil || city.CodeOf(err) != code {
		t.Fatalf("got error %v, want code %s", err, code)
	}
}

// padded makes quarantined rows that fill pages of the database.
func padded(n int) func(func(QuarantinedRow, error) bool) {
	sealed := make([]byte, 300)
	return func(yield func(QuarantinedRow, error) bool) {
		for i := range n {
			if !yield(QuarantinedRow{Row: int64(i + 1), Field: "region", Code: "region", Message: "no such region", Masked: "***", Sealed: sealed, Owner: "hrss"}, nil) {
				return
			}
		}
	}
}

// TestFullDisk lets SQLite run out of pages, which it reports as it does a full
// disk, in the middle of a change.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	s, ctx := open(t, filepath.Join(t.TempDir(), "city.db")), t.Context()
	d := sample("D1")
	if err := s.Stage(ctx, d, entry()); err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := s.write.QueryRowContext(ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		if _, err := s.write.ExecContext(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, n)); err != nil {
			t.Fatal(err)
		}
	}
	limit(pages + 10)
	d.Received, d.Quarantined = 5000, 5000
	err := s.Prepare(ctx, d, padded(5000), entry())
	wantCode(t, err, "unavailable.disk")
	var coded *city.Error
	if !errors.As(err, &coded) || !coded.Retry() || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("the error does not help: %v", err)
	}
	if got, err := s.Delivery(ctx, "D1"); err != nil || got.State != StateStaged {
		t.Errorf("after the failure the delivery is %s, %v", got.State, err)
	}
	limit(1 << 30)
	if err := s.Prepare(ctx, d, padded(5000), entry()); err != nil {
		t.Errorf("with space again: %v", err)
	}
	if head, err := s.VerifyAudit(ctx); head.Seq != 2 || err != nil {
		t.Errorf("the chain ends at %d, %v", head.Seq, err)
	}
}

func TestFileSystemErrors(t *testing.T) {
	t.Parallel()
	s := &Store{path: "city.db"}
	for err, want := range map[error]city.Code{
		&os.PathError{Op: "open", Path: "city.db", Err: syscall.ENOSPC}: "unavailable.disk",
		&os.PathError{Op: "open", Path: "city.db", Err: syscall.EACCES}: city.CodeForbidden,
		&os.PathError{Op: "open", Path: "city.db", Err: syscall.ENOENT}: city.CodeNotFound,
		sql.ErrConnDone: city.CodeUnavailable,
		errors.New("?"): city.CodeInternal,
	} {
		wantCode(t, s.fail(err, "test"), want)
	}
}

// TestBusy makes a second connection that does not wait meet the lock of the
// first.
func TestBusy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.db")
	s := open(t, path)
	tx, err := s.write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	hasty, err := sql.Open("sqlite3", dsn(path, url.Values{"_txlock": {"immediate"}, "_busy_timeout": {"1"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer hasty.Close()
	other := &Store{write: hasty, path: path}
	err = other.SetSettings(t.Context(), map[string]string{"a": "b"}, entry())
	wantCode(t, err, city.CodeBusy)
	if _, _, err := s.Setting(t.Context(), "a"); err != nil {
		t.Errorf("reading had to wait for the writer: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := write("text.db", strings.Repeat("this is not a database\n", 100))
	for path, want := range map[string]city.Code{
		text:                                     codeDatabase,
		dir:                                      codeDisk,
		filepath.Join(dir, "missing", "city.db"): city.CodeNotFound,
	} {
		_, err := Open(t.Context(), path)
		wantCode(t, err, want)
		if !strings.Contains(err.Error(), path) {
			t.Errorf("the error does not name %s: %v", path, err)
		}
	}
	for path, want := range map[string]city.Code{
		text:                             codeDatabase,
		write("empty.db", ""):            codeDatabase,
		filepath.Join(dir, "missing.db"): city.CodeNotFound,
	} {
		_, err := OpenReadOnly(t.Context(), path)
		wantCode(t, err, want)
	}
	if _, err := os.Stat(filepath.Join(dir, "missing.db")); err == nil {
		t.Error("opening for reading made a database")
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "city.db")
	s := open(t, path)
	ro, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer ro.Close()
	if err := s.Stage(t.Context(), sample("D1"), entry()); err != nil {
		t.Fatal(err)
	}
	if d, err := ro.Delivery(t.Context(), "D1"); err != nil || d.State != StateStaged {
		t.Errorf("beside a writer: %+v, %v", d, err)
	}
	wantCode(t, ro.Stage(t.Context(), sample("D2"), entry()), city.CodeForbidden)
	if _, err := ro.read.ExecContext(t.Context(), `DELETE FROM deliveries`); err == nil {
		t.Error("the reading connections can write")
	}
	s.Close()
	alone, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	if _, err := alone.Delivery(t.Context(), "D1"); err != nil {
		t.Errorf("after the writer has gone: %v", err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("mode bits say nothing about access on Windows")
	}
	dir := t.TempDir()
	open(t, filepath.Join(dir, "city.db"))
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 2 {
		t.Fatalf("files are %v, %v", files, err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

// TestDurability holds the settings that the guarantees rest on.
func TestDurability(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "city.db"))
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		var got string
		if err := s.write.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", pragma, got, err, want)
		}
	}
}

func TestForgedRecordIsFound(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "city.db"))
	for range 3 {
		if err := s.Audit(t.Context(), entry()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.write.ExecContext(t.Context(), `UPDATE audit_records SET actor = 'nobody' WHERE seq = 2`); err != nil {
		t.Fatal(err)
	}
	_, err := s.VerifyAudit(t.Context())
	wantCode(t, err, audit.CodeBroken)
	if !strings.Contains(err.Error(), "record 2") {
		t.Errorf("the error does not name the record: %v", err)
	}
}

// TestForeignValues holds that texts written by something else are reported,
// not misread.
func TestForeignValues(t *testing.T) {
	t.Parallel()
	for _, column := range []string{"received_at", "period_from"} {
		s := open(t, filepath.Join(t.TempDir(), "city.db"))
		if err := s.Stage(t.Context(), sample("D1"), entry()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.write.ExecContext(t.Context(), `UPDATE deliveries SET period_to = '9', `+column+` = '31.10.24'`); err != nil {
			t.Fatal(err)
		}
		_, err := s.Delivery(t.Context(), "D1")
		wantCode(t, err, codeDatabase)
	}
}

func FuzzCursors(f *testing.F) {
	f.Add(numberCursor(7))
	f.Add(deliveryCursor(sample("D1")))
	f.Add("Cg")
	f.Add("M\nw")
	f.Fuzz(func(t *testing.T, cursor string) {
		if n, err := parseNumberCursor(cursor); err == nil && numberCursor(n) != cursor {
			t.Fatalf("%q was read as %d", cursor, n)
		}
		if at, id, err := parseDeliveryCursor(cursor); err == nil && encodeCursor(at, id) != cursor {
			t.Fatalf("%q was read as %q, %q", cursor, at, id)
		}
	})
}

// BenchmarkPrepare keeps 100,000 quarantined rows of 300 bytes.
func BenchmarkPrepare(b *testing.B) {
	s, ctx := open(b, filepath.Join(b.TempDir(), "city.db")), context.Background()
	const n = 100_000
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d := sample(fmt.Sprintf("D%d", i))
		if err := s.Stage(ctx, d, entry()); err != nil {
			b.Fatal(err)
		}
		d.Received, d.Quarantined = n, n
		if err := s.Prepare(ctx, d, padded(n), entry()); err != nil {
			b.Fatal(err)
		}
	}
}
