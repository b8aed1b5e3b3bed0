package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/progress"
)

// form is a report with one file, as a browser sends it.
func form(t *testing.T, report, name, content string) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	if err := w.WriteField("report", report); err != nil {
		t.Fatal(err)
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return body, w.FormDataContentType()
}

// client asks a handler.
type client struct {
	t *testing.T
	h http.Handler
}

// do asks, and reads the answer into out unless that is nil.
func (c client) do(method, path, kind string, body io.Reader, status int, out any) *httptest.ResponseRecorder {
	c.t.Helper()
	req := httptest.NewRequestWithContext(c.t.Context(), method, "http://127.0.0.1/api/v1"+path, body)
	req.Header.Set("Content-Type", kind)
	res := httptest.NewRecorder()
	c.h.ServeHTTP(res, req)
	if res.Code != status {
		c.t.Fatalf("%s %s: status %d, want %d: %s", method, path, res.Code, status, res.Body)
	}
	if out != nil {
		if err := json.Unmarshal(res.Body.Bytes(), out); err != nil {
			c.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return res
}

// TestReportsByHTTP goes the way of a report: owed, filed, decided, read back.
func TestReportsByHTTP(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: packDir, Today: city.Date{Year: 2024, Month: 3, Day: 8}})
	c := client{t, a.Handler()}
	owed := func() progress.Standing {
		var list struct{ Items []progress.Standing }
		c.do("GET", "/progress/owed", "", nil, 200, &list)
		if len(list.Items) != 1 {
			t.Fatalf("%d standings", len(list.Items))
		}
		return list.Items[0]
	}
	if s := owed(); s.State != "overdue" || s.Days != 32 || s.Period != "2024-02" {
		t.Errorf("before: %+v", s)
	}
	events, cancel := a.Live.Subscribe(t.Context())
	defer cancel()
	var r progress.Report
	body, kind := form(t, `{"target":"road.built","period":"2024-02","expected_on":"2024-11-30","by":"张三"}`, "现场.txt", "simulated")
	c.do("POST", "/progress", kind, body, 200, &r)
	if e := <-events; e.Type != "progress" || e.ID != r.ID {
		t.Errorf("the event %+v", e)
	}
	if s := owed(); s.State != "waiting" {
		t.Errorf("filed: %+v", s)
	}
	file := c.do("GET", "/progress/"+r.ID+"/files/1", "", nil, 200, nil)
	if got := file.Header().Get("Content-Disposition"); file.Body.String() != "simulated" || got == "" || file.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the file: %q, %q", file.Body, got)
	}
	decision := func(by string) io.Reader { return bytes.NewBufferString(`{"by":"` + by + `","reason":"属实"}`) }
	var p struct{ Code string }
	if c.do("POST", "/progress/"+r.ID+"/approve", "application/json", decision("张三"), 403, &p); p.Code != "forbidden.second_person" {
		t.Errorf("one's own report: %+v", p)
	}
	c.do("POST", "/progress/"+r.ID+"/approve", "application/json", decision("李四"), 200, &r)
	if s := owed(); r.State != "approved" || s.State != "approved" {
		t.Errorf("approved: %+v, %+v", r, s)
	}
	var list struct{ Items []progress.Report }
	if c.do("GET", "/progress?target=road.built&state=approved", "", nil, 200, &list); len(list.Items) != 1 {
		t.Errorf("listed: %+v", list)
	}
	if book := c.do("GET", "/progress/template", "", nil, 200, nil); !bytes.HasPrefix(book.Body.Bytes(), []byte("PK")) {
		t.Error("the template is no workbook")
	}
	for name, req := range map[string]struct{ kind, body, code string }{
		"no JSON":       {"application/json", "{", "invalid.upload"},
		"unknown field": {"application/json", `{"target":"road.built","simulated":true}`, "invalid.upload"},
		"no report":     {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n--x--\r\n", "invalid.upload"},
	} {
		if c.do("POST", "/progress", req.kind, bytes.NewBufferString(req.body), 422, &p); p.Code != req.code {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if c.do("POST", "/progress/import?by=x", "", bytes.NewBufferString("x"), 422, &p); p.Code != "invalid.workbook" {
		t.Errorf("no workbook: %+v", p)
	}
	wantVerified(t, a)
}
