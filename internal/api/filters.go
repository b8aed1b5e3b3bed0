package api

import (
	"errors"

	"github.com/jinyang-city/jinyang/internal/city"
)

// codeFilter is the code of a list that is narrowed by what there is not.
const codeFilter = city.CodeInvalid + ".filter"

// filter is a parameter that narrows a list by a name, and who knows that name.
type filter struct {
	parameter, value string
	known            func(value string) error
}

// declared makes a filter of a look-up of the city.
func declared[T any](parameter, value string, find func(string) (T, error)) filter {
	return filter{parameter, value, func(v string) error { _, err := find(v); return err }}
}

// none says why a list is empty where a name that narrows it is at fault: an
// empty answer to a misspelt name would read as "there is nothing". Lists that
// hold something are left alone, for what was kept may be of a declaration that
// is no more.
func none(found int, filters ...filter) error {
	if found > 0 {
		return nil
	}
	for _, f := range filters {
		if f.value == "" {
			continue
		}
		err := f.known(f.value)
		var e *city.Error
		if errors.As(err, &e) && (e.Code.Root() == city.CodeNotFound || e.Code.Root() == city.CodeInvalid) {
			wrong := *e
			wrong.Code = codeFilter
			return wrong.At("query." + f.parameter)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// closable says whether a text names a period that can be closed.
func closable(text string) error {
	span, err := city.ParseSpan(text)
	for _, g := range []city.Grain{city.GrainMonth, city.GrainQuarter, city.GrainYear} {
		if err == nil && g.Label(span.From) == text {
			return nil
		}
	}
	return city.Errorf(codeFilter, "%q is not a period that can be closed", text).WithHint("write a month, quarter or year: 2024-10, 2024Q3 or 2024")
}

// memberOfCity is the region filter's word for the whole city.
const memberOfCity = "city"
