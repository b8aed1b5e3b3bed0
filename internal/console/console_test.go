package console

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func squeeze(t *testing.T, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, s); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func built(t *testing.T) http.Handler {
	t.Helper()
	return New(fstest.MapFS{
		".gitkeep":           {},
		"index.html":         {Data: []byte("<html>page</html>")},
		"favicon.svg":        {Data: []byte("<svg/>")},
		"assets/a-1f.js":     {Data: []byte("let a")},
		"assets/a-1f.js.gz":  {Data: squeeze(t, "let a")},
		"assets/style-2.css": {Data: []byte("p{}")},
	})
}

func get(h http.Handler, method, path, encoding string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestPaths(t *testing.T) {
	t.Parallel()
	h := built(t)
	for _, c := range []struct {
		path, body, cache string
		status            int
	}{
		{"/", "<html>page</html>", "no-cache", 200},
		{"/index.html", "<html>page</html>", "no-cache", 200},
		{"/targets", "<html>page</html>", "no-cache", 200},
		{"/targets/employment.new_urban.2024", "<html>page</html>", "no-cache", 200},
		{"/data/deliveries/01JB.csv", "<html>page</html>", "no-cache", 200},
		{"/../../etc/passwd", "<html>page</html>", "no-cache", 200},
		{"/favicon.svg", "<svg/>", "no-cache", 200},
		{"/assets/a-1f.js", "let a", forever, 200},
		{"/assets/", "", "", 404},
		{"/assets/gone-3.js", "", "", 404},
		{"/robots.txt", "", "", 404},
		{"/.gitkeep", "", "", 404},
	} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			res := get(h, http.MethodGet, c.path, "")
			body, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != c.status {
				t.Fatalf("status %d, error %v; want %d", res.StatusCode, err, c.status)
			}
			if c.status == 200 && (string(body) != c.body || res.Header.Get("Cache-Control") != c.cache) {
				t.Errorf("body %q, cache %q; want %q, %q", body, res.Header.Get("Cache-Control"), c.body, c.cache)
			}
		})
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	h := built(t)
	for _, c := range []struct {
		path, accept string
		packed       bool
	}{
		{"/assets/a-1f.js", "gzip, deflate, br", true},
		{"/assets/a-1f.js", "GZIP;q=0.5", true},
		{"/assets/a-1f.js", "*", true},
		{"/assets/a-1f.js", "gzip;q=0, *", false},
		{"/assets/a-1f.js", "br", false},
		{"/assets/a-1f.js", "gzip;q=none", false},
		{"/assets/a-1f.js", "", false},
		{"/assets/style-2.css", "gzip", false},
	} {
		t.Run(c.path+" "+c.accept, func(t *testing.T) {
			t.Parallel()
			res := get(h, http.MethodGet, c.path, c.accept)
			if packed := res.Header.Get("Content-Encoding") == "gzip"; packed != c.packed {
				t.Fatalf("compressed: %v, want %v", packed, c.packed)
			}
			if !c.packed {
				return
			}
			z, err := gzip.NewReader(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(z); err != nil || string(body) != "let a" {
				t.Errorf("body %q, error %v", body, err)
			}
			if ct := res.Header.Get("Content-Type"); ct != "text/javascript; charset=utf-8" || res.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("type %q, vary %q", ct, res.Header.Get("Vary"))
			}
		})
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	h := built(t)
	if res := get(h, http.MethodPost, "/", ""); res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") == "" {
		t.Errorf("POST gives %d, Allow %q", res.StatusCode, res.Header.Get("Allow"))
	}
	res := get(h, http.MethodHead, "/", "")
	if body, _ := io.ReadAll(res.Body); res.StatusCode != 200 || len(body) != 0 {
		t.Errorf("HEAD gives %d and %d bytes", res.StatusCode, len(body))
	}
}

func TestPolicyForbidsForeignAndInlineCode(t *testing.T) {
	t.Parallel()
	got := get(built(t), http.MethodGet, "/", "").Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(got, part) {
			t.Errorf("the policy %q lacks %q", got, part)
		}
	}
	if strings.Contains(got, "unsafe") || strings.Contains(got, "http") {
		t.Errorf("the policy %q is open", got)
	}
}

func TestNotBuilt(t *testing.T) {
	t.Parallel()
	h := New(fstest.MapFS{".gitkeep": {}})
	res := get(h, http.MethodGet, "/targets", "")
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(body), "make web") {
		t.Errorf("status %d, body %q", res.StatusCode, body)
	}
}

// TestEmbedded checks the console that is in this binary, where one was built.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	if !Built() {
		t.Skip("the console has not been built; run make web")
	}
	h := Handler()
	page, err := io.ReadAll(get(h, http.MethodGet, "/", "").Body)
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllSubmatch(page, -1)
	if len(links) < 3 {
		t.Fatalf("the page has only %d links", len(links))
	}
	for _, l := range links {
		path := string(l[1])
		if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
			t.Errorf("the page loads %q from elsewhere", path)
			continue
		}
		if res := get(h, http.MethodGet, path, "gzip"); res.StatusCode != 200 {
			t.Errorf("the page's %s gives %d", path, res.StatusCode)
		}
	}
	if regexp.MustCompile(`<script(?:\s[^>]*)?>[^<]`).Match(page) || bytes.Contains(page, []byte("<style")) {
		t.Error("the page holds an inline script or style, which its policy forbids")
	}
}
