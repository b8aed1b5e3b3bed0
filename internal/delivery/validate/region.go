package validate

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// sameName are regions that share a name: a division keeps its name when its
// code changes. Which one a row means follows from the row's date.
type sameName []*city.Region

// compileRegion takes a code or a name of a declared region. A name that
// several regions have gives a sameName, which regionDates settles.
func compileRegion(c *city.City, f *city.Field) func([]byte) (any, *Failure) {
	names := map[string]sameName{}
	for _, r := range c.Regions {
		names[r.Name.ZH] = append(names[r.Name.ZH], r)
		if r.Parent != "" {
			long := c.Name.ZH + r.Name.ZH
			names[long] = append(names[long], r)
		}
	}
	values := map[string]any{}
	for name, regions := range names {
		values[name] = regions
		if len(regions) == 1 {
			values[name] = regions[0].Code
		}
	}
	for _, r := range c.Regions {
		values[r.Code] = r.Code
	}
	bad := fail(f, UnknownRegion, "the value is neither a code nor a name of a region of the city")
	return func(raw []byte) (any, *Failure) {
		if v, ok := values[string(raw)]; ok {
			return v, nil
		}
		return nil, bad
	}
}

// regionDates settles which code a region's name means on the row's date, and
// checks that codes are in force on it.
type regionDates struct {
	period  int   // the field that dates a row, or -1
	regions []int // region fields
	fields  []*city.Field
	bounded map[string]*city.Region // by code: those that are not in force for ever
}

// compileRegionDates gives nil when the dataset has no regions.
func compileRegionDates(c *city.City, ds *city.Dataset) *regionDates {
	r := &regionDates{period: -1, fields: ds.Fields, bounded: map[string]*city.Region{}}
	for i, f := range ds.Fields {
		if f.Name == ds.Delivery.Period {
			r.period = i
		}
		if f.Type == city.TypeRegion {
			r.regions = append(r.regions, i)
		}
	}
	for _, reg := range c.Regions {
		if !reg.From.IsZero() || !reg.To.IsZero() {
			r.bounded[reg.Code] = reg
		}
	}
	if len(r.regions) == 0 {
		return nil
	}
	return r
}

// settle replaces names by codes in values.
func (r *regionDates) settle(values []any) *Failure {
	for _, at := range r.regions {
		switch v := values[at].(type) {
		case string:
			reg, ok := r.bounded[v]
			if !ok {
				continue
			}
			if day := r.day(values); !day.IsZero() && !reg.ValidOn(day) {
				return fail(r.fields[at], RegionNotValid, "the region's code is not in force on the row's date")
			}
		case sameName:
			code, ok := v.on(r.day(values))
			if !ok {
				return fail(r.fields[at], RegionNotValid, "several regions have this name, and not exactly one of their codes is in force on the row's date")
			}
			values[at] = code
		}
	}
	return nil
}

// day is the date of a row, zero when it has none.
func (r *regionDates) day(values []any) city.Date {
	if r.period < 0 {
		return city.Date{}
	}
	return dayOf(values[r.period])
}

// dayOf is the day of a date's value, zero when there is none.
func dayOf(v any) city.Date {
	t, ok := v.(time.Time)
	if !ok {
		return city.Date{}
	}
	return city.DateOf(t)
}

// on gives the code of the only region that is in force on the day.
func (s sameName) on(day city.Date) (code string, ok bool) {
	if day.IsZero() {
		return "", false
	}
	for _, r := range s {
		if r.ValidOn(day) {
			if ok {
				return "", false
			}
			code, ok = r.Code, true
		}
	}
	return code, ok
}
