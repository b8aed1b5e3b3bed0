package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source/folder"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
)

var errKilled = errors.New("killed")

// mortal is a folder whose process is killed before or after one of its
// changes: from then on nothing succeeds.
type mortal struct {
	*local
	left  int // changes until it is killed
	after bool
	dead  bool
}

func (m *mortal) change(do func() error) error {
	if m.dead {
		return errKilled
	}
	m.left--
	if m.left > 0 {
		return do()
	}
	m.dead = true
	if m.after {
		return errors.Join(do(), errKilled)
	}
	return errKilled
}

func (m *mortal) Mkdir(ctx context.Context, name string) error {
	return m.change(func() error { return m.local.Mkdir(ctx, name) })
}

func (m *mortal) Write(ctx context.Context, name string, content []byte) error {
	return m.change(func() error { return m.local.Write(ctx, name, content) })
}

func (m *mortal) Rename(ctx context.Context, from, to string) error {
	return m.change(func() error { return m.local.Rename(ctx, from, to) })
}

func (m *mortal) Remove(ctx context.Context, name string) error {
	return m.change(func() error { return m.local.Remove(ctx, name) })
}

// TestKilledAnywhere kills the program before and after each of its changes to
// a folder with a batch of two files and a file of its own, starts it again,
// and wants every file put aside once, delivered at least once, and nothing
// left.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	const most = 40
	for n := 1; n <= most; n++ {
		for _, after := range []bool{false, true} {
			if !killedAt(t, n, after) {
				return // it came to its end before
			}
		}
	}
	t.Errorf("more than %d changes", most)
}

// killedAt says whether the program was killed at all.
func killedAt(t *testing.T, n int, after bool) bool {
	t.Helper()
	dir, env := t.TempDir(), sourcetest.Env(t, &city.Dataset{Name: "a.b"})
	files := map[string]string{"1.csv": "one", "2.csv": "two", "3.csv": "three",
		"m.manifest.json": `{"manifest_version": 1, "dataset": "a.b", "batch": "M", "files": [{"name": "2.csv"}, {"name": "1.csv"}]}`}
	for name, text := range files {
		path := filepath.Join(dir, name)
		hourAgo := time.Now().Add(-time.Hour)
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chtimes(path, hourAgo, hourAgo)); err != nil {
			t.Fatal(err)
		}
	}
	o := folder.Defaults()
	o.Folder, o.Pattern = dir, []string{"*.csv"}
	taken := map[string]int{}
	run := func(f folder.Files) error {
		s, err := folder.New(folder.Config{Files: f, Options: o, Env: env, SameClock: true})
		if err != nil {
			return err
		}
		defer s.Close()
		for {
			b, err := s.Next(t.Context(), "")
			if err != nil || b == nil {
				return err
			}
			text, err := io.ReadAll(b.Content)
			if err = errors.Join(err, b.Content.Close()); err != nil {
				return err
			}
			if strings.HasPrefix(b.Name, "3") != (b.Manifest == nil) {
				t.Errorf("killed at change %d: %s with manifest %v", n, b.Name, b.Manifest)
			}
			taken[string(text)]++
			if err := b.Settle(t.Context(), sourcetest.Committed()); err != nil {
				return err
			}
		}
	}
	m := &mortal{local: &local{dir: dir}, left: n, after: after}
	if err := run(m); (err != nil) != m.dead {
		t.Fatalf("killed at change %d: %v", n, err)
	}
	if err := run(&local{dir: dir}); err != nil {
		t.Fatalf("killed at change %d, and then: %v", n, err)
	}
	for name, text := range files {
		got, err := os.ReadFile(filepath.Join(dir, "done", name))
		if errors.Is(err, os.ErrNotExist) { // its name went with a receipt that was written before the end
			got, err = os.ReadFile(filepath.Join(dir, "done", strings.Replace(name, ".", "-2.", 1)))
		}
		if err != nil || string(got) != text {
			t.Errorf("killed at change %d: %s is not in done: %v", n, name, err)
		}
		if strings.HasSuffix(name, ".csv") && (taken[text] < 1 || taken[text] > 2) {
			t.Errorf("killed at change %d: %s was delivered %d times", n, name, taken[text])
		}
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.*"))
	if err != nil || len(left) > 0 {
		t.Errorf("killed at change %d: left are %v", n, left)
	}
	if moved, _ := filepath.Glob(filepath.Join(dir, "done", "*.csv")); len(moved) != 3 {
		t.Errorf("killed at change %d: moved are %v", n, fmt.Sprint(moved))
	}
	return m.dead
}
