package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestRollback(t *testing.T) {
	t.Parallel()
	s := serve(t)
	first := s.deliver("dataset=jobs.events", jobsOf2023)
	second := s.deliver("dataset=jobs.events", jobsOf2023+"z9,2023-05-01,140105,hire,1\n")
	type rollback struct {
		ID       string
		Delivery string `json:"delivery_id"`
		Removed  int
		Restored int
		Snapshot string `json:"snapshot_id"`
		Reason   string
		DryRun   bool `json:"dry_run"`
	}
	path := "/api/v1/deliveries/" + first.ID + "/rollback"
	post := func(body string) (r rollback, a answer) {
		a = s.do(http.MethodPost, path, body, "Content-Type", "application/json")
		if a.status == http.StatusOK {
			if err := json.Unmarshal(a.body, &r); err != nil {
				t.Fatal(err)
			}
		}
		return r, a
	}
	if r, a := post(`{"reason": "sent twice", "dry_run": true}`); r.Removed != 2 || r.Restored != 2 || !r.DryRun || r.Snapshot != "" {
		t.Errorf("dry run: %d %s", a.status, a.body)
	}
	done, a := post(`{"reason": "sent twice"}`)
	if done.Removed != 2 || done.Restored != 2 || done.DryRun || done.Delivery != first.ID || done.Snapshot == "" || done.Reason != "sent twice" {
		t.Errorf("%d %s", a.status, a.body)
	}
	for body, want := range map[string]string{`{"reason": "again"}`: "conflict.delivery", `{"reason": "  "}`: "invalid.reason", `{}`: "invalid"} {
		if _, a := post(body); a.status < 400 || !strings.Contains(string(a.body), `"code":"`+want+`"`) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	type item struct {
		ID       string `json:"delivery_id"`
		Status   string
		State    string
		Rollback *rollback
	}
	var one item
	if s.read("/api/v1/deliveries/"+first.ID, &one); one.Status != "committed" || one.State != "rolled_back" || one.Rollback == nil || *one.Rollback != done {
		t.Errorf("%+v", one)
	}
	for query, want := range map[string]string{"": first.ID + second.ID, "?status=committed": second.ID, "?status=rolled_back": first.ID} {
		var page struct{ Items []item }
		s.read("/api/v1/deliveries"+query, &page)
		got := ""
		for i := range page.Items {
			got = page.Items[i].ID + got
		}
		if got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}
