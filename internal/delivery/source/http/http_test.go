package http_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	sourcehttp "github.com/jinyang-city/jinyang/internal/delivery/source/http"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
)

// sender is an API that hands out batches after a cursor.
type sender struct {
	url      string
	password string

	mu      sync.Mutex
	batches []string
	cut     bool
	hang    chan struct{} // closed when a request hangs; nil when none does
	reached sync.Once
	end     chan struct{} // ends what hangs
}

func newSender(t testing.TB) sourcetest.Sender {
	s := &sender{end: make(chan struct{}), password: "correct-horse"}
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		close(s.end)
		server.Close()
	})
	s.url = server.URL
	return s
}

func (s *sender) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	batches, cut, hang := s.batches, s.cut, s.hang
	s.mu.Unlock()
	if hang != nil {
		s.reached.Do(func() { close(hang) })
		select {
		case <-s.end:
		case <-r.Context().Done():
		}
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+s.password {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	after, _ := strconv.Atoi(r.URL.Query().Get("after"))
	if after >= len(batches) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	text := batches[after]
	w.Header().Set("X-Next", strconv.Itoa(after+1))
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	if cut {
		text = text[:len(text)-20]
	}
	_, _ = w.Write([]byte(text)) // less than announced: the server cuts the connection
}

func (s *sender) Put(_ testing.TB, _ string, rows []sourcetest.Row) {
	var text strings.Builder
	for _, r := range rows {
		line, _ := json.Marshal(r) // it has a number and a text
		text.Write(append(line, '\n'))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.batches = append(s.batches, text.String())
}

func (s *sender) Options(t testing.TB) source.Options { return s.options(t, s.password) }

func (s *sender) options(t testing.TB, password string) *sourcehttp.Options {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := sourcehttp.Kind().Options().(*sourcehttp.Options)
	o.URL, o.Bearer = s.url+"/batches?after={cursor}", source.Secret("file:"+path)
	o.Cursor.Header, o.Cursor.Start = "X-Next", "0"
	return o
}

func (s *sender) Rows(t testing.TB, content []byte) []sourcetest.Row {
	t.Helper()
	var out []sourcetest.Row
	for lines := bufio.NewScanner(strings.NewReader(string(content))); lines.Scan(); {
		var r sourcetest.Row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func (s *sender) Cut(testing.TB) (heal func()) {
	set := func(cut bool) { s.mu.Lock(); s.cut = cut; s.mu.Unlock() }
	set(true)
	return func() { set(false) }
}

func (s *sender) Hang(testing.TB) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hang = make(chan struct{})
	return s.hang
}

func (s *sender) Wrong(t testing.TB) (source.Options, string) {
	return s.options(t, "wrong-battery"), "wrong-battery"
}

var (
	_ sourcetest.Cutter = (*sender)(nil)
	_ sourcetest.Hanger = (*sender)(nil)
	_ sourcetest.Locked = (*sender)(nil)
)

// TestConformance is not parallel: the suite looks for goroutines.
func TestConformance(t *testing.T) {
	sourcetest.Run(t, sourcetest.Harness{Dataset: &city.Dataset{Name: "a.b"}, New: newSender})
}

// serve starts a server and gives options for it.
func serve(t *testing.T, h http.HandlerFunc) *sourcehttp.Options {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	o := sourcehttp.Kind().Options().(*sourcehttp.Options)
	o.URL = server.URL + "/data.csv"
	return o
}

// taken is what a source hands over until it has nothing more.
func taken(t *testing.T, o *sourcehttp.Options, env source.Env, cursor *string) []string {
	t.Helper()
	if err := o.Check(); err != nil {
		t.Fatal(err)
	}
	s, err := o.Open(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out []string
	for range 20 {
		b, err := s.Next(t.Context(), *cursor)
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			return out
		}
		out = append(out, b.Name+"="+read(t, b))
		*cursor = b.Cursor
	}
	t.Fatal("no end")
	return nil
}

func TestUnchangedIsNotTakenAgain(t *testing.T) {
	t.Parallel()
	version := "1"
	o := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"`+version+`"`)
		if r.Header.Get("If-None-Match") == `"`+version+`"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "v"+version)
	})
	env, cursor := sourcetest.Env(t, nil), ""
	want(t, taken(t, o, env, &cursor), "data.csv=v1")
	want(t, taken(t, o, env, &cursor))
	version = "2"
	want(t, taken(t, o, env, &cursor), "data.csv=v2")
}

