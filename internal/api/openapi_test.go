package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/api"
)

var update = flag.Bool("update", false, "write testdata/openapi.json anew")

// The description is part of the product: a change must be seen.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	doc, err := json.Marshal(api.Description())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, doc, "", "  "); err != nil {
		t.Fatal(err)
	}
	b.WriteString("\n")
	const golden = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("the description differs from %s; run the test with -update and read the difference", golden)
	}
}

// Every operation is named, summed up, documented in docs/api.md, and says what
// a problem looks like.
func TestOperations(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range api.Description().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			if op.OperationID == "" || op.Summary == "" || (op.Responses["200"] == nil && op.Responses["201"] == nil && op.Responses["204"] == nil) {
				t.Errorf("%s %s has no name, summary or answer", op.Method, path)
			}
			if r := op.Responses["default"]; r == nil || r.Content["application/problem+json"] == nil || !strings.HasSuffix(r.Content["application/problem+json"].Schema.Ref, "/Problem") {
				t.Errorf("%s %s does not say what a problem looks like", op.Method, path)
			}
			short := strings.TrimPrefix(path, "/api/v1")
			if !strings.Contains(string(manual), "`"+op.Method+" "+short+"`") {
				t.Errorf("docs/api.md does not tell of %s %s", op.Method, short)
			}
		}
	}
}

// What the API answers is what it describes, member by member: with data and
// without, with values and without.
func TestAnswersFitTheDescription(t *testing.T) {
	t.Parallel()
	s := serve(t)
	check := func(paths ...string) {
		t.Helper()
		for _, p := range paths {
			fits(t, s, http.MethodGet, p, "")
		}
	}
	everywhere := []string{
		"/city", "/indicators", "/tags", "/datasets", "/deliveries", "/targets", "/targets?year=2030", "/targets/jobs.office.2024", "/targets/jobs.year.2024",
		"/targets/jobs.year.xiaodian.2024", "/targets/air.mean.2024", "/targets/jobs.growth.2024", "/indicators/jobs.year/query", "/indicators/jobs.ever/query",
		"/indicators/jobs.year/query?by=place,kind&period=2023..2024&grain=quarter", "/indicators/air.mean/query?grain=year",
		"/quarantine", "/quarantine?state=mended", "/quarantine/groups",
	}
	check(everywhere...)
	fits(t, s, http.MethodPost, "/deliveries?dataset=jobs.events", jobsOf2023)
	fits(t, s, http.MethodPost, "/deliveries?dataset=jobs.events", jobsOf2024)
	fits(t, s, http.MethodPost, "/deliveries?dataset=air.days", "day,pm25\n2024-01-01,30\n")
	fits(t, s, http.MethodPost, "/deliveries?dataset=air.days", "")
	check(everywhere...)
	bad := s.deliver("dataset=jobs.events", "id,day,place,kind,amount\nc1,2023-01-01,140105,hire,1\nc2,2023-01-99,140105,hire,1\n")
	check("/deliveries/"+bad.ID, "/deliveries/"+bad.ID+"/quarantine", "/deliveries?limit=1",
		"/indicators/jobs.year/query?as_of=2020-01-01T00:00:00Z&period=2024")
	check("/quarantine", "/quarantine/groups")
	fits(t, s, http.MethodPost, "/quarantine/mend", `{"delivery_id":"`+bad.ID+`","reason":"x","rows":[{"row":2,"values":{"day":"2023-01-02"}}]}`)
	fits(t, s, http.MethodPost, "/quarantine/waive", `{"delivery_id":"`+bad.ID+`","reason":"x","code":"not_a_date"}`)
	check("/quarantine?state=mended")
	fits(t, s, http.MethodGet, "/targets/nothing", "")
	fits(t, s, http.MethodGet, "/targets?year=1&colour=red", "")
}

// fits validates an answer against the schema of its operation and status.
func fits(t *testing.T, s *server, method, path, body string) {
	t.Helper()
	doc := api.Description()
	a := s.do(method, "/api/v1"+path, body)
	op := operation(doc, method, path)
	if op == nil {
		t.Fatalf("%s %s is not described", method, path)
	}
	res := op.Responses["default"]
	if a.status == http.StatusOK {
		res = op.Responses["200"]
	}
	media := res.Content[a.header.Get("Content-Type")]
	if media == nil {
		t.Fatalf("%s %s: %d with the type %s is not described", method, path, a.status, a.header.Get("Content-Type"))
	}
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	var result huma.ValidateResult
	huma.Validate(doc.Components.Schemas, media.Schema, huma.NewPathBuffer([]byte{}, 0), huma.ModeReadFromServer, v, &result)
	for _, err := range result.Errors {
		t.Errorf("%s %s: %v", method, path, err)
	}
}

// operation finds the operation that serves a path.
func operation(doc *huma.OpenAPI, method, path string) *huma.Operation {
	path, _, _ = strings.Cut("/api/v1"+path, "?")
	for pattern, item := range doc.Paths {
		if !serves(pattern, path) {
			continue
		}
		if method == http.MethodPost {
			return item.Post
		}
		return item.Get
	}
	return nil
}

func serves(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && !strings.HasPrefix(want[i], "{") {
			return false
		}
	}
	return true
}
