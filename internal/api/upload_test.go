package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/sign"
)

const jobsManifest = `{"manifest_version":1,"dataset":"jobs.events","batch":"2023","period":{"from":"2023-01-01","to":"2023-12-31"},
	"sent_at":"2024-01-05T08:00:00+08:00","sender":"s","files":[{"name":"data/jobs.csv","rows":2,"sums":{"amount":"2"}}]}`

// form writes a form of parts, each a name and a text; a name with a slash
// gives the file name too.
func form(t *testing.T, parts ...string) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		name, file, named := strings.Cut(parts[i], "/")
		create := func() (io.Writer, error) { return w.CreateFormField(name) }
		if named {
			create = func() (io.Writer, error) { return w.CreateFormFile(name, file) }
		}
		part, err := create()
		if err == nil {
			_, err = part.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func TestForms(t *testing.T) {
	t.Parallel()
	s := serve(t)
	post := func(query string, parts ...string) answer {
		body, kind := form(t, parts...)
		return s.do(http.MethodPost, "/api/v1/deliveries?"+query, body, "Content-Type", kind)
	}
	for name, c := range map[string]struct {
		query      string
		parts      []string
		code, says string
	}{
		"no file":           {"", []string{"manifest", jobsManifest}, "invalid.upload", "no part file"},
		"nothing":           {"", nil, "invalid.upload", "no part file"},
		"file first":        {"dataset=jobs.events", []string{"file/jobs.csv", jobsOf2023, "manifest", jobsManifest}, "invalid.upload", "behind the file"},
		"two files":         {"", []string{"manifest", jobsManifest, "file/jobs.csv", jobsOf2023, "file/more.csv", jobsOf2023}, "invalid.upload", "behind the file"},
		"another name":      {"", []string{"manifest", jobsManifest, "file/other.csv", jobsOf2023}, "invalid.manifest", "does not list"},
		"no manifest":       {"", []string{"file/jobs.csv", jobsOf2023}, "invalid", "names no dataset"},
		"broken manifest":   {"", []string{"manifest", "{", "file/jobs.csv", jobsOf2023}, "invalid.manifest", "cannot be read"},
		"manifest too long": {"", []string{"manifest", strings.Repeat(" ", 5<<20), "file/jobs.csv", jobsOf2023}, "invalid.manifest", "larger than"},
	} {
		a := post(c.query, c.parts...)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `"code":"`+c.code+`"`) || !strings.Contains(string(a.body), c.says) {
			t.Errorf("%s: %d %.300s", name, a.status, a.body)
		}
	}
	var page struct{ Items []receipt }
	s.read("/api/v1/deliveries", &page)
	if len(page.Items) != 0 {
		t.Errorf("forms that were refused left %+v", page.Items)
	}
	body, kind := form(t, "manifest", jobsManifest, "file/jobs.csv", jobsOf2023)
	if a := s.do(http.MethodPost, "/api/v1/deliveries", body[:len(body)-60], "Content-Type", kind); a.status != http.StatusServiceUnavailable {
		t.Errorf("a form that was cut: %d %s", a.status, a.body)
	}
	var r delivery.Receipt
	if a := post("", "manifest", jobsManifest, "file/jobs.csv", jobsOf2023); a.status != http.StatusOK || json.Unmarshal(a.body, &r) != nil || r.Accepted != 2 || r.Batch != "2023" || r.File != "jobs.csv" {
		t.Errorf("a manifest and its file: %d %s", a.status, a.body)
	}
	if a := post("dataset=jobs.events", "file/jobs.csv", jobsOf2024); a.status != http.StatusOK || json.Unmarshal(a.body, &r) != nil || r.Accepted != 3 {
		t.Errorf("a file alone: %d %s", a.status, a.body)
	}
	wrong := strings.Replace(jobsManifest, `"amount":"2"`, `"amount":"2.01"`, 1)
	if a := post("", "manifest", wrong, "file/jobs.csv", jobsOf2023); a.status != http.StatusOK || json.Unmarshal(a.body, &r) != nil || r.Status != delivery.Rejected {
		t.Errorf("a manifest that is a cent off: %d %s", a.status, a.body)
	}
}

// TestReceiptsAreSigned checks a receipt as a sender would: with the published
// key, from the answer and from the document that can be had later.
func TestReceiptsAreSigned(t *testing.T) {
	t.Parallel()
	s := serve(t)
	answer := s.do(http.MethodPost, "/api/v1/deliveries?dataset=jobs.events", jobsOf2023)
	var r receipt
	if err := json.Unmarshal(answer.body, &r); err != nil {
		t.Fatal(err)
	}
	var keys struct {
		Items []struct {
			KeyID     string `json:"key_id"`
			PublicKey string `json:"public_key"`
			Current   bool
		}
	}
	s.read("/api/v1/keys", &keys)
	if len(keys.Items) != 1 || !keys.Items[0].Current {
		t.Fatalf("the keys are %+v", keys)
	}
	key, err := sign.ParsePublicKey([]byte(keys.Items[0].PublicKey))
	if err != nil || key.ID() != keys.Items[0].KeyID {
		t.Fatalf("the key is %v, %v", key, err)
	}
	later := s.do(http.MethodGet, "/api/v1/deliveries/"+r.ID+"/receipt", "")
	for name, doc := range map[string][]byte{"answered": answer.body, "read later": later.body} {
		if problems, err := delivery.VerifyReceipt(doc, key, strings.NewReader(jobsOf2023)); err != nil || len(problems) > 0 {
			t.Errorf("%s: %v, %v\n%s", name, problems, err, doc)
		}
	}
	if a := s.do(http.MethodGet, "/api/v1/deliveries/D1/receipt", ""); a.status != http.StatusNotFound {
		t.Errorf("a receipt that is not there: %d %s", a.status, a.body)
	}
}

// TestCurl sends the form of docs/api.md with the client that it names.
func TestCurl(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	s := serve(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "m.json"), jobsManifest)
	write(t, filepath.Join(dir, "jobs.csv"), jobsOf2023)
	cmd := exec.CommandContext(t.Context(), "curl", "--silent", "--show-error", "--fail", "--noproxy", "*", "-F", "manifest=@m.json", "-F", "file=@jobs.csv", s.url+"/api/v1/deliveries")
	cmd.Dir = dir
	out, err := cmd.Output()
	var r receipt
	if err != nil || json.Unmarshal(out, &r) != nil || r.Accepted != 2 || r.File != "jobs.csv" {
		t.Errorf("curl: %v\n%s", err, out)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
