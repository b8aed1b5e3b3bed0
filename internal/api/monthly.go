package api

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/monthly"
	"github.com/jinyang-city/jinyang/internal/monthly/export"
)

func (s *server) monthlyRoutes(api huma.API) {
	get(api, "list-reports", "/reports", "The templates of monthly documents", s.monthlyReports)
	content := files(export.Formats())
	content["application/json"] = &huma.MediaType{Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[monthly.Document](), true, "")}
	huma.Register(api, huma.Operation{
		OperationID: "get-report", Method: http.MethodGet, Path: "/api/v1/reports/{name}", Summary: "The document of a month",
		Description: "As JSON it is what the console shows; as a file what offices circulate.",
		Responses:   map[string]*huma.Response{"200": {Description: "the document", Content: content}},
	}, s.monthlyReport)
}

func (s *server) monthly() *monthly.Service {
	return &monthly.Service{Answers: s.Analysis, Published: s.Ledger, City: s.City, Today: s.Today}
}

func (s *server) monthlyReports(r *request, _ *struct{}) (*List[monthly.ReportInfo], error) {
	items, err := s.monthly().List(r, s.Who)
	return &List[monthly.ReportInfo]{Items: items}, err
}

type monthlyInput struct {
	Name   string `path:"name" maxLength:"200"`
	Month  string `query:"month" required:"true" maxLength:"7" example:"2024-10" doc:"the month"`
	Lang   string `query:"lang" enum:"zh,en" default:"zh"`
	Format string `query:"format" enum:"json,docx,xlsx" default:"json"`
}

// monthlyReport makes the document before the answer begins, so that what is
// wrong is still told as a problem.
func (s *server) monthlyReport(ctx context.Context, in *monthlyInput) (*huma.StreamResponse, error) {
	span, err := city.ParseSpan(in.Month)
	if err != nil || span != city.GrainMonth.Span(span.From) {
		return nil, problem(city.Errorf("invalid.month", "%.20q is not a month", in.Month).WithHint("write for example 2024-10"))
	}
	d, err := s.monthly().Build(ctx, s.Who, monthly.Question{Report: in.Name, Month: span.From, Lang: in.Lang})
	if err != nil {
		return nil, problem(err)
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		h.SetHeader("Cache-Control", "no-store")
		if err := writeMonthly(h, in.Format, d); err != nil {
			panic(http.ErrAbortHandler) // the server's own way to break an answer off
		}
	}}, nil
}

func writeMonthly(h huma.Context, format string, d *monthly.Document) error {
	if format == "json" {
		h.SetHeader("Content-Type", "application/json")
		h.SetStatus(http.StatusOK)
		return json.NewEncoder(h.BodyWriter()).Encode(d)
	}
	f := export.Format(format)
	h.SetHeader("Content-Type", f.MediaType())
	h.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": export.Name(d, f)}))
	h.SetStatus(http.StatusOK)
	return export.Write(h.BodyWriter(), f, d)
}
