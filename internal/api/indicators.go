package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

func (s *server) indicatorRoutes(api huma.API) {
	get(api, "list-indicators", "/indicators", "All declared indicators", s.listIndicators)
	get(api, "query-indicator", "/indicators/{name}/query", "Values of an indicator by dimension and period", s.queryIndicator)
}

func (s *server) listIndicators(_ *request, _ *struct{}) (*List[IndicatorInfo], error) {
	c := s.City()
	out := &List[IndicatorInfo]{Items: []IndicatorInfo{}}
	for _, ind := range c.Indicators {
		out.Items = append(out.Items, indicatorInfo(c, ind))
	}
	return out, nil
}

type queryInput struct {
	Name    string   `path:"name" maxLength:"200"`
	By      []string `query:"by" maxItems:"8" doc:"dimensions, separated by commas"`
	Period  string   `query:"period" maxLength:"40" example:"2024-01..2024-06" doc:"2024, 2024Q1, 2024-01, a day, or a range of two; all data by default"`
	Grain   string   `query:"grain" enum:"day,month,quarter,year,all" default:"month"`
	Window  string   `query:"window" enum:"period,year,stock,all" doc:"which rows make a value, in place of the indicator's own"`
	Rolling int      `query:"rolling" minimum:"0" maximum:"366" doc:"makes each value that of so many periods, ending with its own"`
	Against []string `query:"against" maxItems:"3" example:"year,period" doc:"earlier times to show beside: year (by default), period (the one before), festival"`
	Combine bool     `query:"combine" doc:"states the months together that the indicator's calendar combines"`
	Where   []string `query:"where,explode" maxItems:"16" example:"region=140105" doc:"field=value, repeatable; several values separated by |"`
	AsOf    string   `query:"as_of" maxLength:"80" example:"month-2024-10" doc:"the state at this time: RFC 3339, a day, which means its end in the city, or the name of a tag; now by default"`
}

func (s *server) queryIndicator(r *request, in *queryInput) (*analysis.Answer, error) {
	q := analysis.Question{Indicator: in.Name, By: in.By, Grain: city.Grain(in.Grain), Window: city.Window(in.Window), Rolling: in.Rolling, Combine: in.Combine}
	for _, a := range trim(in.Against) {
		q.Against = append(q.Against, city.Against(a))
	}
	var err error
	if in.Period != "" {
		if q.Period, err = city.ParseSpan(in.Period); err != nil {
			return nil, err
		}
	}
	if q.AsOf, err = s.asOf(r, in.AsOf); err != nil {
		return nil, err
	}
	if q.Where, err = analysis.ParseWhere(in.Where); err != nil {
		return nil, err
	}
	q.By = trim(q.By)
	return s.Analysis.Query(r, s.Who, q)
}

func trim(names []string) []string {
	var out []string
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" {
			out = append(out, n)
		}
	}
	return out
}
