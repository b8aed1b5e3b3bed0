package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const board, jobsTarget = "/api/v1/targets", "/api/v1/targets/jobs.year.2024"

// TestPages holds that a page carries a tag by which a reader learns that it has
// it already.
func TestPages(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.deliver("dataset=jobs.events", jobsOf2023)
	for _, path := range []string{board, jobsTarget} {
		first := s.do(http.MethodGet, path, "")
		tag := first.header.Get("ETag")
		if first.status != http.StatusOK || tag == "" || first.header.Get("Cache-Control") != "private, no-cache" || !json.Valid(first.body) {
			t.Fatalf("%s: %d %v", path, first.status, first.header)
		}
		if again := s.do(http.MethodGet, path, ""); !bytes.Equal(again.body, first.body) {
			t.Errorf("%s: the same page is not the same", path)
		}
		if a := s.do(http.MethodGet, path, "", "If-None-Match", `"other", `+tag); a.status != http.StatusNotModified || len(a.body) > 0 || a.header.Get("ETag") != tag {
			t.Errorf("%s: %d for the tag that it has", path, a.status)
		}
		if a := s.do(http.MethodGet, path, "", "If-None-Match", `"other"`); a.status != http.StatusOK {
			t.Errorf("%s: %d for another tag", path, a.status)
		}
	}
}

// until asks for a page until it is as it should be. A page may lag behind a
// change by as long as it takes to compute.
func (s *server) until(path string, good func(answer) bool) {
	s.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		if good(s.do(http.MethodGet, path, "")) {
			return
		}
	}
	s.t.Errorf("%s did not change", path)
}

// TestReadersWhileDelivering has many readers on the board while deliveries
// land: none sees an error, and all see the newest state in the end.
func TestReadersWhileDelivering(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.deliver("dataset=jobs.events", jobsOf2023)
	before := s.do(http.MethodGet, jobsTarget, "").header.Get("ETag")
	stop := make(chan struct{})
	var answers, failed atomic.Int64
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() {
			path := []string{board, jobsTarget}[i%2]
			for {
				select {
				case <-stop:
					return
				default:
				}
				if a := s.do(http.MethodGet, path, ""); a.status != http.StatusOK || !json.Valid(a.body) {
					failed.Add(1)
				}
				answers.Add(1)
			}
		})
	}
	r := s.deliver("dataset=jobs.events", jobsOf2024)
	close(stop)
	wait.Wait()
	if failed.Load() > 0 || answers.Load() == 0 {
		t.Errorf("%d of %d answers failed", failed.Load(), answers.Load())
	}
	s.until(jobsTarget, func(a answer) bool {
		return a.header.Get("ETag") != before && bytes.Contains(a.body, []byte(`"snapshot_id":"`+r.SnapshotID+`"`))
	})
}
