package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const eventsWithFaults = "id,day,place,kind,amount\na1,2023-01-01,140105,hire,1\na2,2023-13-01,140105,hire,1\na3,2023-01-03,140105,fire,1\na4,2023-01-04,140105,fire,2\n"

type held struct {
	Items []struct {
		DeliveryID string `json:"delivery_id"`
		Row        int
		Dataset    string
		Field      string
		Code       string
		Owner      string
		State      string
		AgeDays    *int `json:"age_days"`
		Note, By   string
		MendedBy   string `json:"mended_by"`
	}
	Next string `json:"next_cursor"`
}

// send posts a document and reads the answer.
func (s *server) send(path, body string, doc any) {
	s.t.Helper()
	a := s.do(http.MethodPost, path, body, "Content-Type", "application/json")
	if err := json.Unmarshal(a.body, doc); err != nil || a.status != http.StatusOK {
		s.t.Fatalf("%s %s: %d, %v\n%s", path, body, a.status, err, a.body)
	}
}

// The way of rows through the workbench: listed, counted, mended, waived,
// returned, opened again.
func TestWorkbench(t *testing.T) {
	t.Parallel()
	s := serve(t)
	d := s.deliver("dataset=jobs.events&filename=events.csv", eventsWithFaults)
	rows := func(query string) (out string) {
		t.Helper()
		var page held
		s.read("/api/v1/quarantine?"+query, &page)
		for _, r := range page.Items {
			out += fmt.Sprintf("%d:%s:%s ", r.Row, r.Code, r.State)
		}
		return strings.TrimSpace(out)
	}
	wants := func(query, want string) {
		t.Helper()
		if got := rows(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	wants("", "2:not_a_date:open 3:not_in_list:open 4:not_in_list:open")
	wants("field=kind&dataset=jobs.events&delivery="+d.ID, "3:not_in_list:open 4:not_in_list:open")
	var first, second held
	s.read("/api/v1/quarantine?limit=2", &first)
	s.read("/api/v1/quarantine?limit=2&cursor="+first.Next, &second)
	if len(first.Items) != 2 || len(second.Items) != 1 || second.Items[0].Row != 4 || second.Next != "" || first.Items[0].AgeDays == nil {
		t.Errorf("pages are %+v and %+v", first, second)
	}
	var groups struct {
		Items []struct {
			Code  string
			Count int
		}
		Total int
	}
	if s.read("/api/v1/quarantine/groups", &groups); groups.Total != 3 || len(groups.Items) != 2 || groups.Items[0].Code != "not_in_list" || groups.Items[0].Count != 2 {
		t.Errorf("groups are %+v", groups)
	}

	var mended struct {
		Receipt receipt
		Rows    []struct {
			Row         int
			State, Code string
		}
	}
	s.send("/api/v1/quarantine/mend", `{"delivery_id":"`+d.ID+`","reason":"电话核实","rows":[{"row":2,"values":{"day":"2023-01-02"}},{"row":3,"values":{"kind":"flight"}}]}`, &mended)
	if mended.Receipt.Accepted != 1 || len(mended.Rows) != 2 || mended.Rows[0].State != "mended" || mended.Rows[1].State != "open" || mended.Rows[1].Code != "not_in_list" {
		t.Errorf("mended: %+v", mended)
	}
	wants("state=mended", "2:not_a_date:mended")
	changes := func(path, body string, want int) {
		t.Helper()
		var c struct{ Changed int }
		if s.send("/api/v1/quarantine/"+path, `{"delivery_id":"`+d.ID+`","reason":"说明",`+body+`}`, &c); c.Changed != want {
			t.Errorf("%s %s: %d rows, want %d", path, body, c.Changed, want)
		}
	}
	changes("waive", `"rows":[3]`, 1)
	changes("waive", `"rows":[3]`, 0)
	changes("return", `"code":"not_in_list","field":"kind"`, 1)
	wants("", "")
	wants("state=returned", "4:not_in_list:returned")
	changes("reopen", `"rows":[3,4]`, 2)
	wants("", "3:not_in_list:open 4:not_in_list:open")
}

func TestErrorFile(t *testing.T) {
	t.Parallel()
	s := serve(t)
	d := s.deliver("dataset=jobs.events&filename=%E4%BA%8B%E4%BB%B6.csv", eventsWithFaults)
	a := s.do(http.MethodGet, "/api/v1/deliveries/"+d.ID+"/errors?code=not_a_date", "")
	want := "id,day,place,kind,amount,错误代码,错误说明\na2,2023-13-01,140105,hire,1,not_a_date,"
	if a.status != http.StatusOK || !strings.HasPrefix(string(a.body), want) || a.header.Get("Content-Type") != "text/csv; charset=utf-8" ||
		a.header.Get("Content-Disposition") != "attachment; filename*=utf-8''%E4%BA%8B%E4%BB%B6.errors.csv" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v\n%s", a.status, a.header, a.body)
	}
	if again := s.deliver("dataset=jobs.events", strings.Replace(string(a.body), "2023-13-01", "2023-01-02", 1)); again.Accepted != 1 {
		t.Errorf("the mended error file: %+v", again)
	}
}

func TestWorkbenchProblems(t *testing.T) {
	t.Parallel()
	s := serve(t)
	d := s.deliver("dataset=jobs.events", eventsWithFaults)
	in := func(rest string) string { return `{"delivery_id":"` + d.ID + `",` + rest + `}` }
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"GET", "/quarantine?state=lost", "", 422, "invalid"},
		{"GET", "/quarantine?cursor=x", "", 422, "invalid.cursor"},
		{"GET", "/deliveries/" + d.ID + "/errors?code=x", "", 404, "not_found"},
		{"GET", "/deliveries/D1/errors", "", 404, "not_found"},
		{"POST", "/quarantine/mend", in(`"reason":"x","rows":[]`), 422, "invalid"},
		{"POST", "/quarantine/mend", in(`"reason":"","rows":[{"row":2,"values":{}}]`), 422, "invalid"},
		{"POST", "/quarantine/mend", in(`"reason":" ","rows":[{"row":2,"values":{}}]`), 422, "invalid.reason"},
		{"POST", "/quarantine/mend", in(`"reason":"x","rows":[{"row":2,"values":{"dya":"1"}}]`), 422, "invalid.field"},
		{"POST", "/quarantine/mend", in(`"reason":"x","rows":[{"row":9,"values":{"day":"1"}}]`), 404, "not_found"},
		{"POST", "/quarantine/mend", in(`"reason":"x","rows":[{"row":2}],"colour":1`), 422, "invalid"},
		{"POST", "/quarantine/waive", in(`"reason":"x"`), 422, "invalid.quarantine"},
		{"POST", "/quarantine/waive", in(`"reason":"x","rows":[1]`), 404, "not_found"},
		{"POST", "/quarantine/waive", `{"delivery_id":"D1","reason":"x","rows":[1]}`, 404, "not_found"},
		{"POST", "/quarantine/reopen", in(`"reason":"x","code":"not_a_date"`), 422, "invalid"},
		{"DELETE", "/quarantine", "", 405, "invalid.method"},
	} {
		a := s.do(c.method, "/api/v1"+c.path, c.body, "Content-Type", "application/json")
		var p struct{ Code string }
		if err := json.Unmarshal(a.body, &p); err != nil || a.status != c.status || p.Code != c.code {
			t.Errorf("%s %s %s: %d %s, want %d %s", c.method, c.path, c.body, a.status, a.body, c.status, c.code)
		}
	}
	for _, body := range []string{in(`"reason":"","rows":[{"row":0,"values":{"id":"110101199003070011"}}]`), in(`"reason":"x","rows":[{"row":2,"values":{"id":110101199003070011}}]`),
		in(`"reason":"x","rows":[{"row":2,"vlaues":{"id":"110101199003070011"}}]`), `{"110101199003070011`, in(`"reason":"x","rows":[{"row":2,"values":{"110101199003070011":"1"}}]`)} {
		if a := s.do("POST", "/api/v1/quarantine/mend", body, "Content-Type", "application/json"); a.status < 400 || strings.Contains(string(a.body), "199003070011") {
			t.Errorf("%s: %d, and the problem repeats the body: %s", body, a.status, a.body)
		}
	}
	if a := s.do("POST", "/api/v1/quarantine/waive", in(`"reason":"x","rows":[2]`), "Content-Type", "application/json", "Origin", "http://elsewhere.example"); a.status != http.StatusForbidden {
		t.Errorf("a page of another origin: %d", a.status)
	}
}
