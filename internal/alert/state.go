package alert

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// State is where an alert stands; the package comment draws how they follow
// each other.
type State string

const (
	Pending      State = "pending" // seen, but not often enough in a row; never raised before
	Firing       State = "firing"
	Acknowledged State = "acknowledged" // somebody looks after it
	Recovered    State = "recovered"
)

// Level is what a reading says.
type Level string

const (
	Raise   Level = "raise"
	Hold    Level = "hold" // between the thresholds
	Clear   Level = "clear"
	Unknown Level = "unknown" // nothing could be read
)

// Link kinds: what a subject is, and so where one reads more of it.
const (
	LinkTarget     = "target"
	LinkIndicator  = "indicator"
	LinkDataset    = "dataset"
	LinkDelivery   = "delivery"
	LinkQuarantine = "quarantine"
	LinkReport     = "report"
)

// Facts is what is said of a cause: as it was last read.
type Facts struct {
	Severity  city.Severity
	Owner     string    // Organisation.Name
	Title     city.Text // of the subject
	Text      city.Text // one sentence with its number
	Display   string    // the number alone, with its unit; "" without one
	Link      string    // one of the Link kinds
	Name      string    // of what the link leads to
	Simulated bool
}

// Reading is a rule looked at for one subject.
type Reading struct {
	Rule    string
	Subject string // unique within the rule
	Level   Level
	// Basis names the state of things that was read: the same basis is counted
	// once. It holds no clock, only days.
	Basis string
	Facts
}

// Policy is what a rule says of its alerts' life.
type Policy struct {
	Stays       int
	RepeatAfter city.Delay
}

// Alert is what is known of a cause.
type Alert struct {
	ID, Rule, Subject string
	State             State
	Occurrence        int    // how often it was raised
	Streak            int    // readings in a row that speak for the other state
	Basis             string // of the last one counted
	Since             time.Time
	ChangedAt         time.Time // of the last event
	Told              int       // the occurrence that was last told of
	ToldAt            time.Time
	Reminders         int    // of this occurrence
	Silence           string // ID of the silence that holds its messages back
	By, Note          string // who acknowledged it, and what they said
	Facts
}

// Up says that the cause is there.
func (a Alert) Up() bool { return a.State == Firing || a.State == Acknowledged }

// Never says that the alert was never raised and is not about to be: there is
// nothing to keep.
func (a Alert) Never() bool { return a.State == Pending && a.Streak == 0 }

// EventKind is something that happened to an alert.
type EventKind string

const (
	EventRaised       EventKind = "raised"
	EventRecovered    EventKind = "recovered"
	EventUnwatched    EventKind = "unwatched" // the rule or its subject is gone, so it is over
	EventReminded     EventKind = "reminded"
	EventAcknowledged EventKind = "acknowledged"
	EventReopened     EventKind = "reopened"
	EventSilenced     EventKind = "silenced"
	EventUnsilenced   EventKind = "unsilenced"
)

// Event is one line of an alert's history.
type Event struct {
	Kind EventKind
	At   time.Time
	Occ  int       // the occurrence
	Text city.Text // what was read then, or why
	By   string    // who did it; "" the program
	Note string
}

// Outcome is what a look made of an alert.
type Outcome struct {
	Alert  Alert
	Events []Event
	Tell   EventKind // what is to be told: raised, recovered, reminded; "" nothing
}

// Next is what a reading makes of an alert. The alert is the zero value, but
// for its ID, for a cause that was never seen; silences are all that are in
// force.
func Next(a Alert, r Reading, p Policy, silences []Silence, now time.Time) Outcome {
	if a.State == "" {
		a.Rule, a.Subject, a.State = r.Rule, r.Subject, Pending
	}
	out := Outcome{Alert: a}
	if r.Level != Unknown {
		out.Alert.Facts = r.Facts
		if !a.Up() && r.Level != Raise {
			out.Alert.Facts = a.Facts // the history keeps what was wrong
		}
		if out.counted(r, p.Stays) {
			out.turn(now)
		}
	}
	out.hush(silences, now)
	out.tell(a, p, now)
	return out
}

// counted says whether enough readings in a row speak for the other state.
func (o *Outcome) counted(r Reading, stays int) bool {
	a := &o.Alert
	against := Raise
	if a.Up() {
		against = Clear
	}
	if r.Level != against {
		a.Streak, a.Basis = 0, ""
		return false
	}
	if a.Streak == 0 || a.Basis != r.Basis {
		a.Streak, a.Basis = a.Streak+1, r.Basis
	}
	return a.Streak >= stays
}

// turn raises what was down, and ends what was up.
func (o *Outcome) turn(now time.Time) {
	a := &o.Alert
	a.Streak, a.Basis = 0, ""
	if a.Up() {
		o.end(EventRecovered, a.Text, now)
		return
	}
	a.State, a.Occurrence, a.Since, a.Reminders = Firing, a.Occurrence+1, now, 0
	a.By, a.Note = "", ""
	o.note(Event{Kind: EventRaised, At: now, Text: a.Text})
}

func (o *Outcome) end(kind EventKind, text city.Text, now time.Time) {
	o.Alert.State = Recovered
	o.note(Event{Kind: kind, At: now, Text: text})
}

func (o *Outcome) note(e Event) {
	e.Occ, o.Alert.ChangedAt = o.Alert.Occurrence, e.At
	o.Events = append(o.Events, e)
}

// Unwatched is what becomes of an alert whose rule or subject is gone.
func Unwatched(a Alert, now time.Time) Outcome {
	out := Outcome{Alert: a}
	out.Alert.Streak, out.Alert.Basis = 0, ""
	if a.Up() {
		out.end(EventUnwatched, city.Text{ZH: "不再监测", EN: "it is not watched any more"}, now)
		out.hush(nil, now)
		out.tell(a, Policy{}, now)
	}
	return out
}

// tell decides what is to be told of an alert that stood as before.
func (o *Outcome) tell(before Alert, p Policy, now time.Time) {
	a := &o.Alert
	switch {
	case before.Up() && !a.Up():
		if a.Told == a.Occurrence && before.Silence == "" {
			o.Tell = EventRecovered
		}
	case a.State != Firing || a.Silence != "":
	case a.Told < a.Occurrence:
		a.Told, a.ToldAt, o.Tell = a.Occurrence, now, EventRaised
	case p.RepeatAfter.Days > 0 && !city.DateOf(now).Before(p.RepeatAfter.After(city.DateOf(a.ToldAt.In(now.Location())))):
		a.ToldAt, a.Reminders, o.Tell = now, a.Reminders+1, EventReminded
		o.note(Event{Kind: EventReminded, At: now, Text: a.Text})
	}
}
