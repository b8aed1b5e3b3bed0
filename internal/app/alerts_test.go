package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert/watch"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// qualityRule is raised by the second file of the tests, of whose four rows one
// is held back.
const qualityRule = `alert: quarantined
title: {zh: 被隔离的行过多, en: Too many rows were held back}
severity: warning
of: {quality: "*", quarantined_above: 10%}
`

// watchedPack is the pack of the tests with a rule of alerts.
func watchedPack(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pack")
	if err := os.CopyFS(dir, os.DirFS(packDir)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "alerts.yaml"), []byte(qualityRule), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// hooked declares a webhook for a data folder, and gives the keys that arrive.
func hooked(t *testing.T, data string) <-chan string {
	t.Helper()
	keys := make(chan string, 20)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { keys <- r.Header.Get("Idempotency-Key") }))
	t.Cleanup(s.Close)
	text := fmt.Sprintf("channels:\n  - {name: duty, webhook: {url: %s, private: true}}\n", s.URL)
	if err := os.WriteFile(filepath.Join(data, "alerts.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return keys
}

// look looks at the alerts once and sends, as jinyang alerts evaluate does.
func look(ctx context.Context, a *app.App) error {
	if _, err := a.UseChannels(); err != nil {
		return err
	}
	if _, err := a.Alerts.Evaluate(ctx); err != nil {
		return err
	}
	_, err := a.Alerts.Send(ctx)
	return err
}

// look kills the child at its step.
func (c *child) look(ctx context.Context, a *app.App) error {
	a.Alerts.Step = func(name string) {
		if name == c.Look {
			kill()
		}
	}
	return look(ctx, a)
}

// TestKilledWhileAlerting kills a process between keeping an alert and sending
// its message, and between sending it and keeping that. The alert is there once;
// the message is sent once, or in the second case twice with the same key.
func TestKilledWhileAlerting(t *testing.T) {
	t.Parallel()
	for step, want := range map[string]int{watch.StepKept: 1, watch.StepSent: 2} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			keys := hooked(t, data)
			p := child{Data: data, Pack: watchedPack(t), Content: []string{secondFile}, Look: step}.start(t)
			if !p.wait() {
				t.Fatalf("the process was not killed: %s", p.says)
			}
			a := open(t, app.Options{Data: data})
			for range 3 {
				if err := look(t.Context(), a); err != nil {
					t.Fatal(err)
				}
			}
			page, err := a.Alerts.Alerts(t.Context(), policy.Local("test"), store.AlertFilter{}, "", 0)
			if err != nil || len(page.Items) != 1 || page.Items[0].Occurrence != 1 || page.Items[0].Display != "25.0%" {
				t.Errorf("alerts: %+v, %v", page.Items, err)
			}
			if len(keys) != want {
				t.Fatalf("%d messages arrived, want %d", len(keys), want)
			}
			first := <-keys
			for len(keys) > 0 {
				if again := <-keys; again != first || first == "" {
					t.Errorf("the key %q came after %q", again, first)
				}
			}
			wantVerified(t, a)
		})
	}
}

// TestServingAlerts holds that a served city looks by itself soon after a
// delivery, sends, and says so to open browsers.
func TestServingAlerts(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	keys := hooked(t, data)
	a := open(t, app.Options{Data: data, Pack: watchedPack(t), Today: city.Date{Year: 2024, Month: time.March, Day: 1}})
	if _, err := a.UseChannels(); err != nil {
		t.Fatal(err)
	}
	l, err := app.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	events, _ := a.Live.Subscribe(ctx)
	go func() { done <- a.Serve(ctx, l) }()
	deliver(t, a, secondFile)
	select {
	case <-keys:
	case <-time.After(time.Minute):
		t.Fatal("nothing was sent")
	}
	for e := range events {
		if c, ok := e.Data.(watch.Counts); ok && e.Type == "alerts" {
			if c.Open != 1 || c.Warning != 1 {
				t.Errorf("counts %+v", c)
			}
			break
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
