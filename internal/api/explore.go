package api

import (
	"context"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
	"github.com/jinyang-city/jinyang/internal/explore/export"
)

func (s *server) exploreRoutes(api huma.API) {
	post(api, "explore", "/explore", "One table: several measures by the same dimensions, over periods", s.explore)
	post(api, "explore-rows", "/explore/rows", "The rows behind a figure, identifiers masked", s.exploreRows)
	post(api, "explore-deliveries", "/explore/deliveries", "The deliveries that the rows behind a figure came with", s.exploreDeliveries)
	content := files(export.Formats())
	huma.Register(api, huma.Operation{
		OperationID: "export-explore", Method: http.MethodPost, Path: "/api/v1/explore/export", Summary: "The table as a file",
		Description: "The question is that of `POST /explore`. The file says what it was computed from.",
		Responses:   map[string]*huma.Response{"200": {Description: "the file", Content: content}},
	}, s.exploreExport)
}

func (s *server) explorer() *explore.Service {
	return &explore.Service{Answers: s.Analysis, City: s.City}
}

type exploreInput struct {
	Body explore.Question
}

func (s *server) explore(r *request, in *exploreInput) (*explore.Table, error) {
	return s.explorer().Ask(r, s.Who, in.Body, explore.ScreenRows)
}

type exploreExportInput struct {
	Format string `query:"format" enum:"xlsx,csv,parquet" default:"xlsx"`
	Body   explore.Question
}

// exploreExport computes the table before the answer begins, so that what is
// wrong with the question is still told as a problem.
func (s *server) exploreExport(ctx context.Context, in *exploreExportInput) (*huma.StreamResponse, error) {
	table, err := s.explorer().Ask(ctx, s.Who, in.Body, explore.FileRows)
	if err != nil {
		return nil, problem(err)
	}
	format := export.Format(in.Format)
	return &huma.StreamResponse{Body: func(h huma.Context) {
		h.SetHeader("Content-Type", format.MediaType())
		h.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": export.Name(table, format)}))
		h.SetHeader("Cache-Control", "no-store")
		h.SetStatus(http.StatusOK)
		if err := export.Write(h.BodyWriter(), format, in.Body, table); err != nil {
			panic(http.ErrAbortHandler) // the server's own way to break an answer off
		}
	}}, nil
}

type drillInput struct {
	Body struct {
		Indicator string            `json:"indicator" maxLength:"200"`
		Dims      map[string]string `json:"dims,omitempty" doc:"values of dimensions; an empty one for rows without"`
		Period    string            `json:"period,omitempty" maxLength:"40" doc:"the period of the row; all data by default"`
		Grain     city.Grain        `json:"grain,omitempty" doc:"of the question; by default the whole span is one period"`
		Where     []string          `json:"where,omitempty" maxItems:"16"`
		AsOf      string            `json:"as_of,omitempty" maxLength:"80"`
		Cursor    string            `json:"cursor,omitempty" maxLength:"500"`
		Limit     int               `json:"limit,omitempty" minimum:"0" maximum:"1000"`
	}
}

func (s *server) drill(r *request, in *drillInput) (q analysis.Drill, err error) {
	b := in.Body
	if q.AsOf, err = s.asOf(r, b.AsOf); err != nil {
		return q, err
	}
	return explore.Drill(s.City(), analysis.Drill{Indicator: b.Indicator, Dims: b.Dims, Grain: b.Grain, AsOf: q.AsOf, Cursor: b.Cursor, Limit: b.Limit}, b.Period, b.Where)
}

func (s *server) exploreRows(r *request, in *drillInput) (*analysis.DrillRows, error) {
	q, err := s.drill(r, in)
	if err != nil {
		return nil, err
	}
	return s.Analysis.DrillRows(r, s.Who, q)
}

func (s *server) exploreDeliveries(r *request, in *drillInput) (*List[analysis.ContributingDelivery], error) {
	q, err := s.drill(r, in)
	if err != nil {
		return nil, err
	}
	items, err := s.Analysis.DrillDeliveries(r, s.Who, q)
	return &List[analysis.ContributingDelivery]{Items: items}, err
}
