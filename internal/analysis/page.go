package analysis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// Page is an answer as it is sent: written once, and read by everybody who asks
// while nothing that it depends on changes.
type Page struct {
	Doc []byte // JSON; not to be changed
	Tag string // names the bytes, for a reader that has them already
}

// BoardPage gives the board of a year as JSON; year 0 is the newest.
func (s *Service) BoardPage(ctx context.Context, who policy.Principal, year int) (Page, error) {
	return s.page(ctx, who, "board", year, func(ctx context.Context) (any, error) { return s.Board(ctx, who, year) })
}

// TargetPage gives the page of a target as JSON.
func (s *Service) TargetPage(ctx context.Context, who policy.Principal, name string) (Page, error) {
	return s.page(ctx, who, "target", name, func(ctx context.Context) (any, error) { return s.Target(ctx, who, name) })
}

// Close ends what is being computed for pages, waits for it, and gives the
// engine's memory back. Pages that are asked for afterwards fail.
func (s *Service) Close() error {
	s.pages.close()
	if s.units == nil {
		return nil
	}
	return s.units.Close(context.Background())
}

// pagesKept is how many pages are kept: those of a few principals, each of the
// size of a board.
const pagesKept = 128

// patience is how long a reader waits for the page of a new state before it is
// given that of the state before. What is quick is answered as of now; what
// takes seconds, as the first board after a large delivery, does not hold up
// everybody who looks at it meanwhile. So a page lags behind a change by no
// more than it takes to compute, and never once it is computed.
const patience = 40 * time.Millisecond

// stater is a store that numbers its changes. Without one nothing says that a
// page still holds, and every page is made anew.
type stater interface {
	// ChangeSeq grows with every change of the store.
	ChangeSeq(ctx context.Context) (int64, error)
}

// page finds or makes the page of a kind and what it is of.
func (s *Service) page(ctx context.Context, who policy.Principal, kind string, of any, compute func(context.Context) (any, error)) (Page, error) {
	if err := who.Known(); err != nil {
		return Page{}, err
	}
	numbered, ok := s.Deliveries.(stater)
	if !ok {
		v, err := compute(ctx)
		if err != nil {
			return Page{}, err
		}
		return pageOf(v)
	}
	name, err := json.Marshal([]any{kind, of, who})
	if err != nil {
		return Page{}, city.Errorf(city.CodeInternal, "cannot name the page: %w", err)
	}
	seq, err := numbered.ChangeSeq(ctx)
	if err != nil {
		return Page{}, err
	}
	at := pageState{city: s.City(), today: s.Today(), seq: seq, lake: s.Lake.Changes()}
	return s.pages.get(ctx, string(name), at, compute)
}

func pageOf(v any) (Page, error) {
	doc, err := json.Marshal(v)
	if err != nil {
		return Page{}, city.Errorf(city.CodeInternal, "cannot write the page: %w", err)
	}
	sum := sha256.Sum256(doc)
	return Page{append(doc, '\n'), `"` + hex.EncodeToString(sum[:12]) + `"`}, nil
}

// pageState is everything that a page depends on besides what it is of. It is
// taken before the page is computed: a change meanwhile makes another state.
type pageState struct {
	city  *city.City // the declarations in force, which are replaced whole
	today city.Date
	seq   int64  // of the store: deliveries, rollbacks, reports by hand
	lake  uint64 // changes of the tables: a commit comes before the store knows of it
}

// covers says that a page of the state may be shown to who asks at another: it
// is that state or one after it.
func (a pageState) covers(b pageState) bool {
	return a.city == b.city && a.today == b.today && a.seq >= b.seq && a.lake >= b.lake
}

// pages keeps the newest page of each name, and computes each state of it once,
// however many ask. It is safe for concurrent use.
type pages struct {
	mu     sync.Mutex
	kept   cache[keptPage]
	flying map[string]*flight // by name
	wait   time.Duration      // of a reader who can be given the page before
	life   context.Context    // ends with the service
	end    context.CancelFunc
	work   sync.WaitGroup
}

// keptPage is the last page of a name that was computed.
type keptPage struct {
	page  Page
	state pageState
}

// flight is a page that is being computed.
type flight struct {
	state pageState
	done  chan struct{} // closed at its end
	page  Page
	err   error
}

func newPages() *pages {
	p := &pages{wait: patience, kept: newCache[keptPage](pagesKept), flying: map[string]*flight{}}
	p.life, p.end = context.WithCancel(context.Background())
	return p
}

func (p *pages) close() {
	p.mu.Lock()
	p.end()
	p.mu.Unlock()
	p.work.Wait()
}

// get gives the page of a name in a state.
func (p *pages) get(ctx context.Context, name string, at pageState, compute func(context.Context) (any, error)) (Page, error) {
	for {
		p.mu.Lock()
		kept, ok := p.kept.get(name)
		if ok && kept.state.covers(at) {
			p.mu.Unlock()
			return kept.page, nil
		}
		f, err := p.fly(name, at, compute)
		p.mu.Unlock()
		if err != nil {
			return Page{}, err
		}
		page, done, err := f.wait(ctx, p.wait, kept, ok)
		if err != nil || !done || f.state.covers(at) {
			return page, err
		}
		// It was the page of an earlier state, and somebody has to begin with this one.
	}
}

// fly joins the computation of a name, or begins it. One name has one at a
// time: a state that is over is not computed again and again beside the next.
func (p *pages) fly(name string, at pageState, compute func(context.Context) (any, error)) (*flight, error) {
	if f, ok := p.flying[name]; ok {
		return f, nil
	}
	if p.life.Err() != nil {
		return nil, city.Errorf(city.CodeUnavailable, "the program is stopping")
	}
	f := &flight{state: at, done: make(chan struct{})}
	p.flying[name] = f
	p.work.Go(func() {
		v, err := compute(p.life)
		if err == nil {
			f.page, err = pageOf(v)
		}
		f.err = err
		p.mu.Lock()
		if err == nil {
			p.kept.put(name, keptPage{f.page, at})
		} else {
			p.kept.drop(name) // or readers would be given it for as long as the next ones fail
		}
		delete(p.flying, name)
		p.mu.Unlock()
		close(f.done)
	})
	return f, nil
}

// wait waits for the computation: to its end when there is no page before it,
// and for a short while when there is one. done is false when the page is that.
func (f *flight) wait(ctx context.Context, most time.Duration, before keptPage, has bool) (page Page, done bool, err error) {
	var late <-chan time.Time
	if has {
		t := time.NewTimer(most)
		defer t.Stop()
		late = t.C
	}
	select {
	case <-f.done:
		return f.page, true, f.err
	case <-late:
		return before.page, false, nil
	case <-ctx.Done():
		return Page{}, false, ctx.Err()
	}
}
