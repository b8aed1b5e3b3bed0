package http_test

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	sourcehttp "github.com/jinyang-city/jinyang/internal/delivery/source/http"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
)

func read(t *testing.T, b *source.Batch) string {
	t.Helper()
	got, err := io.ReadAll(b.Content)
	if err = errors.Join(err, b.Content.Close()); err != nil {
		t.Fatal(err)
	}
	return string(got)
}

// all reads one batch as far as it comes.
func all(t *testing.T, o *sourcehttp.Options) (string, error) {
	t.Helper()
	s, err := o.Open(t.Context(), sourcetest.Env(t, nil))
	if err != nil {
		return "", err
	}
	defer s.Close()
	b, err := s.Next(t.Context(), "")
	if err != nil || b == nil {
		return "", err
	}
	defer b.Content.Close()
	got, err := io.ReadAll(b.Content)
	return string(got), err
}

func fail(t *testing.T, o *sourcehttp.Options) error {
	t.Helper()
	_, err := all(t, o)
	return err
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	for status, code := range map[int]city.Code{
		401: "forbidden.login", 403: "forbidden.login", 404: "not_found.url", 400: "invalid.response", 206: "invalid.response",
		429: "unavailable.server", 500: "unavailable.server", 503: "unavailable.server", 204: "",
	} {
		o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(status)
		})
		err := fail(t, o)
		if code == "" && err == nil {
			continue
		}
		wantCode(t, err, code)
		if later := source.LaterThan(err); (code == "unavailable.server") != (later == 2*time.Minute) {
			t.Errorf("%d: again after %s", status, later)
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var seen []string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = append(seen, r.Header.Get("Authorization")) }))
	t.Cleanup(elsewhere.Close)
	for to, code := range map[string]city.Code{"/here": "", elsewhere.URL + "/x": "forbidden.redirect", "/loop": "invalid.response"} {
		o := serve(t, func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/here":
				fmt.Fprint(w, "here")
			default:
				http.Redirect(w, r, to, http.StatusFound)
			}
		})
		t.Run(to, func(t *testing.T) {
			if err := fail(t, o); code != "" || err != nil {
				wantCode(t, err, code)
			}
		})
	}
	if len(seen) > 0 {
		t.Errorf("another server was asked: %q", seen)
	}
}

// TestBrokenBodies ends answers in ways that must not look like their end.
func TestBrokenBodies(t *testing.T) {
	t.Parallel()
	raw := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			defer c.Close()
			_, _ = io.WriteString(c, text) // the other side may be gone
		}
	}
	for name, c := range map[string]struct {
		answer  string
		unsized bool
		code    city.Code
	}{
		"length":         {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", false, "unavailable.truncated"},
		"chunked":        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", false, "unavailable.truncated"},
		"in a chunk":     {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf", false, "unavailable.truncated"},
		"until closed":   {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf", false, "invalid.response"},
		"declared so":    {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf", true, ""},
		"not HTTP":       {"SSH-2.0-OpenSSH\r\n", false, "unavailable"},
		"nothing":        {"", false, "unavailable"},
		"endless header": {"HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20), false, "unavailable"},
		"too large":      {"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n", false, "invalid.too_large"},
		"chunks for ever": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("10000\r\n"+strings.Repeat("x", 1<<16)+"\r\n", 20), false,
			"invalid.too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := serve(t, raw(c.answer))
			o.Unsized, o.Most = c.unsized, 1<<20
			got, err := all(t, o)
			if c.code == "" && err == nil && got == "half" {
				return
			}
			wantCode(t, err, c.code)
		})
	}
}

func TestStall(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	o := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "half")
		_ = http.NewResponseController(w).Flush() // what counts is that it goes out
		<-end
	})
	t.Cleanup(func() { close(end) }) // before the server is closed
	o.Stall = 50 * time.Millisecond
	wantCode(t, fail(t, o), "unavailable.stalled")
}

// TestSilence asks a server that takes the request and says nothing.
func TestSilence(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	o := serve(t, func(http.ResponseWriter, *http.Request) { <-end })
	t.Cleanup(func() { close(end) })
	o.HeaderTimeout = 50 * time.Millisecond
	wantCode(t, fail(t, o), "unavailable.stalled")
}

func TestOwnAuthority(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "safe") }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it would complain of the client that does not trust it
	server.StartTLS()
	t.Cleanup(server.Close)
	o := sourcehttp.Kind().Options().(*sourcehttp.Options)
	o.URL = server.URL + "/x.csv"
	wantCode(t, fail(t, o), "forbidden.certificate")
	o.TLS.CA = filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(o.TLS.CA, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := all(t, o); got != "safe" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestNothingShowsTheQuery holds that an address with a key in it is not
// repeated.
func TestNothingShowsTheQuery(t *testing.T) {
	t.Parallel()
	o := serve(t, func(http.ResponseWriter, *http.Request) {})
	o.URL = "http://127.0.0.1:1/data?apikey=hunter2"
	if err := fail(t, o); err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(o.Location(), "hunter2") {
		t.Errorf("location %q, error %v", o.Location(), err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(o *sourcehttp.Options)
		want   string // where
	}{
		"none":            {func(o *sourcehttp.Options) { o.URL = "" }, "url"},
		"ftp":             {func(o *sourcehttp.Options) { o.URL = "ftp://h/x" }, "url"},
		"user in address": {func(o *sourcehttp.Options) { o.URL = "https://u:hunter2@h/x" }, "url"},
		"clear secret":    {func(o *sourcehttp.Options) { o.URL, o.Bearer = "http://h/x", "env:T" }, "url"},
		"literal key":     {func(o *sourcehttp.Options) { o.Headers = map[string]string{"X-Api-Key": "hunter2"} }, "headers.X-Api-Key"},
		"half basic":      {func(o *sourcehttp.Options) { o.Basic.User = "u" }, "basic"},
		"cursor alone":    {func(o *sourcehttp.Options) { o.URL = "https://h/?c={cursor}" }, "cursor"},
		"window alone":    {func(o *sourcehttp.Options) { o.URL = "https://h/?c={from}" }, "window"},
		"window": {func(o *sourcehttp.Options) {
			o.URL, o.Window.Every, o.Window.First = "https://h/?c={from}", "week", "x"
		}, "window.every"},
		"nothing": {func(o *sourcehttp.Options) { o.Nothing = []int{200} }, "nothing"},
		"rows":    {func(o *sourcehttp.Options) { o.Rows = "a..b" }, "rows"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := sourcehttp.Kind().Options().(*sourcehttp.Options)
			o.URL = "https://h/x"
			c.change(o)
			err := o.Check()
			var e *city.Error
			if !errors.As(err, &e) || e.Where != c.want || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v, want a mistake at %s", err, c.want)
			}
		})
	}
}
