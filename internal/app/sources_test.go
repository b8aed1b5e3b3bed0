package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/source/collect"
)

// stepFetched is when a batch has its receipt and its sender does not know.
const stepFetched = "fetched"

// fetched kills the process at the second receipt of a source.
func (c *child) fetched() func(string, *delivery.Receipt) {
	n := 0
	return func(string, *delivery.Receipt) {
		if n++; n == 2 && c.KillAt == stepFetched {
			kill()
		}
	}
}

// collect fetches from all sources once, and is killed at a step of the second
// batch.
func (c *child) collect(ctx context.Context, a *app.App) error {
	seen := 0
	a.Delivery.Step = func(name string) {
		if name != c.KillAt {
			return
		}
		if seen++; seen == 2 {
			kill()
		}
	}
	declared, err := a.LoadSources(c.Sources)
	if err != nil {
		return err
	}
	return a.Collector.Once(ctx, declared, nil)
}

// inbox makes a folder with the two files of the tests, and a sources file for
// it.
func inbox(t *testing.T) (dir, sources string) {
	t.Helper()
	dir = t.TempDir()
	put(t, filepath.Join(dir, "1.csv"), firstFile)
	put(t, filepath.Join(dir, "2.csv"), secondFile)
	sources = filepath.Join(dir, "sources.yaml")
	declareInbox(t, sources, "")
	return dir, sources
}

func put(t *testing.T, path, content string) {
	t.Helper()
	hourAgo := time.Now().Add(-time.Hour)
	if err := errors.Join(os.WriteFile(path, []byte(content), 0o600), os.Chtimes(path, hourAgo, hourAgo)); err != nil {
		t.Fatal(err)
	}
}

func declareInbox(t *testing.T, sources, more string) {
	t.Helper()
	put(t, sources, "sources:\n  - name: inbox\n    dataset: hrss.jobs\n    every: 1h\n    file: {folder: ., pattern: \"*.csv\"}\n"+more)
}

// TestKilledWhileCollecting kills the process at every step of the second
// batch of a source, and collects again.
func TestKilledWhileCollecting(t *testing.T) {
	t.Parallel()
	for _, step := range append(delivery.Steps(), stepFetched) {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			dir, sources := inbox(t)
			if p := (child{Data: data, Sources: sources, KillAt: step}).start(t); !p.wait() {
				t.Fatal("the process was not killed")
			}
			if p := (child{Data: data, Sources: sources}).start(t); p.wait() {
				t.Fatal("the second process was killed")
			}
			a := open(t, app.Options{Data: data})
			wantTable(t, a, afterSecond)
			wantTidy(t, a)
			wantVerified(t, a)
			for _, name := range []string{"1.csv", "2.csv", "1.csv.receipt.json", "2.csv.receipt.json"} {
				if _, err := os.Stat(filepath.Join(dir, "done", name)); err != nil {
					t.Error(err)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*.csv")); len(left) > 0 {
				t.Errorf("left are %v", left)
			}
			known, err := a.Store.Sources(t.Context())
			if err != nil || known["inbox"].Deliveries < 2 || known["inbox"].OKAt.IsZero() {
				t.Errorf("got %+v, %v", known, err)
			}
		})
	}
}

// TestSourcesReload changes the sources file: what is right takes its place,
// what is wrong changes nothing.
func TestSourcesReload(t *testing.T) {
	t.Parallel()
	dir, sources := inbox(t)
	got := make(chan string, 10)
	a := open(t, app.Options{Data: t.TempDir(), Pack: packDir, Fetched: func(source string, r *delivery.Receipt) { got <- source + " " + r.File }})
	if n, err := a.UseSources(t.Context(), sources); n != 1 || err != nil {
		t.Fatalf("%d sources, %v", n, err)
	}
	wantNext(t, got, "inbox 1.csv")
	wantNext(t, got, "inbox 2.csv")
	put(t, sources, "sources:\n  - {name: inbox, fil: {}}\n")
	if _, err := a.UseSources(t.Context(), sources); city.CodeOf(err) != "invalid.sources" {
		t.Errorf("a file with mistakes: %v", err)
	}
	if items := items(t, a); len(items) != 1 || items[0].Where != "." || items[0].Kind != "file" {
		t.Errorf("the sources in force changed: %+v", items)
	}
	other := filepath.Join(dir, "other")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(other, "3.csv"), firstFile)
	declareInbox(t, sources, "  - name: other\n    dataset: hrss.jobs\n    file: {folder: other}\n")
	if n, err := a.UseSources(t.Context(), sources); n != 2 || err != nil {
		t.Fatalf("%d sources, %v", n, err)
	}
	wantNext(t, got, "other 3.csv")
	wantTable(t, a, afterSecond)
}

func items(t *testing.T, a *app.App) []collect.Item {
	t.Helper()
	out, err := a.Collector.Items(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wantNext(t *testing.T, got <-chan string, want string) {
	t.Helper()
	const patience = time.Minute // ends a test that fails
	select {
	case g := <-got:
		if g != want {
			t.Errorf("got %q, want %q", g, want)
		}
	case <-time.After(patience):
		t.Fatalf("%q did not come", want)
	}
}
