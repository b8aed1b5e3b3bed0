package api

import (
	"context"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

func (s *server) quarantineRoutes(api huma.API) {
	get(api, "list-held-rows", "/quarantine", "Quarantined rows of all deliveries, masked, the oldest first", s.listHeld)
	get(api, "list-held-groups", "/quarantine/groups", "Quarantined rows counted by reason, source and owner", s.listHeldGroups)
	post(api, "mend-rows", "/quarantine/mend", "Mend quarantined rows and deliver them again", s.mend)
	post(api, "waive-rows", "/quarantine/waive", "Give rows up: nobody will mend them", s.changer((*delivery.Service).Waive))
	post(api, "return-rows", "/quarantine/return", "Note that rows went back to the sender", s.changer((*delivery.Service).Return))
	post(api, "reopen-rows", "/quarantine/reopen", "Open waived or returned rows again", s.reopen)
	huma.Register(api, huma.Operation{
		OperationID: "get-error-file", Method: http.MethodGet, Path: "/api/v1/deliveries/{id}/errors",
		Summary:     "The rows that failed, as the sender wrote them, with the reason beside each",
		Description: "The file has the form of the delivered one and holds its raw text: it goes back to the sender, and to nobody else. The audit chain notes the download.",
		Responses: map[string]*huma.Response{"200": {Description: "the error file", Content: map[string]*huma.MediaType{
			"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}}},
	}, s.errorFile)
}

// post registers an operation that changes something.
func post[I, O any](api huma.API, id, path, summary string, f func(r *request, in *I) (*O, error)) {
	huma.Register(api, huma.Operation{OperationID: id, Method: http.MethodPost, Path: "/api/v1" + path, Summary: summary}, handle(f))
}

// HeldInput narrows the rows of the workbench. It is exported for the same
// reason as Paging.
type HeldInput struct {
	State    string `query:"state" enum:"open,mended,waived,returned" default:"open"`
	Dataset  string `query:"dataset" maxLength:"200"`
	Code     string `query:"code" maxLength:"100"`
	Field    string `query:"field" maxLength:"100"`
	Source   string `query:"source" maxLength:"100"`
	Owner    string `query:"owner" maxLength:"100"`
	Delivery string `query:"delivery" maxLength:"100" doc:"ID of a delivery"`
}

func (in *HeldInput) filter() store.HeldFilter {
	return store.HeldFilter{State: store.RowState(in.State), DeliveryID: in.Delivery, Dataset: in.Dataset,
		Source: in.Source, Code: in.Code, Field: in.Field, Owner: in.Owner}
}

type listHeldInput struct {
	HeldInput
	Paging
}

func (s *server) listHeld(r *request, in *listHeldInput) (*List[delivery.Held], error) {
	page, err := s.Store.HeldRows(r, in.filter(), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	if err := none(len(page.Items), s.heldFilters(r, &in.HeldInput)...); err != nil {
		return nil, err
	}
	out := &List[delivery.Held]{Items: []delivery.Held{}, NextCursor: page.Next}
	now := s.Delivery.Now()
	for _, row := range page.Items {
		out.Items = append(out.Items, delivery.NewHeld(row, now))
	}
	return out, nil
}

func (s *server) listHeldGroups(r *request, in *HeldInput) (*delivery.HeldGroups, error) {
	groups, err := s.Store.HeldGroups(r, in.filter())
	if err != nil {
		return nil, err
	}
	out := delivery.NewHeldGroups(groups)
	return out, none(int(out.Total), s.heldFilters(r, in)...)
}

// heldFilters are the names that narrow the workbench. Reasons and fields are
// left out: those of a check or dataset that is no more are still asked for.
func (s *server) heldFilters(r *request, in *HeldInput) []filter {
	c := s.City()
	return []filter{
		declared("dataset", in.Dataset, c.Dataset),
		declared("owner", in.Owner, c.Organisation),
		declared("delivery", in.Delivery, func(id string) (store.Delivery, error) { return s.Store.Delivery(r, id) }),
	}
}

type mendInput struct {
	Body struct {
		DeliveryID string         `json:"delivery_id" maxLength:"100"`
		Rows       []mendRowInput `json:"rows" minItems:"1" maxItems:"1000"`
		Reason     string         `json:"reason" minLength:"1" maxLength:"500" doc:"why; the audit chain keeps it"`
		Force      bool           `json:"force,omitempty" doc:"bring a row in although a later delivery brought the same one"`
	}
}

type mendRowInput struct {
	Row    int64             `json:"row" minimum:"1"`
	Values map[string]string `json:"values" doc:"texts by declared field, as a sender would write them; the others stay"`
}

func (s *server) mend(r *request, in *mendInput) (*delivery.Mended, error) {
	q := delivery.MendRequest{DeliveryID: in.Body.DeliveryID, Reason: in.Body.Reason, Force: in.Body.Force, Actor: s.Who.Name}
	for _, row := range in.Body.Rows {
		q.Rows = append(q.Rows, delivery.MendRow(row))
	}
	return s.Delivery.Mend(r, q)
}

type rowsInput struct {
	Body struct {
		DeliveryID string  `json:"delivery_id" maxLength:"100"`
		Rows       []int64 `json:"rows,omitempty" maxItems:"10000" doc:"numbers of rows; without them all open rows of the code"`
		Code       string  `json:"code,omitempty" maxLength:"100"`
		Field      string  `json:"field,omitempty" maxLength:"100"`
		Reason     string  `json:"reason" minLength:"1" maxLength:"500" doc:"why; the audit chain keeps it"`
	}
}

type reopenInput struct {
	Body struct {
		DeliveryID string  `json:"delivery_id" maxLength:"100"`
		Rows       []int64 `json:"rows" minItems:"1" maxItems:"10000"`
		Reason     string  `json:"reason" minLength:"1" maxLength:"500" doc:"why; the audit chain keeps it"`
	}
}

// Changed says how many rows a request moved to another state. Those that were
// there already do not count.
type Changed struct {
	Changed int64 `json:"changed"`
}

func (s *server) changer(f func(*delivery.Service, context.Context, delivery.RowsRequest) (int64, error)) func(*request, *rowsInput) (*Changed, error) {
	return func(r *request, in *rowsInput) (*Changed, error) {
		b := in.Body
		n, err := f(s.Delivery, r, delivery.RowsRequest{DeliveryID: b.DeliveryID, Rows: b.Rows, Code: b.Code, Field: b.Field, Reason: b.Reason, Actor: s.Who.Name})
		return &Changed{n}, err
	}
}

func (s *server) reopen(r *request, in *reopenInput) (*Changed, error) {
	n, err := s.Delivery.Reopen(r, delivery.RowsRequest{DeliveryID: in.Body.DeliveryID, Rows: in.Body.Rows, Reason: in.Body.Reason, Actor: s.Who.Name})
	return &Changed{n}, err
}

type errorFileInput struct {
	IDInput
	Code  string `query:"code" maxLength:"100"`
	Field string `query:"field" maxLength:"100"`
	State string `query:"state" enum:"open,mended,waived,returned" doc:"open and returned rows by default"`
}

// errorFile streams the file. What goes wrong after its beginning can only be
// told by breaking the connection off.
func (s *server) errorFile(ctx context.Context, in *errorFileInput) (*huma.StreamResponse, error) {
	f, err := s.Delivery.Errors(ctx, delivery.ErrorsRequest{DeliveryID: in.ID, Code: in.Code, Field: in.Field, State: store.RowState(in.State), Actor: s.Who.Name})
	if err != nil {
		return nil, problem(err)
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		defer f.Close()
		h.SetHeader("Content-Type", f.MediaType)
		h.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
		h.SetHeader("Cache-Control", "no-store")
		h.SetStatus(http.StatusOK)
		if err := f.Write(h.BodyWriter()); err != nil {
			panic(http.ErrAbortHandler) // the server's own way to break an answer off
		}
	}}, nil
}
