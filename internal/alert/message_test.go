package alert_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
)

func telling(rule, subject, owner string, occurrence int) alert.Telling {
	return alert.Telling{Kind: alert.EventRaised, Alert: alert.Alert{ID: alert.ID(rule, subject), Rule: rule, Subject: subject, State: alert.Firing, Occurrence: occurrence,
		Facts: alert.Facts{Owner: owner, Severity: city.SeverityWarning}}}
}

// TestMessages groups by the rules' wishes, for each channel what it takes.
func TestMessages(t *testing.T) {
	t.Parallel()
	c := &city.City{Alerts: []*city.Alert{
		{Name: "late", Severity: city.SeverityWarning, GroupBy: []city.GroupKey{city.GroupByRule, city.GroupByOwner}},
		{Name: "each", Severity: city.SeverityWarning, GroupBy: []city.GroupKey{city.GroupBySubject}},
		{Name: "quiet", Severity: city.SeverityWarning, GroupBy: []city.GroupKey{city.GroupByRule}, Channels: []string{"duty"}},
	}}
	c.Index()
	routes := []alert.Route{{Channel: "duty"}, {Channel: "hrss", Owners: []string{"hrss"}}, {Channel: "chief", Least: city.SeverityCritical}}
	tellings := []alert.Telling{telling("late", "a", "hrss", 1), telling("late", "b", "hrss", 1), telling("late", "c", "env", 1),
		telling("each", "a", "hrss", 1), telling("each", "b", "hrss", 1), telling("quiet", "a", "hrss", 1)}
	var got []string
	for _, m := range alert.Messages(c, routes, tellings, start) {
		got = append(got, fmt.Sprintf("%s %d", m.Channel, len(m.Items)))
	}
	want := []string{"duty 2", "duty 1", "duty 1", "duty 1", "duty 1", "hrss 2", "hrss 1", "hrss 1"}
	if !slices.Equal(got, want) {
		t.Errorf("messages are %v, want %v", got, want)
	}
}

// TestKeys holds that a key depends on what is told, and on nothing else.
func TestKeys(t *testing.T) {
	t.Parallel()
	c := &city.City{Alerts: []*city.Alert{{Name: "late", Severity: city.SeverityWarning, GroupBy: []city.GroupKey{city.GroupByRule}}}}
	c.Index()
	key := func(channel string, tellings ...alert.Telling) string {
		return alert.Messages(c, []alert.Route{{Channel: channel}}, tellings, start)[0].Key
	}
	a, b := telling("late", "a", "hrss", 1), telling("late", "b", "hrss", 1)
	if key("x", a, b) != key("x", b, a) {
		t.Error("the order makes another key")
	}
	again := a
	again.Alert.Occurrence = 2
	over := a
	over.Kind = alert.EventRecovered
	keys := []string{key("x", a), key("y", a), key("x", b), key("x", a, b), key("x", again), key("x", over)}
	slices.Sort(keys)
	if len(slices.Compact(keys)) != 6 {
		t.Errorf("different messages have the same key: %v", keys)
	}
}
