package notify_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
)

// mailbox is a small mail server on loopback, which keeps what it is given. It
// speaks as much of RFC 5321 as a client needs, with STARTTLS when it has a
// certificate and AUTH PLAIN when it wants a password.
type mailbox struct {
	listener net.Listener
	tls      *tls.Config
	user     string
	password string
	refuse   bool // answers RCPT with 550
	got      chan letter
}

type letter struct {
	from     string
	to       []string
	data     string
	secure   bool
	authOK   bool
	sawPlain bool // a password came in the clear
}

func newMailbox(t *testing.T, change func(*mailbox)) *mailbox {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailbox{listener: l, got: make(chan letter, 10)}
	if change != nil {
		change(m)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go m.serve(c)
		}
	}()
	return m
}

// certificate borrows the one that httptest makes for loopback.
func certificate(t *testing.T) (*tls.Config, []byte) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	t.Cleanup(s.Close)
	return &tls.Config{Certificates: s.TLS.Certificates}, s.Certificate().Raw
}

func (m *mailbox) serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	say := func(format string, args ...any) { fmt.Fprintf(c, format+"\r\n", args...) }
	var l letter
	say("220 sink ready")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			extra := "250-8BITMIME"
			if m.tls != nil && !l.secure {
				extra += "\r\n250-STARTTLS"
			}
			if m.user != "" {
				extra += "\r\n250-AUTH PLAIN"
			}
			say("250-sink\r\n%s\r\n250 SMTPUTF8", extra)
		case "STARTTLS":
			say("220 go on")
			secure := tls.Server(c, m.tls)
			if secure.Handshake() != nil {
				return
			}
			c, r, l.secure = secure, bufio.NewReader(secure), true
		case "AUTH":
			_, text, _ := strings.Cut(rest, " ")
			plain, _ := base64.StdEncoding.DecodeString(text) // a mistake is a wrong password
			l.authOK, l.sawPlain = string(plain) == "\x00"+m.user+"\x00"+m.password, !l.secure
			if !l.authOK {
				say("535 no")
				continue
			}
			say("235 yes")
		case "MAIL":
			l.from = rest
			say("250 ok")
		case "RCPT":
			if m.refuse {
				say("550 nobody <secret@example.org> here")
				continue
			}
			l.to = append(l.to, rest)
			say("250 ok")
		case "DATA":
			say("354 go on")
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				l.data += line
			}
			m.got <- l
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}
