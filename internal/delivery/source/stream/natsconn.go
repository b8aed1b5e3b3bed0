package stream

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// broken gives up the connection, which is made anew the next time.
func (n *natsSource) broken(ctx context.Context, err error) error {
	n.drop()
	var api *jetstream.APIError
	var coded *city.Error
	switch {
	case ctx.Err() != nil:
		return city.Outside(context.Cause(ctx), "the NATS server does not answer")
	case errors.As(err, &coded):
		return err
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrPermissionViolation):
		return n.refused()
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return city.Errorf("not_found.stream", "the NATS server has no stream %s", n.options.Stream).WithHint("make the stream, or mend its name")
	case errors.As(err, &api):
		return city.Errorf("invalid.consumer", "the NATS server refuses the consumer with its code %d", api.ErrorCode).WithHint("compare stream, subject and durable with what the server has")
	}
	if untrusted, ok := source.Untrusted(err); ok {
		return untrusted
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return city.Errorf("unavailable.connection", "the NATS server cannot be reached: %w", op)
	}
	return city.Errorf("unavailable.connection", "the connection to the NATS server broke off")
}

// connected gives the consumer, over a connection that lives.
func (n *natsSource) connected(ctx context.Context) (jetstream.Consumer, error) {
	n.mu.Lock()
	conn, consumer := n.conn, n.consumer
	n.mu.Unlock()
	if consumer != nil && conn.IsConnected() {
		return consumer, nil
	}
	n.drop()
	ctx, cancel := context.WithTimeoutCause(ctx, n.Connect, errSilent)
	defer cancel()
	conn, err := n.connect(ctx)
	if err != nil {
		return nil, n.broken(ctx, err)
	}
	if consumer, err = n.consume(ctx, conn); err != nil {
		conn.Close()
		return nil, n.broken(ctx, err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.conn, n.consumer = conn, consumer
	return consumer, nil
}

func (n *natsSource) connect(ctx context.Context) (*nats.Conn, error) {
	addr := n.addr(natsPort)
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	password, err := n.Password.Read()
	if err != nil {
		return nil, err
	}
	dialer := &natsDialer{ctx: ctx}
	options := []nats.Option{
		nats.Name("jinyang-" + n.env.Name), nats.NoReconnect(), nats.Timeout(n.Connect), nats.SetCustomDialer(dialer),
	}
	if n.User != "" {
		options = append(options, nats.UserInfo(n.User, password))
	}
	secure, err := n.TLS.Config(host, n.env.Base)
	if err != nil {
		return nil, err
	}
	if secure != nil {
		options = append(options, nats.Secure(secure))
	}
	conn, err := nats.Connect("nats://"+addr, options...)
	if dialer.stop != nil {
		dialer.stop()
	}
	return conn, err
}

// natsDialer gives a connection that breaks off when the context ends before
// stop was called: the library knows no contexts while it connects.
type natsDialer struct {
	ctx  context.Context
	stop func() bool
}

func (d *natsDialer) Dial(_, addr string) (net.Conn, error) {
	var plain net.Dialer
	c, err := plain.DialContext(d.ctx, "tcp", addr)
	if err == nil {
		d.stop = context.AfterFunc(d.ctx, func() { _ = c.Close() }) // which is what ends the wait
	}
	return c, err
}

// consume finds or makes the durable consumer. A message that is not
// acknowledged in time is sent again.
func (n *natsSource) consume(ctx context.Context, conn *nats.Conn) (jetstream.Consumer, error) {
	js, err := jetstream.New(conn)
	if err != nil {
		return nil, err
	}
	durable := n.options.Durable
	if durable == "" {
		durable = "jinyang-" + n.env.Name
	}
	return js.CreateOrUpdateConsumer(ctx, n.options.Stream, jetstream.ConsumerConfig{
		Durable: durable, AckPolicy: jetstream.AckExplicitPolicy, AckWait: time.Minute, MaxAckPending: 4 * pulls, FilterSubject: n.options.Subject,
	})
}
