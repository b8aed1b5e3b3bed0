package metric

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Unit is what the rows of some days and one combination of dimension values are
// summed up to.
type Unit struct {
	bucket  city.Date
	dims    []*string // nil where the rows have no value
	columns []tally   // the number of rows, then those of the leaves
	days    int       // that have a value
}

// Rows is what Collect reads, and closes. *sql.Rows has it.
type Rows interface {
	Close() error
	Next() bool
	Scan(dest ...any) error
	Err() error
}

// maxUnits bounds the units of a question, and the values that they hold: what is
// more is better put together where it is.
const maxUnits = 200_000

// Collect reads the units of all parts, from the rows that ask gives for each.
// It is false when there are too many of them, which is no error: Compile asks
// the same question.
func (p *Plan) Collect(ask func(*Units) (Rows, error)) ([][]Unit, bool, error) {
	out := make([][]Unit, len(p.Units))
	for i, u := range p.Units {
		rows, err := ask(u)
		if err != nil {
			return nil, false, err
		}
		list, ok, err := u.collect(rows)
		_ = rows.Close() // what it would say, collect has said
		if err != nil || !ok {
			return nil, false, err
		}
		out[i] = list
	}
	return out, true, nil
}

// collect reads the units of one part, and is false as Collect.
func (u *Units) collect(rows Rows) ([]Unit, bool, error) {
	var out []Unit
	width, held := 1+len(u.part.columns()), 0
	for rows.Next() {
		unit := Unit{dims: make([]*string, len(u.part.req.By)), columns: make([]tally, width)}
		var bucket time.Time
		var days *int64
		dest := []any{&bucket}
		for i := range unit.dims {
			dest = append(dest, &unit.dims[i])
		}
		for i := range unit.columns {
			dest = append(dest, &unit.columns[i])
		}
		if u.layout.days {
			dest = append(dest, &days)
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, false, city.Errorf(city.CodeInternal, "cannot read what %s sums up: %w", u.part.req.Indicator.Name, err)
		}
		unit.bucket = city.DateOf(bucket)
		if days != nil {
			unit.days = int(*days)
		}
		out = append(out, unit)
		if held += unit.size(); held > maxUnits {
			return nil, false, nil
		}
	}
	if err := rows.Err(); err != nil {
		return nil, false, city.Errorf(city.CodeInternal, "cannot read what %s sums up: %w", u.part.req.Indicator.Name, err)
	}
	return out, true, nil
}

// size is how much a unit is to put together.
func (u *Unit) size() int {
	n := 1
	for i := range u.columns {
		n += len(u.columns[i].list)
	}
	return n
}

// MonthDays is how many days of a month have a value, in one combination of
// dimension values.
type MonthDays struct {
	Month city.Date // its first day
	Dims  []*string // nil where the rows have no value
	Days  int
}

// Days says what CompileDays asks. It is false when the units do not tell; the
// list of those that do is never nil.
func (p *Plan) Days(units [][]Unit) ([]MonthDays, bool) {
	if !p.Units[0].layout.days {
		return nil, false
	}
	at := map[string]int{}
	out := []MonthDays{}
	for i := range units[0] {
		u := &units[0][i]
		if u.days == 0 {
			continue
		}
		month := u.bucket.MonthStart()
		key := month.String() + keyOf(u.dims)
		n, ok := at[key]
		if !ok {
			n = len(out)
			at[key] = n
			out = append(out, MonthDays{Month: month, Dims: u.dims})
		}
		out[n].Days += u.days
	}
	return out, true
}

// keyOf tells combinations of dimension values apart.
func keyOf(dims []*string) string {
	key := ""
	for _, d := range dims {
		if d == nil {
			key += "\x00"
			continue
		}
		key += "\x01" + *d + "\x00"
	}
	return key
}
