package servertest

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
)

// Broker is a running server of messages. User and Password open it.
type Broker struct{ *server }

// StartMosquitto starts an MQTT broker that keeps sessions and their messages,
// without bound, when it is halted.
func StartMosquitto() (*Broker, error) {
	s, path, err := newServer("mosquitto", "mosquitto", "mosquitto", "mosquitto")
	if err != nil {
		return nil, err
	}
	passwords, err := s.passwords()
	if err != nil {
		s.Stop()
		return nil, err
	}
	s.command = func(port int) (*exec.Cmd, error) {
		conf, err := s.write("conf", fmt.Appendf(nil, mosquittoConf, port, passwords, s.dir))
		return exec.Command(path, "-c", conf), err
	}
	s.ready = func(ctx context.Context) error { return s.greets(ctx, "") }
	return &Broker{s}, s.start()
}

// mosquittoConf wants the port, the file of passwords and the folder.
const mosquittoConf = `listener %d 127.0.0.1
allow_anonymous false
password_file %s
persistence true
persistence_location %s/
max_queued_messages 0
log_type error
log_type warning
`

// passwords writes mosquitto's file of accounts.
func (s *server) passwords() (string, error) {
	program, err := find("mosquitto_passwd")
	if err != nil {
		return "", &missing{"mosquitto_passwd", "mosquitto"}
	}
	path := filepath.Join(s.dir, "passwords")
	return path, s.run(program, "-b", "-c", path, User, Password)
}

// StartNATS starts a NATS server with JetStream.
func StartNATS() (*Broker, error) {
	s, path, err := newServer("nats", "nats-server", "nats-server", "nats")
	if err != nil {
		return nil, err
	}
	s.command = func(port int) (*exec.Cmd, error) {
		return exec.Command(path, "-js", "-sd", filepath.Join(s.dir, "data"), "-a", "127.0.0.1", "-p", strconv.Itoa(port), "--user", User, "--pass", Password), nil
	}
	s.ready = func(ctx context.Context) error { return s.greets(ctx, "INFO") }
	return &Broker{s}, s.start()
}

// Halt ends the broker and keeps what it holds.
func (b *Broker) Halt() { b.halt() }

// Resume starts a halted broker again, on the same port.
func (b *Broker) Resume() error { return b.serve() }
