package analysis

import (
	"context"
	"time"

	"github.com/jinyang-city/jinyang/internal/lake"
)

// knowledge is what a past state knew of deliveries and rollbacks. What changed
// the table is known by its commit and not by a time: a delivery becomes final a
// moment after its commit, and the clock may have been set back since.
type knowledge struct {
	commits   map[string]int64 // that led to the state, by delivery or rollback
	snapshots map[string]bool  // that led to the state
	asOf      time.Time
}

func (s *Service) knowledge(ctx context.Context, v *lake.View, asOf time.Time) (knowledge, error) {
	k := knowledge{snapshots: map[string]bool{"": true, formatID(0): true}, asOf: asOf}
	var err error
	if k.commits, err = s.Lake.History(ctx, v); err != nil {
		return k, err
	}
	for _, id := range k.commits {
		k.snapshots[formatID(id)] = true
	}
	return k, nil
}

// of says whether the state knew of a delivery or a rollback, by its ID, the
// snapshot that it ended with and the time when it was final. One that changed
// nothing ended with the snapshot that it found.
func (k knowledge) of(id, snapshot string, final time.Time) bool {
	return k.commits[id] != 0 || k.snapshots[snapshot] && !final.After(k.asOf)
}
