package config

import (
	"time"

	"github.com/goccy/go-yaml/token"
)

// The bounds of what a source may declare.
const (
	leastEvery   = time.Second
	leastTimeout = time.Second
	mostTimeout  = 24 * time.Hour
	mostPause    = 7 * 24 * time.Hour
)

// checkHead checks the keys that every source has.
func (d *decoder) checkHead(h *head, start *token.Token) {
	at := func(key string) *token.Token {
		if tk := d.at[key]; tk != nil {
			return tk
		}
		return start
	}
	switch {
	case d.at["name"] == nil:
		d.addf(start, CodeMissingKey, "", "a source has no name")
	case !nameForm.MatchString(h.Name):
		d.addf(at("name"), CodeInvalidValue, "use small letters, digits and hyphens, 63 at most", "the name %q cannot be used", h.Name)
		h.Name = ""
	}
	if h.Dataset != "" && d.city != nil {
		if _, err := d.city.Dataset(h.Dataset); err != nil {
			message, hint := words(err)
			d.addf(at("dataset"), CodeUnknownReference, hint, "%s", message)
		}
	}
	if d.at["every"] != nil && h.At.Set {
		d.addf(at("at"), CodeInconsistent, "leave one of them out", "every and at exclude each other")
	}
	between := func(key string, v, least, most time.Duration) {
		if v < least || v > most {
			d.addf(at(key), CodeInvalidValue, "", "%s: %s is not between %s and %s", key, v, least, most)
		}
	}
	between("every", h.Every, leastEvery, mostPause)
	between("timeout", h.Timeout, leastTimeout, mostTimeout)
	between("retry.first", h.Retry.First, time.Millisecond, mostPause)
	between("retry.most", h.Retry.Most, h.Retry.First, mostPause)
}
