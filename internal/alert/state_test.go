package alert_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
)

var start = time.Date(2024, 11, 1, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))

func reading(level alert.Level, basis string) alert.Reading {
	return alert.Reading{Rule: "r", Subject: "s", Level: level, Basis: basis, Facts: alert.Facts{Severity: city.SeverityWarning, Owner: "hrss", Text: city.Text{ZH: basis, EN: basis}}}
}

// drawn draws a life: readings, answers of people, and silences.
func drawn(t *rapid.T, each func(a alert.Alert, o alert.Outcome, r alert.Reading, p alert.Policy, silences []alert.Silence, now time.Time)) {
	p := alert.Policy{Stays: rapid.IntRange(1, 3).Draw(t, "stays"), RepeatAfter: city.Delay{Days: rapid.IntRange(0, 2).Draw(t, "repeat")}}
	var a alert.Alert
	var silences []alert.Silence
	now := start
	for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
		now = now.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "hours")) * time.Hour)
		switch rapid.IntRange(0, 6).Draw(t, "what") {
		case 0:
			if o, err := alert.Acknowledge(a, "甲", "", now); err == nil {
				a = o.Alert
			}
		case 1:
			silences = []alert.Silence{{ID: fmt.Sprint("S", i), Rule: "r", Until: now.Add(30 * time.Hour)}}
			a = alert.Hushed(a, silences, now).Alert
		default:
			level := rapid.SampledFrom([]alert.Level{alert.Raise, alert.Hold, alert.Clear, alert.Unknown}).Draw(t, "level")
			r := reading(level, fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "basis"), level))
			o := alert.Next(a, r, p, silences, now)
			each(a, o, r, p, silences, now)
			a = o.Alert
		}
	}
}

// TestSameAgainTellsNothing is the first law: a look that finds what the last
// one found changes nothing and tells nobody.
func TestSameAgainTellsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		drawn(t, func(_ alert.Alert, o alert.Outcome, r alert.Reading, p alert.Policy, silences []alert.Silence, now time.Time) {
			again := alert.Next(o.Alert, r, p, silences, now.Add(time.Minute))
			if silent := silences; len(silent) > 0 && !silent[0].InForce(now.Add(time.Minute)) {
				return // the silence ended between the two
			}
			if now.YearDay() != now.Add(time.Minute).YearDay() {
				return // a reminder may be due with the day
			}
			if again.Tell != "" || len(again.Events) > 0 || again.Alert.State != o.Alert.State {
				t.Fatalf("the same look again tells %q with %d events", again.Tell, len(again.Events))
			}
		})
	})
}

// TestTurns holds that an alert is raised only by a reading that raises and is
// over only by one that clears, once for each occurrence, and that every
// occurrence is told at most once of its beginning and its end.
func TestTurns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		told := map[string]int{}
		drawn(t, func(a alert.Alert, o alert.Outcome, r alert.Reading, _ alert.Policy, _ []alert.Silence, _ time.Time) {
			b := o.Alert
			switch {
			case !a.Up() && b.Up():
				if r.Level != alert.Raise || b.Occurrence != a.Occurrence+1 {
					t.Fatalf("raised by %s, occurrence %d after %d", r.Level, b.Occurrence, a.Occurrence)
				}
			case a.Up() && !b.Up():
				if r.Level != alert.Clear || b.Occurrence != a.Occurrence {
					t.Fatalf("over by %s", r.Level)
				}
			case b.Occurrence != a.Occurrence:
				t.Fatal("counted without a turn")
			}
			if o.Tell == alert.EventRaised || o.Tell == alert.EventRecovered {
				key := fmt.Sprint(o.Tell, b.Occurrence)
				if told[key]++; told[key] > 1 {
					t.Fatalf("%s was told twice", key)
				}
			}
			if o.Tell == alert.EventRecovered && told[fmt.Sprint(alert.EventRaised, b.Occurrence)] == 0 {
				t.Fatal("told that it is over, but not that it was there")
			}
			if o.Tell != "" && b.Silence != "" {
				t.Fatal("told in spite of a silence")
			}
		})
	})
}

