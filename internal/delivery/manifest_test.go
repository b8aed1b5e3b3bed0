package delivery_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

func write(t testing.TB, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadManifest(t *testing.T) {
	t.Parallel()
	const good = `{"manifest_version": 1, "dataset": "hrss.jobs", "batch": "2024-01", "period": {"from": "2024-01-01", "to": "2024-01-31"},
		"sent_at": "2024-02-05T08:00:00+08:00", "sender": "province", "files": [{"name": "a.csv", "rows": 1}]}`
	dir := t.TempDir()
	if m, err := delivery.ReadManifest(write(t, dir, "good.json", good)); err != nil || m.Batch != "2024-01" || *m.Files[0].Rows != 1 {
		t.Errorf("got %+v, %v", m, err)
	}
	for name, c := range map[string]struct{ from, to, says string }{
		"not JSON":         {good, "not JSON", "cannot be read"},
		"cut":              {`"a.csv", "rows": 1}]}`, `"a.c`, "cannot be read"},
		"more after it":    {`1}]}`, `1}]} {}`, "something follows the document"},
		"unknown member":   {`"sender"`, `"sander"`, "sander"},
		"another version":  {`"manifest_version": 1`, `"manifest_version": 2`, "version 2"},
		"no dataset":       {`"hrss.jobs"`, `""`, "no dataset"},
		"no files":         {`{"name": "a.csv", "rows": 1}`, ``, "no files"},
		"half a period":    {`"2024-01-31"`, `""`, "no end"},
		"period backwards": {`"2024-01-31"`, `"2023-01-31"`, "ends before"},
		"no such day":      {`"2024-01-31"`, `"2024-02-30"`, "2024-02-30"},
		"sample of none":   {`"files"`, `"sample": {"fraction": 0}, "files"`, "fraction"},
		"sample of more":   {`"files"`, `"sample": {"fraction": 1.5}, "files"`, "fraction"},
		"file outside":     {`"a.csv"`, `"../a.csv"`, "outside"},
		"absolute file":    {`"a.csv"`, `"/etc/passwd"`, "outside"},
		"negative rows":    {`"rows": 1`, `"rows": -1`, "rows"},
		"member twice":     {`"rows": 1`, `"rows": 1, "rows": 2`, "a member twice"},
		"byte order mark":  {`{"manifest_version"`, "\ufeff" + `{"manifest_version"`, "an object is expected"},
		"rows as a text":   {`"rows": 1`, `"rows": "1"`, "files.rows is a JSON string, a whole number is expected"},
		"a day as number":  {`"from": "2024-01-01"`, `"from": 20240101`, "period.from is a JSON number, a text is expected"},
		"a list of files":  {`[{"name": "a.csv", "rows": 1}]`, `"a.csv"`, "files is a JSON string, a list is expected"},
		"file twice":       {`{"name": "a.csv", "rows": 1}`, `{"name": "a.csv"}, {"name": "a.csv"}`, "twice"},
	} {
		_, err := delivery.ReadManifest(write(t, dir, "m.json", strings.Replace(good, c.from, c.to, 1)))
		if city.CodeOf(err) != "invalid.manifest" || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "m.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := delivery.ReadManifest(filepath.Join(dir, "missing.json")); city.CodeOf(err) != city.CodeNotFound {
		t.Errorf("a missing manifest: %v", err)
	}
}

// TestDeliverManifest delivers a batch of two files from a folder, all of it
// and in parts, and one whose second file is not there.
func TestDeliverManifest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	dir := t.TempDir()
	write(t, dir, "data/a.csv", head+"A1,,,2024-01-05,1\n")
	write(t, dir, "data/b.csv", head+"B1,,,2024-01-05,1\n")
	manifest := write(t, dir, "m.json", `{"manifest_version": 1, "dataset": "hrss.jobs", "batch": "x", "period": {"from": "", "to": ""},
		"sent_at": "2024-02-05T08:00:00+08:00", "sender": "s", "files": [{"name": "data/a.csv", "rows": 1}, {"name": "data/b.csv", "rows": 1}]}`)
	deliver := func(only ...string) (out []string, err error) {
		err = b.svc.DeliverManifest(t.Context(), manifest, only, "test", func(r *delivery.Receipt) { out = append(out, r.File+" "+brief(r)) })
		return out, err
	}
	if got, err := deliver("b.csv"); err != nil || strings.Join(got, ", ") != "b.csv committed 1=1+0+0" {
		t.Errorf("one file: %v, %v", got, err)
	}
	if got, err := deliver(); err != nil || strings.Join(got, ", ") != "a.csv committed 1=1+0+0, b.csv committed 1=0+0+1 same_file:1" {
		t.Errorf("all files: %v, %v", got, err)
	}
	if _, err := deliver("c.csv"); city.CodeOf(err) != "invalid.manifest" {
		t.Errorf("a file that is not listed: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "data/b.csv")); err != nil {
		t.Fatal(err)
	}
	if got, err := deliver(); len(got) != 1 || city.CodeOf(err) != city.CodeNotFound || !strings.Contains(err.Error(), "data/b.csv") {
		t.Errorf("a listed file that is not there: %v, %v", got, err)
	}
	b.wantTable("hrss.jobs", "A1|-|140100|2024-01-05|1.00", "B1|-|140100|2024-01-05|1.00")
}

// TestManifestStaysInItsFolder follows no link out of the folder.
func TestManifestStaysInItsFolder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	dir := t.TempDir()
	secret := write(t, t.TempDir(), "secret.csv", head+"A1,,,2024-01-05,1\n")
	if err := os.Symlink(secret, filepath.Join(dir, "a.csv")); err != nil {
		t.Fatal(err)
	}
	manifest := write(t, dir, "m.json", `{"manifest_version": 1, "dataset": "hrss.jobs", "batch": "x", "period": {"from": "", "to": ""},
		"sent_at": "2024-02-05T08:00:00+08:00", "sender": "s", "files": [{"name": "a.csv"}]}`)
	err := b.svc.DeliverManifest(t.Context(), manifest, nil, "test", func(r *delivery.Receipt) { t.Errorf("it was delivered: %s", brief(r)) })
	if err == nil {
		t.Error("a link out of the folder was followed")
	}
}

func TestDeliverFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	dir := t.TempDir()
	path := write(t, dir, "a.csv", head+"A1,,,2024-01-05,1\n")
	if r, err := b.svc.DeliverFile(t.Context(), "hrss.jobs", path, "test"); err != nil || r.File != "a.csv" {
		t.Errorf("got %+v, %v", r, err)
	}
	if _, err := b.svc.DeliverFile(t.Context(), "hrss.jobs", dir, "test"); city.CodeOf(err) != city.CodeInvalid {
		t.Errorf("a folder: %v", err)
	}
	if _, err := b.svc.DeliverFile(t.Context(), "hrss.jobs", filepath.Join(dir, "b.csv"), "test"); city.CodeOf(err) != city.CodeNotFound {
		t.Errorf("no file: %v", err)
	}
}

// FuzzManifest holds that whatever a sender writes gives a manifest that the
// rest can rely on, or an error with a code.
func FuzzManifest(f *testing.F) {
	f.Add(`{"manifest_version": 1, "dataset": "d", "period": {"from": "2024-01-01", "to": "2024-01-31"}, "files": [{"name": "a", "rows": 2}]}`)
	f.Add(`{"sample": {"fraction": 1e-400}}`)
	f.Fuzz(func(t *testing.T, content string) {
		m, err := delivery.ReadManifest(write(t, t.TempDir(), "m.json", content))
		if err != nil {
			var coded *city.Error
			if !errors.As(err, &coded) {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		for _, file := range m.Files {
			if !filepath.IsLocal(file.Name) || (file.Rows != nil && *file.Rows < 0) {
				t.Fatalf("%+v", file)
			}
		}
		if m.Dataset == "" || (m.Sample != nil && (m.Sample.Fraction <= 0 || m.Sample.Fraction > 1)) {
			t.Fatalf("%+v", m)
		}
	})
}
