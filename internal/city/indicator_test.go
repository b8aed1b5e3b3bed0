package city_test

import (
	"errors"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

func TestYearsBack(t *testing.T) {
	t.Parallel()
	count := &city.Measure{Kind: city.MeasureCount}
	growth := &city.Measure{Kind: city.MeasureGrowth, Of: []*city.Measure{count}}
	for want, m := range []*city.Measure{
		{Kind: city.MeasureRatio, Of: []*city.Measure{count, count}},
		{Kind: city.MeasureRatio, Of: []*city.Measure{count, growth}},
		{Kind: city.MeasureIncrease, Of: []*city.Measure{growth}},
	} {
		if got := m.YearsBack(); got != want {
			t.Errorf("%s reaches %d years back, want %d", m.Kind, got, want)
		}
	}
}

// Whoever asks for an indicator by its title is told the name.
func TestIndicatorByTitle(t *testing.T) {
	t.Parallel()
	c := &city.City{Indicators: []*city.Indicator{{Name: "jobs.new", Title: city.Text{ZH: "新增就业", EN: "New jobs"}}}}
	c.Index()
	for _, title := range []string{"新增就业", "new jobs", "jobs.nwe"} {
		var e *city.Error
		if _, err := c.Indicator(title); !errors.As(err, &e) || e.Code != city.CodeNotFound || e.Hint != "did you mean jobs.new?" {
			t.Errorf("%s: %v", title, err)
		}
	}
	if ind, err := c.Indicator("jobs.new"); err != nil || ind != c.Indicators[0] {
		t.Errorf("by name: %v", err)
	}
}
