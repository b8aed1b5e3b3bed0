package api

import (
	"context"
	"io"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

func (s *server) progressRoutes(api huma.API) {
	get(api, "list-progress", "/progress", "Reports by hand, the newest first", s.listProgress)
	get(api, "list-progress-owed", "/progress/owed", "The targets that are reported by hand: what is owed, by whom, and since when", s.listOwed)
	get(api, "get-progress", "/progress/{id}", "One report by hand", s.getProgress)
	post(api, "approve-progress", "/progress/{id}/approve", "Approve a report; by another person than who filed it", s.decider((*progress.Service).Approve))
	post(api, "reject-progress", "/progress/{id}/reject", "Send a report back; by another person than who filed it", s.decider((*progress.Service).Reject))
	post(api, "withdraw-progress", "/progress/{id}/withdraw", "Take back a report that one filed oneself", s.decider((*progress.Service).Withdraw))
	s.progressFileRoutes(api)
	s.progressFilingRoutes(api)
}

// progressFileRoutes are the operations that answer with a file.
func (s *server) progressFileRoutes(api huma.API) {
	binary := func(media, what string) map[string]*huma.Response {
		return map[string]*huma.Response{"200": {Description: what, Content: map[string]*huma.MediaType{media: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	}
	huma.Register(api, huma.Operation{
		OperationID: "get-progress-file", Method: http.MethodGet, Path: "/api/v1/progress/{id}/files/{number}", Summary: "A file of a report, as it was handed in",
		Description: "It may hold personal data. The audit chain notes who opened it.", Responses: binary("application/octet-stream", "the file"),
	}, s.progressFile)
	huma.Register(api, huma.Operation{
		OperationID: "get-progress-template", Method: http.MethodGet, Path: "/api/v1/progress/template", Summary: "A workbook with a row for each target whose report is owed",
		Responses: binary(workbookType, "the workbook"),
	}, s.progressTemplate)
}

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

type listProgressInput struct {
	Target string `query:"target" maxLength:"200"`
	Owner  string `query:"owner" maxLength:"100" doc:"organisation that reports"`
	State  string `query:"state" enum:"reported,approved,rejected,withdrawn,superseded" doc:"reported is what waits for approval"`
	Paging
}

func (s *server) listProgress(r *request, in *listProgressInput) (*List[progress.Report], error) {
	f := store.ProgressFilter{Target: in.Target, Owner: in.Owner}
	if in.State != "" {
		f.States = []store.ProgressState{store.ProgressState(in.State)}
	}
	page, err := s.Progress.Reports(r, s.Who, f, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	c := s.City()
	if err := none(len(page.Items), declared("target", in.Target, c.Target), declared("owner", in.Owner, c.Organisation)); err != nil {
		return nil, err
	}
	return &List[progress.Report]{Items: page.Items, NextCursor: page.Next}, nil
}

// OwedInput narrows what is owed. It is exported for the same reason as Paging.
type OwedInput struct {
	Owner   string `query:"owner" maxLength:"100" doc:"organisation that reports"`
	Target  string `query:"target" maxLength:"200"`
	Overdue bool   `query:"overdue" doc:"only what is late"`
}

func (in *OwedInput) filter() progress.StandingFilter {
	return progress.StandingFilter{Owner: in.Owner, Target: in.Target, Overdue: in.Overdue}
}

func (s *server) listOwed(r *request, in *OwedInput) (*List[progress.Standing], error) {
	list, err := s.Progress.Standings(r, s.Who, in.filter())
	if err != nil {
		return nil, err
	}
	c := s.City()
	if err := none(len(list), declared("target", in.Target, c.Target), declared("owner", in.Owner, c.Organisation)); err != nil {
		return nil, err
	}
	return &List[progress.Standing]{Items: list}, nil
}

// ProgressID names a report.
type ProgressID struct {
	ID string `path:"id" maxLength:"100"`
}

func (s *server) getProgress(r *request, in *ProgressID) (*progress.Report, error) {
	return s.Progress.Report(r, s.Who, in.ID)
}

type decideInput struct {
	ProgressID
	Body progress.Decision
}

// decider makes the operation of one decision.
func (s *server) decider(f func(*progress.Service, context.Context, policy.Principal, string, progress.Decision) (*progress.Report, error)) func(*request, *decideInput) (*progress.Report, error) {
	return func(r *request, in *decideInput) (*progress.Report, error) {
		return f(s.Progress, r, s.Who, in.ID, in.Body)
	}
}

type progressFileInput struct {
	ProgressID
	Number int `path:"number" minimum:"1" maximum:"10"`
}

// progressFile streams a file, always as one to be saved: whatever it holds, no
// browser may take it for a page of this program.
func (s *server) progressFile(ctx context.Context, in *progressFileInput) (*huma.StreamResponse, error) {
	f, content, err := s.Progress.Content(ctx, s.Who, in.ID, in.Number)
	if err != nil {
		return nil, problem(err)
	}
	return download(f.Name, f.MediaType, func(w io.Writer) error {
		defer content.Close()
		_, err := io.Copy(w, content)
		return err
	}), nil
}

func (s *server) progressTemplate(ctx context.Context, in *OwedInput) (*huma.StreamResponse, error) {
	return download(progress.TemplateName, workbookType, func(w io.Writer) error { return s.Progress.Template(ctx, s.Who, in.filter(), w) }), nil
}

// download answers with a file. What goes wrong after its beginning can only be
// told by breaking the connection off.
func download(name, media string, write func(io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(h huma.Context) {
		h.SetHeader("Content-Type", media)
		h.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		h.SetHeader("Cache-Control", "no-store")
		h.SetStatus(http.StatusOK)
		if err := write(h.BodyWriter()); err != nil {
			panic(http.ErrAbortHandler) // the server's own way to break an answer off
		}
	}}
}
