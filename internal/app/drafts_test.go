package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/packs"
)

const draftText = "2026年重点工作安排\n城镇新增就业不少于8.2万人，造林绿化12万亩。\n"

// ask sends a request to the program and reads its answer.
func ask(t *testing.T, h http.Handler, method, path, body string, want int) map[string]any {
	t.Helper()
	r := httptest.NewRequest(method, "http://localhost/api/v1"+path, bytes.NewBufferString(body))
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	out := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != want {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return out
}

// TestDraftBecomesTargets hands a text in, accepts what it promises, writes it
// to the pack, opens the folder again, and takes it back.
func TestDraftBecomesTargets(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "d")
	a := open(t, app.Options{Data: dir})
	h := a.Handler()
	d := ask(t, h, http.MethodPost, "/drafts?filename=plan.txt", draftText, http.StatusOK)
	id := d["id"].(string)
	if kept, err := os.ReadFile(filepath.Join(dir, "drafts", d["sha256"].(string))); err != nil || string(kept) != draftText {
		t.Errorf("the file is not kept: %v", err)
	}
	for n := range d["targets"].([]any) {
		ask(t, h, http.MethodPatch, fmt.Sprintf("/drafts/%s/targets/%d", id, n+1), `{"version":0,"state":"accepted"}`, http.StatusOK)
	}
	ask(t, h, http.MethodPatch, "/drafts/"+id+"/targets/1", `{"version":0,"state":"rejected"}`, http.StatusConflict)
	const writing = `{"name":"plan2026","plan":"","chapter":"","owner":"government","title":{"zh":"2026年工作安排","en":""},"publisher":"","published":""}`
	if p := ask(t, h, http.MethodPost, "/drafts/"+id+"/preview", writing, http.StatusOK); len(p["problems"].([]any)) > 0 {
		t.Fatalf("%v\n%s", p["problems"], p["yaml"])
	}
	ask(t, h, http.MethodPost, "/drafts/"+id+"/write", writing, http.StatusOK)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = open(t, app.Options{Data: dir})
	if _, err := a.City().Target("plan2026.t1"); err != nil {
		t.Errorf("the target is not in force after a new start: %v", err)
	}
	wantVerified(t, a)
	ask(t, a.Handler(), http.MethodPost, "/drafts/"+id+"/undo", "", http.StatusOK)
	if _, err := a.City().Target("plan2026.t1"); err == nil {
		t.Error("the target is still in force")
	}
}

// TestForeignPackIsNotWritten keeps a folder that was given with --pack as its
// owner wrote it.
func TestForeignPackIsNotWritten(t *testing.T) {
	t.Parallel()
	foreign := t.TempDir()
	embedded, err := packs.Taiyuan()
	if err == nil {
		err = os.CopyFS(foreign, embedded)
	}
	if err != nil {
		t.Fatal(err)
	}
	a := open(t, app.Options{Data: filepath.Join(t.TempDir(), "d"), Pack: foreign})
	h := a.Handler()
	id := ask(t, h, http.MethodPost, "/drafts?filename=plan.txt", draftText, http.StatusOK)["id"].(string)
	ask(t, h, http.MethodPatch, "/drafts/"+id+"/targets/1", `{"version":0,"state":"accepted"}`, http.StatusOK)
	const writing = `{"name":"plan2026","plan":"","chapter":"","owner":"","title":{"zh":"","en":""},"publisher":"","published":""}`
	if p := ask(t, h, http.MethodPost, "/drafts/"+id+"/preview", writing, http.StatusOK); p["writable"] != false || !strings.Contains(p["yaml"].(string), "plan2026.t1") {
		t.Errorf("%v", p)
	}
	ask(t, h, http.MethodPost, "/drafts/"+id+"/write", writing, http.StatusConflict)
	if _, err := os.Stat(filepath.Join(foreign, "targets", "plan2026.yaml")); err == nil {
		t.Error("the folder was written")
	}
}
