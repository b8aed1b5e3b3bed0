package delivery_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/sign"
)

// signers gives the city a province, with a present and an expired key, and a
// weather station that may send air alone.
func (b *bench) signers() (province, expired, station *sign.Key) {
	b.t.Helper()
	key := func(to city.Date) (*sign.Key, city.SenderKey) {
		k, err := sign.NewKey()
		if err != nil {
			b.t.Fatal(err)
		}
		return k, city.SenderKey{ID: k.Public().ID(), PublicKey: k.Public().PEM(), From: city.NewDate(2024, 1, 1), To: to}
	}
	province, now := key(city.Date{})
	expired, before := key(city.NewDate(2024, 6, 30))
	station, air := key(city.NewDate(2024, 12, 31))
	b.city.Senders = []*city.Sender{
		{Name: "province", Organisation: "hrss", Keys: []city.SenderKey{before, now}},
		{Name: "station", Organisation: "hrss", Datasets: []string{"env.air"}, Keys: []city.SenderKey{air}},
	}
	for _, ds := range b.city.Datasets {
		ds.Delivery.Signed = ds.Name == "hrss.strict"
	}
	return province, expired, station
}

// manifest writes and signs a manifest of one file, changed by change after it
// was signed.
func signed(t *testing.T, k *sign.Key, dataset, sender, content string, change func(m *city.Manifest)) *city.Manifest {
	t.Helper()
	m := &city.Manifest{Version: 1, Dataset: dataset, Batch: "b", Sender: sender, Files: []city.ManifestFile{{Name: "batch.csv", SHA256: hashOf(content)}}}
	doc, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	if k != nil {
		if m.Signature, err = k.Sign(doc); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(m)
	}
	if doc, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	read, err := delivery.ParseManifest(strings.NewReader(string(doc)), "m.json")
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestSignedManifests(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	province, expired, station := b.signers()
	stranger, err := sign.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	const file = head + "A1,,,2024-01-05,1\n"
	for name, c := range map[string]struct {
		key                  *sign.Key
		dataset, sender, err string
		change               func(m *city.Manifest)
	}{
		"signed":               {key: province, dataset: "hrss.strict", sender: "province"},
		"signed unasked":       {key: province, dataset: "hrss.jobs", sender: "province"},
		"unsigned unasked":     {dataset: "hrss.jobs", sender: "anybody"},
		"not signed":           {dataset: "hrss.strict", sender: "province", err: "invalid.signature_missing"},
		"unknown key":          {key: stranger, dataset: "hrss.strict", sender: "province", err: "invalid.signature_key"},
		"unknown key, unasked": {key: stranger, dataset: "hrss.jobs", sender: "province", err: "invalid.signature_key"},
		"expired key":          {key: expired, dataset: "hrss.strict", sender: "province", err: "invalid.signature_key"},
		"another sender":       {key: province, dataset: "hrss.strict", sender: "station", err: "invalid.signature_sender"},
		"data of others":       {key: station, dataset: "hrss.strict", sender: "station", err: "invalid.signature_sender"},
		"changed": {key: province, dataset: "hrss.strict", sender: "province", err: "invalid.signature",
			change: func(m *city.Manifest) { m.Batch = "c" }},
		"no hash": {key: province, dataset: "hrss.strict", sender: "province", err: "invalid.manifest",
			change: func(m *city.Manifest) { m.Files[0].SHA256 = "" }},
		"another algorithm": {key: province, dataset: "hrss.strict", sender: "province", err: "invalid.signature",
			change: func(m *city.Manifest) { m.Signature.Algorithm = "plain" }},
		"another dataset": {key: province, dataset: "hrss.jobs", sender: "province", err: "invalid.signature",
			change: func(m *city.Manifest) { m.Dataset = "hrss.strict" }},
	} {
		m := signed(t, c.key, c.dataset, c.sender, file, c.change)
		r := b.request(delivery.Request{Dataset: m.Dataset, File: "batch.csv", Content: strings.NewReader(file), Actor: "test", Manifest: m, Entry: &m.Files[0]})
		if string(r.Code) != c.err {
			t.Errorf("%s: %s: %s", name, brief(r), r.Message)
		}
		want := c.key == province && c.err == ""
		if got := r.Sender != nil && r.Sender.Name == "province" && r.Sender.KeyID == province.Public().ID(); got != want {
			t.Errorf("%s: the sender is %+v", name, r.Sender)
		}
	}
	if r := b.deliver("hrss.strict", file); r.Code != "invalid.signature_missing" {
		t.Errorf("without a manifest: %s", brief(r))
	}
	m := signed(t, province, "hrss.jobs", "province", file, nil)
	r := b.request(delivery.Request{Dataset: "hrss.strict", File: "batch.csv", Content: strings.NewReader(file), Actor: "test", Manifest: m, Entry: &m.Files[0]})
	if r.Code != "invalid.manifest" || !strings.Contains(r.Message, "hrss.jobs") {
		t.Errorf("a manifest of another dataset: %s: %s", brief(r), r.Message)
	}
}

// TestReceiptsShowTampering changes every value of a signed receipt in turn.
func TestReceiptsShowTampering(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.declare("hrss.jobs", mixed, sums("wage", "1311.23"))
	d, err := b.store.Delivery(t.Context(), r.DeliveryID)
	if err != nil {
		t.Fatal(err)
	}
	key := b.keys.SigningKeys()[0].PublicKey
	var doc any
	if err := json.Unmarshal(d.Receipt, &doc); err != nil {
		t.Fatal(err)
	}
	changes := 0
	vary(doc, func(v any) { doc = v }, func(where string) {
		if where == "signature.more" {
			return // nobody reads it
		}
		changes++
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		problems, err := delivery.VerifyReceipt(text, key, nil)
		if err == nil && len(problems) == 0 {
			t.Errorf("a change of %s goes unnoticed: %s", where, text)
		}
	})
	if changes < 40 {
		t.Errorf("only %d changes were tried", changes)
	}
	if problems, err := delivery.VerifyReceipt(d.Receipt, key, strings.NewReader(mixed)); err != nil || len(problems) > 0 {
		t.Errorf("the receipt and its file: %v, %v", problems, err)
	}
	if problems, err := delivery.VerifyReceipt(d.Receipt, key, strings.NewReader(mixed+"\n")); err != nil || len(problems) != 1 || !strings.Contains(problems[0], "not the one") {
		t.Errorf("another file: %v, %v", problems, err)
	}
	other, err := sign.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	if problems, err := delivery.VerifyReceipt(d.Receipt, other.Public(), nil); err != nil || len(problems) != 1 {
		t.Errorf("another key: %v, %v", problems, err)
	}
}

// vary changes each value inside v in turn, and takes members away, calling try
// after each; set puts v itself back.
func vary(v any, set func(any), try func(where string)) {
	switch old := v.(type) {
	case map[string]any:
		for k, inner := range old {
			vary(inner, func(n any) { old[k] = n }, func(where string) { try(k + "." + where) })
			delete(old, k)
			try(k + " (gone)")
			old[k] = inner
		}
		old["more"] = 1
		try("more")
		delete(old, "more")
	case []any:
		for i, inner := range old {
			vary(inner, func(n any) { old[i] = n }, func(where string) { try(fmt.Sprint(i, ".", where)) })
		}
		set(append([]any{"more"}, old...))
		try("(longer)")
		set(old)
	case string:
		set(old + "0")
		try("")
		set(old)
	case float64:
		set(old + 1)
		try("")
		set(old)
	case bool:
		set(!old)
		try("")
		set(old)
	}
}

// TestUnbalancedSums holds that sums which do not add up are named even where
// the signature is right.
func TestUnbalancedSums(t *testing.T) {
	t.Parallel()
	k, err := sign.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		balance delivery.Balance
		want    int
	}{
		"balanced":       {delivery.Balance{Field: "f", Received: "1.00", Accepted: "0.5", Quarantined: "0.25", Duplicate: "0.25", Declared: "1"}, 0},
		"a cent is gone": {delivery.Balance{Field: "f", Received: "1.00", Accepted: "0.5", Quarantined: "0.25", Duplicate: "0.24"}, 1},
		"as not said":    {delivery.Balance{Field: "f", Received: "1", Accepted: "1", Quarantined: "0", Duplicate: "0", Declared: "2"}, 1},
		"no number":      {delivery.Balance{Field: "f", Received: "one", Accepted: "0", Quarantined: "0", Duplicate: "0"}, 1},
	} {
		r := delivery.Receipt{DeliveryID: "D1", Status: delivery.Committed, Balance: []delivery.Balance{c.balance}}
		doc, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if r.Signature, err = k.Sign(doc); err != nil {
			t.Fatal(err)
		}
		if doc, err = json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		if problems, err := delivery.VerifyReceipt(doc, k.Public(), nil); err != nil || len(problems) != c.want {
			t.Errorf("%s: %v, %v", name, problems, err)
		}
	}
}

// FuzzReceipt holds that no document stops the verifier.
func FuzzReceipt(f *testing.F) {
	k, err := sign.NewKey()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"delivery_id":"D1","received":1,"accepted":1,"balance":[{"field":"f","received":"1"}],"signature":{"value":"AAAA"}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		if problems, err := delivery.VerifyReceipt(doc, k.Public(), nil); err == nil && len(problems) == 0 {
			t.Fatalf("%q verifies with a key that signed nothing", doc)
		}
	})
}
