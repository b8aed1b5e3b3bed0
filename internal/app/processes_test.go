package app_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
)

// TestBusy opens a folder that another process has open: for writing it is
// refused with the other's name, for reading it works. The lock ends with its
// process, however that ends.
func TestBusy(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := child{Data: data, Content: []string{firstFile}, Hold: true}.start(t)
	if p.line() != "ready" || p.line() != "committed 2 2" {
		t.Fatalf("the other process did not start: %s", p.says)
	}
	_, err := app.Open(t.Context(), app.Options{Data: data})
	holder := fmt.Sprintf("process %d", p.cmd.Process.Pid)
	if city.CodeOf(err) != "busy.data" || !strings.Contains(err.Error(), holder) || !strings.Contains(err.Error(), data) {
		t.Errorf("got %v, want busy.data with %q", err, holder)
	}
	wantTable(t, open(t, app.Options{Data: data, ReadOnly: true}), afterFirst)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if !p.wait() {
		t.Error("the other process was not killed")
	}
	wantTable(t, open(t, app.Options{Data: data, ReadOnly: true}), afterFirst)
	a := open(t, app.Options{Data: data})
	deliver(t, a, secondFile)
	wantTable(t, a, afterSecond)
}

// TestReadersBesideAWriter opens the folder for reading again and again while
// another process commits: every reader sees the state before a commit or
// after it, whole, and never an error.
func TestReadersBesideAWriter(t *testing.T) {
	t.Parallel()
	const each, files = 50, 12
	c := child{Data: t.TempDir()}
	for i := range files {
		c.Content = append(c.Content, manyRows(each, i))
	}
	p := c.start(t)
	if p.line() != "ready" || p.line() == "" {
		t.Fatalf("the other process did not start: %s", p.says)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for p.line() != "" {
		}
	}()
	last, readings := 0, 0
	for running := true; running; readings++ {
		select {
		case <-ended:
			running = false // one more reading after the end
		default:
		}
		got, verified := read(t, c.Data)
		if got < last || got%each != 0 || got == 0 || !verified {
			t.Fatalf("reading %d: %d rows after %d, verified %v", readings, got, last, verified)
		}
		last = got
	}
	p.wait()
	if last != each*files || readings < 3 {
		t.Errorf("%d rows at the end of %d readings", last, readings)
	}
}

// read opens the folder for reading, counts and verifies.
func read(t *testing.T, data string) (int, bool) {
	t.Helper()
	a, err := app.Open(t.Context(), app.Options{Data: data, ReadOnly: true, MemoryMB: 128})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	got, err := rows(a)
	if err != nil {
		t.Fatal(err)
	}
	v, err := a.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !v.OK {
		t.Error(v.Problems)
	}
	return len(got), v.OK
}

// TestReadersSeePacksWhole replaces the pack while readers open the folder:
// they see the one or the other.
func TestReadersSeePacksWhole(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: packDir})
	packs := []string{packDir, variant(t)}
	hashes := map[string]bool{a.City().Pack.SHA256: true}
	stop := make(chan struct{})
	done := make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if err := a.UsePack(context.Background(), os.DirFS(packs[i%2])); err != nil {
				done <- err
				return
			}
		}
	}()
	for range 20 {
		ro := open(t, app.Options{Data: a.Dir, ReadOnly: true})
		hashes[ro.City().Pack.SHA256] = true
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(hashes) > 2 {
		t.Errorf("%d packs were seen, there are two", len(hashes))
	}
	wantVerified(t, a)
}

// variant is a copy of the test's pack with another title, in several files.
func variant(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(packDir + "/city.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for i, doc := range strings.Split(string(text), "---\n") {
		doc = strings.ReplaceAll(doc, "Registrations", "Employment")
		if err := os.WriteFile(fmt.Sprintf("%s/%d.yaml", dir, i), []byte(doc), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestPackNoteIsMadeGood crashes between the copy of a pack and the note that
// it is in force: the next start makes the note.
func TestPackNoteIsMadeGood(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	a := open(t, app.Options{Data: data, Pack: packDir})
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(data + "/pack"); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(data+"/pack", os.DirFS(variant(t))); err != nil {
		t.Fatal(err)
	}
	a = open(t, app.Options{Data: data})
	note, ok, err := a.Store.Setting(t.Context(), "pack.sha256")
	if err != nil || !ok || note != a.City().Pack.SHA256 {
		t.Errorf("the note says %s, %v; the pack is %s", note, err, a.City().Pack.SHA256)
	}
}
