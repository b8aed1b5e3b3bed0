package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/analysis"
)

func (s *server) targetRoutes(api huma.API) {
	page[boardInput, analysis.Board](api, "get-board", "/targets", "The target board of a year", s.getBoard)
	page[nameInput, analysis.TargetDetail](api, "get-target", "/targets/{name}", "One target with its curve, districts, quote, definition and deliveries", s.getTarget)
	get(api, "get-forecast", "/indicators/{name}/forecast", "A forecast of the next months, and how such forecasts went on the past", s.getForecast)
}

type forecastInput struct {
	Name  string   `path:"name" maxLength:"200"`
	Ahead int      `query:"ahead" minimum:"1" maximum:"24" default:"12" doc:"how many months are foretold"`
	Where []string `query:"where,explode" maxItems:"16" example:"region=140105" doc:"field=value, repeatable; several values separated by |"`
}

func (s *server) getForecast(r *request, in *forecastInput) (*analysis.Foretold, error) {
	where, err := analysis.ParseWhere(in.Where)
	if err != nil {
		return nil, err
	}
	return s.Analysis.Foretell(r, s.Who, in.Name, where, in.Ahead)
}

type boardInput struct {
	Year int `query:"year" minimum:"1949" maximum:"2200" doc:"plan year; the current one by default"`
}

func (s *server) getBoard(r *request, in *boardInput) (analysis.Page, error) {
	return s.Analysis.BoardPage(r, s.Who, in.Year)
}

type nameInput struct {
	Name string `path:"name" maxLength:"200"`
}

func (s *server) getTarget(r *request, in *nameInput) (analysis.Page, error) {
	return s.Analysis.TargetPage(r, s.Who, in.Name)
}
