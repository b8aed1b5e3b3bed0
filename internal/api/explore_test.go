package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

const someCases = "id,day,place,kind,note,cost\nk1,2024-01-01,140105,wages,,1\nk2,2024-01-01,140105,wages,,1\nk3,2024-01-01,140105,wages,,1\nk4,2024-01-02,140106,wages,,1\n"

// The free question, its rows, deliveries and files, and saved questions.
func TestExplore(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.deliver("dataset=jobs.events", jobsOf2024)
	s.deliver("dataset=cases.register", someCases)
	const jobs = `{"measures":[{"indicator":"jobs.year","show":["value","yoy","rank","share"]}],"by":["place"],"period":"2024","grain":"year","totals":true}`
	for path, body := range map[string]string{
		"/explore":            jobs,
		"/explore/rows":       `{"indicator":"jobs.year","period":"2024"}`,
		"/explore/deliveries": `{"indicator":"jobs.year","dims":{"place":"140105"},"period":"2024","grain":"year"}`,
		"/views":              `{"name":"jobs","question":` + jobs + `}`,
	} {
		fits(t, s, http.MethodPost, path, body)
	}
	fits(t, s, http.MethodGet, "/views", "")
	fits(t, s, http.MethodPost, "/explore", `{"measures":[{"indicator":"jobs.yaer"}]}`)
	for format, kind := range map[string]string{"xlsx": "spreadsheetml", "csv": "text/csv", "parquet": "parquet"} {
		a := s.do(http.MethodPost, "/api/v1/explore/export?format="+format, jobs, "Content-Type", "application/json")
		if a.status != http.StatusOK || !strings.Contains(a.header.Get("Content-Type"), kind) || !strings.Contains(a.header.Get("Content-Disposition"), "jobs.year_2024."+format) || len(a.body) == 0 {
			t.Errorf("%s: %d, %v", format, a.status, a.header)
		}
	}
	if a := s.do(http.MethodPost, "/api/v1/explore/export", `{"measures":[{"indicator":"jobs.yaer"}]}`, "Content-Type", "application/json"); a.status != http.StatusNotFound {
		t.Errorf("the file of a question that cannot be asked: %d", a.status)
	}
}

// A small group is withheld by every road.
func TestSmallGroups(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.deliver("dataset=cases.register", someCases)
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{http.MethodGet, "/indicators/cases.month/query?period=2024&grain=year&where=place%3D140106", "", 200},
		{http.MethodGet, "/indicators/cases.month/query?period=2024&grain=year&by=place", "", 200},
		{http.MethodPost, "/explore", `{"measures":[{"indicator":"cases.month","show":["value","share","rank"]}],"by":["place"],"period":"2024","grain":"year"}`, 200},
		{http.MethodPost, "/explore/rows", `{"indicator":"cases.month","dims":{"place":"140106"},"period":"2024"}`, 403},
		{http.MethodPost, "/explore/deliveries", `{"indicator":"cases.month","dims":{"place":"140106"},"period":"2024"}`, 403},
		{http.MethodGet, "/indicators/cases.month/query?period=2024&grain=year&where=id%3Dk4", "", 422},
		{http.MethodPost, "/explore", `{"measures":[{"indicator":"cases.month"}],"where":["id!=k4"],"period":"2024"}`, 422},
	} {
		a := s.do(c.method, "/api/v1"+c.path, c.body, "Content-Type", "application/json")
		var doc struct {
			Rows []struct {
				Value  *float64
				Status string
				Cells  map[string]struct {
					Value  *float64
					Status string
				}
			}
		}
		if err := json.Unmarshal(a.body, &doc); err != nil || a.status != c.status {
			t.Errorf("%s %s: %d, %v\n%s", c.method, c.path, a.status, err, a.body)
		}
		for _, r := range doc.Rows {
			if r.Value != nil || r.Status != "suppressed" && len(r.Cells) == 0 {
				t.Errorf("%s tells %+v", c.path, r)
			}
			for key, cell := range r.Cells {
				if cell.Value != nil || cell.Status != "suppressed" {
					t.Errorf("%s tells %s: %+v", c.path, key, cell)
				}
			}
		}
	}
}

func TestSavedQuestions(t *testing.T) {
	t.Parallel()
	s := serve(t)
	var v struct {
		ID      string
		Version int
		Note    string
	}
	body := func(version string) string {
		return `{"name":"jobs","note":"mine","chart":"bar","question":{"measures":[{"indicator":"jobs.year"}]}` + version + `}`
	}
	s.send("/api/v1/views", body(""), &v)
	path := "/api/v1/views/" + v.ID
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{http.MethodPut, path, body(`,"version":1`), 200},
		{http.MethodPut, path, body(`,"version":1`), 409},
		{http.MethodPut, path, `{"name":"","question":{"measures":[{"indicator":"jobs.year"}]}}`, 422},
		{http.MethodDelete, path + "?version=2", "", 200},
		{http.MethodGet, path, "", 404},
		{http.MethodDelete, path, "", 404},
		{http.MethodPost, path + "/restore", "", 200},
		{http.MethodGet, path, "", 200},
	} {
		if a := s.do(c.method, c.path, c.body, "Content-Type", "application/json"); a.status != c.status {
			t.Errorf("%s %s: %d, want %d\n%s", c.method, c.path, a.status, c.status, a.body)
		}
	}
}
