// Package audit is the hash chain over everything that changes the state of a
// city: who did what to which thing, when, and why. It is pure: it makes and
// checks records, and leaves keeping them to package store, which appends each
// one in the transaction of the change that it tells of.
//
// # What the chain proves
//
// The hash of a record covers its number, all its fields and the hash of the
// record before it. Changing, inserting, removing or swapping records therefore
// breaks the chain at the first record that was touched, and Verify names that
// record. A chain alone cannot show that its newest records were cut off, or
// that all of it was written anew; for that, compare it with a Head that was
// put down elsewhere, by passing the Head to Verify as an anchor.
//
// Records hold no personal data: subjects are identifiers of deliveries,
// settings and the like, never of people, other than as tokens.
package audit

import (
	"bytes"
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Precision is how finely records keep time. Next cuts a finer time, so that a
// record read back from any database has the hash that it was written with.
const Precision = time.Microsecond

// Entry is what happened, as the one who did it tells it.
type Entry struct {
	At      time.Time       // when; the zero time is an error
	Actor   string          // who: a user, a service or a command, for example "cli:deliver"
	Action  string          // what was done, for example "delivery.commit"
	Subject string          // what it was done to, for example a delivery's ID
	Detail  json.RawMessage // one JSON document with the particulars; nil means {}
}

// Record is an Entry in its place in the chain.
type Record struct {
	Seq int64 // from 1, without gaps
	Entry
	PrevHash string // Hash of the record before; Genesis for the first
	Hash     string // lower-case hex, see Sum
}

// Head is a position in the chain: the number and the hash of a record. The
// zero Head stands before the first record.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// Head is the position of the record.
func (r Record) Head() Head { return Head{Seq: r.Seq, Hash: r.Hash} }

// Next makes the record that follows prev; the zero Head makes the first one.
// It fails with invalid.audit when the entry lacks a field, is not UTF-8, or
// its detail is not JSON.
func Next(prev Head, e Entry) (Record, error) {
	e, err := e.normal()
	if err != nil {
		return Record{}, err
	}
	if prev == (Head{}) {
		prev.Hash = Genesis
	}
	r := Record{Seq: prev.Seq + 1, Entry: e, PrevHash: prev.Hash}
	r.Hash = r.Sum()
	return r, nil
}

// normal is the entry as it will be kept: in UTC, at Precision, with compact
// JSON.
func (e Entry) normal() (Entry, error) {
	if e.At.IsZero() {
		return e, incomplete("the time")
	}
	for _, f := range []struct{ name, value string }{
		{"the actor", e.Actor}, {"the action", e.Action}, {"the subject", e.Subject},
	} {
		if f.value == "" {
			return e, incomplete(f.name)
		}
		if !utf8.ValidString(f.value) || bytes.IndexByte([]byte(f.value), 0) >= 0 {
			return e, city.Errorf(codeInvalid, "%s of an audit entry is not text", f.name)
		}
	}
	detail, err := compact(e.Detail)
	if err != nil {
		return e, err
	}
	e.At, e.Detail = e.At.UTC().Truncate(Precision), detail
	return e, nil
}

const codeInvalid = city.CodeInvalid + ".audit"

func incomplete(what string) *city.Error {
	return city.Errorf(codeInvalid, "an audit entry lacks %s", what)
}

// compact drops the white space between JSON tokens. The parser's own message
// is not passed on: it may repeat a piece of the document.
func compact(detail json.RawMessage) (json.RawMessage, error) {
	if len(detail) == 0 {
		return json.RawMessage("{}"), nil
	}
	var b bytes.Buffer
	if err := json.Compact(&b, detail); err != nil || !utf8.Valid(b.Bytes()) {
		return nil, city.Errorf(codeInvalid, "the detail of an audit entry is not a JSON document")
	}
	return b.Bytes(), nil
}