// TestWithoutValidators has a server that cannot say whether anything changed:
// one poll takes its file once.
func TestWithoutValidators(t *testing.T) {
	t.Parallel()
	o := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "same") })
	env, cursor := sourcetest.Env(t, nil), ""
	want(t, taken(t, o, env, &cursor), "data.csv=same")
	want(t, taken(t, o, env, &cursor), "data.csv=same")
}

func TestPages(t *testing.T) {
	t.Parallel()
	pages := []string{"a", "b"}
	o := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("page"))
		tag := fmt.Sprintf(`"%d of %d"`, n, len(pages))
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", tag)
		if n+1 < len(pages) {
			w.Header().Set("Link", fmt.Sprintf(`</first>; rel="first", </data.csv?page=%d>; title="a, b"; rel="next"`, n+1))
		}
		fmt.Fprint(w, pages[n])
	})
	o.Pages = "link"
	env, cursor := sourcetest.Env(t, nil), ""
	want(t, taken(t, o, env, &cursor), "data.csv=a", "data.csv=b")
	want(t, taken(t, o, env, &cursor))
	pages = append(pages, "c")
	want(t, taken(t, o, env, &cursor), "data.csv=b", "data.csv=c")
}

func TestPageElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", `<http://elsewhere.example/>; rel=next`)
		fmt.Fprint(w, "a")
	})
	o.Pages = "link"
	wantCode(t, fail(t, o), "forbidden.redirect")
}

// TestWindows asks for each month that is over, once, and waits for one that
// is not there yet.
func TestWindows(t *testing.T) {
	t.Parallel()
	ready := map[string]bool{"2024-01-31": true, "2024-02-29": true}
	o := serve(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if !ready[q.Get("to")] {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprint(w, q.Get("from"))
	})
	o.URL += "?from={from}&to={to}"
	o.Window.Every, o.Window.First, o.Window.After = "month", "2024-01-01", 2*time.Hour
	o.Nothing = []int{http.StatusNotFound}
	env, cursor := sourcetest.Env(t, nil), ""
	now := time.Date(2024, 3, 1, 1, 0, 0, 0, time.UTC)
	env.Now = func() time.Time { return now }
	want(t, taken(t, o, env, &cursor), "data-2024-01-01..2024-01-31.csv=2024-01-01")
	now = now.Add(time.Hour)
	want(t, taken(t, o, env, &cursor), "data-2024-02-01..2024-02-29.csv=2024-02-01")
	now = now.AddDate(0, 2, 0)
	want(t, taken(t, o, env, &cursor))
	ready["2024-03-31"] = true
	want(t, taken(t, o, env, &cursor), "data-2024-03-01..2024-03-31.csv=2024-03-01")
}

func TestRows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path, body, want string
		code             city.Code
	}{
		"document":    {".", ` [{"a": 1.10}, {"a":"x\ny"},3] `, "{\"a\":1.10}\n{\"a\":\"x\\ny\"}\n3\n", ""},
		"deep":        {"data.items", `{"n":{"x":[1]},"data":{"meta":[{}],"items":[{"a":1}],"more":{"b":[2]}},"z":null}`, "{\"a\":1}\n", ""},
		"empty":       {".", `[]`, "", ""},
		"no list":     {".", `{"a":1}`, "", "invalid.response"},
		"no key":      {"items", `{"a":1}`, "", "invalid.response"},
		"cut":         {".", `[{"a":1},{"a"`, "{\"a\":1}\n", "invalid.response"},
		"cut outside": {"items", `{"items":[{"a":1}]`, "{\"a\":1}\n", "invalid.response"},
		"two":         {".", `[1][2]`, "1\n", "invalid.response"},
		"large row":   {".", `["` + strings.Repeat("x", 12<<20) + `"]`, "", "invalid.response"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, c.body) })
			o.Rows = c.path
			got, err := all(t, o)
			if got != c.want || c.code == "" != (err == nil) || err != nil && city.CodeOf(err) != c.code {
				t.Errorf("got %q, %v; want %q, code %q", got, err, c.want, c.code)
			}
		})
	}
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %q, want %q", got, want)
	}
}

func wantCode(t *testing.T, err error, code city.Code) {
	t.Helper()
	if err == nil || city.CodeOf(err) != code {
		t.Errorf("got %v, want code %s", err, code)
	}
}
