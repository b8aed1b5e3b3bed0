package vault_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/vault"
)

func seal(t testing.TB, v *vault.Vault, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := v.SealWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := w.Write(plain); n != len(plain) || err != nil {
		t.Fatalf("wrote %d of %d bytes: %v", n, len(plain), err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unseal(v *vault.Vault, r io.Reader) ([]byte, error) {
	plain, err := v.OpenReader(r)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(plain)
}

func text(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7 / 5)
	}
	return b
}

const (
	header = 8 + 4 + 32
	chunk  = vault.ChunkSize + 16
)

func TestStreamRoundTrip(t *testing.T) {
	t.Parallel()
	v := open(t)
	for _, n := range []int{0, 1, vault.ChunkSize - 1, vault.ChunkSize, vault.ChunkSize + 1, 3 * vault.ChunkSize, 3*vault.ChunkSize + 5} {
		sealed := seal(t, v, text(n))
		if full := max(1, (n+vault.ChunkSize-1)/vault.ChunkSize); len(sealed) != header+n+16*full {
			t.Errorf("%d bytes became %d", n, len(sealed))
		}
		for name, r := range map[string]io.Reader{
			"whole": bytes.NewReader(sealed), "by halves": iotest.HalfReader(bytes.NewReader(sealed)),
			"with EOF": iotest.DataErrReader(bytes.NewReader(sealed)),
		} {
			if got, err := unseal(v, r); err != nil || !bytes.Equal(got, text(n)) {
				t.Errorf("%d bytes, %s: got %d, %v", n, name, len(got), err)
			}
		}
	}
}

// TestStreamTruncation cuts a file at and around every boundary of its chunks.
func TestStreamTruncation(t *testing.T) {
	t.Parallel()
	v := open(t)
	for _, n := range []int{0, 3 * vault.ChunkSize, 3*vault.ChunkSize + 5} {
		plain := text(n)
		sealed := seal(t, v, plain)
		var cuts []int
		for at := 0; at <= len(sealed)+chunk; at += chunk {
			cuts = append(cuts, at, at+header-1, at+header, at+header+1, at+header+15, at+header+16, at+header+17)
		}
		for _, at := range append(cuts, len(sealed)-1) {
			if at >= len(sealed) {
				continue
			}
			got, err := unseal(v, bytes.NewReader(sealed[:at]))
			if city.CodeOf(err) != vault.CodeSealed || !bytes.HasPrefix(plain, got) {
				t.Errorf("%d of %d bytes: got %d bytes, %v", at, len(sealed), len(got), err)
			}
		}
	}
}

func TestStreamTampering(t *testing.T) {
	t.Parallel()
	v := open(t)
	sealed := seal(t, v, text(3*vault.ChunkSize))
	other := seal(t, v, text(3*vault.ChunkSize))
	at := func(i int) int { return header + i*chunk }
	for name, bad := range map[string][]byte{
		"extended":             append(slices.Clone(sealed), 0),
		"empty chunk added":    append(slices.Clone(sealed), make([]byte, 16)...),
		"chunks swapped":       slices.Concat(sealed[:at(0)], sealed[at(1):at(2)], sealed[at(0):at(1)], sealed[at(2):]),
		"chunk repeated":       slices.Concat(sealed[:at(1)], sealed[at(0):]),
		"chunk removed":        slices.Concat(sealed[:at(0)], sealed[at(1):]),
		"chunk of other file":  slices.Concat(sealed[:at(1)], other[at(1):at(2)], sealed[at(2):]),
		"header of other file": slices.Concat(other[:at(0)], sealed[at(0):]),
		"other key version":    slices.Concat(sealed[:8], []byte{0, 0, 0, 9}, sealed[12:]),
		"something else":       []byte("姓名,公民身份号码\n张三,11010519491231002X and so on, in plain text\n"),
	} {
		if got, err := unseal(v, bytes.NewReader(bad)); city.CodeOf(err) != vault.CodeSealed || !bytes.HasPrefix(text(3*vault.ChunkSize), got) {
			t.Errorf("%s: got %d bytes, %v", name, len(got), err)
		}
	}
}

func TestStreamPassesOnErrors(t *testing.T) {
	t.Parallel()
	v, lost := open(t), errors.New("disk gone")
	sealed := seal(t, v, text(2*vault.ChunkSize))
	for _, at := range []int{0, 5, header, header + 9, header + chunk} {
		if _, err := unseal(v, io.MultiReader(bytes.NewReader(sealed[:at]), iotest.ErrReader(lost))); !errors.Is(err, lost) {
			t.Errorf("at %d: got %v", at, err)
		}
	}
	w, err := v.SealWriter(&failing{after: 1, err: lost})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text(2 * vault.ChunkSize)); !errors.Is(err, lost) {
		t.Errorf("Write: %v", err)
	}
	if err := w.Close(); !errors.Is(err, lost) {
		t.Errorf("Close: %v", err)
	}
}

