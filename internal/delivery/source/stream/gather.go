// Package stream holds the kinds of source that gather messages into batches:
// nats (JetStream) and mqtt (MQTT 3.1.1). README.md says how to declare them.
//
// A message is acknowledged when it is written down, not when it is delivered:
//
//  1. messages are appended to the open file of the spool (Env.Folder) and
//     forced to the disk; killed before that, the broker still has them
//  2. they are acknowledged; killed between 1 and 2, the broker sends them
//     again, and the delivery finds rows that are there already
//  3. a file that is full, or old enough, is sealed by renaming it; it is a
//     batch, which comes again until it has a receipt
//  4. Settle removes the file; killed before that, the delivery finds that the
//     same file was committed
//
// The spool is sealed like evidence, for messages may hold ID numbers. It is
// bounded: when it is full because deliveries fail, nothing is taken from the
// broker any more, which keeps the messages.
package stream

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// Options are the keys that every kind of stream takes.
type Options struct {
	Host     string        `yaml:"host"` // name or address, with :port where it is not the usual one
	User     string        `yaml:"user"`
	Password source.Secret `yaml:"password"`
	TLS      source.TLS    `yaml:"tls"`

	Payload string   `yaml:"payload"` // json: one object a message; csv: one record or more
	Header  []string `yaml:"header"`  // names of the columns of csv

	Most    int64         `yaml:"most"`    // a batch is full with so many messages,
	Size    source.Bytes  `yaml:"size"`    // or so many bytes,
	Within  time.Duration `yaml:"within"`  // or so long after its first message
	Wait    time.Duration `yaml:"wait"`    // how long an empty stream is listened to at a time
	Spool   source.Bytes  `yaml:"spool"`   // what may lie on the disk undelivered
	Connect time.Duration `yaml:"connect"` // how long connecting may take
}

func defaults() Options {
	return Options{
		TLS: source.TLS{Mode: source.TLSVerify}, Payload: payloadJSON,
		Most: 50_000, Size: 64 << 20, Within: time.Minute, Wait: 2 * time.Second, Spool: 1 << 30, Connect: 15 * time.Second,
	}
}

// Words of Options.Payload.
const (
	payloadJSON = "json"
	payloadCSV  = "csv"
)

// check finds mistakes that need no connection.
func (o *Options) check(bad func(key, format string, args ...any)) error {
	if o.Host == "" {
		bad("host", "the server is not given")
	}
	if o.Payload != payloadJSON && o.Payload != payloadCSV {
		bad("payload", "%q is not one of json, csv", o.Payload)
	}
	if o.Payload == payloadJSON && len(o.Header) > 0 {
		bad("header", "the keys of the objects are the header of json")
	}
	for key, n := range map[string]int64{
		"most": o.Most, "size": int64(o.Size), "within": int64(o.Within), "wait": int64(o.Wait), "connect": int64(o.Connect),
	} {
		if n <= 0 {
			bad(key, "it must be above zero")
		}
	}
	if o.Spool < o.Size {
		bad("spool", "it has no room for one batch (size)")
	}
	host, _, _ := net.SplitHostPort(o.addr(0))
	return o.TLS.Check(host)
}

// addr is the server's host:port, with a port that is usual for the kind.
func (o *Options) addr(port int) string {
	if _, _, err := net.SplitHostPort(o.Host); err == nil {
		return o.Host
	}
	return net.JoinHostPort(strings.Trim(o.Host, "[]"), strconv.Itoa(port))
}

// gatherer makes batches out of what a kind writes to the spool.
type gatherer struct {
	*Options
	env   source.Env
	spool *spool
}

func newGatherer(o *Options, env source.Env) (*gatherer, error) {
	if env.Dataset == nil {
		return nil, city.Errorf(city.CodeInvalid, "a stream is of one dataset, and none is declared").At("dataset")
	}
	if env.Sealer == nil {
		return nil, city.Errorf(city.CodeInternal, "there is no vault to seal the spool")
	}
	f := &form{json: o.Payload == payloadJSON, comma: ','}
	if d := env.Dataset.Delivery.Delimiter; d != 0 {
		f.comma = d
	}
	if !f.json && env.Dataset.Delivery.Header != city.HeaderNone {
		if len(o.Header) == 0 {
			return nil, city.Errorf(city.CodeInvalid, "the columns of the records are not named").At("header").WithHint("write header: [A, B, …] in the order of the records")
		}
		f.header = f.record(o.Header)
	}
	s, err := openSpool(env, f, o)
	if err != nil {
		return nil, city.Outside(err, "the spool cannot be opened")
	}
	return &gatherer{o, env, s}, nil
}

// broker is where messages come from.
type broker interface {
	// ready sees to a connection that lives.
	ready(ctx context.Context) error
	// more waits until messages were written down, or until short ends, which
	// is no error.
	more(ctx, short context.Context) error
}

// next gives the oldest batch of the spool. While there is none it waits for
// messages.
func (g *gatherer) next(ctx context.Context, b broker) (*source.Batch, error) {
	if err := g.spool.reopen(); err != nil {
		return nil, city.Outside(err, "the spool cannot be opened")
	}
	if name, ok := g.spool.oldest(); ok {
		return g.batch(name)
	}
	err := b.ready(ctx)
	for idle := g.env.Now().Add(g.Wait); err == nil; {
		if name, ok := g.spool.oldest(); ok {
			return g.batch(name)
		}
		until, empty := g.spool.due()
		if empty {
			until = idle
		}
		left := until.Sub(g.env.Now())
		switch {
		case left > 0:
			err = g.wait(ctx, left, b)
		case empty:
			return nil, nil
		default:
			err = city.Outside(g.spool.seal(), "the spool cannot be written")
		}
	}
	if ctx.Err() != nil {
		return nil, err
	}
	return g.rest(err)
}

// rest gives what had come before the stream broke off as a batch, whatever
// its age. The error is told when there is nothing.
func (g *gatherer) rest(broke error) (*source.Batch, error) {
	if err := g.spool.seal(); err != nil {
		return nil, city.Outside(err, "the spool cannot be written")
	}
	if name, ok := g.spool.oldest(); ok {
		return g.batch(name)
	}
	return nil, broke
}

func (g *gatherer) wait(ctx context.Context, d time.Duration, b broker) error {
	short, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	if err := b.more(ctx, short); err != nil {
		return err
	}
	return city.Outside(ctx.Err(), "waiting for messages")
}

func (g *gatherer) batch(name string) (*source.Batch, error) {
	f, err := g.spool.open(name)
	if err != nil {
		return nil, city.Outside(err, "the spool cannot be read")
	}
	return &source.Batch{Name: g.env.Name + "-" + name, Content: f, Settle: func(context.Context, source.Outcome) error {
		return city.Outside(g.spool.remove(name), "the spool cannot be emptied")
	}}, nil
}

// errFull says that no more is taken from the broker.
var errFull = city.Errorf("busy.spool", "the spool is full of messages that were not delivered yet")

// errClosed ends what waits when the source is closed.
var errClosed = city.Errorf("unavailable.closed", "the source was closed")

// errSilent says that the broker took too long.
var errSilent = city.Errorf("unavailable.stalled", "the broker does not answer in time")

// refused is the error for a broker that does not let the user in.
func (o *Options) refused() error {
	return city.Errorf("forbidden.password", "the broker refuses the user %s", o.User).WithHint("mend user or password, or ask the broker's keeper for the right to read there")
}

// gone says whether a file is not there.
func gone(err error) bool { return errors.Is(err, os.ErrNotExist) }
