package delivery

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"
)

// TestHashing holds that hashing beside the writer gives the hash of the bytes,
// however they are cut, and although their memory is used again.
func TestHashing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []byte
		h := newHashing()
		buf := make([]byte, 0, 64)
		for _, piece := range rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 0, 64)).Draw(t, "pieces") {
			all = append(all, piece...)
			buf = append(buf[:0], piece...)
			if n, err := h.Write(buf); n != len(piece) || err != nil {
				t.Fatal(n, err)
			}
			copy(buf, bytes.Repeat([]byte{0xff}, len(buf)))
		}
		want := sha256.Sum256(all)
		if got := h.sum(); got != hex.EncodeToString(want[:]) {
			t.Fatalf("got %s, want %x", got, want)
		}
	})
}
