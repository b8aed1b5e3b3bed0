package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/explore"
)

func (s *server) viewRoutes(api huma.API) {
	get(api, "list-views", "/views", "Saved questions, by name", s.listViews)
	get(api, "get-view", "/views/{id}", "One saved question", s.getView)
	post(api, "create-view", "/views", "Save a question", s.createView)
	huma.Register(api, huma.Operation{OperationID: "change-view", Method: http.MethodPut, Path: "/api/v1/views/{id}", Summary: "Replace a saved question"}, handle(s.changeView))
	huma.Register(api, huma.Operation{OperationID: "delete-view", Method: http.MethodDelete, Path: "/api/v1/views/{id}", Summary: "Delete a saved question; it can be restored for 30 days"}, handle(s.deleteView))
	post(api, "restore-view", "/views/{id}/restore", "Have a deleted question back", s.restoreView)
}

func (s *server) views() *explore.Views {
	return &explore.Views{Store: s.Store, Now: s.Delivery.Now}
}

type listViewsInput struct {
	Deleted bool `query:"deleted" doc:"list those that can be restored instead"`
}

func (s *server) listViews(r *request, in *listViewsInput) (*List[explore.View], error) {
	items, err := s.views().List(r, in.Deleted)
	return &List[explore.View]{Items: items}, err
}

// ViewID names a view. It is exported for the same reason as Paging.
type ViewID struct {
	ID string `path:"id" maxLength:"100"`
}

func (s *server) getView(r *request, in *ViewID) (*explore.View, error) {
	v, err := s.views().Get(r, in.ID)
	return &v, err
}

// viewDraft is what a request says of a view.
type viewDraft struct {
	Name     string           `json:"name" minLength:"1" maxLength:"100"`
	Question explore.Question `json:"question"`
	Chart    string           `json:"chart,omitempty" enum:"table,line,bar,stacked,map,scatter" doc:"stacked is bars upon each other"`
	Note     string           `json:"note,omitempty" maxLength:"1000"`
	Version  int64            `json:"version,omitempty" minimum:"0" doc:"the version that was read: another one by now is conflict.view; left out, whatever is there is replaced"`
}

func (d viewDraft) view(id string) explore.View {
	return explore.View{ID: id, Name: d.Name, Question: d.Question, Chart: d.Chart, Note: d.Note, Version: d.Version}
}

type createViewInput struct{ Body viewDraft }

func (s *server) createView(r *request, in *createViewInput) (*explore.View, error) {
	v, err := s.views().Create(r, s.Who, in.Body.view(""))
	return &v, err
}

type changeViewInput struct {
	ViewID
	Body viewDraft
}

func (s *server) changeView(r *request, in *changeViewInput) (*explore.View, error) {
	v, err := s.views().Change(r, s.Who, in.Body.view(in.ID))
	return &v, err
}

type deleteViewInput struct {
	ViewID
	Version int64 `query:"version" minimum:"0" doc:"the version that was read"`
}

// Deleted says that something is gone, and until when it can be had back.
type Deleted struct {
	ID      string `json:"id"`
	Restore string `json:"restore" doc:"the path that has it back"`
}

func (s *server) deleteView(r *request, in *deleteViewInput) (*Deleted, error) {
	if err := s.views().Delete(r, s.Who, in.ID, in.Version); err != nil {
		return nil, err
	}
	return &Deleted{ID: in.ID, Restore: "/api/v1/views/" + in.ID + "/restore"}, nil
}

func (s *server) restoreView(r *request, in *ViewID) (*explore.View, error) {
	v, err := s.views().Restore(r, s.Who, in.ID)
	return &v, err
}
