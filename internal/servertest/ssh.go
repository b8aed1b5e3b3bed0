package servertest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"

	"golang.org/x/crypto/ssh"
)

// SSH is a running OpenSSH server that serves files by SFTP to the account
// that the test runs as.
type SSH struct {
	*server
	User    string // the account
	Key     string // file with the private key that opens it
	HostKey string // the server's fingerprint, SHA256:…
	Folder  string // for what is served
}

// StartSSH starts an OpenSSH server that knows one key.
func StartSSH() (*SSH, error) {
	s, path, err := newServer("sshd", "sshd", "openssh-server", "")
	if err != nil {
		return nil, err
	}
	f := &SSH{server: s, Folder: filepath.Join(s.dir, "files")}
	conf, err := f.configure()
	if err != nil {
		s.Stop()
		return nil, err
	}
	s.command = func(port int) (*exec.Cmd, error) {
		return exec.Command(path, "-D", "-e", "-f", conf, "-p", fmt.Sprint(port)), nil
	}
	s.ready = func(ctx context.Context) error { return s.greets(ctx, "SSH-") }
	return f, s.start()
}

func (f *SSH) configure() (string, error) {
	if os.Getuid() == 0 {
		// The package's service makes this folder, which sshd wants as root.
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			return "", err
		}
	}
	me, err := user.Current()
	if err != nil {
		return "", err
	}
	f.User = me.Username
	host, hostPub, err := f.keyPair("host")
	if err != nil {
		return "", err
	}
	f.HostKey = ssh.FingerprintSHA256(hostPub)
	var pub ssh.PublicKey
	if f.Key, pub, err = f.keyPair("client"); err != nil {
		return "", err
	}
	known, err := f.write("authorized", ssh.MarshalAuthorizedKey(pub))
	if err != nil {
		return "", err
	}
	if err := os.Mkdir(f.Folder, 0o755); err != nil {
		return "", err
	}
	return f.write("conf", fmt.Appendf(nil, `ListenAddress 127.0.0.1
HostKey %s
AuthorizedKeysFile %s
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
PidFile none
Subsystem sftp internal-sftp
MaxStartups 100
LogLevel ERROR
`, host, known))
}

// keyPair writes a private key and gives its file and public half.
func (f *SSH) keyPair(name string) (string, ssh.PublicKey, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", nil, err
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		return "", nil, err
	}
	path, err := f.write(name, pem.EncodeToMemory(block))
	if err != nil {
		return "", nil, err
	}
	pub, err := ssh.NewPublicKey(public)
	return path, pub, err
}
