package api_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/delivery/source/collect"
)

// TestSources gives orders to a source, and holds every answer to the
// description.
func TestSources(t *testing.T) {
	t.Parallel()
	s, a := serveApp(t)
	fits(t, s, http.MethodGet, "/sources", "")
	dir := t.TempDir()
	path := filepath.Join(dir, "sources.yaml")
	text := "sources:\n  - name: inbox\n    dataset: air.days\n    every: 1h\n    file: {folder: inbox}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := a.UseSources(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	failed := s.source(collect.StateFailed) // there is no such folder
	if failed.LastError == nil || failed.LastError.Code != "not_found.folder" || failed.NextAt == nil || failed.Where != "inbox" {
		t.Errorf("got %+v", failed)
	}
	fits(t, s, http.MethodGet, "/sources", "")
	if err := os.Mkdir(filepath.Join(dir, "inbox"), 0o700); err != nil {
		t.Fatal(err)
	}
	fits(t, s, http.MethodPost, "/sources/inbox/run", "")
	if idle := s.source(collect.StateIdle); idle.LastError != nil || idle.Failures != 0 || idle.LastOKAt == nil {
		t.Errorf("got %+v", idle)
	}
	fits(t, s, http.MethodPost, "/sources/inbox/pause", "")
	s.source(collect.StatePaused)
	fits(t, s, http.MethodPost, "/sources/inbox/run", "")
	if got := s.do(http.MethodPost, "/api/v1/sources/inbox/run", ""); got.status != http.StatusConflict {
		t.Errorf("run of a paused source: %d", got.status)
	}
	fits(t, s, http.MethodPost, "/sources/inbox/resume", "")
	s.source(collect.StateIdle)
	if got := s.do(http.MethodPost, "/api/v1/sources/inbx/run", ""); got.status != http.StatusNotFound {
		t.Errorf("run of no source: %d", got.status)
	}
	fits(t, s, http.MethodGet, "/sources", "")
}

// source waits until the only source is in a state.
func (s *server) source(want collect.State) collect.Item {
	s.t.Helper()
	const patience = time.Minute // ends a test that fails
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-tick.C {
		var list struct{ Items []collect.Item }
		if err := json.Unmarshal(s.do(http.MethodGet, "/api/v1/sources", "").body, &list); err != nil {
			s.t.Fatal(err)
		}
		if len(list.Items) == 1 && list.Items[0].State == want {
			return list.Items[0]
		}
	}
	s.t.Fatalf("the source does not become %s", want)
	return collect.Item{}
}
