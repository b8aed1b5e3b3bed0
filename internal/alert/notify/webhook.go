package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// The headers of a webhook.
const (
	headerKey       = "Idempotency-Key"
	headerTime      = "Jinyang-Timestamp" // seconds since 1970
	headerSignature = "Jinyang-Signature" // sha256=HEX or sm3=HEX: HMAC over timestamp, ".", body
)

// webhookConfig declares a webhook.
type webhookConfig struct {
	URL       string        `yaml:"url"`
	Secret    source.Secret `yaml:"secret"`    // signs; env:NAME or file:/path
	Signature string        `yaml:"signature"` // sha256 or sm3
	Timeout   time.Duration `yaml:"timeout"`
	Private   bool          `yaml:"private"` // whether addresses of private networks, and of this machine, may be called
	TLS       source.TLS    `yaml:"tls"`
}

// webhook posts messages as JSON.
type webhook struct {
	webhookConfig
	console, base string
	client        *http.Client
}

func (c webhookConfig) host() string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// prepare checks what was declared, all of it, and makes the client.
func (w *webhook) prepare() []error {
	var out []error
	add := func(err error) {
		if err != nil {
			out = append(out, err)
		}
	}
	u, err := url.Parse(w.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return append(out, city.Errorf(city.CodeInvalid, "it is not the address of a web server").At("url").WithHint("write https://host/path"))
	}
	if u.User != nil {
		add(city.Errorf(city.CodeInvalid, "a password does not belong into the address").At("url").WithHint("use secret, which signs the messages"))
	}
	if u.Scheme == "http" && !source.Loopback(u.Hostname()) {
		add(city.Errorf(city.CodeInvalid, "a connection that leaves this machine must be encrypted").At("url").WithHint("write https://, with tls.ca where the authority is not a public one"))
	}
	if w.Signature == "" {
		w.Signature = "sha256"
	}
	if w.Signature != "sha256" && w.Signature != "sm3" {
		add(city.Errorf(city.CodeInvalid, "%q is no way to sign", w.Signature).At("signature").WithHint("write sha256 or sm3"))
	}
	add(checkSecret("secret", w.Secret))
	add(checkTimeout(w.Timeout))
	if w.TLS.Mode == "" {
		w.TLS.Mode = source.TLSVerify
	}
	add(w.TLS.Check(u.Hostname()))
	if len(out) == 0 {
		add(w.connect(u))
	}
	return out
}

// connect makes a client that follows no redirects, keeps no cookies, uses no
// proxy of the environment, and calls private addresses only where that is
// declared.
func (w *webhook) connect(u *url.URL) error {
	conf, err := w.TLS.Config(u.Hostname(), w.base)
	if err != nil {
		return err
	}
	dialer := &net.Dialer{Timeout: timeout(w.Timeout), Control: w.control}
	w.client = &http.Client{
		Timeout:       timeout(w.Timeout),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: conf, DisableKeepAlives: true,
			TLSHandshakeTimeout: timeout(w.Timeout), ResponseHeaderTimeout: timeout(w.Timeout), MaxResponseHeaderBytes: 64 << 10},
	}
	return nil
}

// control refuses an address after its name was resolved, when no name can hide
// it any more.
func (w *webhook) control(_, address string, _ syscall.RawConn) error {
	if w.Private {
		return nil
	}
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return errPrivate
	}
	ip := ap.Addr().Unmap()
	if ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsLinkLocalMulticast() || ip.IsMulticast() || ip.IsUnspecified() {
		return errPrivate
	}
	return nil
}

var errPrivate = city.Errorf("forbidden.address", "the webhook's address is private").WithHint("declare private: true for the channel, if that is meant")

// mostAnswer is how much of an answer is read, and thrown away.
const mostAnswer = 64 << 10

// Send posts a message. Any answer of the 200s is success.
func (w *webhook) Send(ctx context.Context, m alert.Message) error {
	req, err := w.request(ctx, m)
	if err != nil {
		return err
	}
	res, err := w.client.Do(req)
	if err != nil {
		return unreachable(err)
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, mostAnswer) // so that the server sees its answer taken
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return nil
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return city.Errorf("invalid.redirect", "the webhook answered with a redirect, which is not followed").WithHint("declare the address that it leads to")
	}
	return city.Errorf("unavailable.webhook", "the webhook answered with the status %d", res.StatusCode)
}

func (w *webhook) request(ctx context.Context, m alert.Message) (*http.Request, error) {
	body, err := json.Marshal(struct {
		alert.Message
		Console string `json:"console,omitempty"` // what paths start from
	}{m, w.console})
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot write a message: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot make the request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "jinyang")
	req.Header.Set(headerKey, m.Key)
	secret, err := w.Secret.Read()
	if err != nil || secret == "" {
		return req, err
	}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set(headerTime, stamp)
	req.Header.Set(headerSignature, w.Signature+"="+Sign(w.Signature, secret, stamp, body))
	return req, nil
}

// Sign is the signature of a webhook's body: an HMAC with SHA-256, or with SM3
// for the kind sm3, over the timestamp, a full stop and the body, in hex. What
// receives a webhook computes it and compares.
func Sign(kind, secret, stamp string, body []byte) string {
	f := sha256.New
	if kind == "sm3" {
		f = func() hash.Hash { return sm3.New() }
	}
	mac := hmac.New(f, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// unreachable says why a server could not be reached, without the address that
// the library names: it may hold a token.
func unreachable(err error) error {
	if untrusted, is := source.Untrusted(err); is {
		return untrusted
	}
	var coded *city.Error
	if errors.As(err, &coded) {
		return coded
	}
	var u *url.Error
	if errors.As(err, &u) {
		if u.Timeout() {
			return city.Errorf("unavailable.webhook", "the webhook did not answer in time")
		}
		err = u.Err
	}
	return city.Errorf("unavailable.webhook", "the webhook cannot be reached: %w", err)
}
