package lake

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Finder looks rows up by what tells them apart.
type Finder interface {
	// Find gives the rows of a view that have one of the keys, each the values of
	// city.Dataset.Identity as Stage.Append takes them.
	Find(ctx context.Context, v *View, ds *city.Dataset, keys [][]any) ([]Found, error)
}

// Found is a row of the table.
type Found struct {
	Key        int    // index of the key that it has
	DeliveryID string // of the delivery that wrote it
	Row        int64  // number of the record in that delivery's file
}
