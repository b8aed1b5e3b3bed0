package analysis

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// ParseAsOf reads a past state as people write it: a time in RFC 3339, a day,
// which means its end in the city, or the name of a tag. The empty text is the
// present.
func (s *Service) ParseAsOf(text string) (lake.AsOf, error) {
	return lake.ParseAsOf(text, Zone(s.City()))
}

// Zone is the time zone of a city; UTC when the program does not know it.
func Zone(c *city.City) *time.Location {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}
