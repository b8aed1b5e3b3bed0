package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// smallPack declares three datasets, eight indicators and seven targets.
const smallPack = "../analysis/testdata/pack"

// server is a small city that is served.
type server struct {
	t   *testing.T
	url string
}

func serve(t *testing.T) *server {
	t.Helper()
	s, _ := serveApp(t)
	return s
}

func serveApp(t *testing.T, grants ...policy.Right) (*server, *app.App) {
	t.Helper()
	a, err := app.Open(t.Context(), app.Options{Data: t.TempDir(), Pack: smallPack, Today: city.Date{Year: 2024, Month: 7, Day: 15}, Grants: grants})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(a.Handler())
	t.Cleanup(func() {
		a.Live.Close() // ends the event streams, for which Close would wait
		h.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return &server{t, h.URL}, a
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (s *server) do(method, path, body string, header ...string) answer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, b}
}

// read gets a document, which must be there.
func (s *server) read(path string, doc any) {
	s.t.Helper()
	a := s.do(http.MethodGet, path, "")
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/json" || a.header.Get("Cache-Control") != "no-store" {
		s.t.Fatalf("%s: %d, %v\n%s", path, a.status, a.header, a.body)
	}
	if err := json.Unmarshal(a.body, doc); err != nil {
		s.t.Fatalf("%s: %v\n%s", path, err, a.body)
	}
}

// receipt is what the tests read of one.
type receipt struct {
	ID          string `json:"delivery_id"`
	Status      string
	Code        string
	File        string
	Received    int
	Accepted    int
	Quarantined int
	Duplicate   int
	SnapshotID  string `json:"snapshot_id"`
}

func (s *server) deliver(query, rows string) receipt {
	s.t.Helper()
	a := s.do(http.MethodPost, "/api/v1/deliveries?"+query, rows)
	var r receipt
	if err := json.Unmarshal(a.body, &r); err != nil || a.status != http.StatusOK {
		s.t.Fatalf("%s: %d, %v\n%s", query, a.status, err, a.body)
	}
	return r
}

const (
	jobsOf2023 = "id,day,place,kind,amount\na1,2023-01-01,140105,hire,1\na2,2023-12-31,140106,hire,1\n"
	jobsOf2024 = "id,day,place,kind,amount\nb1,2024-01-01,140105,hire,1\nb2,2024-03-31,140106,hire,1\nb3,2024-03-01,,exit,1\n"
)
