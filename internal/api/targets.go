package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/analysis"
)

func (s *server) targetRoutes(api huma.API) {
	get(api, "get-board", "/targets", "The target board of a year", s.getBoard)
	get(api, "get-target", "/targets/{name}", "One target with its curve, districts, quote, definition and deliveries", s.getTarget)
}

type boardInput struct {
	Year int `query:"year" minimum:"1949" maximum:"2200" doc:"plan year; the current one by default"`
}

func (s *server) getBoard(r *request, in *boardInput) (*analysis.Board, error) {
	return s.Analysis.Board(r, s.Who, in.Year)
}

type nameInput struct {
	Name string `path:"name" maxLength:"200"`
}

func (s *server) getTarget(r *request, in *nameInput) (*analysis.TargetDetail, error) {
	return s.Analysis.Target(r, s.Who, in.Name)
}
