package http

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// mostURL bounds the address of a page, in bytes: it is kept in the cursor.
const mostURL = 8 << 10

// linkNext finds the target of rel=next in Link headers (RFC 8288); "" without.
func linkNext(h http.Header) string {
	for _, value := range h.Values("Link") {
		for rest := value; ; {
			_, after, ok := strings.Cut(rest, "<")
			if !ok {
				break
			}
			target, params, ok := strings.Cut(after, ">")
			if !ok {
				break
			}
			params, rest = untilComma(params)
			if isNext(params) {
				return strings.TrimSpace(target)
			}
		}
	}
	return ""
}

// untilComma cuts at the comma that ends a link, which is not one in quotes.
func untilComma(s string) (params, rest string) {
	quoted := false
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ',' && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func isNext(params string) bool {
	for _, p := range strings.Split(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(strings.TrimSpace(name), "rel") {
			continue
		}
		for _, rel := range strings.Fields(strings.Trim(strings.TrimSpace(value), `"`)) {
			if strings.EqualFold(rel, "next") {
				return true
			}
		}
	}
	return false
}

// nextPage is the address of the page after an answer, on the same server; ""
// at the last page.
func (p *puller) nextPage(res *http.Response) (string, error) {
	link := linkNext(res.Header)
	if link == "" {
		return "", nil
	}
	u, err := res.Request.URL.Parse(link)
	if err != nil || len(link) > mostURL {
		return "", city.Errorf("invalid.response", "the server's link to the next page cannot be read")
	}
	return u.String(), p.sameHost(u.String())
}

// sameHost refuses a page on another server than the declared one.
func (p *puller) sameHost(page string) error {
	want, err := url.Parse(p.o.fill(period{}, ""))
	if err != nil {
		return city.Errorf("invalid.url", "the address cannot be read")
	}
	if u, err := url.Parse(page); err != nil || u.Host != want.Host || u.Scheme != want.Scheme || u.User != nil {
		return city.Errorf("forbidden.redirect", "the server names a next page on another server")
	}
	return nil
}
