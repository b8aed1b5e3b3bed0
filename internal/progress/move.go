package progress

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// The codes of this package's errors.
const (
	CodeInvalid      city.Code = "invalid.progress"
	CodeConflict     city.Code = "conflict.progress"
	CodeSecondPerson city.Code = "forbidden.second_person" // who reported may not decide; who did not may not withdraw
	CodeFile         city.Code = "invalid.file"
)

// admit adds a report to those of its target. It gives the report that is
// there already when the same one was filed before and waits.
func admit(have []store.ProgressReport, r store.ProgressReport) (c store.ProgressChange, out store.ProgressReport, err error) {
	named := r.Replaces == ""
	for _, old := range have {
		if old.Target != r.Target || old.Period != r.Period {
			continue
		}
		r.Version = max(r.Version, old.Version)
		switch {
		case old.State == store.ProgressReported && same(old, r):
			return c, old, nil
		case old.State != store.ProgressReported && old.State != store.ProgressApproved:
		case old.ID != r.Replaces && !answers(have, r.Replaces, old):
			return c, r, taken(old)
		case old.State == store.ProgressReported:
			old.State, old.SupersededBy, old.DecidedAt = store.ProgressSuperseded, r.ID, r.At
			c.Set = append(c.Set, old)
			named = named || old.ID == r.Replaces
		default:
			named = named || old.ID == r.Replaces
		}
	}
	if !named {
		return c, r, city.Errorf(CodeInvalid, "%q is no report of %s for %s that waits or stands", r.Replaces, r.Target, r.Period).At("replaces").
			WithHint("name the newest one, or leave it out when there is none")
	}
	r.Version++
	r.State = store.ProgressReported
	c.Add = []store.ProgressReport{r}
	return c, r, nil
}

// answers says that a report named by its ID waits to take the place of one
// that stands: who takes its place takes both.
func answers(have []store.ProgressReport, id string, standing store.ProgressReport) bool {
	if standing.State != store.ProgressApproved {
		return false
	}
	for _, r := range have {
		if r.ID == id {
			return r.State == store.ProgressReported && r.Target == standing.Target && r.Period == standing.Period
		}
	}
	return false
}

// taken refuses a report for a period that has one, without naming it.
func taken(old store.ProgressReport) error {
	word := "waits for approval"
	if old.State == store.ProgressApproved {
		word = "was approved"
	}
	return city.Errorf(CodeConflict, "%s has a report for %s already, which %s: %s", old.Target, old.Period, word, old.ID).
		WithHint("to correct it, file a report with replaces: %s", old.ID)
}

// same says that two reports state the same.
func same(a, b store.ProgressReport) bool {
	number := func(v *float64) float64 {
		if v == nil {
			return 0
		}
		return *v
	}
	if len(a.Files) != len(b.Files) || (a.Value == nil) != (b.Value == nil) {
		return false
	}
	for i, f := range a.Files {
		if f.SHA256 != b.Files[i].SHA256 {
			return false
		}
	}
	return number(a.Value) == number(b.Value) && a.DoneOn == b.DoneOn && a.ExpectedOn == b.ExpectedOn && a.Note == b.Note && samePerson(a.By, b.By)
}

// decision is what a person decides about a report that waits.
type decision struct {
	id     string
	to     store.ProgressState
	by, as string
	reason string
	at     time.Time
}

// decide moves a report. A decision that was made before by the same person
// changes nothing.
func decide(have []store.ProgressReport, d decision) (c store.ProgressChange, out store.ProgressReport, err error) {
	var r *store.ProgressReport
	for i := range have {
		if have[i].ID == d.id {
			r = &have[i]
		}
	}
	switch {
	case r == nil:
		return c, out, city.Errorf(city.CodeNotFound, "there is no report %q", d.id)
	case r.State == d.to && samePerson(r.DecidedBy, d.by):
		return c, *r, nil
	case r.State != store.ProgressReported:
		return c, out, city.Errorf(CodeConflict, "the report %s is %s already", r.ID, r.State).WithHint("%s", moveHint(r.State))
	}
	if err := mayDecide(*r, d); err != nil {
		return c, out, err
	}
	if d.to == store.ProgressApproved {
		for _, old := range have {
			if old.Target == r.Target && old.Period == r.Period && old.State == store.ProgressApproved {
				old.State, old.SupersededBy = store.ProgressSuperseded, r.ID
				c.Set = append(c.Set, old)
			}
		}
	}
	r.State, r.DecidedBy, r.DecidedAs, r.DecidedAt, r.Reason = d.to, d.by, d.as, d.at, d.reason
	c.Set = append(c.Set, *r)
	return c, *r, nil
}

// mayDecide holds that a second person decides, and that who reported withdraws.
func mayDecide(r store.ProgressReport, d decision) error {
	own := samePerson(r.By, d.by)
	switch {
	case d.to == store.ProgressWithdrawn && !own:
		return city.Errorf(CodeSecondPerson, "the report %s can be withdrawn only by who filed it", r.ID).At("by").WithHint("reject it instead, with a reason")
	case d.to != store.ProgressWithdrawn && own:
		return city.Errorf(CodeSecondPerson, "the report %s must be decided by a second person, not by who filed it", r.ID).At("by").
			WithHint("ask somebody else; who filed it may withdraw it")
	case d.to != store.ProgressApproved && d.reason == "":
		return city.Errorf(city.CodeInvalid+".reason", "no reason is given").At("reason").WithHint("say in a sentence why")
	}
	return nil
}

func moveHint(state store.ProgressState) string {
	if state == store.ProgressApproved {
		return "to correct it, file a report that names it as replaces"
	}
	return "file a new report"
}

// samePerson compares names as people write them: the width of letters, their
// case and spaces do not tell persons apart.
func samePerson(a, b string) bool { return person(a) == person(b) }

func person(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(name)), ""))
}
