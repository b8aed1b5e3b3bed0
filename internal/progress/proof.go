package progress

import (
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// proof is what the audit chain keeps of a report or a decision: enough to show
// later that the store holds what was said, and nobody's name.
type proof struct {
	Target  string `json:"target"`
	Period  string `json:"period"`
	Version int64  `json:"version"`
	Content string `json:"content"` // fingerprint over what was stated, and by whom
}

// reported is the proof of what was filed.
func reported(r store.ProgressReport) proof {
	var hashes []string
	for _, f := range r.Files {
		hashes = append(hashes, f.SHA256)
	}
	return proof{r.Target, r.Period, r.Version, city.Fingerprint(struct {
		ID, Target, Period, Owner, Note, By, As, Replaces string
		Value                                             *float64
		DoneOn, ExpectedOn                                city.Date
		Files                                             []string
	}{r.ID, r.Target, r.Period, r.Owner, r.Note, r.By, r.As, r.Replaces, r.Value, r.DoneOn, r.ExpectedOn, hashes})}
}

// decided is the proof of a decision.
func decided(r store.ProgressReport) proof {
	return proof{r.Target, r.Period, r.Version, city.Fingerprint(struct{ ID, By, As, Reason string }{r.ID, r.DecidedBy, r.DecidedAs, r.Reason})}
}
