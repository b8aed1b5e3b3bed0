package delivery

import (
	"context"
	"encoding/json"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/store"
)

// checker prepares the checks of the dataset's rows. A header is compared with
// the columns of the delivery before.
func (r *run) checker(before []string) (*validate.Checker, error) {
	return validate.Compile(r.City(), r.ds, validate.Options{Today: r.Today(), Token: r.Vault.Token, Before: before})
}

// noteColumns writes into the receipt how the file's first record differs from
// what was expected and, when it is a header that fits, what the next one is
// compared with.
func (r *run) noteColumns(k *validate.Checker, records format.Records, first *format.Record, fits bool) {
	if first == nil || r.mend != nil {
		return // the file has none, or was written here
	}
	h := validate.Header{Fields: first.Fields, Named: records.Named(), Unordered: records.Form().Kind == format.KindJSONLines}
	r.receipt.Drift = k.Drift(h)
	if fits {
		r.receipt.Columns = k.Columns(h)
	}
}

// lastLook is how many deliveries are looked at for the columns of the one
// before: more do without a header, or come from elsewhere, only seldom.
const lastLook = 20

// lastColumns gives the columns of the last committed delivery of the dataset
// that had a header, from the same source when there is one: two senders may
// write different columns for ever. Mended rows come in a file of their own
// form and do not count.
func (r *run) lastColumns(ctx context.Context) ([]string, error) {
	page, err := r.Store.Deliveries(ctx, store.Filter{Dataset: r.ds.Name, States: []store.State{store.StateCommitted}}, "", lastLook)
	if err != nil {
		return nil, err
	}
	var other []string
	for _, d := range page.Items {
		var before struct {
			Columns []string `json:"columns"`
		}
		if err := json.Unmarshal(d.Receipt, &before); err != nil {
			return nil, city.Errorf(city.CodeInternal, "the receipt of %s cannot be read: %w", d.ID, err)
		}
		switch {
		case len(before.Columns) == 0 || d.MendOf != "":
		case d.Source == r.req.Source:
			return before.Columns, nil
		case other == nil:
			other = before.Columns
		}
	}
	return other, nil
}
