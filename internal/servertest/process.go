package servertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	// startTime ends a server that will never serve, and nothing else: making the
	// tables of MariaDB takes 3 s of a quiet machine, and took over two minutes of
	// one whose two cores were shared by forty programs.
	startTime = 5 * time.Minute
	// stopTime is for ending in good order, which keeps what a server that is
	// halted serves again with; then it is killed.
	stopTime = 30 * time.Second
	// greetTime is for one try of a server that speaks first, which sshd does
	// after it has started a process.
	greetTime = 5 * time.Second
	pause     = 20 * time.Millisecond
)

// server is one program with its folder, port and user.
type server struct {
	name string
	dir  string // holds everything that it writes
	port int
	uid  int // that it runs as
	gid  int
	stop os.Signal // that ends it in good order
	// command is run to serve on port.
	command func(port int) (*exec.Cmd, error)
	// ready tries the server as its clients will; nil when it serves.
	ready func(ctx context.Context) error

	cmd  *exec.Cmd
	done chan struct{} // closed when the program ended
}

// newServer finds a program and makes a folder for it that belongs to the user
// it runs as: its own when the test runs as root, else the test's.
func newServer(name, program, install, account string) (*server, string, error) {
	path, err := find(program)
	if err != nil {
		return nil, "", &missing{program, install}
	}
	s := &server{name: name, uid: os.Getuid(), gid: os.Getgid(), stop: syscall.SIGTERM}
	if s.dir, err = os.MkdirTemp("", "jinyang-"+name+"-*"); err != nil {
		return nil, "", err
	}
	if os.Getuid() == 0 && account != "" {
		if err := s.become(account); err != nil {
			return nil, "", errors.Join(err, os.RemoveAll(s.dir))
		}
	}
	return s, path, nil
}

// find looks for a program where Debian puts servers too.
func find(program string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	path := filepath.Join("/usr/sbin", program)
	_, err := os.Stat(path)
	return path, err
}

func (s *server) become(account string) error {
	u, err := user.Lookup(account)
	if err != nil {
		return fmt.Errorf("%s runs as a user of its own: %w", s.name, err)
	}
	if s.uid, err = strconv.Atoi(u.Uid); err != nil {
		return err
	}
	if s.gid, err = strconv.Atoi(u.Gid); err != nil {
		return err
	}
	return os.Chown(s.dir, s.uid, s.gid)
}

// write puts a file into the server's folder that only the server may read.
func (s *server) write(name string, content []byte) (string, error) {
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return "", err
	}
	return path, os.Chown(path, s.uid, s.gid)
}

// run runs a program that prepares the server to its end.
func (s *server) run(path string, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir, cmd.SysProcAttr = s.dir, s.attributes()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(path), err, bytes.TrimSpace(out))
	}
	return nil
}

// attributes give the program its user and a process group, and end it with the
// test binary, however that ends.
func (s *server) attributes() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if s.uid != os.Getuid() {
		a.Credential = &syscall.Credential{Uid: uint32(s.uid), Gid: uint32(s.gid)}
	}
	return a
}

// start chooses a free port and serves on it. Somebody else may take the port
// before the server does, so it tries a few.
func (s *server) start() error {
	const tries = 3
	var err error
	for range tries {
		if s.port, err = freePort(); err != nil {
			break
		}
		if err = s.serve(); err == nil {
			return nil
		}
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// serve starts the program on its port and waits until it serves. A server that
// was halted serves again with what it kept.
func (s *server) serve() error {
	out, err := os.OpenFile(s.log(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd, err := s.command(s.port)
	if err != nil {
		return err
	}
	s.cmd, s.done = cmd, make(chan struct{})
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr, s.cmd.SysProcAttr = s.dir, out, out, s.attributes()
	if err := s.cmd.Start(); err != nil {
		return err
	}
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait() // the log tells why it ended
		close(done)
	}(s.cmd, s.done)
	if err := s.await(); err != nil {
		s.halt()
		said, _ := os.ReadFile(s.log()) // the error alone is still worth telling
		return fmt.Errorf("%s does not start: %w\n%s", s.name, err, bytes.TrimSpace(said))
	}
	return nil
}

func (s *server) log() string { return filepath.Join(s.dir, "log") }

// await waits until the server answers.
func (s *server) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		err := s.ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-s.done:
			return errors.New("it ended")
		case <-ctx.Done():
			return err
		}
	}
}

// halt ends the program with its children and keeps its folder.
func (s *server) halt() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Signal(s.stop) // it may have ended
	select {
	case <-s.done:
	case <-time.After(stopTime):
	}
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) // what is left of its group
	<-s.done
	s.cmd = nil
}

// Stop ends the server and removes its folder.
func (s *server) Stop() {
	s.halt()
	_ = os.RemoveAll(s.dir) // a temporary folder
}

// Addr is where the server listens, as host:port.
func (s *server) Addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// Port is the port it listens on.
func (s *server) Port() int { return s.port }

// freePort gives a port of the loopback address that nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// greets waits for a server that speaks first to say what begins as expected.
func (s *server) greets(ctx context.Context, want string) error {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", s.Addr())
	if err != nil {
		return err
	}
	defer c.Close()
	if want == "" {
		return nil
	}
	if err := c.SetReadDeadline(time.Now().Add(greetTime)); err != nil {
		return err
	}
	got := make([]byte, len(want))
	if _, err := c.Read(got); err != nil {
		return err
	}
	if string(got) != want {
		return fmt.Errorf("it greets with %q", got)
	}
	return nil
}
