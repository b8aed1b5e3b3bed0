package analysis

import (
	"container/list"
	"context"
	"strconv"
	"sync"
)

// cache keeps the values that were used last. It is safe for concurrent use.
type cache[V any] struct {
	mu    *sync.Mutex
	size  int
	order *list.List // of entry[V], most recently used first
	at    map[string]*list.Element
	doing map[string]chan struct{} // closed when the value is made, or could not be
}

type entry[V any] struct {
	key   string
	value V
}

func newCache[V any](size int) cache[V] {
	return cache[V]{mu: &sync.Mutex{}, size: size, order: list.New(), at: map[string]*list.Element{}, doing: map[string]chan struct{}{}}
}

func (c cache[V]) get(key string) (v V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.at[key]
	if !ok {
		return v, false
	}
	c.order.MoveToFront(e)
	return e.Value.(entry[V]).value, true
}

// has says whether a value is kept. It is no use of it.
func (c cache[V]) has(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.at[key]
	return ok
}

func (c cache[V]) put(key string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.at[key]; ok {
		e.Value = entry[V]{key, v}
		c.order.MoveToFront(e)
		return
	}
	c.at[key] = c.order.PushFront(entry[V]{key, v})
	if c.order.Len() > c.size {
		last := c.order.Back()
		c.order.Remove(last)
		delete(c.at, last.Value.(entry[V]).key)
	}
}

// once gives a value that is kept, or makes it. Whoever asks while it is made
// waits for it, until the context ends.
func (c cache[V]) once(ctx context.Context, key string, compute func() (V, error)) (v V, err error) {
	for {
		if v, ok := c.get(key); ok {
			return v, nil
		}
		made, mine := c.begin(key)
		if mine {
			break
		}
		select {
		case <-made: // or given up by somebody who went away: look again
		case <-ctx.Done():
			return v, ctx.Err()
		}
	}
	defer c.end(key)
	if v, err = compute(); err == nil {
		c.put(key, v)
	}
	return v, err
}

// begin says whether the caller is to make a value, and else when it is made.
func (c cache[V]) begin(key string) (made <-chan struct{}, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if wait, ok := c.doing[key]; ok {
		return wait, false
	}
	c.doing[key] = make(chan struct{})
	return nil, true
}

func (c cache[V]) end(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.doing[key])
	delete(c.doing, key)
}

// drop forgets a value.
func (c cache[V]) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.at[key]; ok {
		c.order.Remove(e)
		delete(c.at, key)
	}
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }
