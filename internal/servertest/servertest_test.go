package servertest_test

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/servertest"
)

// TestServersStart starts each server and asks it for something.
func TestServersStart(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func() (*servertest.Database, error){"PostgreSQL": servertest.StartPostgres, "MariaDB": servertest.StartMariaDB} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := servertest.Own(t, start)
			srv.Create(t).Exec(t, "CREATE TABLE t (n int)", "INSERT INTO t VALUES (1)")
		})
	}
	t.Run("sshd", func(t *testing.T) {
		t.Parallel()
		servertest.Own(t, servertest.StartSSH)
	})
	t.Run("nats-server", func(t *testing.T) {
		t.Parallel()
		servertest.Own(t, servertest.StartNATS)
	})
	t.Run("mosquitto", func(t *testing.T) {
		t.Parallel()
		srv := servertest.Own(t, servertest.StartMosquitto)
		srv.Halt()
		if err := srv.Resume(); err != nil {
			t.Error(err)
		}
	})
}

// echo is a server that says everything twice.
func echo(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); _ = c.Close() }()
		}
	}()
	return l.Addr().String()
}

func dial(t *testing.T, addr string) net.Conn {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestProxy(t *testing.T) {
	t.Parallel()
	p := servertest.NewProxy(t, echo(t))
	say := func(c net.Conn) error {
		if _, err := c.Write([]byte("hello")); err != nil {
			return err
		}
		_, err := io.ReadFull(c, make([]byte, 5))
		return err
	}
	c := dial(t, p.Addr())
	if err := say(c); err != nil {
		t.Errorf("a proxy that passes on: %v", err)
	}
	p.CutAfter(3)
	if say(c) == nil {
		t.Error("a connection goes on after its cut")
	}
	p.CutAfter(-1)
	p.Refuse(true)
	if say(dial(t, p.Addr())) == nil {
		t.Error("a proxy that refuses passes on")
	}
	p.Refuse(false)
	if err := say(dial(t, p.Addr())); err != nil {
		t.Errorf("a proxy that accepts again: %v", err)
	}
	reached := p.Hang()
	c = dial(t, p.Addr())
	<-reached
	if err := c.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if say(c) == nil {
		t.Error("a proxy that hangs answers")
	}
}
