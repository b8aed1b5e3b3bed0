package city_test

import (
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
