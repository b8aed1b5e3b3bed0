package sqltable_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sqltable"
	"github.com/jinyang-city/jinyang/internal/servertest"
)

// servers are started for the first test that asks.
var servers = map[string]*servertest.Shared[*servertest.Database]{
	"postgres": servertest.Share(servertest.StartPostgres),
	"mysql":    servertest.Share(servertest.StartMariaDB),
}

func TestMain(m *testing.M) { os.Exit(servertest.Run(m, servers["postgres"], servers["mysql"])) }

// dataset is what all tables are of.
var dataset = &city.Dataset{Name: "a.b", Fields: []*city.Field{
	{Name: "id", Type: city.TypeInt, Source: []string{"id"}},
	{Name: "person", Type: city.TypePerson, Source: []string{"身份证号"}},
}}

// sender is a table of a schema of its own, behind a proxy.
type sender struct {
	*servertest.DB
	server   *servertest.Database
	proxy    *servertest.Proxy
	snapshot bool
	pass     source.Secret
}

const create = "CREATE TABLE people (id bigint NOT NULL PRIMARY KEY, name varchar(2000), updated timestamp(6) NOT NULL)"

func newSender(t testing.TB, driver string) *sender {
	srv := servers[driver].Get(t)
	s := &sender{DB: srv.Create(t), server: srv, proxy: servertest.NewProxy(t, srv.Addr()), pass: secret(t, servertest.Password)}
	s.Exec(t, create)
	return s
}

// secret keeps a text in a file.
func secret(t testing.TB, text string) source.Secret {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return source.Secret("file:" + path)
}

func (s *sender) options() *sqltable.Options {
	o := sqltable.Kind().Options().(*sqltable.Options)
	o.Driver, o.Host, o.Port, o.Database, o.User, o.Password = s.server.Driver, "127.0.0.1", s.proxy.Port(), s.Name, servertest.User, s.pass
	o.TLS.Mode, o.Table, o.Key = source.TLSOff, s.Schema+".people", []string{"id"}
	if o.Snapshot = s.snapshot; !o.Snapshot {
		o.Watermark = "updated"
	}
	return o
}

func (s *sender) Options(testing.TB) source.Options { return s.options() }

// at is the watermark of a row, so many seconds after the beginning.
func at(seconds int) string {
	return time.Date(2024, 10, 1, 0, 0, seconds, 0, time.UTC).Format("2006-01-02 15:04:05")
}

func (s *sender) Put(t testing.TB, _ string, rows []sourcetest.Row) {
	var values []string
	for _, r := range rows {
		values = append(values, fmt.Sprintf("(%d, '%s', '%s')", r.ID, r.Name, at(r.ID)))
	}
	s.Exec(t, "INSERT INTO people (id, name, updated) VALUES "+strings.Join(values, ", "))
}

func (s *sender) Rows(t testing.TB, content []byte) []sourcetest.Row {
	var rows []sourcetest.Row
	for _, r := range records(t, content)[1:] {
		id, err := strconv.Atoi(r[0])
		if err != nil {
			t.Error(err)
		}
		rows = append(rows, sourcetest.Row{ID: id, Name: r[1]})
	}
	return rows
}

func records(t testing.TB, content []byte) [][]string {
	records, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func (s *sender) Cut(testing.TB) (heal func()) {
	s.proxy.CutAfter(40 << 10)
	return func() { s.proxy.CutAfter(-1) }
}

func (s *sender) Hang(testing.TB) <-chan struct{} { return s.proxy.Hang() }

func (s *sender) Wrong(t testing.TB) (source.Options, string) {
	const password = "not-the-password"
	o := s.options()
	o.Password = secret(t, password)
	return o, password
}

func TestConformance(t *testing.T) {
	for driver, server := range servers {
		server.Get(t) // before the suite counts goroutines
		for _, snapshot := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s snapshot %t", driver, snapshot), func(t *testing.T) {
				sourcetest.Run(t, sourcetest.Harness{Dataset: dataset, Whole: snapshot, New: func(t testing.TB) sourcetest.Sender {
					s := newSender(t, driver)
					s.snapshot = snapshot
					return s
				}})
			})
		}
	}
}

// each runs a test on each family of databases.
func each(t *testing.T, test func(t *testing.T, s *sender)) {
	t.Helper()
	for driver := range servers {
		t.Run(driver, func(t *testing.T) {
			t.Parallel()
			test(t, newSender(t, driver))
		})
	}
}