// TestStays holds that so many different readings in a row must agree.
func TestStays(t *testing.T) {
	t.Parallel()
	p := alert.Policy{Stays: 2}
	for name, c := range map[string]struct {
		levels, bases string // a letter for each reading
		up            bool
	}{
		"one is not enough": {"R", "a", false}, "two are": {"RR", "ab", true}, "the same twice is one": {"RR", "aa", false},
		"a row that breaks": {"RHR", "abc", false}, "unknown does not break it": {"RUR", "abc", true}, "cleared": {"RRCC", "abcd", false},
		"not cleared by one": {"RRC", "abc", true}, "between the thresholds": {"RRHHHH", "abcdef", true},
	} {
		var a alert.Alert
		for i, l := range c.levels {
			level := map[rune]alert.Level{'R': alert.Raise, 'H': alert.Hold, 'C': alert.Clear, 'U': alert.Unknown}[l]
			a = alert.Next(a, reading(level, c.bases[i:i+1]), p, nil, start).Alert
		}
		if a.Up() != c.up {
			t.Errorf("%s: the alert is %s", name, a.State)
		}
	}
}

// TestSilence follows an alert through a silence that it outlives, and one that
// it does not.
func TestSilence(t *testing.T) {
	t.Parallel()
	s := []alert.Silence{{ID: "S1", Rule: "r", Until: start.Add(time.Hour)}}
	o := alert.Next(alert.Alert{}, reading(alert.Raise, "a"), alert.Policy{Stays: 1}, s, start)
	if o.Tell != "" || o.Alert.Silence != "S1" || len(o.Events) != 2 {
		t.Fatalf("raised under a silence: %+v", o)
	}
	over := alert.Next(o.Alert, reading(alert.Clear, "b"), alert.Policy{Stays: 1}, s, start.Add(time.Minute))
	if over.Tell != "" || over.Alert.State != alert.Recovered {
		t.Errorf("what was never told is told to be over: %+v", over)
	}
	later := alert.Next(o.Alert, reading(alert.Raise, "a"), alert.Policy{Stays: 1}, s, start.Add(2*time.Hour))
	if later.Tell != alert.EventRaised || later.Alert.Silence != "" {
		t.Errorf("what outlives the silence is not told: %+v", later)
	}
}

// TestReminders holds that reminders come with the days, not to who has
// acknowledged, and again after that is taken back.
func TestReminders(t *testing.T) {
	t.Parallel()
	p := alert.Policy{Stays: 1, RepeatAfter: city.Delay{Days: 2, Working: true}} // from Friday: Tuesday
	a := alert.Next(alert.Alert{}, reading(alert.Raise, "a"), p, nil, start).Alert
	tell := func(a alert.Alert, days int) alert.Outcome {
		return alert.Next(a, reading(alert.Raise, "a"), p, nil, start.AddDate(0, 0, days))
	}
	if o := tell(a, 3); o.Tell != "" {
		t.Errorf("reminded on Monday: %+v", o)
	}
	o := tell(a, 4)
	if o.Tell != alert.EventReminded || o.Alert.Reminders != 1 || tell(o.Alert, 5).Tell != "" {
		t.Errorf("not reminded once on Tuesday: %+v", o)
	}
	acked, err := alert.Acknowledge(a, "甲", "在办", start)
	if err != nil || tell(acked.Alert, 30).Tell != "" {
		t.Errorf("reminded of what is acknowledged: %v", err)
	}
	open, err := alert.Reopen(acked.Alert, "甲", "", start)
	if err != nil || tell(open.Alert, 30).Tell != alert.EventReminded {
		t.Errorf("not reminded of what is open again: %v", err)
	}
	gone := alert.Unwatched(open.Alert, start)
	if _, err := alert.Acknowledge(gone.Alert, "甲", "", start); city.CodeOf(err) != "conflict.alert" || gone.Tell != alert.EventRecovered {
		t.Errorf("%v, %+v", err, gone)
	}
}
