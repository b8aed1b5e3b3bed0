package sourcetest

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// cutRows are enough for a connection to be cut among them.
const cutRows = 5000

func testCut(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, 3*Patience)
	cutter, ok := b.sender.(Cutter)
	if !ok {
		t.Skip("the connection of this kind cannot be cut")
	}
	want := b.put(1, cutRows)
	heal := cutter.Cut(t)
	s := b.open(ctx)
	if batch, err := s.Next(ctx, b.cursor); err == nil && batch == nil {
		t.Error("a connection that is cut looks as if there were nothing")
	} else if err == nil {
		if n, err := io.Copy(io.Discard, batch.Content); err == nil {
			t.Errorf("a connection that is cut looks like the end of a file of %d bytes", n)
		} else if code := city.CodeOf(err); code.Root() != city.CodeUnavailable && code != city.CodeInternal {
			t.Errorf("code %s would not be tried again: %v", code, err)
		}
		_ = batch.Content.Close() // it broke off
	} else if root := city.CodeOf(err).Root(); root != city.CodeUnavailable {
		t.Errorf("code %s would not be tried again: %v", root, err)
	}
	_ = s.Close() // its connection broke off
	heal()
	s = b.open(ctx)
	defer b.close(s)
	same(t, "afterwards", b.drain(ctx, s, len(want)), want)
}

// begin opens a source and asks for a batch, and says how that ended.
func (b *bench) begin(ctx context.Context) error {
	s, err := b.sender.Options(b.t).Open(ctx, b.env)
	if err != nil {
		return err
	}
	defer s.Close()
	return b.take(ctx, s)
}

// take asks for a batch and reads it.
func (b *bench) take(ctx context.Context, s source.Source) error {
	batch, err := s.Next(ctx, b.cursor)
	if err != nil || batch == nil {
		return err
	}
	defer batch.Content.Close()
	_, err = io.Copy(io.Discard, batch.Content)
	return err
}

func testHangDeadline(t *testing.T, h Harness) {
	b := newBench(t, h)
	hanger, ok := b.sender.(Hanger)
	if !ok {
		t.Skip("a sender of this kind cannot hang")
	}
	b.put(1, 3)
	hanger.Hang(t)
	const deadline = 300 * time.Millisecond
	done := make(chan error, 1)
	go func() { done <- b.begin(within(t, deadline)) }()
	select {
	case err := <-done:
		if err == nil {
			t.Error("a sender that hangs looks as if there were nothing")
		}
	case <-time.After(Patience):
		t.Fatalf("still waiting %s after the context ended", Patience-deadline)
	}
}

func testHangClose(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, 2*Patience)
	hanger, ok := b.sender.(Hanger)
	if !ok {
		t.Skip("a sender of this kind cannot hang")
	}
	b.put(1, 3)
	reached := hanger.Hang(t)
	opening, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	s, err := b.sender.Options(t).Open(opening, b.env)
	if err != nil {
		return // it connects when it is opened, which testHangDeadline looks at
	}
	done := make(chan error, 1)
	go func() { done <- b.take(ctx, s) }()
	select {
	case <-reached:
	case <-time.After(Patience):
		t.Fatal("the source does not reach its sender")
	}
	_ = s.Close() // what it says of a connection in use does not matter
	select {
	case err := <-done:
		if err == nil {
			t.Error("a source that was closed looks as if there were nothing")
		}
	case <-time.After(Patience):
		t.Fatal("Close does not end a Next that waits")
	}
}

func testWrongPassword(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, Patience)
	locked, ok := b.sender.(Locked)
	if !ok {
		t.Skip("this kind asks for no password")
	}
	b.put(1, 3)
	o, password := locked.Wrong(t)
	s, err := o.Open(ctx, b.env)
	if err == nil {
		err = b.take(ctx, s)
		b.close(s)
	}
	switch root := city.CodeOf(err).Root(); {
	case err == nil:
		t.Fatal("a wrong password opens")
	case root != city.CodeForbidden:
		t.Errorf("code %s, want forbidden: %v", root, err)
	case strings.Contains(err.Error(), password):
		t.Error("the error shows the password")
	}
}

// hostileNames are those that would leave a folder, overwrite something else
// or play tricks with a terminal.
var hostileNames = []string{
	"../escape.csv", "a/../../escape.csv", "/absolute.csv", `..\escape.csv`, "line\nbreak.csv", "bell\a.csv", "escape\x1b[31m.csv",
	"\u202egnp.csv", "bad\xffutf8.csv", strings.Repeat("长", 200) + ".csv", ".hidden.csv", "-rf.csv", "a b'c\"d.csv",
}

func testHostileNames(t *testing.T, h Harness) {
	for _, name := range hostileNames {
		b, ctx := newBench(t, h), within(t, 2*Patience)
		namer, ok := b.sender.(Namer)
		if !ok {
			t.Skip("a sender of this kind names no files")
		}
		rows := []Row{{ID: 1, Name: "x"}}
		if !namer.PutNamed(t, name, rows) {
			continue
		}
		b.tryName(ctx, name)
	}
}

// tryName takes what there is. A source may refuse a name by an error that
// needs a person, pass over it, or make it safe.
func (b *bench) tryName(ctx context.Context, name string) {
	b.t.Helper()
	s, err := b.sender.Options(b.t).Open(ctx, b.env)
	if err != nil {
		b.t.Fatalf("open: %v", err)
	}
	defer b.close(s)
	batch, err := s.Next(ctx, "")
	if err != nil {
		if hasControl(err.Error()) {
			b.t.Errorf("%q: the error repeats control characters: %q", name, err)
		}
		return
	}
	if batch == nil {
		return
	}
	_ = batch.Content.Close() // the name alone is looked at
	const most = 255
	if n := batch.Name; n != filepath.Base(n) || strings.ContainsAny(n, `/\`) || hasControl(n) || n == "" || len(n) > most || strings.ToValidUTF8(n, "") != n {
		b.t.Errorf("%q becomes the unsafe name %q", name, n)
	}
}

// hasControl says whether a text holds what a terminal acts upon.
func hasControl(s string) bool {
	return slices.ContainsFunc([]rune(s), func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) })
}
