// Package sftp is the kind of source that fetches files from an SFTP server.
// See package folder for what is taken when, and README.md for how to declare
// it.
//
// A server is not trusted: its host key must be one that was declared, a
// listing may not grow without end, nothing is waited for without bound, and
// names are checked by package folder before they are used.
package sftp

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/folder"
)

// Kind is the entry for the table of kinds.
func Kind() source.Kind {
	return source.Kind{Name: "sftp", Options: func() source.Options {
		return &Options{Options: folder.Defaults(), Connect: 15 * time.Second, Stall: 30 * time.Second}
	}}
}

// Options declare a folder of an SFTP server.
type Options struct {
	Host       string        `yaml:"host"` // name or address, with :port unless it is 22
	User       string        `yaml:"user"`
	Password   source.Secret `yaml:"password"`
	Key        source.Secret `yaml:"key"`         // private key, as ssh-keygen writes it
	Passphrase source.Secret `yaml:"passphrase"`  // of the key; "" none
	HostKey    []string      `yaml:"host_key"`    // fingerprints SHA256:…, any of which the server may have
	KnownHosts string        `yaml:"known_hosts"` // file in the form of OpenSSH, in place of HostKey
	Connect    time.Duration `yaml:"connect"`     // how long connecting may take
	Stall      time.Duration `yaml:"stall"`       // how long the server may be silent while it is asked

	folder.Options `yaml:",inline"`
}

var (
	_ source.Options = (*Options)(nil)
	_ source.Located = (*Options)(nil)
	_ source.Named   = (*Options)(nil)
)

// NamesDataset says that a manifest beside a file may name its dataset.
func (o *Options) NamesDataset() {}

// Check finds mistakes that need no connection.
func (o *Options) Check() error {
	errs := []error{o.Options.Check()}
	bad := func(key, hint, format string, args ...any) {
		errs = append(errs, city.Errorf(city.CodeInvalid, format, args...).At(key).WithHint("%s", hint))
	}
	if o.Host == "" {
		bad("host", "write its name or address", "the server is not given")
	}
	if o.User == "" {
		bad("user", "write the name of an account on the server", "the user is not given")
	}
	if o.Password == "" && o.Key == "" {
		bad("key", "declare key: file:/path or password: env:NAME", "neither a key nor a password opens the server")
	}
	if (len(o.HostKey) > 0) == (o.KnownHosts != "") {
		bad("host_key", "ask the server's keeper, and write host_key: SHA256:… or known_hosts: /path",
			"the server's host key must be known, by either host_key or known_hosts")
	}
	for _, k := range o.HostKey {
		if !strings.HasPrefix(k, "SHA256:") {
			bad("host_key", "ssh-keygen -lf shows it", "%q is not a fingerprint SHA256:…", k)
		}
	}
	for key, d := range map[string]time.Duration{"connect": o.Connect, "stall": o.Stall} {
		if d <= 0 {
			bad(key, "write for example 30s", "%s is not a time to wait", d)
		}
	}
	return errors.Join(errs...)
}

// Open makes the source. It connects when it is asked for a batch.
func (o *Options) Open(_ context.Context, env source.Env) (source.Source, error) {
	own := *o
	if own.KnownHosts != "" && !filepath.IsAbs(own.KnownHosts) {
		own.KnownHosts = filepath.Join(env.Base, own.KnownHosts)
	}
	return folder.New(folder.Config{Files: newRemote(&own), Options: o.Options, Env: env})
}

// Location says where the source reads, for lists of sources.
func (o *Options) Location() string { return "sftp://" + o.User + "@" + o.addr() + "/" + o.Folder }

// addr is the server's host:port.
func (o *Options) addr() string {
	if _, _, err := net.SplitHostPort(o.Host); err == nil {
		return o.Host
	}
	return net.JoinHostPort(strings.Trim(o.Host, "[]"), "22")
}