type failing struct {
	after int
	err   error
}

func (f *failing) Write(p []byte) (int, error) {
	if f.after--; f.after < 0 {
		return 0, f.err
	}
	return len(p), nil
}

func TestClosedTwice(t *testing.T) {
	t.Parallel()
	w, err := open(t).SealWriter(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("x")); err == nil {
		t.Error("wrote to a closed file")
	}
	if err := w.Close(); err == nil {
		t.Error("closed twice")
	}
}

func TestStreamAnySplit(t *testing.T) {
	t.Parallel()
	v := open(t)
	rapid.Check(t, func(t *rapid.T) {
		plain := text(rapid.IntRange(0, 3*vault.ChunkSize).Draw(t, "size"))
		var b bytes.Buffer
		w, err := v.SealWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		for rest := plain; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "write")
			if _, err := w.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := unseal(v, &b); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("got %d of %d bytes, %v", len(got), len(plain), err)
		}
	})
}

// TestBlobs is the law of Seal: it opens with its context and with nothing
// else, and no bit of it may change.
func TestBlobs(t *testing.T) {
	t.Parallel()
	v := open(t)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		context := rapid.SliceOf(rapid.Byte()).Draw(t, "context")
		sealed := v.Seal(plain, context)
		if got, err := v.Unseal(sealed, context); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("got %q, %v", got, err)
		}
		if _, err := v.Unseal(sealed, append(slices.Clone(context), 'x')); city.CodeOf(err) != vault.CodeSealed {
			t.Fatalf("another context: %v", err)
		}
		if _, err := v.Unseal(sealed[:rapid.IntRange(0, len(sealed)-1).Draw(t, "cut")], context); city.CodeOf(err) != vault.CodeSealed {
			t.Fatalf("cut: %v", err)
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := v.Unseal(sealed, context); city.CodeOf(err) != vault.CodeSealed {
			t.Fatalf("changed: %v", err)
		}
	})
}

func FuzzOpenReader(f *testing.F) {
	v := mustOpen(f, keys(1, 1, version(1, keyA)))
	good := seal(f, v, text(100))
	f.Add(good)
	f.Add(good[:50])
	f.Add([]byte("JYSEAL1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := unseal(v, bytes.NewReader(b))
		if err != nil && city.CodeOf(err) != vault.CodeSealed {
			t.Fatalf("unexpected error %v", err)
		}
		if err == nil && !bytes.Equal(got, text(100)) { // the only text ever sealed here
			t.Fatalf("a forged file opened: %q", got)
		}
	})
}

func FuzzUnseal(f *testing.F) {
	v := mustOpen(f, keys(1, 1, version(1, keyA)))
	f.Add(v.Seal([]byte("row"), []byte("D1/7")))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := v.Unseal(b, []byte("D1/7")); err == nil && string(got) != "row" {
			t.Fatalf("a forged blob opened: %q", got)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	v := open(b)
	row, context := text(200), []byte("D01/123456")
	b.ReportAllocs()
	for b.Loop() {
		v.Seal(row, context)
	}
}

func BenchmarkStream(b *testing.B) {
	v := open(b)
	w, err := v.SealWriter(io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	p := text(1 << 20)
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		if _, err := w.Write(p); err != nil {
			b.Fatal(err)
		}
	}
}
