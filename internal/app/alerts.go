package app

import (
	"context"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert/notify"
	"github.com/jinyang-city/jinyang/internal/alert/watch"
	"github.com/jinyang-city/jinyang/internal/live"
)

// channelsFile is the file of alert channels of a data folder.
const channelsFile = "alerts.yaml"

// When the alerts are looked at: after a change, once it is quiet, so that a
// burst of deliveries costs one look and no delivery waits for one; and every
// hour, because lateness comes with the day.
const (
	settleAlerts = 2 * time.Second
	everyAlerts  = time.Hour
)

// openAlerts makes what watches. It has no channels yet.
func (a *App) openAlerts() {
	a.Alerts = watch.New(watch.Config{
		Store: a.Store, Answers: a.Analysis, Reports: a.Progress, City: a.City, Today: a.Today, Now: a.now, Log: a.Log,
		Changed: func(c watch.Counts) { a.Live.Publish(live.Event{Type: "alerts", Data: c}) },
		Due:     a.alertsDue,
	})
}

// changed tells open browsers of a change, and has the alerts looked at.
func (a *App) changed(e live.Event) {
	a.Live.Publish(e)
	a.alertsDue()
}

// alertsDue asks for a look at the alerts, soon; it never waits.
func (a *App) alertsDue() {
	select {
	case a.lookDue <- struct{}{}:
	default: // one is asked for already
	}
}

// LoadChannels reads the file of alert channels against the city in force.
func (a *App) LoadChannels() ([]*notify.Channel, error) {
	return notify.Load(a.path(channelsFile), a.City())
}

// UseChannels has alerts sent to the channels that the data folder declares, and
// gives how many. A file with mistakes changes nothing.
func (a *App) UseChannels() (int, error) {
	declared, err := a.LoadChannels()
	if err != nil {
		return 0, err
	}
	channels := make([]watch.Channel, len(declared))
	for i, c := range declared {
		channels[i] = c
	}
	a.Alerts.Use(channels)
	return len(channels), nil
}

// watchAlerts looks at the alerts and sends their messages until stop is called,
// which waits for the end of what is under way. Sending has a goroutine of its
// own: a mail server that does not answer must not keep anybody from looking.
func (a *App) watchAlerts(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	queued := make(chan struct{}, 1)
	done.Go(func() { a.lookAtAlerts(ctx, queued) })
	done.Go(func() { a.sendAlerts(ctx, queued) })
	return func() {
		cancel()
		done.Wait()
	}
}

func (a *App) lookAtAlerts(ctx context.Context, queued chan<- struct{}) {
	for waits(ctx, settleAlerts, nil) {
		select {
		case <-a.lookDue: // what came while it was quiet is looked at now
		default:
		}
		e, err := a.Alerts.Evaluate(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.Log.Error("the alerts were not looked at", "error", err)
		default:
			for _, f := range e.Failed {
				a.Log.Warn("a rule of alerts could not be read", "rule", f.Rule, "code", f.Code, "error", f.Message)
			}
			select {
			case queued <- struct{}{}:
			default:
			}
		}
		if !waits(ctx, a.Alerts.NextLook(ctx, everyAlerts), a.lookDue) {
			return
		}
	}
}

func (a *App) sendAlerts(ctx context.Context, queued <-chan struct{}) {
	for {
		if _, err := a.Alerts.Send(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("the messages of alerts were not sent", "error", err)
		}
		wait, err := a.Alerts.Wait(ctx, everyAlerts)
		if err != nil {
			wait = time.Minute
		}
		if !waits(ctx, max(wait, time.Second), queued) {
			return
		}
	}
}

// waits for some time, or less when it is woken; false when the context ended.
func waits(ctx context.Context, d time.Duration, woken <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
	case <-woken:
	}
	return true
}
