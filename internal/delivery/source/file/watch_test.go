package file_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/file"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
)

// inbox is a watched folder with its source.
type inbox struct {
	t      *testing.T
	dir    string
	o      *file.Options
	env    source.Env
	cursor string
}

func newInbox(t *testing.T) *inbox {
	o := file.Kind().Options().(*file.Options)
	o.Folder, o.Pattern = t.TempDir(), []string{"*.csv"}
	return &inbox{t: t, dir: o.Folder, o: o, env: sourcetest.Env(t, &city.Dataset{Name: "a.b"})}
}

// put writes a file that has settled.
func (b *inbox) put(name, content string) {
	b.t.Helper()
	b.write(name, content)
	age(b.t, filepath.Join(b.dir, name), time.Hour)
}

// write writes a file now.
func (b *inbox) write(name, content string) {
	b.t.Helper()
	path := filepath.Join(b.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		b.t.Fatal(err)
	}
	age(b.t, path, 0) // the clock of the test is not that of the disk
}

func (b *inbox) open() source.Source {
	b.t.Helper()
	if err := b.o.Check(); err != nil {
		b.t.Fatal(err)
	}
	s, err := b.o.Open(b.t.Context(), b.env)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// take gives what there is, "" for nothing, and settles it.
func (b *inbox) take(s source.Source) string {
	b.t.Helper()
	batch, err := s.Next(b.t.Context(), b.cursor)
	if err != nil {
		return string(city.CodeOf(err))
	}
	if batch == nil {
		return ""
	}
	content, err := io.ReadAll(batch.Content)
	if err = errors.Join(err, batch.Content.Close(), batch.Settle(b.t.Context(), sourcetest.Committed())); err != nil {
		b.t.Fatal(err)
	}
	b.cursor = batch.Cursor
	text := batch.Name + "=" + string(content)
	if batch.Manifest != nil {
		text += "@" + batch.Manifest.Batch
	}
	return text
}

func (b *inbox) want(s source.Source, want ...string) {
	b.t.Helper()
	for _, w := range want {
		if got := b.take(s); got != w {
			b.t.Errorf("got %q, want %q", got, w)
		}
	}
}

// TestWaitsUntilNobodyWrites has a file that grows twice.
func TestWaitsUntilNobodyWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newInbox(t)
		s := b.open()
		b.write("a.csv", "1")
		go func() {
			<-time.After(3 * time.Second)
			b.write("a.csv", "12")
		}()
		b.want(s, "") // it waited for 5 s, and it was changed after 3
		b.want(s, "a.csv=12", "")
	})
}

// TestClockAhead has files whose time is in the future: they are watched.
func TestClockAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newInbox(t)
		b.write("a.csv", "1")
		age(t, filepath.Join(b.dir, "a.csv"), -24*time.Hour)
		began := time.Now()
		b.want(b.open(), "a.csv=1")
		if waited := time.Since(began); waited != 5*time.Second {
			t.Errorf("taken after %s", waited)
		}
	})
}

func TestMarker(t *testing.T) {
	t.Parallel()
	b := newInbox(t)
	b.o.Ready = ".ok"
	s := b.open()
	b.put("a.csv", "1")
	b.want(s, "")
	b.write("a.csv.ok", "")
	b.want(s, "a.csv=1")
	if _, err := os.Stat(filepath.Join(b.dir, "a.csv.ok")); err == nil {
		t.Error("the marker is still there")
	}
	b.put("b.csv.ok", "") // of an earlier file of the name
	b.write("b.csv", "half")
	b.want(s, "")
}

func TestChangesWhileRead(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(path string) error{
		"grows":           func(path string) error { return appendTo(path, "more") },
		"is cut":          func(path string) error { return os.Truncate(path, 100_000) },
		"is written over": func(path string) error { return os.WriteFile(path, []byte(strings.Repeat("y", 200_000)), 0o600) },
		"is replaced": func(path string) error {
			if err := os.WriteFile(path+".new", []byte(strings.Repeat("x", 200_000)), 0o600); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		},
		"is deleted": os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newInbox(t)
			b.put("a.csv", strings.Repeat("x", 200_000))
			batch, err := b.open().Next(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			defer batch.Content.Close()
			if _, err := io.ReadFull(batch.Content, make([]byte, 1000)); err != nil {
				t.Fatal(err)
			}
			if err := change(filepath.Join(b.dir, "a.csv")); err != nil {
				t.Fatal(err)
			}
			if n, err := io.Copy(io.Discard, batch.Content); err == nil {
				t.Errorf("the file ends well after %d more bytes", n)
			}
		})
	}
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// TestChangedBeforeItIsSettled leaves the new file where it is.
func TestChangedBeforeItIsSettled(t *testing.T) {
	t.Parallel()
	b := newInbox(t)
	b.put("a.csv", "old")
	s := b.open()
	batch, err := s.Next(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(batch.Content); err != nil {
		t.Fatal(err)
	}
	b.put("a.csv", "newer")
	if err := errors.Join(batch.Content.Close(), batch.Settle(t.Context(), sourcetest.Committed())); err != nil {
		t.Fatal(err)
	}
	b.want(s, "a.csv=newer", "")
}

func manifest(batch string, files ...string) string {
	var list []string
	for _, f := range files {
		list = append(list, fmt.Sprintf(`{"name": %q}`, f))
	}
	return fmt.Sprintf(`{"manifest_version": 1, "dataset": "a.b", "batch": %q, "files": [%s]}`, batch, strings.Join(list, ", "))
}

// TestManifests holds files back until their manifest and their turn come.
func TestManifests(t *testing.T) {
	t.Parallel()
	b := newInbox(t)
	b.put("m.manifest.json", manifest("M", "2.csv", "1.csv", "0.txt"))
	b.put("1.csv", "one")
	s := b.open()
	b.want(s, "") // 2.csv has not come
	b.put("2.csv", "two")
	b.want(s, "2.csv=two@M")
	s = b.open() // another start of the program
	b.want(s, "1.csv=one@M", "")
	b.put("0.txt", "zero") // no pattern takes it, but the manifest does
	b.want(s, "0.txt=zero@M", "")
	if got := b.names("done"); got != "0.txt 1.csv 2.csv m.manifest.json" {
		t.Errorf("done: %s", got)
	}
	b.put("m.manifest.json", manifest("N", "2.csv"))
	b.want(s, "")
	b.put("2.csv", "new")
	b.want(s, "2.csv=new@N", "")
	if got := b.names("."); got != "" {
		t.Errorf("left: %s", got)
	}
}

// names lists the files of a folder that are no receipts.
func (b *inbox) names(folder string) string {
	b.t.Helper()
	entries, err := os.ReadDir(filepath.Join(b.dir, folder))
	if err != nil {
		b.t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		if !e.IsDir() && !strings.HasSuffix(e.Name(), ".receipt.json") {
			out = append(out, e.Name())
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestBrokenManifestHoldsBackItsOwn(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"not JSON": `{"manifest`, "escape": manifest("M", "../x.csv"), "below": manifest("M", "a/x.csv"), "itself": manifest("M", "m.manifest.json"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newInbox(t)
			b.put("m.manifest.json", text)
			b.put("m.csv", "held")
			b.put("other.csv", "free")
			s := b.open()
			b.want(s, "other.csv=free", "invalid.manifest", "invalid.manifest")
			b.put("m.manifest.json", manifest("M", "m.csv"))
			b.want(s, "m.csv=held@M", "")
		})
	}
}

func TestWithoutDatasetManifestsAreNeeded(t *testing.T) {
	t.Parallel()
	b := newInbox(t)
	b.env.Dataset = nil
	b.put("a.csv", "1")
	b.put("b.csv", "2")
	b.put("a.csv.manifest.json", manifest("M", "a.csv"))
	b.want(b.open(), "a.csv=1@M", "")
}

// TestLinksAndPipes holds that nothing but a plain file is opened, and that a
// pipe does not hang.
func TestLinksAndPipes(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "secret.csv")
	for name, plant := range map[string]func(path string) error{
		"link":      func(path string) error { return os.Symlink(secret, path) },
		"link home": func(path string) error { return os.Symlink("good.csv", path) },
		"pipe":      func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newInbox(t)
			if err := errors.Join(os.WriteFile(secret, []byte("secret"), 0o600), plant(filepath.Join(b.dir, "a.csv"))); err != nil {
				t.Fatal(err)
			}
			b.put("good.csv", "1")
			s := b.open()
			b.want(s, "good.csv=1", "forbidden.file")
		})
	}
}

// TestFolderOfDoneThatLeadsAway refuses to put files into another folder.
func TestFolderOfDoneThatLeadsAway(t *testing.T) {
	t.Parallel()
	b, elsewhere := newInbox(t), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(b.dir, "done")); err != nil {
		t.Fatal(err)
	}
	b.put("a.csv", "1")
	batch, err := b.open().Next(t.Context(), "")
	if err == nil {
		_ = batch.Content.Close() // it is not read
		err = batch.Settle(t.Context(), sourcetest.Committed())
	}
	if err == nil {
		t.Error("the file was moved out of the folder")
	}
	if entries, _ := os.ReadDir(elsewhere); len(entries) > 0 {
		t.Errorf("written elsewhere: %v", entries)
	}
}

func TestKeep(t *testing.T) {
	t.Parallel()
	b := newInbox(t)
	b.o.After = "keep"
	b.put("a.csv", "1")
	b.put("b.csv", "2")
	if err := os.Chmod(b.dir, 0o500); err != nil {
		t.Fatal(err)
	}
	b.want(b.open(), "a.csv=1", "b.csv=2", "")
	if err := os.Chmod(b.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	b.put("a.csv", "11")
	b.want(b.open(), "a.csv=11", "")
	length := len(b.cursor)
	for n := range 10 { // files come and go
		if err := os.Remove(filepath.Join(b.dir, "b.csv")); err != nil {
			t.Fatal(err)
		}
		b.put("b.csv", strings.Repeat("x", 3+n))
		b.want(b.open(), "b.csv="+strings.Repeat("x", 3+n), "")
	}
	if len(b.cursor) > length {
		t.Errorf("the cursor grew from %d to %d bytes with the same number of files", length, len(b.cursor))
	}
}

func TestNoFolder(t *testing.T) {
	t.Parallel()
	b := newInbox(t)
	b.o.Folder = filepath.Join(b.dir, "none")
	s := b.open()
	b.want(s, "not_found.folder")
	if err := os.Mkdir(b.o.Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	b.want(s, "")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for key, change := range map[string]func(o *file.Options){
		"folder":   func(o *file.Options) { o.Folder = "" },
		"pattern":  func(o *file.Options) { o.Pattern = []string{"[a"} },
		"manifest": func(o *file.Options) { o.Manifest = "maybe" },
		"after":    func(o *file.Options) { o.After = "burn" },
		"settle":   func(o *file.Options) { o.Settle = -1 },
		"ready":    func(o *file.Options) { o.Ready = "ok" },
	} {
		o := newInbox(t).o
		change(o)
		var e *city.Error
		if err := o.Check(); !errors.As(err, &e) || e.Where != key {
			t.Errorf("%s: got %v", key, err)
		}
	}
}
