package delivery

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// hashing computes the SHA-256 of what is written to it, in a goroutine of its
// own: hashing a file takes about as long as packing it. Sum must be called,
// and ends the goroutine.
type hashing struct {
	hash  hash.Hash
	full  chan []byte
	free  chan []byte
	ended chan struct{}
}

// hashAhead is how many writes may wait to be hashed.
const hashAhead = 4

func newHashing() *hashing {
	h := &hashing{hash: sha256.New(), full: make(chan []byte, hashAhead), free: make(chan []byte, hashAhead), ended: make(chan struct{})}
	for range hashAhead {
		h.free <- nil
	}
	go h.work()
	return h
}

func (h *hashing) work() {
	defer close(h.ended)
	for b := range h.full {
		h.hash.Write(b) // never fails
		h.free <- b[:0]
	}
}

// Write takes the next bytes; it never fails.
func (h *hashing) Write(p []byte) (int, error) {
	h.full <- append(<-h.free, p...)
	return len(p), nil
}

// sum gives the hash in lower-case hex. Nothing may be written after it.
func (h *hashing) sum() string {
	close(h.full)
	<-h.ended
	return hex.EncodeToString(h.hash.Sum(nil))
}
