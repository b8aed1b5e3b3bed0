package lake

import (
	"context"
	"strconv"

	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/table"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Change replaces files of a table in one atomic commit.
type Change struct {
	Dataset    string
	DeliveryID string
	Base       int64    // SnapshotID of the View that the change was computed on
	Add        []string // file:// names
	Remove     []string // file:// names that the Base holds
	Fraction   float64  // sample fraction of the rows; 0 leaves what the table says
	Simulated  bool
	// Afresh says that Fraction and Simulated describe all rows of the table, and
	// not only those that are added.
	Afresh bool
}

// codeBase says that a table moved on since a change was computed.
const codeBase city.Code = "conflict.base"

// Commit applies a change and gives the ID of the new snapshot. When the
// delivery committed before, it changes nothing and gives that snapshot's ID.
// A change without files gives the current snapshot's ID. When the table moved
// on since Base the error has the code "conflict.base": compute it again.
func (l *Lake) Commit(ctx context.Context, ch Change) (int64, error) {
	h := l.handle(ch.Dataset)
	h.commit.Lock()
	defer h.commit.Unlock()
	if id, found, err := l.FindDelivery(ctx, ch.Dataset, ch.DeliveryID); err != nil || found {
		return id, err
	}
	t, err := l.load(ctx, ch.Dataset)
	if err != nil {
		return 0, err
	}
	if t == nil {
		return 0, city.Errorf(city.CodeNotFound, "there is no table of %s", ch.Dataset)
	}
	var current int64
	if s := t.CurrentSnapshot(); s != nil {
		current = s.SnapshotID
	}
	if current != ch.Base {
		return 0, city.Errorf(codeBase, "the table of %s changed while the delivery was being prepared", ch.Dataset)
	}
	if len(ch.Add)+len(ch.Remove) == 0 {
		return current, nil
	}
	base, _ := h.get()
	t, err = apply(ctx, l.begin(ch.Dataset, t), describe(t.Properties(), ch), ch)
	state := h.changed()
	if err == nil {
		err = syncMetadata(ctx, t)
	}
	if err != nil {
		return 0, outside(err, "cannot commit to the table of "+ch.Dataset)
	}
	if v := derive(base, t, ch); v != nil {
		h.set(v, state)
	}
	return t.CurrentSnapshot().SnapshotID, nil
}

func apply(ctx context.Context, tx *table.Transaction, props iceberg.Properties, ch Change) (*table.Table, error) {
	if len(props) > 0 {
		if err := tx.SetProperties(props); err != nil {
			return nil, err
		}
	}
	summary := iceberg.Properties{propDelivery: ch.DeliveryID}
	var err error
	if len(ch.Remove) == 0 {
		err = tx.AddFiles(ctx, ch.Add, summary, true)
	} else {
		err = tx.ReplaceDataFiles(ctx, ch.Remove, ch.Add, summary)
	}
	if err != nil {
		return nil, err
	}
	return tx.Commit(ctx)
}

// describe gives the table properties that a change alters.
func describe(have iceberg.Properties, ch Change) iceberg.Properties {
	props := iceberg.Properties{}
	if was := have[propSimulated] == "true"; ch.Simulated && !was || ch.Afresh && ch.Simulated != was {
		props[propSimulated] = strconv.FormatBool(ch.Simulated)
	}
	if f := strconv.FormatFloat(ch.Fraction, 'g', -1, 64); ch.Fraction > 0 && have[propFraction] != f {
		props[propFraction] = f
	}
	return props
}
