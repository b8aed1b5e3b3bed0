// Package live tells open browsers what has just changed: a delivery landed, a
// light turned. It fans events out to the subscribers inside this process; the
// HTTP API turns each subscription into a stream of server-sent events.
//
// # Guarantees
//
// Every subscriber sees the events published after it subscribed, in the order
// of their sequence numbers, without gaps, until its channel is closed. A
// publisher never waits: a subscriber that falls more than its buffer behind
// gets one last event of type Resync, and its channel is closed. An event is a
// hint to read again, never the only copy of a fact: after a Resync, a gap in
// the numbers, or a new connection, a client reads the state afresh. Numbers
// start from 1 with every start of the program.
package live

import (
	"context"
	"sync"
)

// Resync is the type of the last event of a subscriber that was too slow.
const Resync = "resync"

// DefaultBuffer is how many events a subscriber may lag behind by default.
const DefaultBuffer = 64

// Event is something that changed. Data is shared by all subscribers and must
// not be changed after it was published; it holds no personal data.
type Event struct {
	Seq  uint64 `json:"seq"`            // set by Publish, consecutive from 1
	Type string `json:"type"`           // what happened, for example "delivery"
	ID   string `json:"id,omitempty"`   // what it happened to, for example a delivery's ID
	Data any    `json:"data,omitempty"` // a small JSON document
}

// Broker fans events out. Use New; its methods may be called from any
// goroutine, and it starts none.
type Broker struct {
	buffer int

	mu     sync.Mutex
	seq    uint64
	subs   map[*subscriber]struct{}
	closed bool
}

// subscriber is a channel with room for the buffer and the final Resync. Only
// the holder of the broker's lock sends on it or closes it.
type subscriber struct{ events chan Event }

// New makes a Broker whose subscribers may lag behind by so many events; less
// than 1 means DefaultBuffer.
func New(buffer int) *Broker {
	if buffer < 1 {
		buffer = DefaultBuffer
	}
	return &Broker{buffer: buffer, subs: map[*subscriber]struct{}{}}
}

// Subscribe begins a subscription. The channel is closed when the context is
// done, when the returned function is called (any number of times), when the
// subscriber was too slow, and when the broker is closed.
func (b *Broker) Subscribe(ctx context.Context) (<-chan Event, func()) {
	s := &subscriber{events: make(chan Event, b.buffer+1)}
	b.mu.Lock()
	if b.closed {
		close(s.events)
	} else {
		b.subs[s] = struct{}{}
	}
	b.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { b.remove(s) })
	return s.events, func() {
		stop()
		b.remove(s)
	}
}

// Publish numbers the event, hands it to every subscriber, and returns the
// number. It never blocks; after Close it does nothing and returns 0.
func (b *Broker) Publish(e Event) uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0
	}
	b.seq++
	e.Seq = b.seq
	for s := range b.subs {
		if len(s.events) < b.buffer {
			s.events <- e
			continue
		}
		s.events <- Event{Seq: e.Seq, Type: Resync}
		b.drop(s)
	}
	return e.Seq
}

// Seq is the number of the newest event, 0 before the first one. A stream sends
// it when it opens, so that the client can tell whether it missed anything.
func (b *Broker) Seq() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seq
}

// Subscribers is how many subscriptions are open.
func (b *Broker) Subscribers() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.subs)
}

// Close ends every subscription, so that open streams end and the HTTP server
// can stop. It may be called more than once.
func (b *Broker) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for s := range b.subs {
		b.drop(s)
	}
}

func (b *Broker) remove(s *subscriber) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drop(s)
}

// drop closes a subscription once; the caller holds the lock.
func (b *Broker) drop(s *subscriber) {
	if _, ok := b.subs[s]; ok {
		delete(b.subs, s)
		close(s.events)
	}
}
