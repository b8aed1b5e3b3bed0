package api_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const (
		query   = "/api/v1/indicators/jobs.year/query"
		deliver = "/api/v1/deliveries?dataset=jobs.events"
	)
	for _, c := range []struct {
		method, path string
		status       int
		code, says   string
		header       []string
	}{
		{"GET", "/api/v1/nothing", 404, "not_found", "/api/v1/nothing", nil},
		{"GET", "/api/v1/targets/jobs.yaer.2024", 404, "not_found", "did you mean jobs.year.2024?", nil},
		{"GET", "/api/v1/indicators/jobs.yaer/query", 404, "not_found", "did you mean jobs.year?", nil},
		{"GET", "/api/v1/targets?year=2019", 404, "not_found", "2030, 2024", nil},
		{"GET", "/api/v1/deliveries/D1", 404, "not_found", "D1", nil},
		{"GET", "/api/v1/deliveries/D1/quarantine", 404, "not_found", "D1", nil},
		{"POST", "/api/v1/deliveries?dataset=jobs.event", 404, "not_found", "did you mean jobs.events?", nil},
		{"GET", "/api/v1/targets?yaer=2024", 422, "invalid", "query.yaer", nil},
		{"GET", "/api/v1/targets?year=twenty", 422, "invalid", "query.year", nil},
		{"GET", "/api/v1/targets?year=1900", 422, "invalid", "query.year", nil},
		{"GET", query + "?grain=decade", 422, "invalid", "query.grain", nil},
		{"GET", query + "?period=24-01", 422, "invalid", "2024Q1", nil},
		{"GET", query + "?as_of=2024-02-30", 422, "invalid.as_of", "query.as_of", nil},
		{"GET", query + "?as_of=no-such-tag", 422, "invalid.as_of", "query.as_of", nil},
		{"GET", query + "?by=colour", 422, "invalid", "use place, kind", nil},
		{"GET", query + "?where=place", 422, "invalid", "field=value", nil},
		{"GET", query + "?where=place%3D999999", 404, "not_found", "999999", nil},
		{"GET", query + "?where=kind%3Dfire", 422, "invalid", "hire, exit", nil},
		{"GET", query + "?period=1950..2100&grain=day", 422, "invalid", "coarser grain", nil},
		{"GET", "/api/v1/quarantine?owner=nobody", 422, "invalid.filter", "query.owner", nil},
		{"GET", "/api/v1/deliveries?cursor=nonsense", 422, "invalid.cursor", "first page", nil},
		{"GET", "/api/v1/deliveries?limit=0", 422, "invalid", "query.limit", nil},
		{"GET", "/api/v1/deliveries?limit=1001", 422, "invalid", "query.limit", nil},
		{"GET", "/api/v1/deliveries?status=lost", 422, "invalid", "query.status", nil},
		{"POST", "/api/v1/deliveries", 422, "invalid", "query.dataset", nil},
		{"DELETE", "/api/v1/deliveries", 405, "invalid.method", "GET or POST", nil},
		{"POST", "/api/v1/city", 405, "invalid.method", "GET", nil},
		{"POST", deliver, 403, "forbidden.origin", "another origin", []string{"Origin", "http://elsewhere.example"}},
		{"POST", deliver, 403, "forbidden.origin", "another origin", []string{"Sec-Fetch-Site", "cross-site"}},
	} {
		a := s.do(c.method, c.path, "", c.header...)
		var p struct {
			Type, Title, Detail, Code, Where, Hint string
			Status                                 int
			Retry                                  *bool
			Errors                                 []string
		}
		if err := json.Unmarshal(a.body, &p); err != nil {
			t.Errorf("%s %s: %d, not a problem document: %s", c.method, c.path, a.status, a.body)
			continue
		}
		says := strings.Join(append(p.Errors, p.Detail, p.Where, p.Hint), "\n")
		if a.status != c.status || p.Status != c.status || p.Code != c.code || !strings.Contains(says, c.says) ||
			p.Type != "about:blank" || p.Title != http.StatusText(c.status) || p.Detail == "" || p.Retry == nil {
			t.Errorf("%s %s: %d\n%s\nwant %d %s, %q", c.method, c.path, a.status, a.body, c.status, c.code, c.says)
		}
		if got := a.header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%s %s: the type is %q", c.method, c.path, got)
		}
	}
}

func TestAllow(t *testing.T) {
	t.Parallel()
	s := serve(t)
	if got := s.do(http.MethodPut, "/api/v1/deliveries", "").header.Get("Allow"); got != "GET, POST" {
		t.Errorf("Allow is %q", got)
	}
}

