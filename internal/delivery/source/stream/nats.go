package stream

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// NATS is the entry for the table of kinds.
func NATS() source.Kind {
	return source.Kind{Name: "nats", Options: func() source.Options { return &NATSOptions{Options: defaults()} }}
}

// NATSOptions declare messages of a JetStream stream.
type NATSOptions struct {
	Stream  string `yaml:"stream"`
	Subject string `yaml:"subject"` // "" all of the stream
	Durable string `yaml:"durable"` // name of the consumer; "" jinyang-NAME

	Options `yaml:",inline"`
}

var (
	_ source.Options = (*NATSOptions)(nil)
	_ source.Located = (*NATSOptions)(nil)
	_ broker         = (*natsSource)(nil)
)

const natsPort = 4222

// Check finds mistakes that need no connection.
func (o *NATSOptions) Check() error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, city.Errorf(city.CodeInvalid, format, args...).At(key))
	}
	if o.Stream == "" {
		bad("stream", "the stream is not given")
	}
	errs = append(errs, o.check(bad))
	return errors.Join(errs...)
}

// Location says where the source reads, for lists of sources.
func (o *NATSOptions) Location() string {
	where := "nats://" + o.addr(natsPort) + "/" + o.Stream
	if o.Subject != "" {
		where += "/" + o.Subject
	}
	return where
}

// Open makes the source. It connects when it is asked for a batch.
func (o *NATSOptions) Open(_ context.Context, env source.Env) (source.Source, error) {
	g, err := newGatherer(&o.Options, env)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	return &natsSource{gatherer: g, options: o, closing: ctx, cancel: cancel}, nil
}

// natsSource pulls messages while Next waits, and at no other time: the
// stream keeps them.
type natsSource struct {
	*gatherer
	options *NATSOptions
	closing context.Context
	cancel  context.CancelCauseFunc

	mu       sync.Mutex
	conn     *nats.Conn
	consumer jetstream.Consumer
}

// Close ends the connection.
func (n *natsSource) Close() error {
	n.cancel(errClosed)
	n.drop()
	return city.Outside(n.spool.close(), "the spool cannot be closed")
}

func (n *natsSource) drop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.conn != nil {
		n.conn.Close()
	}
	n.conn, n.consumer = nil, nil
}

// Next gives the oldest batch of messages.
func (n *natsSource) Next(ctx context.Context, _ string) (*source.Batch, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(n.closing, func() { cancel(errClosed) })()
	b, err := n.next(ctx, n)
	if cause := context.Cause(n.closing); err != nil && cause != nil {
		return nil, cause
	}
	return b, err
}

// pulls are how many messages are asked for at once, and held in memory: with
// the usual limit of a message, 1 MiB, 64 MiB at most.
const pulls = 64

// ready connects, if there is room for messages.
func (n *natsSource) ready(ctx context.Context) error {
	if !n.spool.room() {
		return errFull
	}
	_, err := n.connected(ctx)
	return err
}

// more asks for messages until short ends, writes them down and acknowledges
// them.
func (n *natsSource) more(ctx, short context.Context) error {
	if !n.spool.room() {
		return errFull
	}
	c, err := n.connected(ctx)
	if err != nil {
		return err
	}
	got, err := c.Fetch(pulls, jetstream.FetchContext(pull{ctx, short}))
	if errors.Is(err, jetstream.ErrInvalidOption) { // short has just ended
		return nil
	}
	if err != nil {
		return n.broken(ctx, err)
	}
	var messages []jetstream.Msg
	var texts [][]byte
	for m := range got.Messages() {
		messages, texts = append(messages, m), append(texts, m.Data())
	}
	if err := n.spool.append(texts); err != nil {
		return city.Outside(err, "messages cannot be written down")
	}
	for _, m := range messages {
		if err := m.Ack(); err != nil {
			return n.broken(ctx, err)
		}
	}
	if err := got.Error(); err != nil && ctx.Err() == nil { // the consumer is gone, for example
		return n.broken(ctx, err)
	}
	return n.alive(ctx)
}

// pull is the context of one request for messages. The server ends the request
// when the time of short is nearly over, and says so behind the last message;
// the client waits for that, a second beyond, and not to the end of short: a
// message that is on its way when nobody listens any more counts as sent, and
// comes again only when the time for its acknowledgement has passed.
type pull struct {
	context.Context
	short context.Context
}

// Deadline is that of the server.
func (p pull) Deadline() (time.Time, bool) { return p.short.Deadline() }

// alive asks the server for a sign of life, behind which all acknowledgements
// have reached it.
func (n *natsSource) alive(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, n.Connect, errSilent)
	defer cancel()
	n.mu.Lock()
	c := n.conn
	n.mu.Unlock()
	if c == nil {
		return errClosed
	}
	if err := c.FlushWithContext(ctx); err != nil {
		return n.broken(ctx, err)
	}
	return nil
}
