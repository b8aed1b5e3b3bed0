package watch

import (
	"context"
	"fmt"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/store"
)

// late reads which batches have not come. The cause is the dataset: as long as
// any batch of it is late, its owner has been called, and more of the same is
// said in the same alert.
func (l *look) late(ctx context.Context, w *city.LateWatch) ([]alert.Reading, error) {
	all, err := l.datasets(w.Datasets)
	if err != nil {
		return nil, err
	}
	var out []alert.Reading
	for _, d := range all {
		periods, err := l.Store.CommittedPeriods(ctx, d.Name, time.Time{})
		if err != nil {
			return nil, err
		}
		missing, err := alert.Missing(d.Delivery, periods, w.Beyond, l.today)
		if err != nil {
			return nil, err
		}
		r := alert.Reading{Subject: d.Name, Level: alert.Of(len(missing) > 0), Facts: alert.Facts{Owner: d.Owner, Title: d.Title, Link: alert.LinkDataset, Name: d.Name}}
		switch {
		case len(periods) == 0:
			r.Level, r.Text = alert.Unknown, city.Text{ZH: "尚未交付过批次", EN: "no batch has come yet"}
		case len(missing) == 0:
			r.Text = city.Text{ZH: "没有迟交的批次", EN: "no batch is late"}
		default:
			r.Display, r.Text = l.lateWords(d, missing)
		}
		r.Basis = l.today.String() + " " + r.Text.EN
		out = append(out, r)
	}
	return out, nil
}

// lateWords says since when the oldest batch is missing, and how many are.
func (l *look) lateWords(d *city.Dataset, missing []city.Span) (string, city.Text) {
	due := alert.Due(d.Delivery, missing[0])
	days := int(l.today.Time().Sub(due.Time()) / (24 * time.Hour))
	label := d.Delivery.Every.Label(missing[0].From)
	t := city.Text{
		ZH: fmt.Sprintf("%s 的批次应于 %s 前交付，已迟 %d 天", label, due, days),
		EN: fmt.Sprintf("the batch for %s was due on %s and is %d days late", label, due, days),
	}
	if n := len(missing); n > 1 {
		t.ZH += fmt.Sprintf("；共缺 %d 批", n)
		t.EN += fmt.Sprintf("; %d batches are missing", n)
	}
	return fmt.Sprintf("%d d", days), t
}

