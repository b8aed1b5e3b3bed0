package api

import (
	"mime"
	"mime/multipart"
	"net/http"
	"path/filepath"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/draft"
)

func (s *server) draftRoutes(api huma.API) {
	get(api, "list-drafts", "/drafts", "Texts that targets are read from, the newest first", s.listDrafts)
	get(api, "get-draft", "/drafts/{id}", "A text with its proposals and what became of them", s.getDraft)
	get(api, "list-draft-changes", "/drafts/{id}/targets/{number}/changes", "The changes of one proposal, the first one first", s.draftChanges)
	huma.Register(api, huma.Operation{
		OperationID: "review-draft-target", Method: http.MethodPatch, Path: "/api/v1/drafts/{id}/targets/{number}", Summary: "Accept, reject, edit or bind a proposal",
	}, handle(s.reviewDraft))
	post(api, "preview-draft", "/drafts/{id}/preview", "The file of the pack that the accepted proposals make, and the pack's mistakes with it", s.previewDraft)
	post(api, "write-draft", "/drafts/{id}/write", "Write the accepted proposals to the pack and put it in force", s.writeDraft)
	post(api, "undo-draft", "/drafts/{id}/undo", "Take what a draft wrote out of the pack", s.undoDraft)
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	body := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: binary}}}
	huma.Register(api, huma.Operation{
		OperationID: "add-draft", Method: http.MethodPost, Path: "/api/v1/drafts", Summary: "Read the targets of a document", RequestBody: body,
		Description: "The body is the document as it is (.txt in UTF-8 or GB18030, .docx, PDF that holds text; at most 32 MiB), or a form with the part file.",
	}, handle(s.addDraft))
	body.Content[formType] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": binary}}}
}

type addDraftInput struct {
	Filename string `query:"filename" maxLength:"255" doc:"name of the file; a form gives it with the part"`
	Year     int    `query:"year" minimum:"0" maximum:"2100" doc:"the plan's year; 0 to tell it from the text"`
	StreamedBody
}

var _ huma.Resolver = (*addDraftInput)(nil)

func (s *server) addDraft(r *request, in *addDraftInput) (*draft.Draft, error) {
	name, content := in.Filename, in.content
	if kind, params, err := mime.ParseMediaType(in.contentType); err == nil && kind == formType {
		part, err := multipart.NewReader(in.content, params["boundary"]).NextPart()
		if err != nil || part.FormName() != "file" {
			return nil, city.Errorf(codeUpload, "the form has no part file").WithHint("send the document as the part file")
		}
		content = part
		if part.FileName() != "" {
			name = part.FileName()
		}
	}
	if name = filepath.Base(filepath.ToSlash(name)); name == "." || name == "/" {
		name = "document"
	}
	return s.Drafts.Add(r, s.Who, name, content, in.Year)
}

func (s *server) listDrafts(r *request, _ *struct{}) (*List[draft.Summary], error) {
	all, err := s.Drafts.Drafts(r, s.Who)
	if err != nil {
		return nil, err
	}
	return &List[draft.Summary]{Items: all}, nil
}

// DraftID names a draft.
type DraftID struct {
	ID string `path:"id" maxLength:"100"`
}

// DraftTarget names a proposal of a draft.
type DraftTarget struct {
	DraftID
	Number int `path:"number" minimum:"1" maximum:"100000"`
}

func (s *server) getDraft(r *request, in *DraftID) (*draft.Draft, error) {
	return s.Drafts.Draft(r, s.Who, in.ID)
}

type reviewInput struct {
	DraftTarget
	Body draft.Change
}

func (s *server) reviewDraft(r *request, in *reviewInput) (*draft.Proposal, error) {
	return s.Drafts.Review(r, s.Who, in.ID, in.Number, in.Body)
}

func (s *server) draftChanges(r *request, in *DraftTarget) (*List[draft.Past], error) {
	all, err := s.Drafts.History(r, s.Who, in.ID, in.Number)
	if err != nil {
		return nil, err
	}
	return &List[draft.Past]{Items: all}, nil
}

type writingInput struct {
	DraftID
	Body draft.Writing
}

func (s *server) previewDraft(r *request, in *writingInput) (*draft.Preview, error) {
	return s.Drafts.Preview(r, s.Who, in.ID, in.Body)
}

func (s *server) writeDraft(r *request, in *writingInput) (*draft.Preview, error) {
	return s.Drafts.Write(r, s.Who, in.ID, in.Body)
}

func (s *server) undoDraft(r *request, in *DraftID) (*draft.Draft, error) {
	return s.Drafts.Undo(r, s.Who, in.ID)
}
