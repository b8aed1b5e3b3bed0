package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

func testSettings(t *testing.T, f Factory) {
	again, ctx := f(t), t.Context()
	s := reopen(t, again)
	if v, ok, err := s.Setting(ctx, "today"); v != "" || ok || err != nil {
		t.Fatalf("a setting that was never set: %q, %v, %v", v, ok, err)
	}
	must(t, s.SetSettings(ctx, map[string]string{"today": "2024-10-30", "simulated": "true"}, entry("settings.set", "settings")))
	must(t, s.SetSettings(ctx, map[string]string{"today": "2024-10-31"}, entry("settings.set", "settings")))
	s = reopen(t, again)
	all, err := s.Settings(ctx)
	must(t, err)
	if want := map[string]string{"today": "2024-10-31", "simulated": "true"}; !reflect.DeepEqual(all, want) {
		t.Errorf("settings are %v, want %v", all, want)
	}
	if v, ok, err := s.Setting(ctx, "today"); v != "2024-10-31" || !ok || err != nil {
		t.Errorf("today is %q, %v, %v", v, ok, err)
	}
}

func testLife(t *testing.T, f Factory) {
	again, ctx := f(t), t.Context()
	s := reopen(t, again)
	d := sample(1)
	stage(t, s, d)
	same(t, s, d)

	d = checked(d, 5)
	d.Batch, d.Evidence, d.SampleFraction = "2024-10-correction-1", "evidence/2", 1
	prepare(t, s, d)
	d.State = store.StateValidated
	same(t, s, d)

	finish(t, s, d.ID, store.StateCommitted)
	o := outcome(store.StateCommitted)
	d.State, d.SnapshotID, d.Receipt, d.FinishedAt = o.State, o.SnapshotID, o.Receipt, o.At
	same(t, reopen(t, again), d)

	bare := store.Delivery{ID: "D2", Dataset: "env.air", ReceivedAt: start(), SampleFraction: 1, State: store.StateStaged}
	stage(t, s, bare)
	same(t, s, bare)
	_, err := s.Delivery(ctx, "D3")
	wantCode(t, err, city.CodeNotFound)
}

// same reads the delivery back and compares every member, but for its place,
// which the store gave it.
func same(t *testing.T, s *store.Store, want store.Delivery) {
	t.Helper()
	got, err := s.Delivery(t.Context(), want.ID)
	must(t, err)
	if want.Seq = got.Seq; got.Seq < 1 {
		t.Errorf("delivery %s has the place %d", got.ID, got.Seq)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("read back\n%+v, want\n%+v", got, want)
	}
}

// reach takes a new delivery to a state by the shortest way.
func reach(t fataler, s *store.Store, d store.Delivery, state store.State) {
	t.Helper()
	stage(t, s, d)
	if state == store.StateStaged {
		return
	}
	if state != store.StateAborted {
		prepare(t, s, checked(d, 0))
	}
	if state != store.StateValidated {
		finish(t, s, d.ID, state)
	}
}

func states() []store.State {
	return []store.State{store.StateStaged, store.StateValidated, store.StateCommitted, store.StateRejected, store.StateAborted}
}

// allowed is the drawing in package store as a table.
func allowed(from, to store.State) bool {
	switch from {
	case store.StateStaged:
		return to == store.StateValidated || to == store.StateRejected || to == store.StateAborted
	case store.StateValidated:
		return to.Final()
	}
	return from == to && to.Final() // ending again the same way does nothing
}

func attempt(s *store.Store, d store.Delivery, to store.State) error {
	switch to {
	case store.StateStaged:
		return s.Stage(ctx(), d, entry("delivery.stage", d.ID))
	case store.StateValidated:
		return s.Prepare(ctx(), checked(d, 0), rows(0), entry("delivery.validate", d.ID))
	}
	return s.Finish(ctx(), d.ID, outcome(to), entry("delivery.finish", d.ID))
}

