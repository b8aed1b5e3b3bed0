package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/progress"
)

// progressFilingRoutes are the operations that take a form or a workbook. Their
// bodies are read as they come, as those of deliveries are.
func (s *server) progressFilingRoutes(api huma.API) {
	filing := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	huma.Register(api, huma.Operation{
		OperationID: "file-progress", Method: http.MethodPost, Path: "/api/v1/progress", Summary: "Report how a promise stands", RequestBody: filing,
		Description: "The body is a Filing as JSON, or a form with the part report, which holds it, and then the files that show it. The report waits until a second person approves it.",
	}, handle(s.fileProgress))
	ref := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[progress.Filing](), true, "Filing")
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	filing.Content["application/json"] = &huma.MediaType{Schema: ref}
	filing.Content[formType] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"report"}, Properties: map[string]*huma.Schema{
		"report": ref,
		"file":   {Type: huma.TypeArray, Items: binary, Description: "at most 10 files of at most 20 MiB, behind the report"},
	}}}
	huma.Register(api, huma.Operation{
		OperationID: "import-progress", Method: http.MethodPost, Path: "/api/v1/progress/import", Summary: "File the reports of a workbook: all of them, or none",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{workbookType: {Schema: binary}}},
	}, handle(s.importProgress))
}

type importInput struct {
	By      string `query:"by" required:"true" maxLength:"50" doc:"name of who reports, as stated"`
	DryRun  bool   `query:"dry_run" doc:"only say what would become of each row"`
	content io.Reader
}

// Resolve takes the body as a stream; the workbook's own bound holds.
func (in *importInput) Resolve(ctx huma.Context) []error {
	in.content = ctx.BodyReader()
	return nil
}

var _ huma.Resolver = (*importInput)(nil)

func (s *server) importProgress(r *request, in *importInput) (*progress.Imported, error) {
	return s.Progress.Import(r, s.Who, in.content, in.By, in.DryRun)
}

type filingInput struct {
	contentType string
	content     io.Reader
}

// Resolve takes the body as a stream, so that files need no room in memory.
func (in *filingInput) Resolve(ctx huma.Context) []error {
	in.contentType, in.content = ctx.Header("Content-Type"), ctx.BodyReader()
	return nil
}

var _ huma.Resolver = (*filingInput)(nil)

// maxFiling bounds a report without its files, in bytes.
const maxFiling = 64 << 10

func (s *server) fileProgress(r *request, in *filingInput) (*progress.Report, error) {
	kind, params, err := mime.ParseMediaType(in.contentType)
	if err != nil || kind != formType {
		f, err := readFiling(in.content)
		if err != nil {
			return nil, err
		}
		return s.Progress.File(r, s.Who, f)
	}
	form := multipart.NewReader(in.content, params["boundary"])
	first, err := form.NextPart()
	if err != nil || first.FormName() != "report" {
		return nil, city.Errorf(codeUpload, "the form does not begin with the part report").WithHint("send the report before its files")
	}
	f, err := readFiling(first)
	if err != nil {
		return nil, err
	}
	files, err := s.stageFiles(r, form)
	defer func() {
		for _, file := range files {
			file.Discard()
		}
	}()
	if err != nil {
		return nil, err
	}
	return s.Progress.File(r, s.Who, f, files...)
}

// stageFiles seals the files of a form.
func (s *server) stageFiles(r *request, form *multipart.Reader) (files []*progress.Staged, err error) {
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return files, nil
		case err != nil:
			return files, city.Errorf(codeUpload, "the form cannot be read to its end: %w", err)
		case part.FormName() != "file":
			return files, city.Errorf(codeUpload, "the form has a part that is neither the report nor a file")
		case len(files) == progress.MaxFiles:
			return files, city.Errorf(progress.CodeFile, "more than %d files are handed in", progress.MaxFiles).At("file")
		}
		file, err := s.Progress.Stage(r, part.FileName(), part)
		if err != nil {
			return files, err
		}
		files = append(files, file)
	}
}

func readFiling(src io.Reader) (f progress.Filing, err error) {
	dec := json.NewDecoder(io.LimitReader(src, maxFiling))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return f, city.Errorf(codeUpload, "the report is not a JSON document with the known fields").WithHint("see Filing in /api/openapi.json")
	}
	return f, nil
}
