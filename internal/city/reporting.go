package city

import (
	"strconv"
	"strings"
	"time"
)

// Reporting declares that the progress of a target is reported by hand: how
// often, how long after the end of a period, and by which body.
type Reporting struct {
	Every    Grain  // month, quarter or year
	Due      Delay  // from the end of the period to the last day for its report
	By       string // Organisation.Name; the target's owner unless declared otherwise
	Evidence bool   // whether a report needs at least one file that shows what it says
}

// Delay is a number of days after a day. Working days are Monday to Friday:
// public holidays and the working weekends that make up for them are announced
// year by year, and no pack declares them yet, so a delay over a holiday ends
// earlier than an office would count.
type Delay struct {
	Days    int
	Working bool
}

// ParseDelay reads 5d (days) or 5wd (working days).
func ParseDelay(s string) (Delay, error) {
	digits, working := strings.CutSuffix(s, "wd")
	if !working {
		digits = strings.TrimSuffix(s, "d")
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || n > maxDelay || digits == s {
		return Delay{}, Errorf(CodeInvalid, "%q is not a number of days", s).WithHint("write 5d or 5wd, at most %d", maxDelay)
	}
	return Delay{n, working}, nil
}

// maxDelay bounds a delay, in days.
const maxDelay = 999

// After is the day that lies the delay after a day.
func (d Delay) After(day Date) Date {
	if !d.Working {
		return day.AddDays(d.Days)
	}
	for n := d.Days; n > 0; {
		day = day.AddDays(1)
		if w := day.Time().Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return day
}

// String gives the form that ParseDelay reads.
func (d Delay) String() string {
	if d.Working {
		return strconv.Itoa(d.Days) + "wd"
	}
	return strconv.Itoa(d.Days) + "d"
}