func testPaths(t *testing.T, f Factory) {
	s, n := open(t, f), 0
	for _, from := range states() {
		for _, to := range states() {
			n++
			d := sample(n)
			reach(t, s, d, from)
			err := attempt(s, d, to)
			got, readErr := s.Delivery(t.Context(), d.ID)
			must(t, readErr)
			if allowed(from, to) {
				if err != nil || got.State != to {
					t.Errorf("%s → %s: state %s, %v", from, to, got.State, err)
				}
				continue
			}
			wantCode(t, err, city.CodeConflict)
			if got.State != from {
				t.Errorf("%s → %s was refused, but the state is %s", from, to, got.State)
			}
		}
	}
}

// testRandomLives holds the store against a model: a map of states, and a count
// of the audit records that the changes must have left.
func testRandomLives(t *testing.T, f Factory) {
	rapid.Check(t, func(rt *rapid.T) {
		s, err := f(t)()
		must(rt, err)
		defer s.Close()
		model, changes := map[int]store.State{}, int64(0)
		for range rapid.IntRange(0, 12).Draw(rt, "steps") {
			n, to := rapid.IntRange(1, 3).Draw(rt, "delivery"), rapid.SampledFrom(states()).Draw(rt, "to")
			from, known := model[n]
			err := attempt(s, sample(n), to)
			switch {
			case known && from == to && to.Final():
				must(rt, err)
			case !known && to == store.StateStaged, known && allowed(from, to):
				must(rt, err)
				model[n] = to
				changes++
			case known:
				wantCode(rt, err, city.CodeConflict)
			default:
				wantCode(rt, err, city.CodeNotFound)
			}
		}
		head, err := s.VerifyAudit(ctx())
		must(rt, err)
		if head.Seq != changes {
			rt.Fatalf("%d audit records after %d changes", head.Seq, changes)
		}
		for n, want := range model {
			if got, err := s.Delivery(ctx(), sample(n).ID); err != nil || got.State != want {
				rt.Fatalf("delivery %d is %s, %v; want %s", n, got.State, err, want)
			}
		}
	})
}

