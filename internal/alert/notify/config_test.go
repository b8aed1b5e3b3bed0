package notify_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/alert/notify"
	"github.com/jinyang-city/jinyang/internal/city"
)

func TestMistakes(t *testing.T) {
	t.Parallel()
	c := &city.City{Organisations: []*city.Organisation{{Name: "hrss"}}}
	c.Index()
	for name, want := range map[string]string{
		"channels: [": "alerts.yaml:1", "": "not one document", "channel: []": "unknown field", "channels: 3": "alerts.yaml:1",
		"channels:\n  - {name: Duty, webhook: {url: 'https://example.org'}}": `alerts.yaml:2: the name "Duty" cannot be used`,
		"channels:\n  - {name: a}":                                                                                  "needs either webhook or email",
		"channels:\n  - {name: a, webhook: {url: 'http://example.org'}}":                                            "must be encrypted",
		"channels:\n  - {name: a, webhook: {url: 'https://u:p@example.org'}}":                                       "a password does not belong",
		"channels:\n  - {name: a, webhook: {url: 'https://example.org', secret: hunter2}}":                          "webhook.secret: a secret is not written here",
		"channels:\n  - {name: a, webhook: {url: 'https://example.org', signature: md5}}":                           `"md5" is no way to sign`,
		"channels:\n  - {name: a, webhook: {url: 'https://example.org', timeout: 1h}}":                              "not between 1s and 1m",
		"channels:\n  - {name: a, owners: [hrs], webhook: {url: 'https://example.org'}}":                            "did you mean hrss?",
		"channels:\n  - {name: a, least: urgent, webhook: {url: 'https://example.org'}}":                            "is no severity",
		"channels:\n  - {name: a, language: fr, webhook: {url: 'https://example.org'}}":                             `the language "fr"`,
		"channels:\n  - {name: a, email: {server: mail, from: a@example.org, to: [b@example.org]}}":                 "no mail server|not the address",
		"channels:\n  - {name: a, email: {server: 'm:25', security: none, from: a@x.org, to: [b@x.org]}}":           "must be encrypted",
		"channels:\n  - {name: a, email: {server: 'm:25', from: nobody, to: []}}":                                   "it is no mail address",
		"channels:\n  - {name: a, email: {server: 'm:25', user: u, from: a@x.org, to: [b@x.org]}}":                  "user and password go together",
		"console: ftp://x\nchannels: []":                                                                            "not the address of a console",
		"channels:\n  - {name: a, webhook: {url: 'https://x.org'}}\n  - {name: a, webhook: {url: 'https://x.org'}}": "alerts.yaml:3: the channel a is declared twice",
	} {
		_, err := notify.Parse([]byte(name), "alerts.yaml", "/", c)
		found := false
		for _, w := range strings.Split(want, "|") {
			found = found || err != nil && strings.Contains(err.Error(), w)
		}
		if !found || city.CodeOf(err) != "invalid.alerts" || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s\n  gives %v\n  want %s", name, err, want)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	if list, err := notify.Load(t.TempDir()+"/alerts.yaml", nil); err != nil || len(list) != 0 {
		t.Errorf("no file: %v, %v", list, err)
	}
	list, err := notify.Parse([]byte("channels:\n  - name: duty\n    least: warning\n    owners: [hrss]\n    webhook: {url: 'https://example.org/x', timeout: 5s}\n"), "alerts.yaml", "/", nil)
	if err != nil || len(list) != 1 {
		t.Fatal(err)
	}
	if r := list[0].Route(); r.Channel != "duty" || r.Least != city.SeverityWarning || len(r.Owners) != 1 || list[0].Where != "example.org" || list[0].Kind != "webhook" {
		t.Errorf("got %+v %+v", list[0], r)
	}
}

// FuzzParse holds that no text ends the program, and that what is read can send.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"channels: []", "channels:\n  - {name: a, webhook: {url: 'https://example.org'}}", "channels:\n  - name: a\n    email: {server: 'm:25', from: a@x.org, to: [b@x.org]}",
		"console: http://x\nchannels: [[]]", "channels: {a: &x 1, b: *x}", "- - -", "channels:\n  -", "channels:\n  - !!binary x"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := notify.Parse(text, "alerts.yaml", "/", nil)
		var problems notify.Problems
		if err != nil && (!errors.As(err, &problems) || len(problems) == 0) {
			t.Fatalf("an error of another kind: %v", err)
		}
		for _, c := range list {
			if c.Route().Channel == "" {
				t.Fatal("a channel without a name")
			}
		}
	})
}
