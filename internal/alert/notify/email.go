package notify

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// emailConfig declares a mail server and who is written to.
type emailConfig struct {
	Server   string        `yaml:"server"`   // host:port
	Security string        `yaml:"security"` // starttls, tls or none (this machine only)
	User     string        `yaml:"user"`
	Password source.Secret `yaml:"password"` // env:NAME or file:/path
	From     string        `yaml:"from"`
	To       []string      `yaml:"to"`
	Timeout  time.Duration `yaml:"timeout"`
	TLS      source.TLS    `yaml:"tls"`
}

// The ways to protect a connection to a mail server.
const (
	securityStartTLS = "starttls"
	securityTLS      = "tls"
	securityNone     = "none"
)

// mostReceivers bounds the receivers of one channel.
const mostReceivers = 50

// email sends messages by SMTP.
type email struct {
	emailConfig
	lang, console, base string
	host                string
	port                int
}

// prepare checks what was declared, all of it.
func (e *email) prepare() []error {
	var out []error
	add := func(err error) {
		if err != nil {
			out = append(out, err)
		}
	}
	host, port, err := net.SplitHostPort(e.Server)
	n, perr := strconv.Atoi(port)
	if err != nil || perr != nil || host == "" || n < 1 || n > 65535 {
		return append(out, city.Errorf(city.CodeInvalid, "it is not the address of a mail server").At("server").WithHint("write host:port, for example mail.example:587"))
	}
	e.host, e.port = host, n
	if e.Security == "" {
		e.Security = securityStartTLS
	}
	switch e.Security {
	case securityStartTLS, securityTLS:
	case securityNone:
		if !source.Loopback(host) {
			add(city.Errorf(city.CodeInvalid, "a connection that leaves this machine must be encrypted").At("security").WithHint("write starttls or tls"))
		}
	default:
		add(city.Errorf(city.CodeInvalid, "%q is no way to protect a connection", e.Security).At("security").WithHint("write starttls or tls"))
	}
	if e.TLS.Mode == "" {
		e.TLS.Mode = source.TLSVerify
	}
	add(e.TLS.Check(host))
	add(checkSecret("password", e.Password))
	if (e.User == "") != (e.Password == "") {
		add(city.Errorf(city.CodeInvalid, "user and password go together").At("user"))
	}
	add(checkTimeout(e.Timeout))
	return append(out, e.checkPeople()...)
}

func (e *email) checkPeople() []error {
	var out []error
	m := mail.NewMsg()
	if err := m.From(e.From); err != nil {
		out = append(out, city.Errorf(city.CodeInvalid, "it is no mail address").At("from"))
	}
	if len(e.To) == 0 || len(e.To) > mostReceivers {
		out = append(out, city.Errorf(city.CodeInvalid, "%d receivers are declared, not 1 to %d", len(e.To), mostReceivers).At("to"))
	}
	if err := m.To(e.To...); err != nil {
		out = append(out, city.Errorf(city.CodeInvalid, "one of them is no mail address").At("to"))
	}
	return out
}

// Send sends a message to all receivers.
func (e *email) Send(ctx context.Context, m alert.Message) error {
	msg, err := e.message(m)
	if err != nil {
		return err
	}
	client, err := e.client()
	if err != nil {
		return err
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return unsent(err)
	}
	return nil
}

// message writes the mail. Its ID is made of the message's key, and so is the
// same when it is sent again.
func (e *email) message(m alert.Message) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingB64), mail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.From(e.From), msg.To(e.To...)); err != nil {
		return nil, city.Errorf("invalid.address", "an address of the channel is no mail address")
	}
	_, domain, _ := strings.Cut(msg.GetFrom()[0].Address, "@")
	msg.SetMessageIDWithValue(m.Key + "@" + domain)
	msg.SetDateWithValue(m.At)
	msg.SetGenHeader(mail.Header(headerKey), m.Key)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // keeps absence notices from answering
	msg.Subject(subject(m, e.lang))
	msg.SetBodyString(mail.TypeTextPlain, text(m, e.lang, e.console))
	return msg, nil
}

func (e *email) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(e.port), mail.WithTimeout(timeout(e.Timeout)), mail.WithHELO("localhost")}
	switch e.Security {
	case securityNone:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case securityTLS:
		options = append(options, mail.WithSSL())
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	conf, err := e.TLS.Config(e.host, e.base)
	if err != nil {
		return nil, err
	}
	if conf != nil {
		options = append(options, mail.WithTLSConfig(conf))
	}
	if e.User != "" {
		password, err := e.Password.Read()
		if err != nil {
			return nil, err
		}
		options = append(options, mail.WithSMTPAuth(e.auth()), mail.WithUsername(e.User), mail.WithPassword(password))
	}
	client, err := mail.NewClient(e.host, options...)
	if err != nil {
		return nil, city.Errorf("invalid.email", "the mail server cannot be used as declared")
	}
	return client, nil
}

// auth finds out what the server takes. A password never goes over a connection
// in the clear, but within this machine.
func (e *email) auth() mail.SMTPAuthType {
	if e.Security == securityNone {
		return mail.SMTPAuthPlainNoEnc
	}
	return mail.SMTPAuthAutoDiscover
}

// unsent says why a mail was not sent, without what the server said: it may name
// a receiver.
func unsent(err error) error {
	if untrusted, is := source.Untrusted(err); is {
		return untrusted
	}
	var send *mail.SendError
	if errors.As(err, &send) {
		if code := send.ErrorCode(); code > 0 {
			return city.Errorf("unavailable.email", "the mail server refused the message with %d", code)
		}
		return city.Errorf("unavailable.email", "the mail server did not take the message")
	}
	var network net.Error
	if errors.As(err, &network) && network.Timeout() {
		return city.Errorf("unavailable.email", "the mail server did not answer in time")
	}
	return city.Errorf("unavailable.email", "the mail server cannot be reached, or lets nobody in as declared").WithHint("check server, security, user and password")
}
