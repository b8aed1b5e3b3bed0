package notify_test

import (
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// read takes a letter apart.
func read(t *testing.T, l letter) (header mail.Header, subject, body string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(l.data))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
	if err != nil {
		t.Fatal(err)
	}
	subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header, subject, string(raw)
}

func TestEmail(t *testing.T) {
	t.Parallel()
	box := newMailbox(t, nil)
	c := channel(t, fmt.Sprintf("  - {name: duty, email: {server: '%s', security: none, from: jinyang@example.org, to: [a@example.org, b@example.org]}}", box.listener.Addr()), "/")
	for range 2 {
		if err := c.Send(t.Context(), message()); err != nil {
			t.Fatal(err)
		}
	}
	l := <-box.got
	header, subject, body := read(t, l)
	if len(l.to) != 2 || !strings.Contains(l.from, "jinyang@example.org") || subject != "【警告·新预警】数据批次逾期未交：就业登记" {
		t.Errorf("from %s to %v: %s", l.from, l.to, subject)
	}
	for _, want := range []string{"已迟 3 天", "人社局", "请补交", "http://127.0.0.1:8080/alerts?id=A1", "模拟数据", message().Key} {
		if !strings.Contains(body, want) {
			t.Errorf("the mail does not say %s:\n%s", want, body)
		}
	}
	again, _, _ := read(t, <-box.got)
	if id := header.Get("Message-Id"); id != "<"+message().Key+"@example.org>" || again.Get("Message-Id") != id || header.Get("Idempotency-Key") != message().Key || header.Get("Auto-Submitted") == "" {
		t.Errorf("headers %v, then %v", header, again)
	}
}

func TestEmailInEnglish(t *testing.T) {
	t.Parallel()
	box := newMailbox(t, nil)
	m := message()
	m.Items = append(m.Items, m.Items[0])
	c := channel(t, fmt.Sprintf("  - {name: duty, language: en, email: {server: '%s', security: none, from: j@example.org, to: [a@example.org]}}", box.listener.Addr()), "/")
	if err := c.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if _, subject, body := read(t, <-box.got); subject != "[warning, raised] A batch has not come: Employment and 1 more" || !strings.Contains(body, "3 days late") || !strings.Contains(body, "simulated") {
		t.Errorf("%s\n%s", subject, body)
	}
}

// TestEmailTLS holds that a password goes only to a server whose certificate is
// good, and never in the clear.
func TestEmailTLS(t *testing.T) {
	t.Parallel()
	conf, raw := certificate(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	box := newMailbox(t, func(m *mailbox) { m.tls, m.user, m.password = conf, "jinyang", "hunter2" })
	declare := func(password, tls string) string {
		return fmt.Sprintf("  - {name: duty, email: {server: '%s', user: jinyang, password: 'file:%s', from: j@example.org, to: [a@example.org]%s}}", box.listener.Addr(), secretFile(t, password), tls)
	}
	if err := channel(t, declare("hunter2", ", tls: {mode: verify, ca: ca.pem}"), dir).Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	if l := <-box.got; !l.secure || !l.authOK || l.sawPlain {
		t.Errorf("secure %t, let in %t, in the clear %t", l.secure, l.authOK, l.sawPlain)
	}
	if err := channel(t, declare("hunter2", ""), dir).Send(t.Context(), message()); city.CodeOf(err) != "forbidden.certificate" && city.CodeOf(err) != "unavailable.email" {
		t.Errorf("an unknown authority: %v", err)
	}
	err := channel(t, declare("wrong", ", tls: {mode: verify, ca: ca.pem}"), dir).Send(t.Context(), message())
	if city.CodeOf(err) != "unavailable.email" || strings.Contains(err.Error(), "wrong") {
		t.Errorf("a wrong password: %v", err)
	}
	plain := newMailbox(t, nil) // offers no STARTTLS
	if err := channel(t, fmt.Sprintf("  - {name: duty, email: {server: '%s', from: j@example.org, to: [a@example.org]}}", plain.listener.Addr()), dir).Send(t.Context(), message()); err == nil || len(plain.got) > 0 {
		t.Errorf("sent in the clear: %v", err)
	}
}

// TestEmailRefused holds that an error names no receiver.
func TestEmailRefused(t *testing.T) {
	t.Parallel()
	box := newMailbox(t, func(m *mailbox) { m.refuse = true })
	err := channel(t, fmt.Sprintf("  - {name: duty, email: {server: '%s', security: none, from: j@example.org, to: [a@example.org]}}", box.listener.Addr()), "/").Send(t.Context(), message())
	if city.CodeOf(err) != "unavailable.email" || strings.Contains(err.Error(), "example.org") || len(box.got) > 0 {
		t.Errorf("got %v", err)
	}
}
