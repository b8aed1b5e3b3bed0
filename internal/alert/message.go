package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Route is a channel of the data folder and what it takes.
type Route struct {
	Channel string
	Least   city.Severity // takes alerts at least as urgent; "" all
	Owners  []string      // takes the alerts of these owners; none means all
}

// takes says whether an alert of a rule goes to the channel. A rule that names
// channels is sent to these alone.
func (r Route) takes(rule *city.Alert, a Alert) bool {
	if rule != nil && !r.TakesRule(rule) {
		return false
	}
	return a.Severity.Rank() >= r.Least.Rank() && (len(r.Owners) == 0 || slices.Contains(r.Owners, a.Owner))
}

// TakesRule says whether alerts of a rule may go to the channel, whoever owns
// them.
func (r Route) TakesRule(rule *city.Alert) bool {
	return (len(rule.Channels) == 0 || slices.Contains(rule.Channels, r.Channel)) && rule.Severity.Rank() >= r.Least.Rank()
}

// Message tells one channel of one or several alerts.
type Message struct {
	// Key is the same for the same channel, alerts, occurrences and kinds: it
	// lets a receiver drop what came twice.
	Key     string    `json:"key"`
	Channel string    `json:"channel"`
	At      time.Time `json:"at"`
	City    city.Text `json:"city"`
	Test    bool      `json:"test,omitempty"` // sent to try the channel; nothing is wrong
	Items   []Item    `json:"items"`
}

// Item is what a message says of one alert.
type Item struct {
	Alert      string        `json:"alert"`
	Kind       EventKind     `json:"kind"` // raised, reminded or recovered
	Rule       string        `json:"rule"`
	RuleTitle  city.Text     `json:"rule_title"`
	Note       city.Text     `json:"note"` // what to do about it
	Severity   city.Severity `json:"severity"`
	Owner      string        `json:"owner"`
	OwnerTitle city.Text     `json:"owner_title"`
	Subject    string        `json:"subject"`
	Title      city.Text     `json:"title"`
	Text       city.Text     `json:"text"`
	Since      time.Time     `json:"since"`
	Occurrence int           `json:"occurrence"`
	Reminder   int           `json:"reminder,omitempty"`
	Simulated  bool          `json:"simulated"`
	Path       string        `json:"path"` // of the console's page about the alert
}

// Telling is an alert of which something is to be told.
type Telling struct {
	Alert Alert
	Kind  EventKind
}

// Messages groups what is to be told into messages: for each channel that takes
// it, one for the alerts that their rules have told together.
func Messages(c *city.City, routes []Route, tellings []Telling, now time.Time) []Message {
	var out []Message
	for _, route := range routes {
		groups := map[string]int{}
		for _, t := range tellings {
			rule, _ := c.Alert(t.Alert.Rule) // nil for one that is declared no more
			if !route.takes(rule, t.Alert) {
				continue
			}
			key := groupOf(rule, t.Alert)
			i, ok := groups[key]
			if !ok {
				i = len(out)
				groups[key] = i
				out = append(out, Message{Channel: route.Channel, At: now, City: c.Name})
			}
			out[i].Items = append(out[i].Items, item(c, rule, t))
		}
	}
	for i := range out {
		slices.SortStableFunc(out[i].Items, func(a, b Item) int { return b.Severity.Rank() - a.Severity.Rank() })
		out[i].Key = out[i].key()
	}
	return out
}

// groupOf names the group of an alert. What is grouped otherwise does not meet.
func groupOf(rule *city.Alert, a Alert) string {
	by := []city.GroupKey{city.GroupByRule, city.GroupByOwner}
	if rule != nil {
		by = rule.GroupBy
	}
	var parts []string
	for _, key := range by {
		value := map[city.GroupKey]string{city.GroupByRule: a.Rule, city.GroupByOwner: a.Owner, city.GroupBySubject: a.Rule + "\x00" + a.Subject}[key]
		parts = append(parts, string(key), value)
	}
	return strings.Join(parts, "\x00")
}

func item(c *city.City, rule *city.Alert, t Telling) Item {
	a := t.Alert
	out := Item{Alert: a.ID, Kind: t.Kind, Rule: a.Rule, RuleTitle: city.Text{ZH: a.Rule, EN: a.Rule}, Severity: a.Severity, Owner: a.Owner,
		OwnerTitle: city.Text{ZH: a.Owner, EN: a.Owner}, Subject: a.Subject, Title: a.Title, Text: a.Text, Since: a.Since, Occurrence: a.Occurrence,
		Reminder: a.Reminders, Simulated: a.Simulated, Path: "/alerts?id=" + a.ID}
	if rule != nil {
		out.RuleTitle, out.Note = rule.Title, rule.Note
	}
	if o, err := c.Organisation(a.Owner); err == nil {
		out.OwnerTitle = o.Title
	}
	return out
}

// key makes the key out of what is told, not of when.
func (m Message) key() string {
	parts := make([]string, 0, len(m.Items))
	for _, i := range m.Items {
		parts = append(parts, fmt.Sprintf("%s %d %s %d", i.Alert, i.Occurrence, i.Kind, i.Reminder))
	}
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(m.Channel + "\n" + strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:16])
}

// Routed is what has a route.
type Routed interface{ Route() Route }

// ID names the alert of a cause: the same cause has the same ID for ever.
func ID(rule, subject string) string {
	sum := sha256.Sum256([]byte(rule + "\x00" + subject))
	return "A" + hex.EncodeToString(sum[:8])
}
