package app

import (
	"context"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/alert/watch"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// demoKeeper is who answers alerts in a demonstration: a part, not a person.
const demoKeeper = "模拟值班员"

// demoSilence is how long the silence of a demonstration lasts.
const demoSilence = 7 * 24 * time.Hour

// demoAlerts looks at the alerts once, and has one acknowledged and one silenced
// where nobody has done that yet. Nothing is sent: the folder of a demonstration
// has no channels.
func (a *App) demoAlerts(ctx context.Context) error {
	if _, err := a.Alerts.Evaluate(ctx); err != nil {
		return err
	}
	who := policy.Local(demonstrator)
	page, err := a.Alerts.Alerts(ctx, who, store.AlertFilter{States: []string{string(alert.Firing), string(alert.Acknowledged)}}, "", store.MaxPage)
	if err != nil || len(page.Items) < 3 {
		return err
	}
	first, last := page.Items[0], page.Items[len(page.Items)-1]
	if first.State == alert.Firing {
		answer := watch.Answer{By: demoKeeper, Note: "模拟：已通知责任单位核实。 Simulated: the owner was asked."}
		if _, err := a.Alerts.Acknowledge(ctx, who, first.ID, answer); err != nil {
			return err
		}
	}
	if silences, err := a.Alerts.Silences(ctx, who, false); err != nil || len(silences) > 0 {
		return err
	}
	_, err = a.Alerts.Silence(ctx, who, watch.Hush{Rule: last.Rule.Name, Subject: last.Subject.Key, Until: a.now().Add(demoSilence), By: demoKeeper,
		Reason: "模拟：报送系统升级，暂不通知。 Simulated: the sender's system is being replaced."})
	return err
}
