package format

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// exactDigits is how many decimal digits a number of a sheet keeps, and beyond
// is the first number that may have lost one.
const (
	exactDigits = 15
	beyond      = 1e15
)

// number gives the text of a cell that holds a number: dates as YYYY-MM-DD
// whatever the cell shows, numbers without exponent, grouping or rounding to
// what the cell shows.
func (b *workbook) number(v, style string) (string, Fault) {
	v = strings.TrimSpace(v)
	x, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) || strings.ContainsAny(v, "xXpP_") {
		return v, Fault{FaultCell, "a cell holds a number that cannot be read"}
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(b.dates) && b.dates[i] {
		return b.date(x)
	}
	if math.Abs(x) >= beyond {
		return strconv.FormatFloat(x, 'f', -1, 64),
			Fault{FaultPrecision, "a cell holds a number of more digits than a sheet keeps; give the column the format text, and enter its values again"}
	}
	if plain(v) {
		return v, Fault{}
	}
	// What was computed is off in the last bits: 0.1 is stored as
	// 0.10000000000000001.
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'e', exactDigits-1, 64), 64)
	return string(appendFloat(nil, x, 64)), Fault{}
}

// plain says that a number is written without exponent and in no more digits
// than are exact.
func plain(v string) bool {
	n := 0
	for _, c := range strings.TrimPrefix(v, "-") {
		switch {
		case c >= '0' && c <= '9':
			n++
		case c != '.':
			return false
		}
	}
	return n <= exactDigits
}

// date gives the text of a day number, whose fraction is the time of day.
// Before 1 March 1900 day numbers are off by one, because there day 60 stands
// for a 29 February that never was.
func (b *workbook) date(x float64) (string, Fault) {
	const lastDay = 2958465 // 9999-12-31
	bad := Fault{FaultCell, "a cell has the form of a date, but holds no day of the calendar"}
	day := math.Floor(x)
	seconds := int64(math.Round((x - day) * 86400))
	switch {
	case x < 0 || x > lastDay+1:
		return strconv.FormatFloat(x, 'f', -1, 64), bad
	case day == 0 && b.since == days1900:
		return time.Unix(seconds, 0).UTC().Format(time.TimeOnly), Fault{}
	case day == 60 && b.since == days1900:
		return strconv.FormatFloat(x, 'f', -1, 64), bad
	case day < 60 && b.since == days1900:
		day++
	}
	t := time.Unix((int64(day)-int64(b.since))*86400+seconds, 0).UTC()
	return string(appendTime(nil, t)), Fault{}
}

// isoDate takes the T and the midnight out of a date that a cell holds as text.
func isoDate(v []byte) []byte {
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04:05Z", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, string(v)); err == nil {
			return appendTime(nil, t)
		}
	}
	return v
}
