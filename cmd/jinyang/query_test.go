package main

import (
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// A day ends when it ends in the city.
func TestParseTime(t *testing.T) {
	t.Parallel()
	zone := zoneOf(&city.City{TimeZone: "Asia/Shanghai"})
	for in, want := range map[string]string{
		"2024-10-31":                "2024-10-31T15:59:59.999Z",
		"2024-12-31":                "2024-12-31T15:59:59.999Z",
		"2024-10-31T12:00:00+08:00": "2024-10-31T04:00:00Z",
	} {
		got, err := parseTime(in, zone)
		if err != nil || got.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %v, %v; want %s", in, got.UTC(), err, want)
		}
	}
	for _, bad := range []string{"yesterday", "2024-02-30", "2024-10", "2024-10-31 12:00"} {
		if _, err := parseTime(bad, zone); city.CodeOf(err) != city.CodeInvalid {
			t.Errorf("%q: %v, want the code invalid", bad, err)
		}
	}
}
