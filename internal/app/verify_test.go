package app_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // forges rows in the store

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// TestVerifyFinds damages a folder in one way after the other: each must be
// found and named.
func TestVerifyFinds(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		damage func(t *testing.T, a *app.App)
		says   string
	}{
		"evidence that is gone": {func(t *testing.T, a *app.App) {
			files, err := filepath.Glob(filepath.Join(a.Dir, "evidence", "*"))
			if err != nil || len(files) != 3 || os.Remove(files[0]) != nil {
				t.Fatal(files, err)
			}
		}, "not in the archive"},
		"a receipt that was changed": {func(t *testing.T, a *app.App) {
			forge(t, a, `UPDATE deliveries SET receipt = replace(receipt, '"received":4', '"received":5')`)
		}, "does not balance"},
		"counts that were changed": {func(t *testing.T, a *app.App) {
			forge(t, a, `UPDATE deliveries SET received = received + 1, duplicate = duplicate + 1`)
		}, "differs from the store"},
		"another snapshot": {func(t *testing.T, a *app.App) {
			forge(t, a, `UPDATE deliveries SET snapshot_id = '1'`)
		}, "the receipt says 1"},
		"a delivery that vanished": {func(t *testing.T, a *app.App) {
			forge(t, a, `DELETE FROM quarantined_rows`, `DELETE FROM deliveries WHERE accepted = 2 AND quarantined = 1`)
		}, "which has no receipt"},
		"an audit record that was changed": {func(t *testing.T, a *app.App) {
			forge(t, a, `UPDATE audit_records SET actor = 'nobody' WHERE seq = 3`)
		}, "record 3"},
		"rows that came by another way": {func(t *testing.T, a *app.App) {
			ds, err := a.City().Dataset("hrss.jobs")
			if err != nil {
				t.Fatal(err)
			}
			smuggle(t, a, ds)
		}, "which has no receipt"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t, app.Options{Data: t.TempDir(), Pack: packDir})
			deliver(t, a, firstFile)
			deliver(t, a, secondFile)
			deliver(t, a, firstFile)
			wantVerified(t, a)
			c.damage(t, a)
			v, err := a.Verify(t.Context())
			if err != nil || v.OK || !strings.Contains(strings.Join(v.Problems, "\n"), c.says) {
				t.Errorf("got %+v, %v; want %q", v, err, c.says)
			}
		})
	}
}

// TestVerifyEvidence reads the originals back, and finds one in which a bit was
// turned.
func TestVerifyEvidence(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: packDir})
	deliver(t, a, firstFile)
	deliver(t, a, secondFile)
	check := func() *app.Verification {
		v, err := a.Verify(t.Context())
		if err == nil {
			err = a.VerifyEvidence(t.Context(), v)
		}
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := check(); !v.OK || v.Originals != 2 {
		t.Errorf("untouched: %+v", v)
	}
	files, err := filepath.Glob(filepath.Join(a.Dir, "evidence", "*"))
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	sealed, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	sealed[len(sealed)/2] ^= 1
	if err := os.WriteFile(files[0], sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	if v := check(); v.OK || v.Originals != 1 || !strings.Contains(strings.Join(v.Problems, "\n"), "cannot be read back") {
		t.Errorf("one bit turned: %+v", v)
	}
}

// TestVerifyCannotRead loses a file of the table: that is an error, because
// nothing can be said about the rest.
func TestVerifyCannotRead(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: packDir})
	deliver(t, a, firstFile)
	files, err := filepath.Glob(filepath.Join(a.Dir, "lake", "hrss", "jobs", "data", "*"))
	if err != nil || len(files) != 1 || os.Remove(files[0]) != nil {
		t.Fatal(files, err)
	}
	if v, err := a.Verify(t.Context()); err == nil && v.OK {
		t.Error("a lost file was not found")
	}
}

// forge changes the store behind its back.
func forge(t *testing.T, a *app.App, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(a.Dir, "jinyang.db")+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(context.Background(), s); err != nil {
			t.Fatal(err)
		}
	}
}

// smuggle commits a row without a delivery, as another engine could.
func smuggle(t *testing.T, a *app.App, ds *city.Dataset) {
	t.Helper()
	stager, ok := a.Analysis.Engine.(lake.Stager)
	if !ok {
		t.Fatal("the engine cannot write")
	}
	st, err := stager.Stage(t.Context(), ds, "D-forged")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := st.Append(1, []any{"Z9", nil, "140105", city.NewDate(2024, 1, 1).Time(), nil}); err != nil {
		t.Fatal(err)
	}
	v, err := a.Lake.View(t.Context(), ds, noTime)
	if err != nil {
		t.Fatal(err)
	}
	m, err := st.Merge(t.Context(), v, a.Lake.DataDir(ds.Name), lake.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Lake.Commit(t.Context(), lake.Change{Dataset: ds.Name, DeliveryID: "D-forged", Base: v.SnapshotID, Add: m.Add}); err != nil {
		t.Fatal(err)
	}
}

// TestOpenRefuses opens what is not a data folder, or not this one's keys.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	refused := func(what string, want city.Code, o app.Options) {
		t.Helper()
		a, err := app.Open(t.Context(), o)
		if a != nil || city.CodeOf(err) != want {
			t.Errorf("%s: got %v, want %s", what, err, want)
		}
	}
	refused("reading nothing", city.CodeNotFound, app.Options{Data: data, ReadOnly: true})
	refused("no pack", city.CodeNotFound, app.Options{Data: data, Pack: filepath.Join(data, "missing")})
	a := open(t, app.Options{Data: data, Pack: packDir})
	deliver(t, a, firstFile)
	refused("open already", "busy.data", app.Options{Data: data})
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(data, "vault"), filepath.Join(data, "elsewhere")); err != nil {
		t.Fatal(err)
	}
	refused("new keys", "conflict.keys", app.Options{Data: data})
	if err := errors.Join(os.RemoveAll(filepath.Join(data, "vault")), os.Rename(filepath.Join(data, "elsewhere"), filepath.Join(data, "vault"))); err != nil {
		t.Fatal(err)
	}
	wantTable(t, open(t, app.Options{Data: data}), afterFirst)
}

// TestMoved opens a data folder at another place, and by another name.
func TestMoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, copied, linked := filepath.Join(dir, "data"), filepath.Join(dir, "copied"), filepath.Join(dir, "linked")
	a := open(t, app.Options{Data: data, Pack: packDir})
	deliver(t, a, firstFile)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.CopyFS(copied, os.DirFS(data)), os.Symlink(data, linked)); err != nil {
		t.Fatal(err)
	}
	for _, readOnly := range []bool{false, true} {
		if _, err := app.Open(t.Context(), app.Options{Data: copied, ReadOnly: readOnly}); city.CodeOf(err) != "conflict.home" {
			t.Errorf("a copy opened with %v", err)
		}
	}
	wantTable(t, open(t, app.Options{Data: linked, ReadOnly: true}), afterFirst)
}
