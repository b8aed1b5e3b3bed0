package analysis

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
)

func TestCacheDropsTheLeastRecentlyUsed(t *testing.T) {
	t.Parallel()
	c := newCache[int](2)
	c.put("a", 1)
	c.put("b", 2)
	if v, ok := c.get("a"); !ok || v != 1 {
		t.Errorf("a is %d, %v", v, ok)
	}
	c.put("c", 3) // b was used least recently
	if _, ok := c.get("b"); ok {
		t.Error("b is still there")
	}
	c.put("a", 4)
	if v, ok := c.get("a"); !ok || v != 4 {
		t.Errorf("a is %d, %v, want the newer value", v, ok)
	}
	if v, ok := c.get("c"); !ok || v != 3 {
		t.Errorf("c is %d, %v", v, ok)
	}
}

// However many ask for a value at the same time, it is made once; whoever goes
// away waits no longer, and what could not be made is tried again.
func TestCacheOnce(t *testing.T) {
	t.Parallel()
	c := newCache[int](4)
	begun, finish := make(chan struct{}), make(chan struct{})
	var made atomic.Int32
	slow := func() (int, error) {
		if made.Add(1) == 1 {
			close(begun)
		}
		<-finish
		return 7, nil
	}
	results := make(chan int, 3)
	ask := func() {
		v, err := c.once(t.Context(), "k", slow)
		if err != nil {
			t.Error(err)
		}
		results <- v
	}
	go ask()
	<-begun
	go ask()
	go ask()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.once(gone, "k", slow); !errors.Is(err, context.Canceled) {
		t.Errorf("who went away got %v", err)
	}
	close(finish)
	for range 3 {
		if v := <-results; v != 7 {
			t.Errorf("got %d", v)
		}
	}
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	broken := errors.New("broken")
	if _, err := c.once(t.Context(), "other", func() (int, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Errorf("what could not be made: %v", err)
	}
	if v, err := c.once(t.Context(), "other", func() (int, error) { return 1, nil }); v != 1 || err != nil {
		t.Errorf("tried again: %d, %v", v, err)
	}
}
