package app_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
	"github.com/jinyang-city/jinyang/internal/servertest"
)

// collected is an application whose receipts are kept.
type collected struct {
	*app.App
	receipts []string
}

func openCollected(t *testing.T, dir string) *collected {
	c := &collected{}
	c.App = open(t, app.Options{Data: dir, Pack: packDir, Fetched: func(name string, r *delivery.Receipt) {
		c.receipts = append(c.receipts, name+" "+balance(r))
	}})
	return c
}

// once asks all sources of a file until they have nothing new.
func (c *collected) once(t *testing.T, sources string) error {
	t.Helper()
	c.receipts = nil
	file := filepath.Join(t.TempDir(), "sources.yaml")
	password := filepath.Join(t.TempDir(), "password")
	sources = strings.ReplaceAll(sources, "PASSWORD", "file:"+password)
	if err := errors.Join(os.WriteFile(file, []byte(sources), 0o600), os.WriteFile(password, []byte(servertest.Password), 0o600)); err != nil {
		t.Fatal(err)
	}
	declared, err := c.LoadSources(file)
	if err != nil {
		t.Fatal(err)
	}
	return c.Collector.Once(context.Background(), declared, nil)
}

// TestTableCutHalfWay fetches a table over a connection that breaks half way,
// and then over one that holds: nothing is lost or there twice.
func TestTableCutHalfWay(t *testing.T) {
	t.Parallel()
	srv := servertest.Own(t, servertest.StartPostgres)
	db, proxy := srv.Create(t), servertest.NewProxy(t, srv.Addr())
	const n = 20_000
	db.Exec(t, `CREATE TABLE jobs ("no" text PRIMARY KEY, place text, day date, wage numeric(12,2), changed timestamptz NOT NULL)`,
		fmt.Sprintf(`INSERT INTO jobs SELECT 'A' || n, '小店区', date '2024-01-01' + n %% 300, n / 100.0, timestamptz '2024-10-01' + n * interval '1 second' FROM generate_series(1, %d) AS g(n)`, n))
	sources := fmt.Sprintf(`sources:
  - name: qz
    dataset: hrss.jobs
    every: 1m
    retry: {first: 1ms, most: 2ms}
    sqltable:
      {driver: postgres, host: 127.0.0.1, port: %d, database: %s, user: %s, password: "PASSWORD", tls: {mode: off}, table: %s.jobs,
       watermark: changed, key: [no], overlap: 10m, batch: 15000, columns: {no: 业务流水号, place: 登记地, day: 登记日期, wage: 工资}}
`, proxy.Port(), db.Name, servertest.User, db.Schema)
	c := openCollected(t, t.TempDir())
	proxy.CutAfter(400 << 10)
	if err := c.once(t, sources); err == nil || len(c.receipts) > 0 {
		t.Errorf("a connection that breaks: %v, %q", err, c.receipts)
	}
	wantTidy(t, c.App)
	proxy.CutAfter(-1)
	if err := c.once(t, sources); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(c.receipts, "; "), "qz committed 15000 = 15000 + 0 + 0; qz committed 5001 = 5000 + 0 + 1"; got != want { // the overlap reads one row again
		t.Errorf("got %s, want %s", got, want)
	}
	db.Exec(t, `UPDATE jobs SET wage = wage + 1, changed = timestamptz '2024-10-02' WHERE "no" = 'A7'`)
	if err := c.once(t, sources); err != nil {
		t.Fatal(err)
	}
	if rows := table(t, c.App); len(rows) != n {
		t.Errorf("%d rows, want %d", len(rows), n)
	}
	wantVerified(t, c.App)
}

// TestMessagesAndADeadServer gathers messages, one of them twice and one
// malformed, beside a server that hangs and stalls nobody.
func TestMessagesAndADeadServer(t *testing.T) {
	t.Parallel()
	srv := servertest.Own(t, servertest.StartMosquitto)
	dead := servertest.NewProxy(t, srv.Addr())
	dead.Hang()
	o := mqtt.NewClientOptions().AddBroker("tcp://" + srv.Addr()).SetClientID("jinyang-bus").SetCleanSession(false)
	client := mqtt.NewClient(o.SetUsername(servertest.User).SetPassword(servertest.Password))
	wait := func(token mqtt.Token) {
		t.Helper()
		if !token.WaitTimeout(sourcetest.Patience) || token.Error() != nil {
			t.Fatal(token.Error())
		}
	}
	wait(client.Connect())
	wait(client.Subscribe("jobs", 1, func(mqtt.Client, mqtt.Message) {}))
	client.Disconnect(250)
	client = mqtt.NewClient(o.SetClientID("sender"))
	wait(client.Connect())
	defer client.Disconnect(250)
	for _, text := range []string{
		`{"业务流水号":"A1","登记地":"小店区","登记日期":"2024-01-05","工资":"100"}`, `{"业务流水号":"A2","登记日期":"2024-01-06"}`, "not an object",
		`{"业务流水号":"A1","登记地":"小店区","登记日期":"2024-01-05","工资":"100"}`,
	} {
		wait(client.Publish("jobs", 1, false, text))
	}
	sources := fmt.Sprintf(`sources:
  - name: bus
    dataset: hrss.jobs
    every: 1m
    mqtt: {host: "%s", user: %s, password: "PASSWORD", tls: {mode: off}, topics: jobs, within: 200ms, wait: 500ms}
  - name: dead
    dataset: hrss.jobs
    every: 1m
    retry: {first: 1ms, most: 2ms}
    mqtt: {host: "%s", user: %[2]s, password: "PASSWORD", tls: {mode: off}, topics: jobs, connect: 300ms}
`, srv.Addr(), servertest.User, dead.Addr())
	c := openCollected(t, t.TempDir())
	if err := c.once(t, sources); err == nil || !strings.Contains(err.Error(), "dead") {
		t.Errorf("a server that hangs: %v", err)
	}
	if got, want := strings.Join(c.receipts, "; "), "bus committed 4 = 2 + 1 + 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	wantTable(t, c.App, afterFirst)
}
