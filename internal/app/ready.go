package app

import (
	"context"
	"sync"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/live"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// reader is on whose behalf the API answers, until requests can be told apart.
func (a *App) reader() policy.Principal { return policy.Local("api:local", a.grants...) }

// keepReady computes the boards at the start and after every change that is told
// of, before anybody asks, until stop is called, which waits for the end of what
// is under way. Changes that come while it computes are taken together. When the
// boards have changed it tells so: whoever read them at the change itself may
// have been given the ones before (see analysis.Page).
func (a *App) keepReady(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	events, end := a.Live.Subscribe(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		defer func() { end() }()
		before := a.readyOnce(ctx)
		for {
			if tags := a.readyOnce(ctx); tags != before {
				before = tags
				a.Live.Publish(live.Event{Type: computed})
			}
			a.guardOnce(ctx)
			if waitForChange(ctx, events) {
				continue
			}
			// Too slow for what came, or at the end: whoever subscribes then gets a
			// channel that is closed already.
			end()
			if events, end = a.Live.Subscribe(ctx); ended(events) || ctx.Err() != nil {
				return
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

// computed is the type of the event that says that boards have changed.
const computed = "board"

// waitForChange waits for an event of somebody else and takes those that wait
// behind it. It is false when there will be none.
func waitForChange(ctx context.Context, events <-chan live.Event) bool {
	for changed := false; ; {
		var e live.Event
		var open bool
		select {
		case e, open = <-events:
		default:
			if changed {
				return true
			}
			select {
			case <-ctx.Done():
				return false
			case e, open = <-events:
			}
		}
		if !open {
			return false
		}
		changed = changed || e.Type != computed
	}
}

// ended says that a channel is closed and holds nothing.
func ended(events <-chan live.Event) bool {
	select {
	case _, open := <-events:
		return !open
	default:
		return false
	}
}

// readyOnce computes the boards and gives their tags, joined.
func (a *App) readyOnce(ctx context.Context) (tags string) {
	b, err := a.Analysis.Board(ctx, a.reader(), 0)
	if err == nil {
		for _, year := range append([]int{0}, b.Years...) {
			var page analysis.Page
			if page, err = a.Analysis.BoardPage(ctx, a.reader(), year); err != nil {
				break
			}
			tags += page.Tag
		}
	}
	if err != nil && ctx.Err() == nil {
		a.Log.Warn("the boards were not computed ahead", "error", err)
	}
	return tags
}

// guardOnce makes ready what decides about small groups, after the boards,
// because more people look at these.
func (a *App) guardOnce(ctx context.Context) {
	if _, err := a.Analysis.Guard(ctx, a.reader()); err != nil && ctx.Err() == nil {
		a.Log.Warn("what may be told of small groups was not decided ahead", "error", err)
	}
}