// reader reads a table batch by batch.
type reader struct {
	t      *testing.T
	src    source.Source
	cursor string
}

func open(t *testing.T, o *sqltable.Options) *reader {
	t.Helper()
	if err := o.Check(); err != nil {
		t.Fatal(err)
	}
	src, err := o.Open(t.Context(), sourcetest.Env(t, dataset))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = src.Close() })
	return &reader{t, src, ""}
}

// next gives the file name and the records of the next batch.
func (r *reader) next() (string, [][]string) {
	r.t.Helper()
	b, err := r.src.Next(r.t.Context(), r.cursor)
	if err != nil {
		r.t.Fatal(err)
	}
	if b == nil {
		return "", nil
	}
	text, err := io.ReadAll(b.Content)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := b.Content.Close(); err != nil {
		r.t.Error(err)
	}
	r.cursor = b.Cursor
	return b.Name, records(r.t, text)
}

// ids gives the first cells of the next batch.
func (r *reader) ids() string {
	r.t.Helper()
	_, rows := r.next()
	var out []string
	for _, row := range rows[min(1, len(rows)):] {
		out = append(out, row[0])
	}
	return strings.Join(out, " ")
}

// rows are rows with IDs from a to b, all of one watermark.
func rows(a, b, second int) string {
	var values []string
	for id := a; id <= b; id++ {
		values = append(values, fmt.Sprintf("(%d, 'x', '%s')", id, at(second)))
	}
	return "INSERT INTO people (id, name, updated) VALUES " + strings.Join(values, ", ")
}

// TestTies holds that rows of one watermark are divided by their key.
func TestTies(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sender) {
		o := s.options()
		o.Batch = 3
		s.Exec(t, rows(1, 7, 1))
		r := open(t, o)
		got := []string{r.ids(), r.ids(), r.ids(), r.ids()}
		if want := []string{"1 2 3", "4 5 6", "7", ""}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		s.Exec(t, rows(9, 9, 1), "UPDATE people SET name = 'y', updated = '"+at(2)+"' WHERE id = 2")
		if got := r.ids(); got != "9 2" {
			t.Errorf("then %q", got)
		}
	})
}

// TestLate holds that with an overlap rows are found that appear behind the
// cursor, and that a table which stands still is not read again.
func TestLate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sender) {
		o := s.options()
		o.Overlap, o.Batch = 10*time.Second, 2
		s.Exec(t, rows(1, 1, 1), rows(2, 2, 2), rows(3, 3, 30), rows(4, 4, 31))
		r := open(t, o)
		got := []string{r.ids(), r.ids(), r.ids()}
		if want := []string{"1 2", "2 3 4", ""}; !slices.Equal(got, want) { // the last of the batch before is read again
			t.Errorf("got %q, want %q", got, want)
		}
		s.Exec(t, rows(5, 5, 25))
		if got := r.ids(); got != "5 3 4" {
			t.Errorf("a late row: %q", got)
		}
		if got := r.ids(); got != "" {
			t.Errorf("and again %q", got)
		}
		s.Exec(t, rows(6, 6, 3), rows(7, 7, 40)) // the first is too late, as declared
		if got := r.ids(); got != "5 3 4 7" {
			t.Errorf("a late row and a new one: %q", got)
		}
	})
}

func TestSnapshotShowsOneState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sender) {
		s.snapshot = true
		s.Exec(t, rows(1, 2000, 1))
		r := open(t, s.options())
		b, err := r.src.Next(t.Context(), "")
		if err != nil || b == nil {
			t.Fatal(b, err)
		}
		s.Exec(t, "DELETE FROM people WHERE id <= 1000", rows(3000, 3000, 2))
		text, err := io.ReadAll(b.Content)
		if err != nil || b.Content.Close() != nil || len(records(t, text)) != 2001 {
			t.Errorf("%d bytes, %v", len(text), err)
		}
		r.cursor = b.Cursor
		if _, got := r.next(); len(got) != 1002 {
			t.Errorf("then %d records", len(got))
		}
		s.Exec(t, "DELETE FROM people")
		if _, got := r.next(); len(got) != 1 { // the delivery decides about an empty table
			t.Errorf("emptied: %d records", len(got))
		}
		if _, got := r.next(); got != nil {
			t.Errorf("still empty: %d records", len(got))
		}
	})
}
