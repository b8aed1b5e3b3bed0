package progress_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // to change what only the store may change

	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/vault"
)

// TestTampering changes the store behind the program's back: Verify tells of it.
func TestTampering(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, want string }{
		"the value":       {`UPDATE progress_reports SET value = '1200'`, "is not what was filed"},
		"the reporter":    {`UPDATE progress_reports SET reported_by = '王五'`, "is not what was filed"},
		"the approver":    {`UPDATE progress_reports SET decided_by = '王五'`, "is not what was decided"},
		"the state":       {`UPDATE progress_reports SET state = 'rejected'`, "the audit chain does not say"},
		"the hash":        {`UPDATE progress_files SET sha256 = '` + strings.Repeat("0", 64) + `'`, "is not what was filed"},
		"the whole":       {`DELETE FROM progress_files; DELETE FROM progress_reports`, "does not hold it any more"},
		"an invented one": {`INSERT INTO progress_reports SELECT 'P0', 99, 99, target, '2024-08', period_to, 1, owner, value, done_on, expected_on, note, reported_by, reported_as, reported_at, replaces, state, decided_by, decided_as, decided_at, reason, superseded_by, simulated FROM progress_reports`, "knows of no such report"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBed(t, "2024-10-31")
			b.approve(t, b.file(t, homes("2024-09", 800), "八百套").ID)
			b.verified(t)
			db, err := sql.Open("sqlite3", filepath.Join(b.dir, "city.db"))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec(c.change); err != nil {
				t.Fatal(err)
			}
			got, err := b.Verify(t.Context())
			if err != nil || !strings.Contains(strings.Join(got.Problems, "\n"), c.want) {
				t.Errorf("problems %q, %v; want %q", got.Problems, err, c.want)
			}
		})
	}
}

// TestDamagedFile damages the file of a report, and then removes it.
func TestDamagedFile(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	r := b.file(t, homes("2024-09", 800), "八百套")
	keys, err := vault.Open(filepath.Join(b.dir, "vault"))
	if err != nil {
		t.Fatal(err)
	}
	if good, problems, err := b.VerifyFiles(t.Context(), keys); good != 1 || len(problems) > 0 || err != nil {
		t.Errorf("%d good, %v, %v", good, problems, err)
	}
	path := filepath.Join(b.dir, "progress", r.Files[0].SHA256+".sealed")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-1] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if good, problems, err := b.VerifyFiles(t.Context(), keys); good != 0 || len(problems) != 1 || err != nil {
		t.Errorf("%d good, %v, %v", good, problems, err)
	}
	fix := homes("2024-09", 801)
	fix.Replaces = r.ID
	_, err = b.File(t.Context(), clerk, fix, mustStage(t, b, "八百套"))
	wantCode(t, err, "conflict.evidence") // it is never overwritten
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if c, err := b.Verify(t.Context()); err != nil || len(c.Problems) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestRecoverRemovesWhatWasNeverFiled leaves what crashes leave.
func TestRecoverRemovesWhatWasNeverFiled(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	b.file(t, homes("2024-09", 800), "八百套")
	for _, name := range []string{"x.part", strings.Repeat("0", 64) + ".sealed"} {
		if err := os.WriteFile(filepath.Join(b.dir, "progress", name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Recover(context.Background()); err != nil {
		t.Fatal(err)
	}
	if left := b.kept(t); len(left) != 1 {
		t.Errorf("left are %v", left)
	}
	b.verified(t)
}

// TestReseal seals files under a new key.
func TestReseal(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	b.file(t, homes("2024-09", 800), "八百套")
	if _, err := vault.Rotate(filepath.Join(b.dir, "vault"), b.Now()); err != nil {
		t.Fatal(err)
	}
	keys, err := vault.Open(filepath.Join(b.dir, "vault"))
	if err != nil {
		t.Fatal(err)
	}
	c := b.Config
	c.Sealer = keys
	anew := progress.New(c)
	if n, err := anew.Reseal(t.Context()); n != 1 || err != nil {
		t.Errorf("%d sealed anew, %v", n, err)
	}
	if under, err := anew.SealedUnder(); err != nil || under[1] != 0 || under[2] != 1 {
		t.Errorf("sealed under %v, %v", under, err)
	}
	if good, problems, err := anew.VerifyFiles(t.Context(), keys); good != 1 || len(problems) > 0 || err != nil {
		t.Errorf("%d good, %v, %v", good, problems, err)
	}
}
