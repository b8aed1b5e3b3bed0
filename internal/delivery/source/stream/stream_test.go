package stream_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
	"github.com/jinyang-city/jinyang/internal/delivery/source/stream"
	"github.com/jinyang-city/jinyang/internal/servertest"
)

var (
	natsServer = servertest.Share(servertest.StartNATS)
	mosquitto  = servertest.Share(servertest.StartMosquitto)
)

func TestMain(m *testing.M) { os.Exit(servertest.Run(m, natsServer, mosquitto)) }

// dataset is what all messages are of.
var dataset = &city.Dataset{Name: "a.b"}

// serial tells the streams and topics of tests apart.
var serial atomic.Int64

func unique(what string) string { return fmt.Sprintf("%s%d", what, serial.Add(1)) }

// secret keeps a text in a file.
func secret(t testing.TB, text string) source.Secret {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return source.Secret("file:" + path)
}

// quick are options for tests: batches are soon due.
func quick(t testing.TB, o *stream.Options, proxy *servertest.Proxy) {
	o.Host, o.User, o.Password, o.TLS.Mode = proxy.Addr(), servertest.User, secret(t, servertest.Password), source.TLSOff
	o.Within, o.Wait = 30*time.Millisecond, 300*time.Millisecond
}

// object is a row as a message.
type object struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

func readRows(t testing.TB, content []byte) []sourcetest.Row {
	var rows []sourcetest.Row
	for line := range bytes.Lines(content) {
		var o object
		if err := json.Unmarshal(line, &o); err != nil {
			t.Error(err)
		}
		rows = append(rows, sourcetest.Row{ID: o.ID, Name: o.Name})
	}
	return rows
}

// natsSender is a stream of a real server, behind a proxy.
type natsSender struct {
	proxy  *servertest.Proxy
	js     jetstream.JetStream
	stream string
}

