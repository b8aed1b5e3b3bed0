package source

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The words of TLS.Mode.
const (
	TLSVerify  = "verify"  // encrypted, and the server shows a certificate for its name from an authority that is trusted
	TLSRequire = "require" // encrypted; whoever answers is believed
	TLSOff     = "off"     // in the clear, within this machine only
)

// TLS says how the connection to a server is protected.
type TLS struct {
	Mode string `yaml:"mode"`
	CA   string `yaml:"ca"` // PEM file with the authorities to trust; "" those of the system
}

// Check finds mistakes. Host is the name or address of the server, without port.
func (t TLS) Check(host string) error {
	bad := func(key, hint, format string, args ...any) error {
		return city.Errorf(city.CodeInvalid, format, args...).At("tls."+key).WithHint("%s", hint)
	}
	switch t.Mode {
	case TLSVerify:
		return nil
	case TLSRequire, TLSOff:
		if t.CA != "" {
			return bad("ca", "declare mode: verify, or leave ca out", "an authority is only asked in mode verify")
		}
		if t.Mode == TLSOff && !Loopback(host) {
			return bad("mode", "declare verify, with ca where the authority is not a public one", "a connection that leaves this machine must be encrypted")
		}
		return nil
	}
	return bad("mode", "declare verify, require or off", "%q is not a way to protect a connection", t.Mode)
}

// Loopback says whether a host is this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Config gives the settings for a connection to a host, nil for TLSOff. A
// relative path starts from the folder base.
func (t TLS) Config(host, base string) (*tls.Config, error) {
	if t.Mode == TLSOff {
		return nil, nil
	}
	c := &tls.Config{ServerName: strings.Trim(host, "[]"), MinVersion: tls.VersionTLS12, InsecureSkipVerify: t.Mode == TLSRequire}
	if t.CA == "" {
		return c, nil
	}
	path := t.CA
	if !filepath.IsAbs(path) {
		path = filepath.Join(base, path)
	}
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, city.Errorf("invalid.tls", "the file of authorities cannot be read: %w", err).At("tls.ca")
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, city.Errorf("invalid.tls", "the file of authorities holds no certificate in PEM").At("tls.ca")
	}
	return c, nil
}

// Untrusted says whether a connection failed because of the server's
// certificate, and gives the error for it.
func Untrusted(err error) (error, bool) {
	var verify *tls.CertificateVerificationError
	if !errors.As(err, &verify) {
		return nil, false
	}
	return city.Errorf("forbidden.certificate", "the server's certificate is not trusted: %w", verify.Err).
		WithHint("declare its authority as tls.ca, and the server by the name in its certificate"), true
}