// quality reads what deliveries brought. Each condition is a cause of its own.
func (l *look) quality(ctx context.Context, w *city.QualityWatch) ([]alert.Reading, error) {
	all, err := l.datasets(w.Datasets)
	if err != nil {
		return nil, err
	}
	var out []alert.Reading
	for _, d := range all {
		facts := alert.Facts{Owner: d.Owner, Title: d.Title, Link: alert.LinkDataset, Name: d.Name}
		if w.Quarantined != nil || w.Rejected {
			more, err := l.delivered(ctx, w, d, facts)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		if w.OpenOlder.Days > 0 {
			r, err := l.waiting(ctx, w, d, facts)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
	}
	return out, nil
}

// newestDeliveries is how many of a dataset's deliveries are looked at.
const newestDeliveries = 100

func (l *look) delivered(ctx context.Context, w *city.QualityWatch, d *city.Dataset, facts alert.Facts) ([]alert.Reading, error) {
	page, err := l.Store.Deliveries(ctx, store.Filter{Dataset: d.Name, States: []store.State{store.StateCommitted, store.StateRejected}}, "", newestDeliveries)
	if err != nil {
		return nil, err
	}
	var out []alert.Reading
	if w.Quarantined != nil {
		out = append(out, heldBack(w, page.Items, facts))
	}
	if w.Rejected {
		out = append(out, rejected(page.Items, facts))
	}
	return out, nil
}

// heldBack judges the newest delivery that was accepted: of a rejected one the
// rejection is what is wrong. Mended rows are no delivery of the sender.
func heldBack(w *city.QualityWatch, newest []store.Delivery, facts alert.Facts) alert.Reading {
	r := alert.Reading{Subject: facts.Name + " quarantined", Level: alert.Unknown, Facts: facts}
	r.Text = city.Text{ZH: "尚未交付过批次", EN: "no batch has come yet"}
	for _, d := range newest {
		if d.State != store.StateCommitted || d.MendOf != "" || d.Received == 0 {
			continue
		}
		share := float64(d.Quarantined) / float64(d.Received)
		r.Level, r.Basis, r.Simulated = alert.Rising(share, *w.Quarantined, w.Clear), d.ID, d.Simulated
		r.Link, r.Name, r.Display = alert.LinkDelivery, d.ID, city.Figure(share*100, 1)+"%"
		r.Text = city.Text{
			ZH: fmt.Sprintf("最近一批 %d 行中有 %d 行被隔离，占 %s，预警线为 %s%%", d.Received, d.Quarantined, r.Display, city.Figure(*w.Quarantined*100, 1)),
			EN: fmt.Sprintf("of the newest batch's %d rows %d were held back, %s; watched above %s%%", d.Received, d.Quarantined, r.Display, city.Figure(*w.Quarantined*100, 1)),
		}
		return r
	}
	return r
}

// rejected finds the newest rejected delivery of whose period nothing was
// accepted since. The deliveries come newest first.
func rejected(newest []store.Delivery, facts alert.Facts) alert.Reading {
	r := alert.Reading{Subject: facts.Name + " rejected", Level: alert.Clear, Facts: facts}
	r.Text = city.Text{ZH: "没有待补交的退回批次", EN: "no rejected batch waits to be sent again"}
	if len(newest) == 0 {
		return r
	}
	r.Basis = newest[0].ID
	var since []city.Span // periods accepted after the delivery that is looked at
	settled := false      // something without a period was accepted after it
	for _, d := range newest {
		switch {
		case d.State == store.StateCommitted:
			since, settled = append(since, d.Period), settled || d.Period.IsZero()
		case d.MendOf == "" && !settled && !accepted(d, since):
			name := validate.MaskText(d.FileName) // it leaves the city with the message
			r.Level, r.Link, r.Name, r.Display, r.Simulated = alert.Raise, alert.LinkDelivery, d.ID, name, d.Simulated
			r.Text = city.Text{
				ZH: fmt.Sprintf("批次 %s 被退回（%d 行中 %d 行被隔离），尚未补交", name, d.Received, d.Quarantined),
				EN: fmt.Sprintf("the batch %s was rejected (%d rows, %d held back) and has not been sent again", name, d.Received, d.Quarantined),
			}
			return r
		}
	}
	return r
}

// accepted says whether one of the periods is the delivery's. A delivery whose
// period is not known is settled by any.
func accepted(d store.Delivery, periods []city.Span) bool {
	if d.Period.IsZero() {
		return len(periods) > 0
	}
	for _, p := range periods {
		if !p.From.After(d.Period.To) && !p.To.Before(d.Period.From) {
			return true
		}
	}
	return false
}

// waiting judges how long rows have waited in quarantine.
func (l *look) waiting(ctx context.Context, w *city.QualityWatch, d *city.Dataset, facts alert.Facts) (alert.Reading, error) {
	if l.open == nil {
		groups, err := l.Store.HeldGroups(ctx, store.HeldFilter{State: store.RowOpen})
		if err != nil {
			return alert.Reading{}, err
		}
		l.open = append([]store.HeldGroup{}, groups...)
	}
	var oldest time.Time
	var count int64
	for _, g := range l.open {
		if g.Dataset != d.Name {
			continue
		}
		if count += g.Count; oldest.IsZero() || g.Oldest.Before(oldest) {
			oldest = g.Oldest
		}
	}
	now := l.now()
	today := city.DateOf(now)
	r := alert.Reading{Subject: d.Name + " open_rows", Level: alert.Clear, Basis: today.String(), Facts: facts}
	r.Link, r.Text = alert.LinkQuarantine, city.Text{ZH: "没有待处理的隔离行", EN: "no rows wait in quarantine"}
	if count > 0 {
		since := city.DateOf(oldest.In(now.Location()))
		r.Level, r.Display = alert.Of(today.After(w.OpenOlder.After(since))), fmt.Sprint(count)
		r.Text = city.Text{ZH: fmt.Sprintf("有 %d 行隔离数据待处理，最早自 %s", count, since), EN: fmt.Sprintf("%d rows wait in quarantine, the oldest since %s", count, since)}
	}
	return r, nil
}
