package stream

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"

	"github.com/jinyang-city/jinyang/internal/city"
)

// link is one connection to an MQTT broker, with the goroutine that writes its
// messages down and acknowledges them.
type link struct {
	spool    *spool
	life     context.Context // of the network connection
	kill     context.CancelFunc
	client   mqtt.Client
	incoming chan mqtt.Message // between the library and the writer
	written  chan struct{}     // gets an element when messages were written down
	done     chan struct{}     // closed when the link has ended
	once     sync.Once
	cause    error // why; set before done is closed
	writer   sync.WaitGroup
}

const (
	waiting  = 64               // messages between the library and the disk
	farewell = 2 * time.Second  // at most, for acknowledgements on their way, in goodbye
	alive    = 30 * time.Second // after so long without a message, the broker is asked for a sign of life
)

// connect connects and subscribes. The session outlives the connection.
func (m *mqttSource) connect(ctx context.Context) (*link, error) {
	l := &link{spool: m.spool, incoming: make(chan mqtt.Message, waiting), written: make(chan struct{}, 1), done: make(chan struct{})}
	l.life, l.kill = context.WithCancel(context.Background())
	options, err := m.clientOptions(ctx, l)
	if err != nil {
		l.kill()
		return nil, err
	}
	l.client = mqtt.NewClient(options)
	l.writer.Go(l.write)
	err = await(ctx, l.client.Connect())
	if err == nil {
		topics := map[string]byte{}
		for _, t := range m.options.Topics {
			topics[t] = 1
		}
		err = l.granted(ctx, topics)
	}
	if err != nil {
		l.kill() // nobody waits for a goodbye
		l.close(err)
		return nil, err
	}
	return l, nil
}

func (l *link) granted(ctx context.Context, topics map[string]byte) error {
	token := l.client.SubscribeMultiple(topics, nil).(*mqtt.SubscribeToken)
	if err := await(ctx, token); err != nil {
		return err
	}
	const refused = 0x80 // MQTT 3.1.1, 3.9.3
	for topic, code := range token.Result() {
		if code == refused {
			return city.Errorf("forbidden.topic", "the MQTT broker does not let the user read the topic %q", topic).WithHint("ask the broker's keeper for the right to subscribe")
		}
	}
	return nil
}

func (m *mqttSource) clientOptions(ctx context.Context, l *link) (*mqtt.ClientOptions, error) {
	addr := m.addr(m.options.port())
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	password, err := m.Password.Read()
	if err != nil {
		return nil, err
	}
	secure, err := m.TLS.Config(host, m.env.Base)
	if err != nil {
		return nil, err
	}
	id := m.options.ClientID
	if id == "" {
		id = "jinyang-" + m.env.Name
	}
	o := mqtt.NewClientOptions().AddBroker("tcp://" + addr).SetClientID(id).SetUsername(m.User).SetPassword(password).SetProtocolVersion(4)
	o.SetCleanSession(false).SetAutoAckDisabled(true).SetOrderMatters(true).SetAutoReconnect(false).SetKeepAlive(alive).SetPingTimeout(m.Connect)
	o.SetDefaultPublishHandler(l.receive).SetConnectionLostHandler(func(mqtt.Client, error) {
		l.end(city.Errorf("unavailable.connection", "the connection to the MQTT broker broke off"))
	})
	o.SetCustomOpenConnectionFn(func(*url.URL, mqtt.ClientOptions) (net.Conn, error) { return l.open(ctx, addr, secure) })
	return o, nil
}

// open gives a connection that breaks off when the link is killed: the library
// waits for an answer to its greeting without bound.
func (l *link) open(ctx context.Context, addr string, secure *tls.Config) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(l.life, func() { _ = c.Close() }) // it may be closed already
	if secure == nil {
		return c, nil
	}
	t := tls.Client(c, secure)
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return t, nil
}

// await waits for the answer to a request.
func await(ctx context.Context, t mqtt.Token) error {
	select {
	case <-t.Done():
		return t.Error()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func refusedByBroker(err error) bool {
	return errors.Is(err, packets.ErrorRefusedBadUsernameOrPassword) || errors.Is(err, packets.ErrorRefusedNotAuthorised)
}

// receive takes a message from the library, which waits as long as the disk
// does.
func (l *link) receive(_ mqtt.Client, m mqtt.Message) {
	select {
	case l.incoming <- m:
	case <-l.done:
	}
}

// write writes messages down, as many at once as there are, and acknowledges
// them. When the spool is full the link ends: what was not acknowledged comes
// again with the next one.
func (l *link) write() {
	for {
		var messages []mqtt.Message
		select {
		case m := <-l.incoming:
			messages = l.more(m)
		case <-l.done:
			return
		}
		var texts [][]byte
		for _, m := range messages {
			texts = append(texts, m.Payload())
		}
		if err := l.spool.append(texts); err != nil {
			l.end(city.Outside(err, "messages cannot be written down"))
			return
		}
		for _, m := range messages {
			m.Ack()
		}
		select {
		case l.written <- struct{}{}:
		default:
		}
		if !l.spool.room() {
			l.end(errFull)
			return
		}
	}
}

func (l *link) more(first mqtt.Message) []mqtt.Message {
	all := []mqtt.Message{first}
	for len(all) < waiting {
		select {
		case m := <-l.incoming:
			all = append(all, m)
		default:
			return all
		}
	}
	return all
}

// end notes that the link has ended. Its connection is closed by close, or was
// lost.
func (l *link) end(cause error) {
	l.once.Do(func() {
		l.cause = cause
		close(l.done)
	})
}

func (l *link) ended() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// why is the reason that an ended link ended for.
func (l *link) why() error {
	<-l.done
	return l.cause
}

// close says goodbye to the broker and waits for the writer.
func (l *link) close(cause error) {
	l.end(cause)
	l.writer.Wait()
	l.client.Disconnect(uint(farewell.Milliseconds()))
	l.kill()
}
