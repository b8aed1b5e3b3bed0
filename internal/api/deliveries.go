package api

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// QuarantinedRow is a row that failed a check; its text is masked.
type QuarantinedRow struct {
	Row     int64  `json:"row"`
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Text    string `json:"text"`
	Owner   string `json:"owner"`
}

func (s *server) deliveryRoutes(api huma.API) {
	get(api, "list-deliveries", "/deliveries", "Receipts, newest first", s.listDeliveries)
	get(api, "get-delivery", "/deliveries/{id}", "One receipt", s.getDelivery)
	get(api, "list-quarantine", "/deliveries/{id}/quarantine", "The quarantined rows of a delivery, masked", s.listQuarantine)
}

type listDeliveriesInput struct {
	Paging
	Dataset string `query:"dataset" maxLength:"200"`
	Status  string `query:"status" enum:"committed,rejected,rolled_back"`
}

func (s *server) listDeliveries(r *request, in *listDeliveriesInput) (*List[Delivery], error) {
	f := store.Filter{Dataset: in.Dataset, States: receipted()}
	if in.Status != "" {
		f.States = []store.State{store.State(in.Status)}
	}
	page, err := s.Store.Deliveries(r, f, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	if err := none(len(page.Items), declared("dataset", in.Dataset, s.City().Dataset)); err != nil {
		return nil, err
	}
	out := &List[Delivery]{Items: []Delivery{}, NextCursor: page.Next}
	for _, d := range page.Items {
		item, err := s.withRollback(r, d)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, *item)
	}
	return out, nil
}

func receipt(d store.Delivery) (*delivery.Receipt, error) {
	rec, err := delivery.ParseReceipt(d.Receipt)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "the receipt of %s cannot be read: %w", d.ID, err)
	}
	return rec, nil
}

// IDInput names a delivery.
type IDInput struct {
	ID string `path:"id" maxLength:"100"`
}

func (s *server) getDelivery(r *request, in *IDInput) (*Delivery, error) {
	d, err := s.receiptedDelivery(r, in.ID)
	if err != nil {
		return nil, err
	}
	return s.withRollback(r, d)
}

// receiptedDelivery finds a delivery that has a final receipt.
func (s *server) receiptedDelivery(ctx context.Context, id string) (store.Delivery, error) {
	d, err := s.Store.Delivery(ctx, id)
	if err == nil && !slices.Contains(receipted(), d.State) {
		err = city.Errorf(city.CodeNotFound, "the delivery %s has no receipt: it is %s", id, d.State)
	}
	return d, err
}

type quarantineInput struct {
	IDInput
	Paging
	Code  string `query:"code" maxLength:"100"`
	Field string `query:"field" maxLength:"100"`
}

func (s *server) listQuarantine(r *request, in *quarantineInput) (*List[QuarantinedRow], error) {
	if _, err := s.Store.Delivery(r, in.ID); err != nil {
		return nil, err
	}
	page, err := s.Store.Quarantine(r, in.ID, store.QuarantineFilter{Code: in.Code, Field: in.Field}, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &List[QuarantinedRow]{Items: []QuarantinedRow{}, NextCursor: page.Next}
	for _, q := range page.Items {
		out.Items = append(out.Items, QuarantinedRow{q.Row, q.Field, q.Code, q.Message, q.Masked, q.Owner})
	}
	return out, nil
}
