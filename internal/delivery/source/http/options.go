// Package http is the kind of source that pulls from a web address: one file
// that changes now and then, a file for each day or month, or the pages of an
// API. See README.md for how to declare it.
package http

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// Kind is the entry for the table of kinds.
func Kind() source.Kind {
	return source.Kind{Name: "http", Options: func() source.Options {
		return &Options{TLS: source.TLS{Mode: source.TLSVerify}, Nothing: []int{http.StatusNoContent}, Most: 8 << 30,
			HeaderTimeout: 30 * time.Second, Stall: time.Minute}
	}}
}

// Options declare an address to pull from.
type Options struct {
	URL     string                   `yaml:"url"`  // may hold {cursor}, or {from} and {to}
	Name    string                   `yaml:"name"` // of the file, for the receipt; "" the end of the address
	Headers map[string]string        `yaml:"headers"`
	Secret  map[string]source.Secret `yaml:"secret_headers"`
	Bearer  source.Secret            `yaml:"bearer"`
	Basic   Basic                    `yaml:"basic"`
	TLS     source.TLS               `yaml:"tls"`

	Nothing []int  `yaml:"nothing"` // statuses that mean that there is nothing (yet)
	Pages   string `yaml:"pages"`   // link: the Link header names the next page
	Cursor  Cursor `yaml:"cursor"`
	Window  Window `yaml:"window"`
	Rows    string `yaml:"rows"` // where in a JSON document the list of rows is, for example data.items; . is the document

	Most          source.Bytes  `yaml:"most"`           // of one answer
	HeaderTimeout time.Duration `yaml:"header_timeout"` // until an answer begins
	Stall         time.Duration `yaml:"stall"`          // without any byte of the answer
	Unsized       bool          `yaml:"unsized"`        // take answers whose end cannot be told from a cut
}

// Basic is a user with a password.
type Basic struct {
	User     string        `yaml:"user"`
	Password source.Secret `yaml:"password"`
}

// Cursor says where an API tells how far it was read, for {cursor}.
type Cursor struct {
	Start  string `yaml:"start"`  // what the first request says
	Header string `yaml:"header"` // of the answer: what the next request says
}

// Window divides time into periods, for {from} and {to}: the first and the last
// day of one that is over.
type Window struct {
	Every string        `yaml:"every"` // day or month
	First string        `yaml:"first"` // day from which on
	After time.Duration `yaml:"after"` // how long after its end a period is asked for
}

// The words of options.
const (
	pagesLink   = "link"
	windowDay   = "day"
	windowMonth = "month"
)

var (
	_ source.Options = (*Options)(nil)
	_ source.Located = (*Options)(nil)
)

// Location is the address without its query, which may hold a key.
func (o *Options) Location() string {
	address, _, _ := strings.Cut(o.URL, "?")
	return address
}

// Open makes the source. It does not connect yet.
func (o *Options) Open(_ context.Context, env source.Env) (source.Source, error) {
	return newPuller(o, env)
}

// Check finds mistakes in the options.
func (o *Options) Check() error {
	c := checker{}
	c.address(o)
	c.headers(o)
	c.mode(o)
	for _, status := range o.Nothing {
		if status < http.StatusOK || status > 599 || status == http.StatusOK || status == http.StatusUnauthorized || status == http.StatusForbidden {
			c.bad("nothing", "the status %d cannot mean that there is nothing", status)
		}
	}
	if o.Most <= 0 {
		c.bad("most", "the largest answer must be above 0 bytes")
	}
	if o.HeaderTimeout < time.Second || o.Stall < time.Second {
		c.bad("stall", "header_timeout and stall must be at least 1s")
	}
	if o.Name != "" && !source.SafeName(o.fileName(period{}, "")) {
		c.bad("name", "%q cannot be a file name", o.Name)
	}
	if o.Rows != "" && o.Rows != "." && slices.Contains(strings.Split(o.Rows, "."), "") {
		c.bad("rows", "%q is not a path such as data.items", o.Rows)
	}
	return errors.Join(c.errs...)
}

// checker gathers mistakes.
type checker struct{ errs []error }

func (c *checker) bad(key, format string, args ...any) {
	c.errs = append(c.errs, city.Errorf(city.CodeInvalid, format, args...).At(key))
}

func (c *checker) address(o *Options) {
	u, err := url.Parse(o.fill(period{}, "x"))
	switch {
	case o.URL == "":
		c.bad("url", "the address is not given")
		return
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		c.bad("url", "the address is not one of http or https") // not quoted: it may hold a password
		return
	case u.User != nil:
		c.bad("url", "the address holds a user; declare basic instead")
	case u.Scheme == "http" && o.hasSecret() && !source.Loopback(u.Hostname()):
		c.bad("url", "a secret would be sent in the clear; use https")
	}
	if u.Scheme == "https" {
		if err := o.TLS.Check(u.Hostname()); err != nil {
			c.errs = append(c.errs, err)
		}
	}
}

func (o *Options) hasSecret() bool {
	return o.Bearer != "" || o.Basic != (Basic{}) || len(o.Secret) > 0
}

// telling are parts of names of headers that are secrets.
var telling = []string{"authorization", "cookie", "token", "secret", "key", "password"}

func (c *checker) headers(o *Options) {
	for name := range o.Headers {
		if slices.ContainsFunc(telling, func(part string) bool { return strings.Contains(strings.ToLower(name), part) }) {
			c.bad("headers."+name, "the header %s is a secret; declare it in secret_headers", name)
		}
	}
	if (o.Basic.User == "") != (o.Basic.Password == "") {
		c.bad("basic", "user and password go together")
	}
	if o.Bearer != "" && o.Basic.User != "" {
		c.bad("bearer", "bearer and basic exclude each other")
	}
}

// mode checks how the batches follow each other.
func (c *checker) mode(o *Options) {
	hasCursor, hasWindow := strings.Contains(o.URL, "{cursor}"), strings.Contains(o.URL, "{from}") || strings.Contains(o.URL, "{to}")
	switch {
	case o.Pages != "" && o.Pages != pagesLink:
		c.bad("pages", "%q is not known; only link is", o.Pages)
	case hasCursor != (o.Cursor.Header != ""):
		c.bad("cursor", "{cursor} in the address and cursor.header go together")
	case hasWindow != (o.Window.Every != ""):
		c.bad("window", "{from} or {to} in the address and window.every go together")
	case hasCursor && hasWindow || o.Pages != "" && (hasCursor || hasWindow):
		c.bad("url", "pages, {cursor}, and {from} with {to} exclude each other")
	}
	if !hasWindow {
		return
	}
	if o.Window.Every != windowDay && o.Window.Every != windowMonth {
		c.bad("window.every", "%q is not day or month", o.Window.Every)
	}
	if _, err := city.ParseDate(o.Window.First); err != nil {
		c.bad("window.first", "%q is not a day such as 2024-01-01", o.Window.First)
	}
}