// A page elsewhere whose name resolves to this machine gets nothing.
func TestOtherHost(t *testing.T) {
	t.Parallel()
	s := serve(t)
	if a := s.do(http.MethodGet, "/api/v1/city", "", "Host", "elsewhere.example"); a.status != http.StatusMisdirectedRequest || strings.Contains(string(a.body), "140100") {
		t.Errorf("%d: %s", a.status, a.body)
	}
	if a := s.do(http.MethodGet, "/api/v1/city", "", "Host", "localhost:1"); a.status != http.StatusOK {
		t.Errorf("localhost: %d", a.status)
	}
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	s := serve(t)
	r := s.deliver("dataset=jobs.events&filename=..%2Fjobs.csv", jobsOf2023)
	if r.Status != "committed" || r.Received != 2 || r.Accepted != 2 || r.File != "jobs.csv" || r.ID == "" {
		t.Errorf("%+v", r)
	}
	again := s.deliver("dataset=jobs.events", jobsOf2023)
	if again.Duplicate != 2 || again.Accepted != 0 || again.SnapshotID != r.SnapshotID || again.File != "jobs.events.csv" {
		t.Errorf("the same file again: %+v", again)
	}
	bad := s.deliver("dataset=jobs.events", "id,day\nx,2023-01-01\n")
	if bad.Status != "rejected" || bad.Accepted != 0 || bad.Code == "" {
		t.Errorf("a file without columns: %+v", bad)
	}
	if empty := s.deliver("dataset=jobs.events", ""); empty.Status != "rejected" || empty.Code != "invalid.empty" {
		t.Errorf("an empty file: %+v", empty)
	}
	var kept receipt
	if s.read("/api/v1/deliveries/"+bad.ID, &kept); kept != bad {
		t.Errorf("kept %+v, given %+v", kept, bad)
	}
}

func TestQuarantine(t *testing.T) {
	t.Parallel()
	s := serve(t)
	r := s.deliver("dataset=jobs.events", "id,day,place,kind,amount\na1,2023-01-01,140105,hire,1\na2,2023-13-01,140105,hire,1\na3,2023-01-03,140105,fire,x\n")
	if r.Quarantined != 2 || r.Accepted != 1 {
		t.Fatalf("%+v", r)
	}
	other := s.deliver("dataset=jobs.events", "id,day,place,kind,amount\nc1,2023-01-01,140105,hire,1\nc2,2023-01-99,140105,hire,1\n")
	type page struct {
		Items []struct {
			Row         int64
			Field, Code string
			Message     string
		}
		Next string `json:"next_cursor"`
	}
	var all, days, first, second page
	s.read("/api/v1/deliveries/"+r.ID+"/quarantine", &all)
	if len(all.Items) != 2 || all.Items[0].Row != 2 || all.Items[0].Field != "day" || all.Items[1].Row != 3 || all.Next != "" {
		t.Errorf("%+v", all)
	}
	s.read("/api/v1/deliveries/"+r.ID+"/quarantine?field=day", &days)
	if len(days.Items) != 1 || days.Items[0].Row != 2 {
		t.Errorf("those of one field: %+v", days)
	}
	s.read("/api/v1/deliveries/"+r.ID+"/quarantine?limit=1", &first)
	s.read("/api/v1/deliveries/"+r.ID+"/quarantine?limit=1&cursor="+first.Next, &second)
	if len(first.Items) != 1 || len(second.Items) != 1 || second.Items[0].Row != 3 || second.Next != "" {
		t.Errorf("pages: %+v, %+v", first, second)
	}
	var others page
	if s.read("/api/v1/deliveries/"+other.ID+"/quarantine", &others); len(others.Items) != 1 {
		t.Errorf("another delivery: %+v", others)
	}
}

// Pages follow each other without a gap or a repeat, newest first.
func TestPaging(t *testing.T) {
	t.Parallel()
	s := serve(t)
	var want []string
	for range 5 {
		want = append([]string{s.deliver("dataset=jobs.events", jobsOf2023).ID}, want...)
	}
	s.deliver("dataset=air.days", "day,pm25\n2024-01-01,1\n")
	rejected := s.deliver("dataset=jobs.events", "")
	var got []string
	for cursor, pages := "", 0; ; pages++ {
		var page struct {
			Items []receipt
			Next  string `json:"next_cursor"`
		}
		s.read("/api/v1/deliveries?dataset=jobs.events&status=committed&limit=2&cursor="+cursor, &page)
		for _, r := range page.Items {
			got = append(got, r.ID)
		}
		if cursor = page.Next; cursor == "" || pages > 5 {
			break
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("pages gave %v, want %v", got, want)
	}
	var page struct{ Items []receipt }
	if s.read("/api/v1/deliveries?status=rejected", &page); len(page.Items) != 1 || page.Items[0].ID != rejected.ID {
		t.Errorf("rejected: %+v", page.Items)
	}
}

// Who listens learns of a delivery as it lands, and reads its receipt.
func TestEvents(t *testing.T) {
	t.Parallel()
	s := serve(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("the type is %q", got)
	}
	lines := bufio.NewScanner(res.Body)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), ":") {
		t.Fatalf("the stream does not begin with a comment: %q, %v", lines.Text(), lines.Err())
	}
	want := s.deliver("dataset=jobs.events", jobsOf2023)
	event, data := "", ""
	for data == "" && lines.Scan() {
		if v, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			event = v
		}
		data, _ = strings.CutPrefix(lines.Text(), "data: ")
		if !strings.HasPrefix(lines.Text(), "data: ") {
			data = ""
		}
	}
	var got receipt
	if err := json.Unmarshal([]byte(data), &got); err != nil || event != "delivery" || got != want {
		t.Errorf("%q: %+v, %v; want %+v", event, got, err, want)
	}
}