func newNATS(t testing.TB, srv *servertest.Broker) *natsSender {
	conn, err := nats.Connect("nats://"+srv.Addr(), nats.UserInfo(servertest.User, servertest.Password), nats.ReconnectWait(20*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	s := &natsSender{proxy: servertest.NewProxy(t, srv.Addr()), js: js, stream: unique("S")}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: s.stream, Subjects: []string{s.stream + ".>"}}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *natsSender) options(t testing.TB) *stream.NATSOptions {
	o := stream.NATS().Options().(*stream.NATSOptions)
	quick(t, &o.Options, s.proxy)
	o.Stream, o.Subject = s.stream, s.stream+".rows"
	return o
}

func (s *natsSender) Options(t testing.TB) source.Options { return s.options(t) }

func (s *natsSender) Put(t testing.TB, _ string, rows []sourcetest.Row) {
	for _, r := range rows {
		text, err := json.Marshal(object{r.ID, r.Name})
		if err == nil {
			_, err = s.js.Publish(context.Background(), s.stream+".rows", text, jetstream.WithRetryAttempts(100), jetstream.WithRetryWait(50*time.Millisecond))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (s *natsSender) Rows(t testing.TB, content []byte) []sourcetest.Row { return readRows(t, content) }
func (s *natsSender) Hang(testing.TB) <-chan struct{}                    { return s.proxy.Hang() }

func (s *natsSender) Wrong(t testing.TB) (source.Options, string) {
	const password = "not-the-password"
	o := s.options(t)
	o.Password = secret(t, password)
	return o, password
}

// mqttSender is a topic of a real broker, behind a proxy. Its session was made
// before anything is sent.
type mqttSender struct {
	proxy  *servertest.Proxy
	addr   string
	topic  string
	client string
}

func newMQTT(t testing.TB, srv *servertest.Broker) *mqttSender {
	s := &mqttSender{proxy: servertest.NewProxy(t, srv.Addr()), addr: srv.Addr(), topic: unique("rows/"), client: unique("client")}
	c := s.connect(t, s.client)
	done(t, c.Subscribe(s.topic, 1, func(mqtt.Client, mqtt.Message) {}))
	c.Disconnect(250)
	return s
}

func (s *mqttSender) connect(t testing.TB, id string) mqtt.Client {
	o := mqtt.NewClientOptions().AddBroker("tcp://" + s.addr).SetClientID(id).SetCleanSession(false)
	o.SetUsername(servertest.User).SetPassword(servertest.Password).SetAutoReconnect(false)
	c := mqtt.NewClient(o)
	done(t, c.Connect())
	return c
}

func done(t testing.TB, token mqtt.Token) {
	t.Helper()
	if !token.WaitTimeout(sourcetest.Patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
}

func (s *mqttSender) options(t testing.TB) *stream.MQTTOptions {
	o := stream.MQTT().Options().(*stream.MQTTOptions)
	quick(t, &o.Options, s.proxy)
	o.Topics, o.ClientID = []string{s.topic}, s.client
	return o
}

func (s *mqttSender) Options(t testing.TB) source.Options { return s.options(t) }

func (s *mqttSender) Put(t testing.TB, _ string, rows []sourcetest.Row) {
	c := s.connect(t, unique("sender"))
	defer c.Disconnect(250)
	var last mqtt.Token
	for _, r := range rows {
		text, err := json.Marshal(object{r.ID, r.Name})
		if err != nil {
			t.Fatal(err)
		}
		last = c.Publish(s.topic, 1, false, text)
	}
	done(t, last)
}

func (s *mqttSender) Rows(t testing.TB, content []byte) []sourcetest.Row { return readRows(t, content) }
func (s *mqttSender) Hang(testing.TB) <-chan struct{}                    { return s.proxy.Hang() }

func (s *mqttSender) Wrong(t testing.TB) (source.Options, string) {
	const password = "not-the-password"
	o := s.options(t)
	o.Password = secret(t, password)
	return o, password
}

func TestConformance(t *testing.T) {
	natsSrv, mqttSrv := natsServer.Get(t), mosquitto.Get(t) // before the suite counts goroutines
	t.Run("nats", func(t *testing.T) {
		sourcetest.Run(t, sourcetest.Harness{Dataset: dataset, New: func(t testing.TB) sourcetest.Sender { return newNATS(t, natsSrv) }})
	})
	t.Run("mqtt", func(t *testing.T) {
		sourcetest.Run(t, sourcetest.Harness{Dataset: dataset, New: func(t testing.TB) sourcetest.Sender { return newMQTT(t, mqttSrv) }})
	})
}

// TestNoSecret holds that a password which is not there is told as such.
func TestNoSecret(t *testing.T) {
	t.Parallel()
	n, m := newNATS(t, natsServer.Get(t)).options(t), newMQTT(t, mosquitto.Get(t)).options(t)
	n.Password, m.Password = "env:JINYANG_NO_SUCH_SECRET", "env:JINYANG_NO_SUCH_SECRET"
	for _, o := range []source.Options{n, m} {
		src, err := o.Open(t.Context(), sourcetest.Env(t, dataset))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := src.Next(t.Context(), ""); city.CodeOf(err) != "invalid.secret" {
			t.Errorf("%T: %v", o, err)
		}
		if err := src.Close(); err != nil {
			t.Error(err)
		}
	}
	n.Password, n.Stream = secret(t, servertest.Password), "NONE"
	src, err := n.Open(t.Context(), sourcetest.Env(t, dataset))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if _, err := src.Next(t.Context(), ""); city.CodeOf(err) != "not_found.stream" {
		t.Errorf("no such stream: %v", err)
	}
}

// drain takes batches until so many different rows came, and settles each.
func drain(ctx context.Context, t *testing.T, src source.Source, want int) (seen map[int]int, batches []int) {
	t.Helper()
	seen = map[int]int{}
	for len(seen) < want && ctx.Err() == nil {
		b, err := src.Next(ctx, "")
		if city.CodeOf(err).Root() == city.CodeUnavailable {
			continue // as the collector does, after a while
		}
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			continue
		}
		text, err := io.ReadAll(bufio.NewReader(b.Content))
		if err != nil {
			t.Fatal(err)
		}
		rows := readRows(t, text)
		for _, r := range rows {
			seen[r.ID]++
		}
		batches = append(batches, len(rows))
		if err := b.Content.Close(); err != nil {
			t.Error(err)
		}
		if err := b.Settle(ctx, sourcetest.Committed()); err != nil {
			t.Error(err)
		}
	}
	return seen, batches
}

func several(n int) []sourcetest.Row {
	rows := make([]sourcetest.Row, n)
	for i := range rows {
		rows[i] = sourcetest.Row{ID: i + 1, Name: "x"}
	}
	return rows
}

// TestBatches holds that a batch is full with so many messages, and that a
// spool which nobody empties takes no more than its bound.
func TestBatches(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]sourcetest.Sender{"nats": newNATS(t, natsServer.Get(t)), "mqtt": newMQTT(t, mosquitto.Get(t))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const n = 3000
			s.Put(t, "", several(n))
			o := s.Options(t)
			var common *stream.Options
			switch o := o.(type) {
			case *stream.NATSOptions:
				common = &o.Options
			case *stream.MQTTOptions:
				common = &o.Options
			}
			common.Most, common.Size, common.Spool = 400, 8<<10, 20<<10 // of about 26 bytes each: 3000 need 78 KiB
			common.Within = time.Second
			env := sourcetest.Env(t, dataset)
			src, err := o.Open(t.Context(), env)
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 2*sourcetest.Patience)
			defer cancel()
			seen, batches := drain(ctx, t, src, n)
			if len(seen) != n {
				t.Errorf("%d of %d messages", len(seen), n)
			}
			for _, b := range batches {
				if b > 400 {
					t.Errorf("a batch of %d messages", b)
				}
			}
		})
	}
}

// TestBrokerRestarts holds that nothing is lost when the broker goes away and
// comes back, with messages sent before, between and after.
func TestBrokerRestarts(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(t *testing.T) (*servertest.Broker, sourcetest.Sender){
		"mqtt": func(t *testing.T) (*servertest.Broker, sourcetest.Sender) {
			srv := servertest.Own(t, servertest.StartMosquitto)
			return srv, newMQTT(t, srv)
		},
		"nats": func(t *testing.T) (*servertest.Broker, sourcetest.Sender) {
			srv := servertest.Own(t, servertest.StartNATS)
			return srv, newNATS(t, srv)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, s := start(t)
			testRestart(t, srv, s)
		})
	}
}

func testRestart(t *testing.T, srv *servertest.Broker, s sourcetest.Sender) {
	src, err := s.Options(t).Open(t.Context(), sourcetest.Env(t, dataset))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*sourcetest.Patience)
	defer cancel()
	const n = 900
	rows := several(n)
	s.Put(t, "", rows[:n/3])
	first, _ := drain(ctx, t, src, n/9)
	s.Put(t, "", rows[n/3:2*n/3])
	srv.Halt()
	if _, err := src.Next(ctx, ""); err != nil && city.CodeOf(err).Root() != city.CodeUnavailable {
		t.Errorf("without a broker: %v", err)
	}
	if err := srv.Resume(); err != nil {
		t.Fatal(err)
	}
	s.Put(t, "", rows[2*n/3:])
	rest, _ := drain(ctx, t, src, n-len(first))
	for id := 1; id <= n; id++ {
		if first[id]+rest[id] == 0 {
			t.Errorf("message %d was lost", id)
		}
	}
}
