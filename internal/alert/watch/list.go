package watch

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Subject is what an alert is about, and where one reads more of it.
type Subject struct {
	Key   string    `json:"key"` // names it within the rule
	Title city.Text `json:"title"`
	Kind  string    `json:"kind" enum:"target,indicator,dataset,delivery,quarantine,report"`
	Name  string    `json:"name"` // of the target, indicator, dataset or delivery
}

// Alert is an alert as it is shown.
type Alert struct {
	ID           string        `json:"id"`
	Rule         city.Named    `json:"rule"`
	Note         city.Text     `json:"note"` // what to do about it
	Severity     city.Severity `json:"severity" enum:"info,warning,critical"`
	State        alert.State   `json:"state" enum:"firing,acknowledged,recovered"`
	Owner        city.Named    `json:"owner"`
	Subject      Subject       `json:"subject"`
	Text         city.Text     `json:"text"`    // one sentence with its number
	Display      string        `json:"display"` // the number alone; may be empty
	Occurrence   int           `json:"occurrence"`
	Since        time.Time     `json:"since"` // of this occurrence
	Days         int           `json:"days"`  // whole days that it has lasted, or lasted
	ChangedAt    time.Time     `json:"changed_at"`
	Acknowledged *Said         `json:"acknowledged,omitempty"`
	Silence      *Silence      `json:"silence,omitempty"` // that holds its messages back
	Told         bool          `json:"told"`              // this occurrence was told to the channels that take it
	Simulated    bool          `json:"simulated"`
}

// Said is what somebody said of an alert.
type Said struct {
	By   string `json:"by"`
	Note string `json:"note"`
}

// Silence is a silence as it is shown.
type Silence struct {
	ID      string    `json:"id"`
	What    city.Text `json:"what"` // in words what it silences
	Rule    string    `json:"rule"`
	Subject string    `json:"subject"`
	Owner   string    `json:"owner"`
	Until   time.Time `json:"until"`
	Reason  string    `json:"reason"`
	By      string    `json:"by"` // as stated
	As      string    `json:"as"` // the principal who was let in
	At      time.Time `json:"at"`
	InForce bool      `json:"in_force"`
	EndedAt time.Time `json:"ended_at,omitzero"`
	EndedBy string    `json:"ended_by,omitempty"`
}

// newSilence says what is silenced with the titles that the pack gives.
func (w *Service) newSilence(s store.Silence, now time.Time) *Silence {
	return &Silence{ID: s.ID, What: silenced(w.City(), s), Rule: s.Rule, Subject: s.Subject, Owner: s.Owner, Until: s.Until.In(now.Location()), Reason: s.Reason, By: s.By, As: s.As, At: s.At,
		InForce: alert.Silence(s).InForce(now), EndedAt: s.EndedAt, EndedBy: s.EndedBy}
}

// silenced names what a silence matches. What the pack declares no more keeps
// its name.
func silenced(c *city.City, s store.Silence) city.Text {
	var zh, en []string
	add := func(t city.Text) { zh, en = append(zh, t.ZH), append(en, t.EN) }
	if rule, err := c.Alert(s.Rule); err == nil {
		add(rule.Title)
	} else if s.Rule != "" {
		add(city.Text{ZH: s.Rule, EN: s.Rule})
	}
	if t, err := c.Target(s.Subject); err == nil {
		add(t.Title)
	} else if d, err := c.Dataset(s.Subject); err == nil {
		add(d.Title)
	} else if s.Subject != "" {
		add(city.Text{ZH: s.Subject, EN: s.Subject})
	}
	if s.Owner != "" {
		add(c.OrganisationNamed(s.Owner).Title)
	}
	return city.Text{ZH: strings.Join(zh, " · "), EN: strings.Join(en, " · ")}
}

// Event is a line of an alert's history.
type Event struct {
	At         time.Time       `json:"at"`
	Kind       alert.EventKind `json:"kind" enum:"raised,recovered,unwatched,reminded,acknowledged,reopened,silenced,unsilenced"`
	Occurrence int             `json:"occurrence"`
	Text       city.Text       `json:"text"`
	By         string          `json:"by"`
	Note       string          `json:"note"`
}

// Sent is a message about an alert.
type Sent struct {
	Key      string                  `json:"key"`
	Channel  string                  `json:"channel"`
	Kind     alert.EventKind         `json:"kind"` // what it says of the alert
	Others   int                     `json:"others"`
	State    store.NotificationState `json:"state" enum:"queued,sent,failed"`
	Attempts int                     `json:"attempts"`
	At       time.Time               `json:"at"` // when it was queued
	EndedAt  time.Time               `json:"ended_at,omitzero"`
	NextAt   time.Time               `json:"next_at,omitzero"` // of the next attempt
	Code     city.Code               `json:"code,omitempty"`   // of the last attempt
	Error    string                  `json:"error,omitempty"`
}

// Detail is an alert with its history.
type Detail struct {
	Alert
	Events   []Event `json:"events"`   // the newest first
	Messages []Sent  `json:"messages"` // the newest first
}

// Counts is how many alerts are there.
type Counts struct {
	Open         int `json:"open"` // firing or acknowledged
	Firing       int `json:"firing"`
	Acknowledged int `json:"acknowledged"`
	Silenced     int `json:"silenced"`
	Critical     int `json:"critical"` // of the open ones, and likewise below
	Warning      int `json:"warning"`
	Info         int `json:"info"`
}

