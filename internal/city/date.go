package city

import (
	"fmt"
	"time"
)

// Date is a day of the civil calendar, without a time zone. The zero Date
// means "not given". Dates compare with Compare, and print as 2006-01-02.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate normalises its arguments as time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf is the day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads 2006-01-02 strictly: 2023-02-30 is an error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, Errorf(CodeInvalid, "%q is not a date", s).WithHint("write YYYY-MM-DD")
	}
	return DateOf(t), nil
}

// Time is midnight UTC of the day.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// IsZero says that no date was given.
func (d Date) IsZero() bool { return d == Date{} }

// String gives 2006-01-02, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Compare is negative when d is before o, 0 when equal, positive when after.
func (d Date) Compare(o Date) int { return d.Time().Compare(o.Time()) }

// Before says that d is earlier than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After says that d is later than o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// AddDays moves by n days.
func (d Date) AddDays(n int) Date { return NewDate(d.Year, d.Month, d.Day+n) }

// AddYears moves by n years; 29 February becomes 1 March in a common year.
func (d Date) AddYears(n int) Date { return NewDate(d.Year+n, d.Month, d.Day) }

// MonthStart is the first day of d's month.
func (d Date) MonthStart() Date { return Date{d.Year, d.Month, 1} }

// MonthEnd is the last day of d's month.
func (d Date) MonthEnd() Date { return NewDate(d.Year, d.Month+1, 0) }

// MarshalText gives the form of String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the form of String; an empty text is the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}
