package sftp

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"github.com/jinyang-city/jinyang/internal/city"
)

// session is a connection to the server.
type session struct {
	*sftp.Client
	line *line
	ssh  *ssh.Client
}

// close ends the connection and what reads from it. The line goes first, so
// that nothing waits for the server.
func (s *session) close(why error) {
	s.line.fail(why)
	_ = s.Client.Close() // its line is cut
	_ = s.ssh.Close()
	_ = s.Wait()
}

// dial connects to the server within Options.Connect.
func (o *Options) dial(ctx context.Context) (*session, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, o.Connect, errSilent)
	defer cancel()
	config, refused, err := o.client()
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", o.addr())
	if err != nil {
		return nil, o.failed(ctx, err)
	}
	l := newLine(conn, o.Stall)
	defer context.AfterFunc(ctx, func() { l.fail(context.Cause(ctx)) })()
	s, err := handshake(l, o.addr(), config)
	if err == nil && l.why() == nil {
		return s, nil
	}
	if s != nil {
		s.close(nil)
	}
	l.fail(nil)
	switch {
	case *refused != nil:
		return nil, *refused
	case l.why() != nil:
		return nil, city.Outside(l.why(), "the SFTP server does not answer")
	}
	return nil, o.failed(ctx, err)
}

func handshake(l *line, addr string, config *ssh.ClientConfig) (*session, error) {
	c, channels, requests, err := ssh.NewClientConn(l, addr, config)
	if err != nil {
		return nil, err
	}
	client := ssh.NewClient(c, channels, requests)
	files, err := sftp.NewClient(client)
	if err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return &session{files, l, client}, nil
}

// failed gives the error of connecting a code. What the server says is not
// repeated.
func (o *Options) failed(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return city.Outside(context.Cause(ctx), "the SFTP server cannot be reached")
	case strings.Contains(err.Error(), "unable to authenticate"): // the library has no error of its own for it
		return city.Errorf("forbidden.password", "the SFTP server refuses the user %s", o.User).WithHint("mend the password or the key, or ask the server's keeper to admit its public half")
	case strings.Contains(err.Error(), "no common algorithm"):
		return city.Errorf("forbidden.host_key", "the SFTP server shares no algorithm with this program, or has no host key of a declared kind").WithHint("compare host_key or known_hosts with the server's keys")
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return city.Errorf("unavailable.connection", "the SFTP server cannot be reached: %w", op)
	}
	return city.Errorf("unavailable.connection", "the SFTP server broke off while connecting")
}

// client prepares a connection. Refused is set when the server shows a host
// key that was not declared.
func (o *Options) client() (c *ssh.ClientConfig, refused *error, err error) {
	refused = new(error)
	auth, err := o.auth()
	if err != nil {
		return nil, nil, err
	}
	known, algorithms, err := o.known()
	if err != nil {
		return nil, nil, err
	}
	return &ssh.ClientConfig{User: o.User, Auth: auth, HostKeyAlgorithms: algorithms, HostKeyCallback: func(host string, remote net.Addr, key ssh.PublicKey) error {
		if known(host, remote, key) == nil {
			return nil
		}
		*refused = city.Errorf("forbidden.host_key", "the SFTP server shows the host key %s, which was not declared", ssh.FingerprintSHA256(key)).
			WithHint("somebody may stand between: ask the server's keeper before you change host_key or known_hosts")
		return *refused
	}}, refused, nil
}

// known gives the check of the server's host key, and the algorithms of the
// keys that are known; nil for all.
func (o *Options) known() (ssh.HostKeyCallback, []string, error) {
	if o.KnownHosts == "" {
		return func(_ string, _ net.Addr, key ssh.PublicKey) error {
			if slices.Contains(o.HostKey, ssh.FingerprintSHA256(key)) {
				return nil
			}
			return errUnknown
		}, nil, nil
	}
	check, err := knownhosts.New(o.KnownHosts)
	if err != nil {
		return nil, nil, city.Errorf("invalid.host_key", "the file known_hosts cannot be read: %w", err)
	}
	// The file is asked about a key that nobody has: it answers with those that
	// it wants, so that the server is asked for one of these.
	var wanted *knownhosts.KeyError
	if err := check(o.addr(), &net.TCPAddr{}, nobody{}); !errors.As(err, &wanted) || len(wanted.Want) == 0 {
		return nil, nil, city.Errorf("forbidden.host_key", "the file known_hosts does not hold the server %s", o.addr()).WithHint("add its key, as its keeper gives it")
	}
	var algorithms []string
	for _, w := range wanted.Want {
		algorithms = append(algorithms, signatures(w.Key.Type())...)
	}
	return check, algorithms, nil
}

// signatures are the algorithms that a key of a type may sign with.
func signatures(keyType string) []string {
	if keyType == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return []string{keyType}
}

// nobody is a public key that no file holds.
type nobody struct{}

func (nobody) Type() string                        { return "nobody" }
func (nobody) Marshal() []byte                     { return []byte("nobody") }
func (nobody) Verify([]byte, *ssh.Signature) error { return errUnknown }

var errUnknown = city.Errorf("forbidden.host_key", "the host key was not declared")

// auth is the ways to open the server that were declared.
func (o *Options) auth() ([]ssh.AuthMethod, error) {
	var out []ssh.AuthMethod
	if o.Key != "" {
		signer, err := o.signer()
		if err != nil {
			return nil, err
		}
		out = append(out, ssh.PublicKeys(signer))
	}
	if o.Password == "" {
		return out, nil
	}
	password, err := o.Password.Read()
	if err != nil {
		return nil, err
	}
	return append(out, ssh.Password(password), ssh.KeyboardInteractive(func(_, _ string, questions []string, echos []bool) ([]string, error) {
		answers := make([]string, len(questions))
		for i := range answers {
			if !echos[i] { // what may be seen is not the password
				answers[i] = password
			}
		}
		return answers, nil
	})), nil
}

func (o *Options) signer() (ssh.Signer, error) {
	text, err := o.Key.Read()
	if err != nil {
		return nil, err
	}
	passphrase, err := o.Passphrase.Read()
	if err != nil {
		return nil, err
	}
	var signer ssh.Signer
	if passphrase == "" {
		signer, err = ssh.ParsePrivateKey([]byte(text + "\n"))
	} else {
		signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(text+"\n"), []byte(passphrase))
	}
	if err != nil { // the cause may quote the key
		return nil, city.Errorf("invalid.key", "the private key cannot be read").WithHint("give a key as ssh-keygen writes it, with its passphrase if it has one")
	}
	return signer, nil
}

// errSilent says that the server took too long.
var errSilent = city.Errorf("unavailable.stalled", "the SFTP server does not answer in time").WithHint("it is tried again; connect and stall say how long is waited")
