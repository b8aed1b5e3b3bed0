package http

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

const (
	dialTimeout   = 15 * time.Second
	mostRedirects = 5
	mostHeader    = 256 << 10
)

// client makes what requests are sent with.
func (o *Options) client(base string) (*http.Client, error) {
	u, err := url.Parse(o.fill(period{}, ""))
	if err != nil {
		return nil, city.Errorf(city.CodeInvalid, "the address cannot be read")
	}
	var conf *tls.Config
	if u.Scheme == "https" {
		if conf, err = o.TLS.Config(u.Hostname(), base); err != nil {
			return nil, err
		}
	}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:           http.ProxyFromEnvironment,
			DialContext:     (&net.Dialer{Timeout: dialTimeout}).DialContext,
			TLSClientConfig: conf, TLSHandshakeTimeout: dialTimeout, ForceAttemptHTTP2: true,
			ResponseHeaderTimeout: o.HeaderTimeout, MaxResponseHeaderBytes: mostHeader,
			DisableCompression: true, // so that the bytes, and their number, are the sender's
			IdleConnTimeout:    dialTimeout,
		},
		CheckRedirect: sameServer,
	}, nil
}

// sameServer follows redirects on one server only: another must not get the
// secrets, nor decide what the city takes in.
func sameServer(next *http.Request, before []*http.Request) error {
	first := before[0].URL
	switch {
	case len(before) > mostRedirects:
		return city.Errorf("invalid.response", "the server redirects more than %d times", mostRedirects)
	case next.URL.Host != first.Host || next.URL.Scheme != first.Scheme:
		return city.Errorf("forbidden.redirect", "the server redirects to another, %s", next.URL.Scheme+"://"+next.URL.Host).
			WithHint("declare that address, if it is the right one")
	}
	return nil
}

// secrets reads the secrets and makes headers of them.
func (o *Options) secrets() (http.Header, error) {
	out := http.Header{}
	for name, s := range o.Secret {
		v, err := s.Read()
		if err != nil {
			return nil, err
		}
		out.Set(name, v)
	}
	if o.Bearer != "" {
		v, err := o.Bearer.Read()
		if err != nil {
			return nil, err
		}
		out.Set("Authorization", "Bearer "+v)
	}
	if o.Basic.User != "" {
		v, err := o.Basic.Password.Read()
		if err != nil {
			return nil, err
		}
		r := http.Request{Header: out}
		r.SetBasicAuth(o.Basic.User, v)
	}
	return out, nil
}

// get sends a request and gives an answer that is one, with a body that fails
// when it stalls.
func (p *puller) get(ctx context.Context, a *ask) (*http.Response, error) {
	ctx, cancel := context.WithCancel(ctx)
	unhook := context.AfterFunc(p.base, cancel)
	end := func() { unhook(); cancel() }
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url, nil)
	if err != nil {
		end()
		return nil, city.Errorf("invalid.url", "the address cannot be asked")
	}
	for name, v := range p.o.Headers {
		req.Header.Set(name, v)
	}
	for name, v := range p.secret {
		req.Header[name] = v
	}
	if a.at.ETag != "" {
		req.Header.Set("If-None-Match", a.at.ETag)
	}
	if a.at.Modified != "" {
		req.Header.Set("If-Modified-Since", a.at.Modified)
	}
	res, err := p.client.Do(req)
	if err != nil {
		silent := ctx.Err() == nil // nobody ended the request
		end()
		return nil, p.failed(err, silent)
	}
	res.Body = &body{ReadCloser: res.Body, stall: p.o.Stall, cancel: end}
	if err := p.refused(res); err != nil {
		return nil, errors.Join(err, res.Body.Close())
	}
	return res, nil
}

// failed gives a code to what kept an answer from coming. The library's error
// repeats the address, whose query may hold a key, so it is left out. A time-out
// of a request that is not over is the server's.
func (p *puller) failed(err error, silent bool) error {
	if untrusted, ok := source.Untrusted(err); ok {
		return untrusted
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	var slow net.Error
	if silent && errors.As(err, &slow) && slow.Timeout() {
		return city.Errorf("unavailable.stalled", "the server %s does not answer in time", p.o.Location()).WithHint("it is tried again; header_timeout says how long is waited")
	}
	return city.Outside(err, "the server "+p.o.Location()+" does not answer")
}

// refused gives a code to a status that is neither an answer nor nothing.
func (p *puller) refused(res *http.Response) error {
	status := res.StatusCode
	for _, s := range p.o.Nothing {
		if s == status {
			return nil
		}
	}
	say := func(code city.Code, hint string) error {
		return city.Errorf(code, "the server answers %d %s", status, http.StatusText(status)).WithHint("%s", hint)
	}
	switch {
	case status == http.StatusOK || status == http.StatusNotModified:
		return nil
	case status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusProxyAuthRequired:
		return say("forbidden.login", "check user, password or token, and what they may read")
	case status == http.StatusNotFound || status == http.StatusGone:
		return say("not_found.url", "check the address; if it means that there is nothing yet, declare nothing: [404]")
	case status == http.StatusTooManyRequests || status >= http.StatusInternalServerError || status == http.StatusRequestTimeout:
		return &source.Later{After: retryAfter(res.Header.Get("Retry-After"), p.env.Now()), Err: say("unavailable.server", "it is tried again")}
	}
	return say("invalid.response", "check the address and what it expects")
}

// retryAfter reads seconds, or a date; 0 when it is neither.
func retryAfter(text string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
		const most = 1 << 20 // seconds; LaterThan bounds it further
		return time.Duration(min(max(n, 0), most)) * time.Second
	}
	if t, err := http.ParseTime(text); err == nil {
		return max(t.Sub(now), 0)
	}
	return 0
}
