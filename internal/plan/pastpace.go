package plan

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// oldest is how many past years make a pace, and fade what a year counts for
// against the one after it.
const (
	oldest = 5
	fade   = 0.7
)

// pastYears lists the years before the plan's that have a shape, newest first,
// five at most: the deadline's month is known, the first quarter is, and the
// value rose in half of the steps at least. A handful of events makes no shape.
// A promise that runs on into another year follows no year's shape.
func (p pacer) pastYears() []int {
	if p.begin.Year != p.deadline.Year {
		return nil
	}
	var out []int
	for y := p.begin.Year - 1; y >= p.begin.Year-2*oldest && len(out) < oldest; y-- {
		if whole, ok := p.series.value(p.in(y, p.deadline)); !ok || whole <= 0 {
			continue
		}
		if _, ok := p.reached(y, city.Date{Month: time.March, Day: 1}); ok && p.shaped(y) {
			out = append(out, y)
		}
	}
	return out
}

// shaped says that the value of a year rose in half of its steps at least, up to
// the deadline's month.
func (p pacer) shaped(year int) bool {
	rose, steps, before := 0, 0, 0.0
	for m := time.January; m <= p.deadline.Month; m++ {
		v, ok := p.series.value(city.Date{Year: year, Month: m, Day: 1})
		if !ok {
			continue
		}
		steps++
		if v > before {
			rose++
		}
		before = v
	}
	return 2*rose >= steps && rose > 2
}

func (p pacer) in(year int, month city.Date) city.Date {
	return city.Date{Year: year, Month: month.Month, Day: 1}
}

// reached is the value that a year had reached by a month: the last one known
// in the year by then, for figures of quarters.
func (p pacer) reached(year int, month city.Date) (float64, bool) {
	for m := month.Month; m >= 1; m-- {
		if v, ok := p.series.value(city.Date{Year: year, Month: m, Day: 1}); ok {
			return v, true
		}
	}
	return 0, false
}

// past is the share of its value at the deadline's month that a mean past year
// had reached, the recent years weighing more; the share of days where no year
// is known.
func (p pacer) past(start city.Date) float64 {
	sum, weights, w := 0.0, 0.0, 1.0
	for _, y := range p.years {
		whole, _ := p.series.value(p.in(y, p.deadline))
		if v, ok := p.reached(y, start); ok {
			sum += w * min(1, max(0, v/whole))
			weights += w
		}
		w *= fade
	}
	if weights == 0 {
		return p.share(start)
	}
	return sum / weights
}

// basis says where the pace comes from.
func (e *evaluation) basis() city.Text {
	switch e.pace.kind {
	case city.PacePast:
		return e.pace.pastBasis()
	case city.PaceLastYear:
		y := e.pace.begin.Year - 1
		return city.Text{ZH: fmt.Sprintf("按%d年的实际进度。", y), EN: fmt.Sprintf("As the year %d went.", y)}
	case city.PaceLinear:
		return city.Text{ZH: "按天数匀速推进（城市包指定）。", EN: "A straight line by days, as the pack declares."}
	case city.PaceRamp:
		return city.Text{ZH: "从上年末的水平匀速到承诺值。", EN: "A straight line from where the year before ended to the promise."}
	}
	return city.Text{ZH: "任何时候都应达到承诺值。", EN: "The promised value, at all times."}
}

func (p pacer) pastBasis() city.Text {
	var list []string
	for _, y := range p.years {
		list = append(list, strconv.Itoa(y))
	}
	switch len(list) {
	case 0:
		return city.Text{ZH: "没有完整的往年数据，按天数匀速推进。", EN: "No complete past year is known, so the pace is a straight line by days."}
	case 1:
		return city.Text{ZH: "按本市" + list[0] + "年的实际进度（仅有一个完整年度）。", EN: "The city's own year " + list[0] + ", the only complete one."}
	}
	return city.Text{
		ZH: "按本市" + strings.Join(list, "、") + "年的平均进度，近年权重更大。",
		EN: "The mean of the city's own years " + strings.Join(list, ", ") + ", the recent ones weighing more.",
	}
}
