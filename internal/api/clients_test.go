package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// TestClientsAtOnce has three clients send files for one dataset whose requests
// are all under way before any of them has sent its end: two send the same
// file, one another with a row in common. Every row is taken once.
func TestClientsAtOnce(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const shared = "a2,2023-12-31,140106,hire,1\n"
	bodies := []string{jobsOf2023, jobsOf2023, "id,day,place,kind,amount\n" + shared + "a3,2023-06-01,140105,exit,1\n"}
	var begun, all sync.WaitGroup
	begun.Add(len(bodies))
	receipts := make([]receipt, len(bodies))
	for i, body := range bodies {
		r, w := io.Pipe()
		all.Go(func() {
			_, err := io.WriteString(w, body[:len(body)/2]) // ends when the request is on its way
			begun.Done()
			begun.Wait()
			if err == nil {
				_, err = io.WriteString(w, body[len(body)/2:])
			}
			_ = w.CloseWithError(err) // never fails
		})
		all.Go(func() {
			res, err := http.Post(s.url+"/api/v1/deliveries?dataset=jobs.events", "application/octet-stream", r)
			if err != nil {
				t.Error(err)
				_ = r.CloseWithError(err) // never fails
				return
			}
			defer res.Body.Close()
			if err := json.NewDecoder(res.Body).Decode(&receipts[i]); err != nil || res.StatusCode != http.StatusOK {
				t.Errorf("client %d: %d, %v", i, res.StatusCode, err)
			}
		})
	}
	all.Wait()
	accepted := 0
	for _, r := range receipts {
		accepted += r.Accepted
		if r.Status != "committed" || r.Received != 2 || r.Accepted+r.Duplicate != 2 {
			t.Errorf("%+v", r)
		}
	}
	if accepted != 3 {
		t.Errorf("%d rows were accepted, there are 3: %+v", accepted, receipts)
	}
	if same := receipts[0].Accepted * receipts[1].Accepted; same != 0 {
		t.Errorf("both of the same file count: %+v", receipts)
	}
	for _, body := range bodies { // all of it is there
		if r := s.deliver("dataset=jobs.events", strings.TrimSuffix(body, "\n")); r.Duplicate != 2 {
			t.Errorf("again: %+v", r)
		}
	}
}
