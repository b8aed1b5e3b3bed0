package stream

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// MQTT is the entry for the table of kinds.
func MQTT() source.Kind {
	return source.Kind{Name: "mqtt", Options: func() source.Options { return &MQTTOptions{Options: defaults()} }}
}

// MQTTOptions declare messages of an MQTT 3.1.1 broker.
type MQTTOptions struct {
	Topics   []string `yaml:"topics"`    // with + and # for any
	ClientID string   `yaml:"client_id"` // "" jinyang-NAME; the session that the broker keeps

	Options `yaml:",inline"`
}

var (
	_ source.Options = (*MQTTOptions)(nil)
	_ source.Located = (*MQTTOptions)(nil)
	_ broker         = (*mqttSource)(nil)
)

// The usual ports of MQTT, in the clear and with TLS (registered with IANA).
const (
	mqttPort  = 1883
	mqttsPort = 8883
)

func (o *MQTTOptions) port() int {
	if o.TLS.Mode == source.TLSOff {
		return mqttPort
	}
	return mqttsPort
}

// Check finds mistakes that need no connection.
func (o *MQTTOptions) Check() error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, city.Errorf(city.CodeInvalid, format, args...).At(key))
	}
	if len(o.Topics) == 0 {
		bad("topics", "no topic is given")
	}
	for _, t := range o.Topics {
		if t == "" {
			bad("topics", "a topic is empty")
		}
	}
	errs = append(errs, o.check(bad))
	return errors.Join(errs...)
}

// Location says where the source reads, for lists of sources.
func (o *MQTTOptions) Location() string {
	where := "mqtt://" + o.addr(o.port())
	for _, t := range o.Topics {
		where += "/" + t
	}
	return where
}

// Open makes the source. It connects when it is asked for a batch, and stays
// connected between batches.
func (o *MQTTOptions) Open(_ context.Context, env source.Env) (source.Source, error) {
	g, err := newGatherer(&o.Options, env)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	return &mqttSource{gatherer: g, options: o, closing: ctx, cancel: cancel}, nil
}

// mqttSource listens from its first Next on, so that the broker need not keep
// what comes while a batch is delivered. Connections are made by Next only; the
// broker keeps the session, with what comes meanwhile, when one is lost.
type mqttSource struct {
	*gatherer
	options *MQTTOptions
	closing context.Context
	cancel  context.CancelCauseFunc

	mu   sync.Mutex
	link *link
}

// Close ends the connection, not the session.
func (m *mqttSource) Close() error {
	m.cancel(errClosed)
	m.drop()
	return city.Outside(m.spool.close(), "the spool cannot be closed")
}

func (m *mqttSource) drop() {
	m.mu.Lock()
	l := m.link
	m.link = nil
	m.mu.Unlock()
	if l != nil {
		l.close(errClosed)
	}
}

// Next gives the oldest batch of messages.
func (m *mqttSource) Next(ctx context.Context, _ string) (*source.Batch, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(m.closing, func() { cancel(errClosed) })()
	b, err := m.next(ctx, m)
	if cause := context.Cause(m.closing); err != nil && cause != nil {
		return nil, cause
	}
	return b, err
}

// ready connects, if there is room for messages.
func (m *mqttSource) ready(ctx context.Context) error {
	_, err := m.connected(ctx)
	return err
}

// more waits until messages were written down, or short ends.
func (m *mqttSource) more(ctx, short context.Context) error {
	l, err := m.connected(ctx)
	if err != nil {
		return err
	}
	select {
	case <-l.written:
	case <-l.done:
		return l.why()
	case <-short.Done():
	}
	return nil
}

// connected gives the connection, made anew where it was lost.
func (m *mqttSource) connected(ctx context.Context) (*link, error) {
	m.mu.Lock()
	l := m.link
	m.mu.Unlock()
	if l != nil && !l.ended() {
		return l, nil
	}
	m.drop()
	if !m.spool.room() {
		return nil, errFull
	}
	ctx, cancel := context.WithTimeoutCause(ctx, m.Connect, errSilent)
	defer cancel()
	l, err := m.connect(ctx)
	if err != nil {
		return nil, m.failed(ctx, err)
	}
	m.mu.Lock()
	m.link = l
	m.mu.Unlock()
	if m.closing.Err() != nil { // Close may have looked before there was a link
		m.drop()
		return nil, errClosed
	}
	return l, nil
}

// failed gives an error of connecting a code.
func (m *mqttSource) failed(ctx context.Context, err error) error {
	var coded *city.Error
	switch {
	case ctx.Err() != nil:
		return city.Outside(context.Cause(ctx), "the MQTT broker does not answer")
	case errors.As(err, &coded):
		return err
	case refusedByBroker(err):
		return m.refused()
	}
	if untrusted, ok := source.Untrusted(err); ok {
		return untrusted
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return city.Errorf("unavailable.connection", "the MQTT broker cannot be reached: %w", op)
	}
	return city.Errorf("unavailable.connection", "the MQTT broker broke off while connecting")
}
