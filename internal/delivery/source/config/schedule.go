package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Schedule says when a source is asked: some time after it was asked last, or
// once a day.
type Schedule struct {
	Every time.Duration // pause after the end of a poll; 0 when At is set
	At    Clock
}

// Clock is a time of the day in the city's zone.
type Clock struct {
	Hour, Minute int
	Set          bool
}

// UnmarshalText reads 15:04.
func (c *Clock) UnmarshalText(text []byte) error {
	t, err := time.Parse("15:04", string(text))
	if err != nil {
		return city.Errorf(city.CodeInvalid, "%q is not a time of the day", string(text)).WithHint(`write for example "02:30"`)
	}
	*c = Clock{t.Hour(), t.Minute(), true}
	return nil
}

// Next is when a source is due after a poll that ended at a time; the location
// is the city's. On a day that has not the declared time, because the clock was
// put forward, it is the time that the standard library takes for it.
func (s Schedule) Next(ended time.Time, zone *time.Location) time.Time {
	if !s.At.Set {
		return ended.Add(s.Every)
	}
	local := ended.In(zone)
	due := time.Date(local.Year(), local.Month(), local.Day(), s.At.Hour, s.At.Minute, 0, 0, zone)
	if !due.After(ended) {
		due = time.Date(local.Year(), local.Month(), local.Day()+1, s.At.Hour, s.At.Minute, 0, 0, zone)
	}
	return due
}

// String says it in words.
func (s Schedule) String() string {
	if s.At.Set {
		return fmt.Sprintf("daily at %02d:%02d", s.At.Hour, s.At.Minute)
	}
	text := s.Every.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return "every " + text
}
