package lake

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Replayer is an Engine that can work out what a table would hold had one of
// its deliveries never come.
type Replayer interface {
	// Replay begins with the current state of a dataset. Files that it writes
	// are named after id.
	Replay(ctx context.Context, ds *city.Dataset, id string, current *View) (Replay, error)
}

// Replay keeps two states of the rows concerned: what the table held, and what
// it would have held. It starts where both are the same, before the delivery,
// and goes through the deliveries after it: Follow moves the first state on,
// Apply does to the second what the delivery did. It is used by one goroutine,
// in the order
//
//	Concern… Begin (Follow Differs Read Apply)… Follow Undo
//	BeginAdded (Differs Read Apply)… Undo
type Replay interface {
	// Concern adds the keys of the rows that differ between two states to those
	// that the replay is about. Without any it is about all keys.
	Concern(ctx context.Context, before, after *View) error
	// Begin makes both states that of a view.
	Begin(ctx context.Context, base *View) error
	// BeginAdded is for a delivery that only added rows, whose older states may
	// have expired: the replay is about those that still stand. Follow is not
	// called then.
	BeginAdded(ctx context.Context, deliveryID string) error
	// Follow moves what the table held on to a later state.
	Follow(ctx context.Context, to *View) error
	// Differs says whether the two states differ in rows that the delivery,
	// whose state the first one is, did not write itself. Only then does it
	// matter which rows it brought that the table held already.
	Differs(ctx context.Context, deliveryID string) (bool, error)
	// Read opens a stage for the rows of a delivery, read again from its file,
	// for the next Apply. Only the key of a row needs to be given, unless the
	// batch is AsNew.
	Read(ctx context.Context, b Batch) (ReadStage, error)
	// Apply does what a delivery does in its scope.
	Apply(ctx context.Context, b Batch) error
	// Undo compares the two states at last. With dir it writes the files of the
	// change; it commits nothing.
	Undo(ctx context.Context, deliveryID, dir string) (*Undone, error)
	// Close drops everything.
	Close() error
}

// ReadStage takes the rows of a delivery that is read again; see Stage.
type ReadStage interface {
	Append(row int64, values []any) error
	Hold(key []any) error
}

// Batch is a delivery that is applied again.
type Batch struct {
	DeliveryID string
	Scope      Scope
	// AsNew says that the table never had the delivery's rows, because it was
	// passed over as the same file: they are as they were read again.
	AsNew bool
}

// Undone says what taking a delivery back changes.
type Undone struct {
	Removed  int64    // rows that the table no longer holds
	Restored int64    // rows that come back, or belong to a later delivery now
	Add      []string // file:// names, written and synced
	Remove   []string
}
