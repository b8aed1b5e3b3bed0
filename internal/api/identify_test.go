package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/policy"
)

// TestIdentify holds that sealed texts show to nobody without the right, and
// with it only for a reason.
func TestIdentify(t *testing.T) {
	t.Parallel()
	const reveal, identify = "/api/v1/quarantine/reveal", "/api/v1/reidentify"
	closed := serve(t)
	open, _ := serveApp(t, policy.RightIdentify)
	const rows = "id,day,place,kind,amount\na1,2023-01-01,140105,hire,1\na2,2023-13-01,140105,hire,1\n"
	closed.deliver("dataset=jobs.events", rows)
	r := open.deliver("dataset=jobs.events", rows)
	body := fmt.Sprintf(`{"delivery_id": %q, "row": 2, "reason": "核实"}`, r.ID)
	for _, c := range []struct {
		s          *server
		path, body string
		status     int
		code       string
	}{
		{closed, reveal, body, http.StatusForbidden, "forbidden.identify"},
		{closed, identify, `{"tokens": ["aaaaaaaaaaaaaaaaaaaaaaaaaa"], "reason": "核实"}`, http.StatusForbidden, "forbidden.identify"},
		{open, reveal, strings.Replace(body, "核实", " ", 1), http.StatusUnprocessableEntity, "invalid.reason"},
		{open, reveal, strings.Replace(body, `"row": 2`, `"row": 1`, 1), http.StatusNotFound, "not_found"},
		{open, identify, `{"tokens": ["aaaaaaaaaaaaaaaaaaaaaaaaaa"], "reason": "核实"}`, http.StatusNotFound, "not_found.token"},
		{open, identify, `{"tokens": [], "reason": "核实"}`, http.StatusUnprocessableEntity, ""},
	} {
		if got := c.s.do(http.MethodPost, c.path, c.body, "Content-Type", "application/json"); got.status != c.status || !strings.Contains(string(got.body), c.code) {
			t.Errorf("%s %s: %d %s, want %d %s", c.path, c.body, got.status, got.body, c.status, c.code)
		}
	}
	got := open.do(http.MethodPost, reveal, body, "Content-Type", "application/json")
	if got.status != http.StatusOK || !strings.Contains(string(got.body), "a2,2023-13-01,140105,hire,1") {
		t.Errorf("%d %s", got.status, got.body)
	}
}
