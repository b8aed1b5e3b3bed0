package api_test

import (
	"encoding/json"
	"testing"

	"github.com/jinyang-city/jinyang/internal/lake"
)

// TestTags asks for a past state by its tag, which the list of tags tells of.
func TestTags(t *testing.T) {
	t.Parallel()
	s, a := serveApp(t)
	s.deliver("dataset=jobs.events", jobsOf2023)
	tag, err := a.Tag(t.Context(), "as-reported", "test")
	if err != nil {
		t.Fatal(err)
	}
	s.deliver("dataset=jobs.events", jobsOf2024)
	var list struct{ Items []lake.Tag }
	get := func(path string, to any) {
		t.Helper()
		if err := json.Unmarshal(s.do("GET", "/api/v1"+path, "").body, to); err != nil {
			t.Fatal(err)
		}
	}
	get("/tags", &list)
	if len(list.Items) != 1 || list.Items[0].Name != tag.Name || len(list.Items[0].Tables) != 1 || list.Items[0].Tables[0] != tag.Tables[0] {
		t.Errorf("listed %+v, want %+v", list, tag)
	}
	var now, then struct {
		Source struct {
			SnapshotID string `json:"snapshot_id"`
		}
		Tag string `json:"as_of_tag"`
	}
	get("/indicators/jobs.year/query", &now)
	get("/indicators/jobs.year/query?as_of=as-reported", &then)
	if then.Tag != tag.Name || then.Source.SnapshotID != tag.Tables[0].SnapshotID || now.Source.SnapshotID == then.Source.SnapshotID || now.Tag != "" {
		t.Errorf("now %+v, then %+v", now, then)
	}
	fits(t, s, "GET", "/tags", "")
	fits(t, s, "GET", "/indicators/jobs.year/query?as_of=as-reported", "")
}
