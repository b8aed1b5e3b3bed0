package sftp_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sftp"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sourcetest"
	"github.com/jinyang-city/jinyang/internal/servertest"
)

var server = servertest.Share(servertest.StartSSH)

func TestMain(m *testing.M) { os.Exit(servertest.Run(m, server)) }

// sender is a folder of a real server, behind a proxy.
type sender struct {
	ssh   *servertest.SSH
	proxy *servertest.Proxy
	dir   string
}

func newSender(t testing.TB) *sender {
	srv := server.Get(t)
	dir, err := os.MkdirTemp(srv.Folder, "out-*")
	if err != nil {
		t.Fatal(err)
	}
	return &sender{srv, servertest.NewProxy(t, srv.Addr()), dir}
}

// options reach the sender; files are ready soon.
func (s *sender) options() *sftp.Options {
	o := sftp.Kind().Options().(*sftp.Options)
	o.Host, o.User, o.Key, o.HostKey = s.proxy.Addr(), s.ssh.User, source.Secret("file:"+s.ssh.Key), []string{s.ssh.HostKey}
	o.Folder, o.Pattern, o.Settle = s.dir, []string{"*.csv"}, 10*time.Millisecond
	return o
}

func (s *sender) Options(testing.TB) source.Options { return s.options() }

func (s *sender) Put(t testing.TB, name string, rows []sourcetest.Row) {
	if !s.PutNamed(t, name+".csv", rows) {
		t.Fatal("the file cannot be written")
	}
}

func (s *sender) PutNamed(_ testing.TB, name string, rows []sourcetest.Row) bool {
	if strings.Contains(name, "/") {
		return false
	}
	var text bytes.Buffer
	for _, r := range rows {
		fmt.Fprintf(&text, "%d,%s\n", r.ID, r.Name)
	}
	return os.WriteFile(filepath.Join(s.dir, name), text.Bytes(), 0o644) == nil
}

func (s *sender) Rows(t testing.TB, content []byte) []sourcetest.Row {
	records, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		t.Error(err)
	}
	var rows []sourcetest.Row
	for _, r := range records {
		id, err := strconv.Atoi(r[0])
		if err != nil {
			t.Error(err)
		}
		rows = append(rows, sourcetest.Row{ID: id, Name: r[1]})
	}
	return rows
}

func (s *sender) Cut(testing.TB) (heal func()) {
	s.proxy.CutAfter(40 << 10)
	return func() { s.proxy.CutAfter(-1) }
}

func (s *sender) Hang(testing.TB) <-chan struct{} { return s.proxy.Hang() }

func (s *sender) Wrong(t testing.TB) (source.Options, string) {
	const password = "not-the-password"
	o := s.options()
	o.Key, o.Password = "", secret(t, password)
	return o, password
}

// secret keeps a text in a file.
func secret(t testing.TB, text string) source.Secret {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return source.Secret("file:" + path)
}

// dataset is what all files are of.
var dataset = &city.Dataset{Name: "a.b"}

func TestConformance(t *testing.T) {
	server.Get(t) // before the suite counts goroutines
	for _, after := range []string{"move", "delete", "keep"} {
		t.Run(after, func(t *testing.T) {
			sourcetest.Run(t, sourcetest.Harness{Dataset: dataset, New: func(t testing.TB) sourcetest.Sender { return &kept{newSender(t), after} }})
		})
	}
}

// kept is a sender whose files are settled in one way.
type kept struct {
	*sender
	after string
}

func (k *kept) Options(testing.TB) source.Options {
	o := k.options()
	o.After = k.after
	return o
}

// next asks a source with the options for a batch.
func next(t *testing.T, o *sftp.Options) (*source.Batch, error) {
	t.Helper()
	if err := o.Check(); err != nil {
		return nil, err
	}
	s, err := o.Open(t.Context(), sourcetest.Env(t, dataset))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s.Next(t.Context(), "")
}

func TestHostKeyMustBeKnown(t *testing.T) {
	t.Parallel()
	s := newSender(t)
	s.Put(t, "a", []sourcetest.Row{{ID: 1, Name: "x"}})
	hosts := filepath.Join(t.TempDir(), "known_hosts")
	public, err := os.ReadFile(filepath.Join(filepath.Dir(s.ssh.Key), "authorized")) // some key, not the server's
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(hosts, fmt.Appendf(nil, "[127.0.0.1]:%d %s", s.proxy.Port(), public), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, hosts string
		keys        []string
		want        city.Code
	}{
		{"the declared one", "", []string{s.ssh.HostKey}, ""},
		{"one of several", "", []string{"SHA256:AAAA", s.ssh.HostKey}, ""},
		{"another", "", []string{"SHA256:AAAA"}, "forbidden.host_key"},
		{"another in the file", hosts, nil, "forbidden.host_key"},
		{"none", "", nil, "invalid"},
		{"no fingerprint", "", []string{"md5:aa"}, "invalid"},
		{"no such file", hosts + "x", nil, "invalid.host_key"},
	} {
		o := s.options()
		o.HostKey, o.KnownHosts = c.keys, c.hosts
		_, err := next(t, o)
		if c.want == "" && err != nil || c.want != "" && city.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// TestSilence holds that a server that accepts and says nothing is given up
// without anybody's deadline.
func TestSilence(t *testing.T) {
	t.Parallel()
	s := newSender(t)
	s.proxy.Hang()
	o := s.options()
	o.Connect = 100 * time.Millisecond
	if _, err := next(t, o); city.CodeOf(err) != "unavailable.stalled" {
		t.Errorf("while connecting: %v", err)
	}
	s = newSender(t)
	s.Put(t, "a", []sourcetest.Row{{ID: 1, Name: strings.Repeat("x", 1000)}})
	o = s.options()
	o.Stall = 2 * time.Second // a loaded machine answers sooner
	b, err := next(t, o)
	if err != nil {
		t.Fatal(err)
	}
	s.proxy.Hang()
	if _, err := b.Content.Read(make([]byte, 100)); city.CodeOf(err) != "unavailable.stalled" {
		t.Errorf("while reading: %v", err)
	}
	if err := b.Content.Close(); err != nil {
		t.Error(err)
	}
}

func TestNoFolder(t *testing.T) {
	t.Parallel()
	s := newSender(t)
	o := s.options()
	o.Folder += "/none"
	if _, err := next(t, o); city.CodeOf(err) != "not_found.folder" {
		t.Errorf("a folder that is not there: %v", err)
	}
	s.proxy.Refuse(true)
	if _, err := next(t, o); city.CodeOf(err) != "unavailable.connection" {
		t.Errorf("a server that refuses: %v", err)
	}
}

// TestHangUp holds that a server that closes connections which nobody uses is
// no trouble.
func TestHangUp(t *testing.T) {
	t.Parallel()
	s := newSender(t)
	o := s.options()
	src, err := o.Open(t.Context(), sourcetest.Env(t, dataset))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if b, err := src.Next(t.Context(), ""); b != nil || err != nil {
		t.Fatal(b, err)
	}
	s.proxy.Break()
	s.Put(t, "a", []sourcetest.Row{{ID: 1, Name: "x"}})
	if b, err := src.Next(t.Context(), ""); b == nil || err != nil {
		t.Errorf("after the server hung up: %v, %v", b, err)
	}
}

func TestLocationShowsNoSecret(t *testing.T) {
	t.Parallel()
	o := &sftp.Options{Host: "files.example", User: "jinyang", Password: "env:SECRET"}
	o.Folder = "out"
	if got := o.Location(); got != "sftp://jinyang@files.example:22/out" {
		t.Error(got)
	}
}
