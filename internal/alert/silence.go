package alert

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Silence holds back the messages of alerts for a while. What is not given
// matches everything; at least one of Rule, Subject and Owner is given.
type Silence struct {
	ID      string
	Rule    string
	Subject string
	Owner   string
	Until   time.Time
	Reason  string
	By      string // who silences, as stated
	As      string // the principal who was let in
	At      time.Time
	EndedAt time.Time // when somebody ended it early; zero when nobody did
	EndedBy string
}

// InForce says whether the silence holds at a time.
func (s Silence) InForce(now time.Time) bool { return s.EndedAt.IsZero() && now.Before(s.Until) }

// Matches says whether the silence is of an alert.
func (s Silence) Matches(a Alert) bool {
	return (s.Rule == "" || s.Rule == a.Rule) && (s.Subject == "" || s.Subject == a.Subject) && (s.Owner == "" || s.Owner == a.Owner)
}

// hush sets or takes away the silence of an alert. Of several that match, the
// one that lasts longest counts, so that an alert changes silences no more often
// than it must.
func (o *Outcome) hush(silences []Silence, now time.Time) {
	a := &o.Alert
	var found Silence
	for _, s := range silences {
		if a.Up() && s.InForce(now) && s.Matches(*a) && s.Until.After(found.Until) {
			found = s
		}
	}
	switch {
	case found.ID == a.Silence:
		return
	case found.ID != "":
		o.note(Event{Kind: EventSilenced, At: now, By: found.By, Note: found.Reason, Text: until(found.Until)})
	case a.Up():
		o.note(Event{Kind: EventUnsilenced, At: now})
	}
	a.Silence = found.ID
}

// Hushed is what a change of silences makes of an alert. What it lets out is
// told at the next look, which reads afresh.
func Hushed(a Alert, silences []Silence, now time.Time) Outcome {
	out := Outcome{Alert: a}
	out.hush(silences, now)
	return out
}

func until(t time.Time) city.Text {
	day := t.Format("2006-01-02 15:04")
	return city.Text{ZH: "静默至 " + day, EN: "silenced until " + day}
}

// Acknowledge says that somebody looks after an alert, or fails with conflict
// when it is not firing. Acknowledging twice changes nothing.
func Acknowledge(a Alert, by, note string, now time.Time) (Outcome, error) {
	switch a.State {
	case Acknowledged:
		return Outcome{Alert: a}, nil
	case Firing:
		out := Outcome{Alert: a}
		out.Alert.State, out.Alert.By, out.Alert.Note = Acknowledged, by, note
		out.note(Event{Kind: EventAcknowledged, At: now, By: by, Note: note})
		return out, nil
	}
	return Outcome{}, over(a)
}

// Reopen takes an acknowledgement back.
func Reopen(a Alert, by, note string, now time.Time) (Outcome, error) {
	switch a.State {
	case Firing:
		return Outcome{Alert: a}, nil
	case Acknowledged:
		out := Outcome{Alert: a}
		out.Alert.State, out.Alert.By, out.Alert.Note = Firing, "", ""
		out.note(Event{Kind: EventReopened, At: now, By: by, Note: note})
		return out, nil
	}
	return Outcome{}, over(a)
}

func over(a Alert) error {
	return city.Errorf(city.CodeConflict+".alert", "the alert %s is over", a.ID).WithHint("it is raised again by itself if the cause comes back")
}