// Page is a part of a list of alerts.
type Page struct {
	Items []Alert
	Next  string // cursor of the next part; "" at the end
}

// Alerts pages through the alerts: those that are there by severity, then those
// that are over; in each the newest first.
func (s *Service) Alerts(ctx context.Context, p policy.Principal, f store.AlertFilter, cursor string, limit int) (Page, error) {
	out := Page{Items: []Alert{}}
	if err := p.Known(); err != nil {
		return out, err
	}
	page, err := s.Store.Alerts(ctx, f, cursor, limit)
	if err != nil {
		return out, err
	}
	in, err := s.inForce(ctx)
	if err != nil {
		return out, err
	}
	for _, row := range page.Items {
		a, err := kept(row)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, s.shown(a, in))
	}
	out.Next = page.Next
	return out, nil
}

// inForce gives the silences in force by ID.
func (s *Service) inForce(ctx context.Context) (map[string]store.Silence, error) {
	all, err := s.Store.Silences(ctx, s.now())
	out := make(map[string]store.Silence, len(all))
	for _, one := range all {
		out[one.ID] = one
	}
	return out, err
}

// shown is an alert with the titles of what it names. A rule that the pack
// declares no more keeps its name.
func (s *Service) shown(a alert.Alert, silences map[string]store.Silence) Alert {
	c, now := s.City(), s.now()
	out := Alert{ID: a.ID, Rule: city.Named{Name: a.Rule, Title: city.Text{ZH: a.Rule, EN: a.Rule}}, Severity: a.Severity, State: a.State, Owner: c.OrganisationNamed(a.Owner),
		Subject: Subject{a.Subject, a.Title, a.Link, a.Name}, Text: a.Text, Display: a.Display, Occurrence: a.Occurrence, Since: a.Since, ChangedAt: a.ChangedAt,
		Told: a.Told == a.Occurrence, Simulated: a.Simulated}
	if rule, err := c.Alert(a.Rule); err == nil {
		out.Rule.Title, out.Note = rule.Title, rule.Note
	}
	end := now
	if !a.Up() {
		end = a.ChangedAt
	}
	out.Days = int(end.Sub(a.Since) / (24 * time.Hour))
	if a.State == alert.Acknowledged {
		out.Acknowledged = &Said{a.By, a.Note}
	}
	if one, ok := silences[a.Silence]; ok && a.Silence != "" {
		out.Silence = s.newSilence(one, now)
	}
	return out
}

// Alert gives one alert with its history.
func (s *Service) Alert(ctx context.Context, p policy.Principal, id string) (*Detail, error) {
	if err := p.Known(); err != nil {
		return nil, err
	}
	row, err := s.Store.Alert(ctx, id)
	if err != nil {
		return nil, err
	}
	a, err := kept(row)
	if err != nil {
		return nil, err
	}
	in, err := s.inForce(ctx)
	if err != nil {
		return nil, err
	}
	out := &Detail{Alert: s.shown(a, in), Events: []Event{}, Messages: []Sent{}}
	events, err := s.Store.AlertEvents(ctx, id)
	if err != nil {
		return nil, err
	}
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		out.Events = append(out.Events, Event{e.At, alert.EventKind(e.Kind), e.Occurrence, e.Text, e.By, e.Note})
	}
	messages, err := s.Store.NotificationsOf(ctx, id)
	for _, n := range messages {
		out.Messages = append(out.Messages, newSent(n, id))
	}
	return out, err
}

func newSent(n store.Notification, id string) Sent {
	out := Sent{Key: n.Key, Channel: n.Channel, State: n.State, Attempts: n.Attempts, At: n.CreatedAt, EndedAt: n.EndedAt, Code: n.ErrorCode, Error: n.Error}
	if n.State == store.NotificationQueued {
		out.NextAt = n.NextAt
	}
	var m alert.Message
	if json.Unmarshal(n.Message, &m) != nil {
		return out // what it says is for its receiver; the line stands without
	}
	for _, i := range m.Items {
		if i.Alert == id {
			out.Kind = i.Kind
		} else {
			out.Others++
		}
	}
	return out
}

// Counts counts the alerts that are there.
func (s *Service) Counts(ctx context.Context) (Counts, error) {
	var out Counts
	rows, err := s.Store.AlertCounts(ctx)
	for _, r := range rows {
		out.Open += r.Count
		switch alert.State(r.State) {
		case alert.Firing:
			out.Firing += r.Count
		case alert.Acknowledged:
			out.Acknowledged += r.Count
		}
		if r.Silenced {
			out.Silenced += r.Count
		}
		switch r.Severity {
		case city.SeverityCritical:
			out.Critical += r.Count
		case city.SeverityWarning:
			out.Warning += r.Count
		case city.SeverityInfo:
			out.Info += r.Count
		}
	}
	return out, err
}

// Silences lists the silences in force, or all that there ever were.
func (s *Service) Silences(ctx context.Context, p policy.Principal, all bool) ([]Silence, error) {
	out := []Silence{}
	if err := p.Known(); err != nil {
		return out, err
	}
	now := s.now()
	at := now
	if all {
		at = time.Time{}
	}
	rows, err := s.Store.Silences(ctx, at)
	for _, one := range rows {
		out = append(out, *s.newSilence(one, now))
	}
	return out, err
}
