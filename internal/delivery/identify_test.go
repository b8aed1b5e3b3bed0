package delivery_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/vault"
)

const why = "the court asks for the person behind this record"

// TestIdentify goes from tokens back to numbers through the sealed files, also
// when the row was corrected, written otherwise by its sender, and sealed under
// another key since.
func TestIdentify(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.deliver("hrss.jobs", head+"A1,,小店区,2024-01-05,1\nA2,"+anna+",小店区,2024-01-05,1\n")
	r := b.deliver("hrss.jobs", head+"A9,bad,小店区,2024-01-05,1\nA2,"+anna+",小店区,2024-01-06,2\nA3,"+wide(bruno)+",小店区,2024-01-06,2\n")
	b.rotate()
	if n, err := b.svc.Reseal(t.Context(), func(int, int) {}); err != nil || n.Files != 2 || n.Rows != 1 {
		t.Fatalf("sealed anew: %+v, %v", n, err)
	}
	tokens := []string{b.keys.Token(bruno), b.keys.Token(anna)}
	got, err := b.svc.Identify(t.Context(), delivery.IdentifyRequest{Tokens: tokens, Reason: why, Actor: "os:judge"})
	if err != nil || len(got) != 2 {
		t.Fatalf("got %v, %v", got, err)
	}
	for i, want := range []struct {
		id  string
		row int64
	}{{bruno, 3}, {anna, 2}} {
		g := got[i]
		if g.IDNumber != want.id || g.Token != tokens[i] || g.DeliveryID != r.DeliveryID || g.Row != want.row || g.Dataset != "hrss.jobs" || g.Field != "person" {
			t.Errorf("got row %d of %s for %s", g.Row, g.DeliveryID, g)
		}
	}
	if text := fmt.Sprintf("%v %+v", got, got[0]); strings.Contains(text, bruno) {
		t.Error("the number shows when it is printed by chance")
	}
	doc := b.audited("identity.reveal")
	if !strings.Contains(doc, why) || !strings.Contains(doc, "os:judge") || !strings.Contains(doc, tokens[0]) || strings.Contains(doc, anna) || strings.Contains(doc, bruno) {
		t.Errorf("audited %s", doc)
	}
}

// TestIdentifyRefuses holds that nothing is given out without a reason, and
// that an ID number in place of a token reaches no record.
func TestIdentifyRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.deliver("hrss.jobs", head+"A2,"+anna+",小店区,2024-01-05,1\n")
	token, other := b.keys.Token(anna), b.keys.Token(bruno)
	many := make([]string, delivery.MostIdentified+1)
	for i := range many {
		many[i] = b.keys.Token(fmt.Sprint(i))
	}
	for want, q := range map[city.Code]delivery.IdentifyRequest{
		"invalid.reason":  {Tokens: []string{token}, Reason: " ", Actor: "os:judge"},
		"invalid.tokens":  {Tokens: []string{anna}, Reason: why, Actor: "os:judge"},
		"not_found.token": {Tokens: []string{token, other}, Reason: why, Actor: "os:judge"},
	} {
		if got, err := b.svc.Identify(t.Context(), q); city.CodeOf(err) != want || got != nil || strings.Contains(err.Error(), anna) {
			t.Errorf("want %s, got %v, %v", want, got, err)
		}
	}
	for _, tokens := range [][]string{nil, many, {token, token}} {
		if _, err := b.svc.Identify(t.Context(), delivery.IdentifyRequest{Tokens: tokens, Reason: why, Actor: "os:judge"}); city.CodeOf(err) != "invalid.tokens" {
			t.Errorf("%d tokens: %v", len(tokens), err)
		}
	}
	if doc := b.audited("identity.reveal"); strings.Contains(doc, anna) || strings.Count(doc, "identity.reveal") != 1 {
		t.Errorf("audited %s", doc)
	}
}

func TestReveal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.deliver("hrss.jobs", head+"A2,"+anna+",nowhere,2024-01-05,1\n")
	if text, err := b.svc.Reveal(t.Context(), delivery.RevealRequest{DeliveryID: r.DeliveryID, Row: 1, Actor: "os:clerk"}); city.CodeOf(err) != "invalid.reason" || text != "" {
		t.Errorf("without a reason: %v", err)
	}
	text, err := b.svc.Reveal(t.Context(), delivery.RevealRequest{DeliveryID: r.DeliveryID, Row: 1, Reason: why, Actor: "os:clerk"})
	if err != nil || text != "A2,"+anna+",nowhere,2024-01-05,1" {
		t.Errorf("got %d bytes, %v", len(text), err)
	}
	if doc := b.audited("quarantine.reveal"); !strings.Contains(doc, "os:clerk") || strings.Contains(doc, anna) {
		t.Errorf("audited %s", doc)
	}
}

// TestResealGoesOn holds that a second call has nothing to do, that everything
// opens without the old key, and that damage stops it before the old file goes.
func TestResealGoesOn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.deliver("hrss.jobs", head+"A1,bad,小店区,2024-01-05,1\nA2,"+anna+",小店区,2024-01-05,1\n")
	under, err := b.svc.SealedUnder(t.Context())
	if err != nil || len(under) != 1 || under[1] != (delivery.Sealed{Files: 1, Rows: 1}) {
		t.Fatalf("got %v, %v", under, err)
	}
	b.rotate()
	for i, want := range []delivery.Sealed{{Files: 1, Rows: 1}, {}} {
		if n, err := b.svc.Reseal(t.Context(), func(int, int) {}); err != nil || n != want {
			t.Fatalf("call %d: %+v, %v", i, n, err)
		}
	}
	if under, err := b.svc.SealedUnder(t.Context()); err != nil || len(under) != 1 || under[2] != (delivery.Sealed{Files: 1, Rows: 1}) {
		t.Errorf("got %v, %v", under, err)
	}
	if err := vault.Retire(filepath.Join(b.dir, "vault"), 1); err != nil {
		t.Fatal(err)
	}
	b.rekey()
	if _, err := b.svc.Reveal(t.Context(), delivery.RevealRequest{DeliveryID: r.DeliveryID, Row: 1, Reason: why, Actor: "os:judge"}); err != nil {
		t.Error(err)
	}
	if _, err := b.svc.Identify(t.Context(), delivery.IdentifyRequest{Tokens: []string{b.keys.Token(anna)}, Reason: why, Actor: "os:judge"}); err != nil {
		t.Error(err)
	}
}

// wide writes digits as full-width characters.
func wide(text string) string {
	return strings.Map(func(r rune) rune { return r - '0' + '０' }, text)
}

// rotate puts a new seal key in force.
func (b *bench) rotate() {
	b.t.Helper()
	if _, err := vault.Rotate(filepath.Join(b.dir, "vault"), b.svc.Now()); err != nil {
		b.t.Fatal(err)
	}
	b.rekey()
}

// rekey makes the service anew over the vault as it is now.
func (b *bench) rekey() {
	b.t.Helper()
	keys, err := vault.Open(filepath.Join(b.dir, "vault"))
	if err != nil {
		b.t.Fatal(err)
	}
	b.keys = keys
	c := b.svc.Config
	c.Vault = keys
	b.svc = delivery.New(c)
}

// audited gives the audit records of an action as text.
func (b *bench) audited(action string) string {
	b.t.Helper()
	var out strings.Builder
	for rec, err := range b.store.AuditRecords(b.t.Context()) {
		if err != nil {
			b.t.Fatal(err)
		}
		if rec.Action == action {
			doc, err := json.Marshal(rec)
			if err != nil {
				b.t.Fatal(err)
			}
			out.Write(doc)
		}
	}
	return out.String()
}
