package audit_test

import (
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

var noon = time.Date(2024, 10, 31, 12, 0, 0, 0, time.UTC)

func entry(subject string) audit.Entry {
	return audit.Entry{At: noon, Actor: "cli:deliver", Action: "delivery.commit", Subject: subject}
}

func chain(t interface{ Fatal(...any) }, entries ...audit.Entry) []audit.Record {
	var out []audit.Record
	var head audit.Head
	for _, e := range entries {
		r, err := audit.Next(head, e)
		if err != nil {
			t.Fatal(err)
		}
		out, head = append(out, r), r.Head()
	}
	return out
}

func records(list []audit.Record) iter.Seq2[audit.Record, error] {
	return func(yield func(audit.Record, error) bool) {
		for _, r := range list {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// TestHashIsStable pins the encoding: a chain written by this version must be
// verified by every later one.
func TestHashIsStable(t *testing.T) {
	t.Parallel()
	e := entry("D1")
	e.Detail = json.RawMessage(`{"rows": 3}`)
	r := chain(t, e)[0]
	const want = "18425fbac7f1e123b00a444f44e2c61ff9aa11311ee9b15334c67f00e8a2716d" // as openssl dgst -sm3 gives it
	if r.Hash != want {
		t.Errorf("hash of the first record is %s, want %s", r.Hash, want)
	}
	if string(r.Detail) != `{"rows":3}` || r.PrevHash != audit.Genesis || r.Seq != 1 {
		t.Errorf("unexpected record %+v", r)
	}
}

func TestNextRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*audit.Entry){
		"no time":           func(e *audit.Entry) { e.At = time.Time{} },
		"no actor":          func(e *audit.Entry) { e.Actor = "" },
		"no action":         func(e *audit.Entry) { e.Action = "" },
		"no subject":        func(e *audit.Entry) { e.Subject = "" },
		"subject not UTF-8": func(e *audit.Entry) { e.Subject = "\xff" },
		"actor with NUL":    func(e *audit.Entry) { e.Actor = "a\x00" },
		"detail not JSON":   func(e *audit.Entry) { e.Detail = json.RawMessage(`{"id":`) },
		"detail two values": func(e *audit.Entry) { e.Detail = json.RawMessage(`{} {}`) },
		"detail not UTF-8":  func(e *audit.Entry) { e.Detail = json.RawMessage("\"\xff\"") },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := entry("D1")
			spoil(&e)
			if _, err := audit.Next(audit.Head{}, e); city.CodeOf(err).Root() != city.CodeInvalid {
				t.Errorf("got %v, want an invalid error", err)
			}
		})
	}
}

func TestVerifyNamesTheBrokenLink(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil func([]audit.Record) []audit.Record
		want  string
	}{
		"changed field":  {func(l []audit.Record) []audit.Record { l[1].Subject = "D9"; return l }, "audit record 2 was changed"},
		"changed hash":   {func(l []audit.Record) []audit.Record { l[2].Hash = l[0].Hash; return l }, "audit record 3 was changed"},
		"rehashed":       {func(l []audit.Record) []audit.Record { l[1].Subject = "D9"; l[1].Hash = l[1].Sum(); return l }, "audit record 3 does not follow"},
		"removed middle": {func(l []audit.Record) []audit.Record { return slices.Delete(l, 1, 2) }, "audit record 2 is missing"},
		"removed first":  {func(l []audit.Record) []audit.Record { return l[1:] }, "audit record 1 is missing"},
		"swapped":        {func(l []audit.Record) []audit.Record { l[0], l[1] = l[1], l[0]; return l }, "audit record 1 is missing"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := chain(t, entry("D1"), entry("D2"), entry("D3"), entry("D4"))
			_, err := audit.Verify(records(tt.spoil(list)))
			if city.CodeOf(err) != audit.CodeBroken || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestVerifyAnchors(t *testing.T) {
	t.Parallel()
	list := chain(t, entry("D1"), entry("D2"), entry("D3"))
	if _, err := audit.Verify(records(list), audit.Head{}, list[0].Head(), list[2].Head()); err != nil {
		t.Errorf("good anchors: %v", err)
	}
	if _, err := audit.Verify(records(list[:2]), list[2].Head()); city.CodeOf(err) != audit.CodeBroken {
		t.Errorf("a cut chain passed: %v", err)
	}
	other := chain(t, entry("X1"), entry("X2"), entry("X3"))
	if _, err := audit.Verify(records(other), list[1].Head()); city.CodeOf(err) != audit.CodeBroken {
		t.Errorf("a rewritten chain passed: %v", err)
	}
}

func TestVerifyPassesOnReadErrors(t *testing.T) {
	t.Parallel()
	lost := errors.New("disk gone")
	_, err := audit.Verify(func(yield func(audit.Record, error) bool) { yield(audit.Record{}, lost) })
	if !errors.Is(err, lost) {
		t.Errorf("got %v, want the reader's error", err)
	}
}

func drawEntry(t *rapid.T) audit.Entry {
	return audit.Entry{
		At:      time.UnixMicro(rapid.Int64Range(0, 1<<52).Draw(t, "at")).Add(time.Duration(rapid.IntRange(0, 999).Draw(t, "ns"))),
		Actor:   rapid.StringMatching(`[a-z:甲乙]{1,8}`).Draw(t, "actor"),
		Action:  rapid.StringMatching(`[a-z.]{1,8}`).Draw(t, "action"),
		Subject: rapid.StringMatching(`[A-Z0-9]{1,8}`).Draw(t, "subject"),
		Detail:  json.RawMessage(rapid.SampledFrom([]string{"", "{}", `{"a": 1}`, `[1, 2]`}).Draw(t, "detail")),
	}
}

// TestAnyChangeBreaks is the law of the chain: whatever is made by Next
// verifies, and no single change of any field of any record does.
func TestAnyChangeBreaks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := chain(t, rapid.SliceOfN(rapid.Custom(drawEntry), 1, 8).Draw(t, "entries")...)
		head, err := audit.Verify(records(list))
		if err != nil || head != list[len(list)-1].Head() {
			t.Fatalf("a good chain failed: %v, %v", head, err)
		}
		i := rapid.IntRange(0, len(list)-1).Draw(t, "record")
		r := &list[i]
		switch rapid.IntRange(0, 6).Draw(t, "field") {
		case 0:
			r.At = r.At.Add(time.Microsecond)
		case 1:
			r.Actor, r.Action = r.Actor+r.Action[:1], r.Action[1:]
		case 2:
			r.Action += "x"
		case 3:
			r.Subject = ""
		case 4:
			r.Detail = json.RawMessage(`{"forged":true}`)
		case 5:
			r.Seq++
		case 6:
			r.PrevHash = strings.Repeat("1", 64)
		}
		if _, err := audit.Verify(records(list)); city.CodeOf(err) != audit.CodeBroken {
			t.Fatalf("a changed record %d passed: %v", i+1, err)
		}
	})
}
