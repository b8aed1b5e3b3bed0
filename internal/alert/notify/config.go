package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/yamltree"
)

// Problem is one mistake in alerts.yaml.
type Problem struct {
	Pos     city.Pos `json:"pos"`
	Message string   `json:"message"` // never a secret
	Hint    string   `json:"hint,omitempty"`
}

// Problems are the mistakes of a file, by line. As an error they have the code
// invalid.alerts.
type Problems []Problem

// Error gives one problem per line, as "file:line: message (hint)".
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Pos.String() + ": " + one.Message
		if one.Hint != "" {
			lines[i] += " (" + one.Hint + ")"
		}
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets city.CodeOf see that the file is invalid.
func (p Problems) Unwrap() error {
	return city.Errorf("invalid.alerts", "the file of channels has %d mistakes", len(p))
}

// The bounds of a file.
const (
	mostFile     = 64 << 10 // bytes
	mostChannels = 100
	maxDepth     = 10
)

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,62}$`)

// file is alerts.yaml.
type file struct {
	Console  string     `yaml:"console"`
	Channels []ast.Node `yaml:"channels"`
}

// head is what every channel has.
type head struct {
	Name     string         `yaml:"name"`
	Language string         `yaml:"language"`
	Least    city.Severity  `yaml:"least"`
	Owners   []string       `yaml:"owners"`
	Webhook  *webhookConfig `yaml:"webhook"`
	Email    *emailConfig   `yaml:"email"`
}

// Channel is a declared channel, ready to send.
type Channel struct {
	Name, Kind string
	Where      string // the host that it sends to, for people
	route      alert.Route
	sender
}

type sender interface {
	Send(ctx context.Context, m alert.Message) error
}

// Route says what the channel takes.
func (c *Channel) Route() alert.Route { return c.route }

// Load reads the channels of a file against a city; nil looks no owners up. A
// file that is not there declares none. Mistakes are Problems.
func Load(path string, c *city.City) ([]*Channel, error) {
	raw, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, city.Outside(err, "cannot read the file of channels")
	}
	return Parse(raw, path, filepath.Dir(path), c)
}

// Parse reads the text of a file. The name is for messages; relative paths start
// from base.
func Parse(raw []byte, name, base string, c *city.City) ([]*Channel, error) {
	p := &parser{name: name, base: base, city: c}
	out := p.file(raw)
	if len(p.problems) > 0 {
		slices.SortStableFunc(p.problems, func(a, b Problem) int { return a.Pos.Line - b.Pos.Line })
		return nil, p.problems
	}
	return out, nil
}

type parser struct {
	name, base string
	city       *city.City
	console    string
	problems   Problems
}

func (p *parser) addf(line int, hint, format string, args ...any) {
	p.problems = append(p.problems, Problem{city.Pos{File: p.name, Line: max(line, 1)}, fmt.Sprintf(format, args...), hint})
}

// file reads the whole file. The library's own errors quote the text, which may
// hold a secret that somebody wrote there: only message and line are taken.
func (p *parser) file(raw []byte) []*Channel {
	raw = bytes.ReplaceAll(bytes.TrimPrefix(raw, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	switch {
	case len(raw) > mostFile:
		p.addf(1, "", "the file is above %d KiB", mostFile>>10)
		return nil
	case !utf8.Valid(raw):
		p.addf(1, "save it as UTF-8", "the file is not UTF-8")
		return nil
	}
	tree, err := yamltree.Parse(raw, maxDepth)
	if err != nil {
		p.library(1, err)
		return nil
	}
	if len(tree.Docs) != 1 || tree.Docs[0].Body == nil {
		p.addf(1, "write channels: and below it a list", "the file is not one document")
		return nil
	}
	var f file
	if !p.decode(tree.Docs[0].Body, &f) {
		return nil
	}
	if p.console = strings.TrimRight(f.Console, "/"); p.console != "" {
		if u, err := url.Parse(p.console); err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
			p.addf(1, "write for example http://10.0.0.5:8080", "console is not the address of a console")
		}
	}
	if len(f.Channels) > mostChannels {
		p.addf(1, "", "%d channels are declared, at most %d are allowed", len(f.Channels), mostChannels)
		return nil
	}
	var out []*Channel
	for i, n := range f.Channels {
		if n == nil || n.Type() == ast.NullType {
			p.addf(1, "", "channel %d of the list is empty", i+1)
			continue
		}
		if c := p.channel(n); c != nil {
			if slices.ContainsFunc(out, func(o *Channel) bool { return o.Name == c.Name }) {
				p.addf(lineOf(n), "", "the channel %s is declared twice", c.Name)
			}
			out = append(out, c)
		}
	}
	return out
}

// decode fills v from a node and says whether that went well.
func (p *parser) decode(n ast.Node, v any) (ok bool) {
	defer func() {
		if r := recover(); r != nil { // the library panics on some input
			p.addf(lineOf(n), "", "it cannot be read")
			ok = false
		}
	}()
	if err := yaml.NodeToValue(n, v, yaml.Strict()); err != nil {
		p.library(lineOf(n), err)
		return false
	}
	return true
}

func (p *parser) library(line int, err error) {
	var y yaml.Error
	if !errors.As(err, &y) {
		p.addf(line, "", "it is not what a file of channels holds")
		return
	}
	if tk := y.GetToken(); tk != nil && tk.Position != nil {
		line = tk.Position.Line
	}
	message, _, _ := strings.Cut(y.GetMessage(), "\n")
	p.addf(line, "see docs/alerts.md for the form", "%s", message)
}

func lineOf(n ast.Node) int {
	switch m := n.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 {
			return lineOf(m.Values[0])
		}
	case *ast.MappingValueNode:
		return m.Key.GetToken().Position.Line
	}
	if n == nil {
		return 1
	}
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		return tk.Position.Line
	}
	return 1
}

// channel reads one channel.
func (p *parser) channel(n ast.Node) *Channel {
	h, line := head{Language: langZH}, lineOf(n)
	if !p.decode(n, &h) {
		return nil
	}
	p.checkHead(line, h)
	c := &Channel{Name: h.Name, route: alert.Route{Channel: h.Name, Least: h.Least, Owners: h.Owners}}
	switch {
	case (h.Webhook == nil) == (h.Email == nil):
		p.addf(line, "", "the channel %s needs either webhook or email", h.Name)
		return nil
	case h.Webhook != nil:
		c.Kind = "webhook"
		c.Where = h.Webhook.host()
		w := &webhook{webhookConfig: *h.Webhook, console: p.console, base: p.base}
		c.sender = w
		p.problemsOf(line, "webhook", w.prepare())
	default:
		c.Kind = "email"
		c.Where = h.Email.Server
		e := &email{emailConfig: *h.Email, lang: h.Language, console: p.console, base: p.base}
		c.sender = e
		p.problemsOf(line, "email", e.prepare())
	}
	return c
}

func (p *parser) checkHead(line int, h head) {
	if !nameForm.MatchString(h.Name) {
		p.addf(line, "use small letters, digits and hyphens, 63 at most", "the name %q cannot be used", h.Name)
	}
	if h.Language != langZH && h.Language != langEN {
		p.addf(line, "write zh or en", "the language %q is not known", h.Language)
	}
	if h.Least != "" && h.Least.Rank() == 0 {
		p.addf(line, "write info, warning or critical", "least: %q is no severity", h.Least)
	}
	for _, o := range h.Owners {
		if p.city == nil {
			break
		}
		if _, err := p.city.Organisation(o); err != nil {
			p.problemsOf(line, "owners", []error{err})
		}
	}
}

func (p *parser) problemsOf(line int, where string, errs []error) {
	for _, err := range errs {
		var e *city.Error
		if errors.As(err, &e) {
			if e.Where != "" {
				where = where + "." + e.Where
			}
			p.addf(line, e.Hint, "%s: %s", where, e.Message)
			continue
		}
		p.addf(line, "", "%s: it is not right", where)
	}
}

// timeout bounds one attempt.
func timeout(d time.Duration) time.Duration {
	if d == 0 {
		return 15 * time.Second
	}
	return d
}

func checkTimeout(d time.Duration) error {
	if d != 0 && (d < time.Second || d > time.Minute) {
		return city.Errorf(city.CodeInvalid, "%s is not between 1s and 1m", d).At("timeout")
	}
	return nil
}

func checkSecret(where string, s source.Secret) error {
	err := s.Check()
	var e *city.Error
	if errors.As(err, &e) {
		return e.At(where)
	}
	return err
}
