package file_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/file"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
)

// sender is a folder into which a sender writes.
type sender struct {
	dir   string
	after string
}

// minutesAgo is when the files of the tests were written: they have settled.
const minutesAgo = time.Minute

func (s sender) Put(t testing.TB, name string, rows []sourcetest.Row) {
	if !s.put(t, name+".csv", rows) {
		t.Fatalf("cannot write %s", name)
	}
}

func (s sender) put(t testing.TB, name string, rows []sourcetest.Row) bool {
	t.Helper()
	var text strings.Builder
	text.WriteString("id,name\n")
	for _, r := range rows {
		fmt.Fprintf(&text, "%d,%s\n", r.ID, r.Name)
	}
	path := filepath.Join(s.dir, name)
	if filepath.Dir(path) != s.dir {
		return false
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		if errors.Is(err, syscall.ENAMETOOLONG) || errors.Is(err, syscall.EILSEQ) || errors.Is(err, syscall.EINVAL) {
			return false
		}
		t.Fatal(err)
	}
	age(t, path, minutesAgo)
	return true
}

func age(t testing.TB, path string, by time.Duration) {
	t.Helper()
	at := time.Now().Add(-by)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func (s sender) PutNamed(t testing.TB, name string, rows []sourcetest.Row) bool {
	return s.put(t, name, rows)
}

func (s sender) Options(testing.TB) source.Options {
	o := file.Kind().Options().(*file.Options)
	o.Folder, o.After = s.dir, s.after
	o.Settle = 10 * time.Millisecond
	return o
}

func (s sender) Rows(t testing.TB, content []byte) []sourcetest.Row {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []sourcetest.Row
	for _, r := range records[1:] {
		id, err := strconv.Atoi(r[0])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, sourcetest.Row{ID: id, Name: r[1]})
	}
	return out
}

var _ sourcetest.Namer = sender{}

// TestConformance is not parallel: the suite looks for goroutines.
func TestConformance(t *testing.T) {
	for _, after := range []string{"move", "delete", "keep"} {
		t.Run(after, func(t *testing.T) {
			sourcetest.Run(t, sourcetest.Harness{Dataset: &city.Dataset{Name: "a.b"}, New: func(t testing.TB) sourcetest.Sender { return sender{t.TempDir(), after} }})
		})
	}
}
