package analysis

import (
	"container/list"
	"strconv"
	"sync"
)

// cache keeps the values that were used last. It is safe for concurrent use.
type cache[V any] struct {
	mu    *sync.Mutex
	size  int
	order *list.List // of entry[V], most recently used first
	at    map[string]*list.Element
}

type entry[V any] struct {
	key   string
	value V
}

func newCache[V any](size int) cache[V] {
	return cache[V]{mu: &sync.Mutex{}, size: size, order: list.New(), at: map[string]*list.Element{}}
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
