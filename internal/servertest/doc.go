// Package servertest starts the real servers of Debian's packages for tests:
// PostgreSQL, MariaDB, OpenSSH, mosquitto and nats-server. Each runs on a free
// port of the loopback address, as an unprivileged user where it refuses root,
// with everything it writes in a temporary folder, and neither reads nor
// disturbs the machine's own configuration of it.
//
// A test that needs a server which is not installed is skipped with a line that
// says what to install. Where the environment variable JINYANG_SERVERS is
// "required", as in CI, it fails instead.
//
// A server ends with its test, or with the test binary when it is shared. When
// the binary is killed, the kernel ends the server too.
package servertest

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
)

// Stopper is a server that can be ended.
type Stopper interface{ Stop() }

// missing says that a program is not installed.
type missing struct{ program, install string }

func (m *missing) Error() string {
	return fmt.Sprintf("%s is not installed: apt-get install %s", m.program, m.install)
}

// required says whether a missing server fails a test.
func required() bool { return os.Getenv("JINYANG_SERVERS") == "required" }

// check ends a test whose server did not start.
func check(t testing.TB, err error) {
	t.Helper()
	var m *missing
	switch {
	case err == nil:
	case errors.As(err, &m) && !required():
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}

// Own starts a server for one test.
func Own[T Stopper](t testing.TB, start func() (T, error)) T {
	t.Helper()
	srv, err := start()
	check(t, err)
	t.Cleanup(srv.Stop)
	return srv
}

// Shared is a server that several tests of a package use. It starts when the
// first of them asks for it.
type Shared[T Stopper] struct {
	start func() (T, error)
	once  sync.Once
	srv   T
	err   error
	up    bool
}

// Share makes a Shared, to be handed to Run too.
func Share[T Stopper](start func() (T, error)) *Shared[T] { return &Shared[T]{start: start} }

// Get gives the running server.
func (s *Shared[T]) Get(t testing.TB) T {
	t.Helper()
	s.once.Do(func() {
		s.srv, s.err = s.start()
		s.up = s.err == nil
	})
	check(t, s.err)
	return s.srv
}

// Stop ends the server if it was started.
func (s *Shared[T]) Stop() {
	if s.up {
		s.srv.Stop()
	}
}

// Run runs the tests of a package and ends the servers that they shared. It
// gives the exit code for os.Exit in TestMain.
func Run(m *testing.M, shared ...Stopper) int {
	code := m.Run()
	for _, s := range shared {
		s.Stop()
	}
	return code
}
