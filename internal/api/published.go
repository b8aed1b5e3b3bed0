package api

import (
	"context"
	"io"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/store"
)

func (s *server) publishedRoutes(api huma.API) {
	get(api, "list-published", "/published", "Published figures beside what they would be now, restated ones first", s.listPublished)
	get(api, "propose-published", "/published/proposal", "What closing a period would publish, and what is incomplete; changes nothing", s.proposePublished)
	get(api, "get-published", "/published/{id}", "A published figure, what it would be now, and why it differs", s.getPublished)
	huma.Register(api, huma.Operation{
		OperationID: "publish", Method: http.MethodPost, Path: "/api/v1/published", Summary: "Close a period: publish its figures", DefaultStatus: http.StatusCreated,
		Description: "The figures are kept for ever with the definitions and the states of the tables that they were computed from. Closing a period again makes a further revision.",
	}, handle(s.publish))
	huma.Register(api, huma.Operation{
		OperationID: "export-published", Method: http.MethodGet, Path: "/api/v1/published.csv", Summary: "Published figures as CSV, in UTF-8 with a byte order mark",
		Responses: map[string]*huma.Response{"200": {Description: "the figures", Content: map[string]*huma.MediaType{
			"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}},
	}, s.exportPublished)
}

// PublishedFilterInput narrows a list of published figures. It is exported because
// the framework passes over embedded types that are not.
type PublishedFilterInput struct {
	Closing   string `query:"closing" maxLength:"40" doc:"of this closing alone, also one that was replaced"`
	Indicator string `query:"indicator" maxLength:"200"`
	Period    string `query:"period" maxLength:"20" example:"2024-10"`
	Region    string `query:"region" maxLength:"100" doc:"a member of the dimension; city for the whole city alone"`
	Replaced  bool   `query:"replaced" doc:"also closings that a later revision replaced"`
}

func (in *PublishedFilterInput) filter() ledger.Filter {
	return ledger.Filter{Closing: in.Closing, Indicator: in.Indicator, Period: in.Period, Region: in.Region, Replaced: in.Replaced}
}

func (s *server) listPublished(r *request, in *PublishedFilterInput) (*ledger.List, error) {
	return s.published(r, in)
}

// published lists figures, and says when a filter names what there is not.
func (s *server) published(ctx context.Context, in *PublishedFilterInput) (*ledger.List, error) {
	list, err := s.Ledger.List(ctx, s.Who, in.filter())
	if err != nil {
		return nil, err
	}
	return list, none(len(list.Items), filter{"period", in.Period, closable}, declared("indicator", in.Indicator, s.City().Indicator),
		filter{"region", in.Region, s.memberKnown})
}

// memberKnown says whether figures can be of a member: the city, a region or
// the value of a dimension.
func (s *server) memberKnown(member string) error {
	c := s.City()
	if _, err := c.Region(member); err == nil || member == memberOfCity {
		return nil
	}
	for _, ds := range c.Datasets {
		for _, f := range ds.Fields {
			if slices.ContainsFunc(f.Values, func(v city.EnumValue) bool { return v.Code == member }) {
				return nil
			}
		}
	}
	_, err := c.Region(member)
	return err
}

func (s *server) getPublished(r *request, in *IDInput) (*ledger.FigureDetail, error) {
	return s.Ledger.Figure(r, s.Who, in.ID)
}

type proposalInput struct {
	Period     string   `query:"period" required:"true" maxLength:"20" example:"2024-10" doc:"a whole month, quarter or year"`
	Indicators []string `query:"indicators" maxItems:"500" doc:"separated by commas; all that are due as often and have data by default"`
	By         []string `query:"by" maxItems:"4" doc:"dimensions, separated by commas"`
}

func (s *server) proposePublished(r *request, in *proposalInput) (*ledger.Proposal, error) {
	return s.Ledger.Propose(r, s.Who, ledger.Request{Period: in.Period, Indicators: trim(in.Indicators), By: trim(in.By)})
}

type publishInput struct {
	Body struct {
		Period     string   `json:"period" minLength:"4" maxLength:"20" example:"2024-10" doc:"a whole month, quarter or year"`
		Indicators []string `json:"indicators,omitempty" maxItems:"500" doc:"all that are due as often and have data by default"`
		By         []string `json:"by,omitempty" maxItems:"4" doc:"dimensions to keep each figure by, beside the whole city"`
		Person     string   `json:"by_person" minLength:"1" maxLength:"100" doc:"who answers for the figures"`
		Note       string   `json:"note,omitempty" maxLength:"1000"`
		Reason     string   `json:"reason,omitempty" maxLength:"1000" doc:"why to close the period though data are missing; without one that is refused"`
	}
}

// PublishedClosing is a closing as it was kept.
type PublishedClosing struct {
	ID       string     `json:"id"`
	Period   string     `json:"period"`
	Grain    city.Grain `json:"grain"`
	Revision int64      `json:"revision"`
	Replaces string     `json:"replaces" doc:"the revision before; empty for the first"`
	Tag      string     `json:"tag"`
	Figures  int64      `json:"figures"`
	Digest   string     `json:"digest" doc:"SHA-256 over the figures and their sources"`
}

func closingDTO(c store.Closing) *PublishedClosing {
	return &PublishedClosing{ID: c.ID, Period: c.Period, Grain: c.Grain, Revision: c.Revision, Replaces: c.Replaces, Tag: c.Tag, Figures: c.Figures, Digest: c.Digest}
}

func (s *server) publish(r *request, in *publishInput) (*PublishedClosing, error) {
	b := in.Body
	c, err := s.Ledger.Publish(r, s.Who, ledger.Request{Period: b.Period, Indicators: trim(b.Indicators), By: trim(b.By), Person: b.Person, Note: b.Note, Reason: b.Reason})
	if err != nil {
		return nil, err
	}
	return closingDTO(c), nil
}

type exportPublishedInput struct {
	PublishedFilterInput
	Lang string `query:"lang" enum:"zh,en" default:"zh"`
}

// exportPublished writes the figures with the parts of the explanation of each
// restated one.
func (s *server) exportPublished(ctx context.Context, in *exportPublishedInput) (*huma.StreamResponse, error) {
	list, err := s.published(ctx, &in.PublishedFilterInput)
	if err != nil {
		return nil, problem(err)
	}
	var explained []ledger.Explained
	for _, f := range list.Items {
		line := ledger.Explained{Figure: f}
		if f.Restated {
			d, err := s.Ledger.Figure(ctx, s.Who, f.ID)
			if err != nil {
				return nil, problem(err)
			}
			line.Parts = d.Explanation.Parts
		}
		explained = append(explained, line)
	}
	return download("published.csv", "text/csv; charset=utf-8", func(w io.Writer) error { return ledger.WriteCSV(w, explained, in.Lang) }), nil
}
