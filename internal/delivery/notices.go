package delivery

import "github.com/jinyang-city/jinyang/internal/delivery/validate"

// mostNoticed is how many rows a finding names.
const mostNoticed = 5

// notices counts the rows that passed and that a check over a row reports all
// the same. Rows that a check over sets of rows holds back later are among them.
type notices struct {
	checks []validate.Notice
	found  []Finding // by check
}

func newNotices(checks []validate.Notice) *notices {
	n := &notices{checks: checks}
	for _, c := range checks {
		n.found = append(n.found, Finding{Code: c.Code, Field: c.Field, Message: c.Message, Sample: []Sample{}})
	}
	return n
}

// look judges a row.
func (n *notices) look(row int64, values []any) {
	for i := range n.checks {
		if !n.checks[i].Fails(values) {
			continue
		}
		f := &n.found[i]
		if f.Count++; len(f.Sample) < mostNoticed {
			f.Sample = append(f.Sample, Sample{Row: row})
		}
	}
}

// findings lists the checks that some row failed.
func (n *notices) findings() []Finding {
	var out []Finding
	for _, f := range n.found {
		if f.Count > 0 {
			out = append(out, f)
		}
	}
	return out
}