func testStageRefuses(t *testing.T, f Factory) {
	s := open(t, f)
	for name, spoil := range map[string]func(*store.Delivery){
		"no ID":             func(d *store.Delivery) { d.ID = "" },
		"no dataset":        func(d *store.Delivery) { d.Dataset = "" },
		"not received":      func(d *store.Delivery) { d.ReceivedAt = time.Time{} },
		"no fraction":       func(d *store.Delivery) { d.SampleFraction = 0 },
		"more than all":     func(d *store.Delivery) { d.SampleFraction = 1.5 },
		"half a period":     func(d *store.Delivery) { d.Period.To = city.Date{} },
		"backward period":   func(d *store.Delivery) { d.Period.To = d.Period.From.AddDays(-1) },
		"negative count":    func(d *store.Delivery) { d.Accepted, d.Duplicate = -1, 1 },
		"does not balance":  func(d *store.Delivery) { d.Received = 1 },
		"broken receipt":    func(d *store.Delivery) { d.Receipt = []byte("{") },
		"name not UTF-8":    func(d *store.Delivery) { d.FileName = "\xbe\xcd\xd2\xb5.csv" },
		"name with a zero":  func(d *store.Delivery) { d.FileName = "a\x00.csv" },
		"receipt not UTF-8": func(d *store.Delivery) { d.Receipt = []byte("\"\xff\"") },
	} {
		d := sample(1)
		spoil(&d)
		if err := s.Stage(t.Context(), d, entry("delivery.stage", "D1")); city.CodeOf(err).Root() != city.CodeInvalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func testPrepareUndoes(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	d, lost := sample(1), errors.New("cannot read the file")
	stage(t, s, d)
	failing := func(yield func(store.QuarantinedRow, error) bool) {
		for r := range rows(300) {
			if !yield(r, nil) {
				return
			}
		}
		yield(store.QuarantinedRow{}, lost)
	}
	if err := s.Prepare(ctx, checked(d, 300), failing, entry("x", "D1")); !errors.Is(err, lost) {
		t.Errorf("a failing iterator: got %v", err)
	}
	wantCode(t, s.Prepare(ctx, checked(d, 3), rows(2), entry("x", "D1")), city.CodeInvalid)
	twice := func(yield func(store.QuarantinedRow, error) bool) {
		if r := (store.QuarantinedRow{Row: 1, Code: "x"}); yield(r, nil) {
			yield(r, nil)
		}
	}
	wantCode(t, s.Prepare(ctx, checked(d, 2), twice, entry("x", "D1")), city.CodeConflict)
	unbalanced := checked(d, 0)
	unbalanced.Received++
	wantCode(t, s.Prepare(ctx, unbalanced, rows(0), entry("x", "D1")), city.CodeInvalid)
	wantCode(t, s.Prepare(ctx, checked(sample(9), 0), rows(0), entry("x", "D1")), city.CodeNotFound)
	same(t, s, d)
	counts, err := s.QuarantineCounts(ctx, d.ID)
	if head, _ := s.AuditHead(ctx); err != nil || len(counts) != 0 || head.Seq != 1 {
		t.Errorf("something is left: %v, %v, audit %d", counts, err, head.Seq)
	}
}

func testFinishRefuses(t *testing.T, f Factory) {
	s := open(t, f)
	stage(t, s, sample(1))
	prepare(t, s, checked(sample(1), 0))
	for name, spoil := range map[string]func(*store.Outcome){
		"not an end":          func(o *store.Outcome) { o.State = store.StateValidated },
		"no snapshot":         func(o *store.Outcome) { o.SnapshotID = "" },
		"rejected into":       func(o *store.Outcome) { o.State = store.StateRejected },
		"no receipt":          func(o *store.Outcome) { o.Receipt = nil },
		"broken receipt":      func(o *store.Outcome) { o.Receipt = []byte("{") },
		"no time":             func(o *store.Outcome) { o.At = time.Time{} },
		"aborted but receipt": func(o *store.Outcome) { *o = store.Outcome{State: store.StateAborted, At: o.At, Receipt: []byte("{")} },
	} {
		o := outcome(store.StateCommitted)
		spoil(&o)
		if err := s.Finish(t.Context(), sample(1).ID, o, entry("x", "D1")); city.CodeOf(err).Root() != city.CodeInvalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func testFinishTwice(t *testing.T, f Factory) {
	s, ctx := open(t, f), t.Context()
	commit(t, s, sample(1))
	before, err := s.AuditHead(ctx)
	must(t, err)
	finish(t, s, sample(1).ID, store.StateCommitted)
	if after, _ := s.AuditHead(ctx); after != before {
		t.Error("finishing again left an audit record")
	}
	other := outcome(store.StateCommitted)
	other.SnapshotID = "1"
	wantCode(t, s.Finish(ctx, sample(1).ID, other, entry("x", "D1")), city.CodeConflict)

	stage(t, s, sample(2))
	must(t, s.Finish(ctx, sample(2).ID, store.Outcome{State: store.StateAborted, At: start()}, entry("x", "D2")))
	empty := sample(3)
	stage(t, s, empty)
	prepare(t, s, empty) // nothing received, nothing accepted
	none := outcome(store.StateCommitted)
	none.SnapshotID = ""
	must(t, s.Finish(ctx, empty.ID, none, entry("x", "D3")))
}

func testUnfinished(t *testing.T, f Factory) {
	again := f(t)
	s := reopen(t, again)
	for i, state := range states() {
		reach(t, s, sample(10-i), state)
	}
	found, err := reopen(t, again).Unfinished(t.Context())
	must(t, err)
	if len(found) != 2 || found[0].State != store.StateStaged || found[1].State != store.StateValidated {
		t.Errorf("unfinished are %+v, want the staged one and then the validated, as they came, whatever the clock said", found)
	}
}
