package delivery

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// IdentifyRequest asks whose tokens these are.
type IdentifyRequest struct {
	Tokens []string // at most MostIdentified
	Reason string   // kept in the audit chain, with the tokens
	Actor  string
}

// MostIdentified is how many tokens one request may name: looking up a person
// is a single act with a reason of its own, never an export.
const MostIdentified = 20

// Identified is the ID number behind a token. It goes to who asked and nowhere
// else.
type Identified struct {
	Token      string `json:"token"`
	IDNumber   string `json:"id_number" doc:"GB 11643 number"`
	Dataset    string `json:"dataset"`
	Field      string `json:"field"`
	DeliveryID string `json:"delivery_id" doc:"delivery whose sealed file holds the number"`
	Row        int64  `json:"row"`
}

// String keeps the number out of logs.
func (i Identified) String() string { return "identified(" + i.Token + ")" }

// Identify finds the ID numbers behind tokens. Nothing keeps a table from
// tokens to numbers: a row with the token says which delivery brought it, and
// that delivery's sealed file is opened and read to this row. The audit record
// is durable before any of it, so that no number is given out without one.
//
// Tokens that no table has now are an error with the code not_found.token, and
// none is given out then.
func (s *Service) Identify(ctx context.Context, q IdentifyRequest) ([]Identified, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	reason, err := checkReason(q.Reason)
	if err != nil {
		return nil, err
	}
	err = s.Store.Audit(ctx, s.entry(s.Now(), q.Actor, "identity.reveal", strings.Join(q.Tokens, " "), map[string]any{"reason": reason}))
	if err != nil {
		return nil, err
	}
	out := make([]Identified, 0, len(q.Tokens))
	for _, ds := range s.City().Datasets {
		for _, f := range ds.Fields {
			if f.Type != city.TypePerson || len(out) == len(q.Tokens) {
				continue
			}
			found, err := s.identifyIn(ctx, ds, f, q.without(out))
			if err != nil {
				return nil, err
			}
			out = append(out, found...)
		}
	}
	if missing := q.without(out); len(missing) > 0 {
		return nil, city.Errorf("not_found.token", "no table has a row of %s", strings.Join(missing, ", ")).
			WithHint("rows that were rolled back or replaced are not searched")
	}
	return out, nil
}

func (q IdentifyRequest) check() error {
	if len(q.Tokens) == 0 || len(q.Tokens) > MostIdentified {
		return city.Errorf("invalid.tokens", "%d tokens are asked for, not 1 to %d", len(q.Tokens), MostIdentified).At("tokens")
	}
	for i, t := range q.Tokens {
		if !tokenText.MatchString(t) {
			return city.Errorf("invalid.tokens", "what is asked for is not a token").At(fmt.Sprintf("tokens[%d]", i)).
				WithHint("copy it as tables show it: small letters and digits")
		}
		if slices.Contains(q.Tokens[:i], t) {
			return city.Errorf("invalid.tokens", "a token is asked for twice").At(fmt.Sprintf("tokens[%d]", i))
		}
	}
	return nil
}

// tokenText keeps what is no token, perhaps an ID number, out of the audit
// chain: a token has letters (vault.Token), an ID number but one.
var tokenText = regexp.MustCompile(`^[a-z2-7]{20,64}$`)

// without lists the tokens that are not among those found.
func (q IdentifyRequest) without(found []Identified) []string {
	return slices.DeleteFunc(slices.Clone(q.Tokens), func(t string) bool {
		return slices.ContainsFunc(found, func(i Identified) bool { return i.Token == t })
	})
}

// identifyIn looks for tokens in one field of a table.
func (s *Service) identifyIn(ctx context.Context, ds *city.Dataset, f *city.Field, tokens []string) ([]Identified, error) {
	view, err := s.Lake.View(ctx, ds, time.Time{})
	if err != nil || len(view.Files) == 0 {
		return nil, err
	}
	keys := make([][]any, len(tokens))
	for i, t := range tokens {
		keys[i] = []any{t}
	}
	by := &city.Dataset{Name: ds.Name, Key: []string{f.Name}, Fields: ds.Fields, Delivery: city.DeliverySpec{Mode: city.ModeUpsert}}
	rows, err := s.Engine.Find(ctx, view, by, keys)
	if err != nil {
		return nil, err
	}
	var out []Identified
	for i, token := range tokens {
		at := slices.IndexFunc(rows, func(r lake.Found) bool { return r.Key == i })
		if at < 0 {
			continue
		}
		found := Identified{Token: token, Dataset: ds.Name, Field: f.Name, DeliveryID: rows[at].DeliveryID, Row: rows[at].Row}
		if found.IDNumber, err = s.numberAt(ctx, ds, found); err != nil {
			return nil, err
		}
		out = append(out, found)
	}
	return out, nil
}

// numberAt reads the ID number of one row from the sealed file.
func (s *Service) numberAt(ctx context.Context, ds *city.Dataset, at Identified) (string, error) {
	d, err := s.Store.Delivery(ctx, at.DeliveryID)
	if err != nil {
		return "", err
	}
	src := s.evidence(ctx, d.Evidence)
	probe, err := probeFile(src, math.MaxInt64)
	if err != nil {
		return "", err
	}
	plain := func(id string) string { return id }
	records, bound, rec, err := s.openWith(src, probe, ds, plain)
	if err != nil {
		return "", err
	}
	id, err := s.pick(records, bound, rec, ds, at)
	return id, errors.Join(err, records.Close())
}

func (s *Service) pick(records format.Records, bound *validate.Binding, rec *format.Record, ds *city.Dataset, at Identified) (_ string, err error) {
	before := int64(0)
	if bound.Header {
		before = 1
	}
	for rec.Number-before < at.Row {
		if rec, err = records.Next(); errors.Is(err, io.EOF) {
			return "", changedSince(at)
		}
		if err != nil {
			return "", city.Outside(err, "cannot read the archived file")
		}
	}
	values, fail := bound.Row(rec)
	if fail != nil {
		return "", changedSince(at)
	}
	id, _ := values[slices.IndexFunc(ds.Fields, func(f *city.Field) bool { return f.Name == at.Field })].(string)
	if subtle.ConstantTimeCompare([]byte(s.Vault.Token(id)), []byte(at.Token)) != 1 {
		return "", changedSince(at)
	}
	return id, nil
}

func changedSince(at Identified) error {
	return city.Errorf("conflict.evidence", "row %d of the delivery %s, read by the declarations now in force, does not have this token", at.Row, at.DeliveryID).
		WithHint("%s was declared otherwise when it came: put that pack in force in a copy of the data folder", at.Dataset)
}

// RevealRequest asks for the whole text of a quarantined row.
type RevealRequest struct {
	DeliveryID string
	Row        int64
	Reason     string
	Actor      string
}

// Reveal gives the text of a quarantined row as it was delivered. The audit
// record is durable before.
func (s *Service) Reveal(ctx context.Context, q RevealRequest) (string, error) {
	reason, err := checkReason(q.Reason)
	if err != nil {
		return "", err
	}
	e := s.entry(s.Now(), q.Actor, "quarantine.reveal", q.DeliveryID, map[string]any{"row": q.Row, "reason": reason})
	sealed, err := s.Store.SealedRow(ctx, q.DeliveryID, q.Row, e)
	if err != nil {
		return "", err
	}
	text, err := s.Vault.Unseal(sealed, []byte(q.DeliveryID))
	return string(text), err
}
