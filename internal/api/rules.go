package api

import "github.com/jinyang-city/jinyang/internal/city"

// Allowed says what a field takes, for who has to mend a value.
type Allowed struct {
	Values    []ValueInfo `json:"values,omitempty" doc:"of an enum"`
	Min       *float64    `json:"min,omitempty"`
	Max       *float64    `json:"max,omitempty"`
	MaxLength int         `json:"max_length,omitempty" doc:"in characters"`
	Scale     int         `json:"scale,omitempty" doc:"decimals that a decimal keeps"`
	Pattern   string      `json:"pattern,omitempty" doc:"RE2, for the whole text"`
	Formats   []string    `json:"formats,omitempty" doc:"layouts of dates, datetimes and months, as 2006-01-02"`
}

// ValueInfo is a value of an enum; senders may write its code or a source.
type ValueInfo struct {
	Code    string    `json:"code"`
	Title   city.Text `json:"title"`
	Sources []string  `json:"sources,omitempty"`
}

func allowedIn(f *city.Field) Allowed {
	out := Allowed{Min: f.Min, Max: f.Max, MaxLength: f.MaxLen, Scale: f.Scale, Pattern: f.Pattern, Formats: f.Formats}
	for _, v := range f.Values {
		out.Values = append(out.Values, ValueInfo{v.Code, v.Title, v.Sources})
	}
	return out
}

// CheckInfo describes a declared check. Its code is the pack's own, so that the
// kind and the fields are what a reader of any language can be told.
type CheckInfo struct {
	Code   string   `json:"code"`
	Kind   string   `json:"kind" doc:"any_of, not_after, not_above over a row; unique, reference, monotonic, stuck, gap over a batch"`
	Fields []string `json:"fields"`
}

func checksOf(ds *city.Dataset) []CheckInfo {
	out := []CheckInfo{}
	for _, c := range ds.Checks {
		out = append(out, CheckInfo{c.Code, string(c.Kind), append([]string{}, c.Fields...)})
	}
	for _, c := range ds.SetChecks {
		out = append(out, CheckInfo{c.Code, string(c.Kind), append([]string{}, c.Fields...)})
	}
	return out
}
