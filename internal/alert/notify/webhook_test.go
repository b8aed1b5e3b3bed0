package notify_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/alert/notify"
	"github.com/jinyang-city/jinyang/internal/city"
)

// message is one that every channel sends.
func message() alert.Message {
	return alert.Message{Key: "0123456789abcdef", Channel: "duty", At: time.Date(2024, 11, 1, 9, 0, 0, 0, time.UTC), City: city.Text{ZH: "太原市", EN: "Taiyuan"}, Items: []alert.Item{{
		Alert: "A1", Kind: alert.EventRaised, RuleTitle: city.Text{ZH: "数据批次逾期未交", EN: "A batch has not come"}, Note: city.Text{ZH: "请补交", EN: "Send it"}, Severity: city.SeverityWarning,
		OwnerTitle: city.Text{ZH: "人社局", EN: "Human Resources"}, Title: city.Text{ZH: "就业登记", EN: "Employment"}, Text: city.Text{ZH: "已迟 3 天", EN: "3 days late"},
		Since: time.Date(2024, 11, 1, 9, 0, 0, 0, time.UTC), Occurrence: 1, Simulated: true, Path: "/alerts?id=A1"}}}
}

// channel declares one channel and gives it.
func channel(t *testing.T, text, base string) *notify.Channel {
	t.Helper()
	list, err := notify.Parse([]byte("console: http://127.0.0.1:8080/\nchannels:\n"+text), "alerts.yaml", base, nil)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d channels, %v", len(list), err)
	}
	return list[0]
}

// secretFile writes a secret that only its owner may read.
func secretFile(t *testing.T, secret string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

type posted struct {
	header http.Header
	body   []byte
}

// hook is a server that keeps what is posted and answers with a status.
func hook(t *testing.T, secure bool, status int) (*httptest.Server, <-chan posted) {
	t.Helper()
	got := make(chan posted, 10)
	serve := httptest.NewServer
	if secure {
		serve = httptest.NewTLSServer
	}
	s := serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // a test's own request
		got <- posted{r.Header, body}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s, got
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"sha256", "sm3"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s, got := hook(t, false, http.StatusAccepted)
			c := channel(t, fmt.Sprintf("  - {name: duty, webhook: {url: %s/x?y=1, secret: 'file:%s', signature: %s, private: true}}", s.URL, secretFile(t, "hunter2"), kind), "/")
			if err := c.Send(t.Context(), message()); err != nil {
				t.Fatal(err)
			}
			p := <-got
			want := kind + "=" + notify.Sign(kind, "hunter2", p.header.Get("Jinyang-Timestamp"), p.body)
			if p.header.Get("Idempotency-Key") != message().Key || p.header.Get("Jinyang-Signature") != want || p.header.Get("Content-Type") != "application/json" {
				t.Errorf("headers %v, want the signature %s", p.header, want)
			}
			var m struct {
				alert.Message
				Console string `json:"console"`
			}
			if err := json.Unmarshal(p.body, &m); err != nil || m.Key != message().Key || len(m.Items) != 1 || m.Items[0].Text.ZH != "已迟 3 天" || m.Console != "http://127.0.0.1:8080" {
				t.Errorf("%v: %s", err, p.body)
			}
		})
	}
}

// TestWebhookFails holds that what is not an answer of the 200s is a failure,
// that no redirect is followed, and that no error tells the address.
func TestWebhookFails(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]city.Code{500: "unavailable.webhook", 404: "unavailable.webhook", 302: "invalid.redirect", 307: "invalid.redirect"} {
		s, got := hook(t, false, status)
		err := channel(t, fmt.Sprintf("  - {name: duty, webhook: {url: %s/token, private: true}}", s.URL), "/").Send(t.Context(), message())
		if city.CodeOf(err) != want || strings.Contains(err.Error(), "token") || len(got) != 1 {
			t.Errorf("%d: %v after %d requests", status, err, len(got))
		}
	}
	s, _ := hook(t, false, 200)
	url := s.URL
	if err := channel(t, "  - {name: duty, webhook: {url: "+url+"}}", "/").Send(t.Context(), message()); city.CodeOf(err) != "forbidden.address" {
		t.Errorf("a private address is called: %v", err)
	}
	s.Close()
	if err := channel(t, "  - {name: duty, webhook: {url: "+url+"/token, private: true}}", "/").Send(t.Context(), message()); city.CodeOf(err) != "unavailable.webhook" || strings.Contains(err.Error(), "token") {
		t.Errorf("nobody listens: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := channel(t, "  - {name: duty, webhook: {url: "+url+", private: true}}", "/").Send(ctx, message()); err == nil {
		t.Error("sent after the context ended")
	}
}

// TestWebhookTLS holds that a certificate is verified, against the authority
// that is declared.
func TestWebhookTLS(t *testing.T) {
	t.Parallel()
	s, _ := hook(t, true, 200)
	err := channel(t, "  - {name: duty, webhook: {url: "+s.URL+", private: true}}", "/").Send(t.Context(), message())
	if city.CodeOf(err) != "forbidden.certificate" {
		t.Errorf("an unknown authority: %v", err)
	}
	dir := t.TempDir()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), ca, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := channel(t, "  - {name: duty, webhook: {url: "+s.URL+", private: true, tls: {mode: verify, ca: ca.pem}}}", dir).Send(t.Context(), message()); err != nil {
		t.Errorf("with its authority: %v", err)
	}
}
