package api

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"

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
	huma.Register(api, huma.Operation{
		OperationID: "deliver", Method: http.MethodPost, Path: "/api/v1/deliveries", Summary: "Deliver a file",
		Description: "The body is the file as it is. The answer is its receipt, whether committed or rejected.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}},
	}, handle(s.deliver))
}

type listDeliveriesInput struct {
	Paging
	Dataset string `query:"dataset" maxLength:"200"`
	Status  string `query:"status" enum:"committed,rejected"`
}

func (s *server) listDeliveries(r *request, in *listDeliveriesInput) (*List[delivery.Receipt], error) {
	f := store.Filter{Dataset: in.Dataset, States: []store.State{store.StateCommitted, store.StateRejected}}
	if in.Status != "" {
		f.States = []store.State{store.State(in.Status)}
	}
	page, err := s.Store.Deliveries(r, f, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &List[delivery.Receipt]{Items: []delivery.Receipt{}, NextCursor: page.Next}
	for _, d := range page.Items {
		rec, err := receipt(d)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, *rec)
	}
	return out, nil
}

func receipt(d store.Delivery) (*delivery.Receipt, error) {
	var rec delivery.Receipt
	if err := json.Unmarshal(d.Receipt, &rec); err != nil {
		return nil, city.Errorf(city.CodeInternal, "the receipt of %s cannot be read: %w", d.ID, err)
	}
	return &rec, nil
}

// IDInput names a delivery.
type IDInput struct {
	ID string `path:"id" maxLength:"100"`
}

func (s *server) getDelivery(r *request, in *IDInput) (*delivery.Receipt, error) {
	d, err := s.Store.Delivery(r, in.ID)
	if err != nil {
		return nil, err
	}
	if d.State != store.StateCommitted && d.State != store.StateRejected {
		return nil, city.Errorf(city.CodeNotFound, "the delivery %s has no receipt: it is %s", in.ID, d.State)
	}
	return receipt(d)
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

type deliverInput struct {
	Dataset  string `query:"dataset" required:"true" maxLength:"200"`
	Filename string `query:"filename" maxLength:"255" doc:"name of the file, for the receipt"`
	content  io.Reader
}

// Resolve takes the body as a stream, so that its size does not matter.
func (in *deliverInput) Resolve(ctx huma.Context) []error {
	in.content = ctx.BodyReader()
	return nil
}

var _ huma.Resolver = (*deliverInput)(nil)

func (s *server) deliver(r *request, in *deliverInput) (*delivery.Receipt, error) {
	name := filepath.Base(in.Filename)
	if in.Filename == "" {
		name = in.Dataset + ".csv"
	}
	return s.Delivery.Deliver(r, delivery.Request{Dataset: in.Dataset, File: name, Content: in.content, Actor: "api:local"})
}
