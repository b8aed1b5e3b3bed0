package api

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path/filepath"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// codeUpload is the code of a body that is not what the request may carry.
const codeUpload = city.CodeInvalid + ".upload"

func (s *server) uploadRoutes(api huma.API) {
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	body := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: binary}}}
	huma.Register(api, huma.Operation{
		OperationID: "deliver", Method: http.MethodPost, Path: "/api/v1/deliveries", Summary: "Deliver a file", RequestBody: body,
		Description: "The body is the file as it is, or a form with the parts manifest and file, in this order. The answer is the receipt, whether committed or rejected.",
	}, handle(s.deliver))
	// The framework would read a body that it knows to be an object into memory,
	// so the form is described after it has looked.
	body.Content[formType] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{
		"manifest": {Type: huma.TypeString, Description: "the manifest of the batch, a JSON document; it must stand before the file"},
		"file":     binary,
	}}}
}

const formType = "multipart/form-data"

type deliverInput struct {
	Dataset  string `query:"dataset" maxLength:"200" doc:"may be left out when there is a manifest"`
	Filename string `query:"filename" maxLength:"255" doc:"name of the file, for the receipt; a form gives it with the part"`
	StreamedBody
}

// StreamedBody is a request's body as a stream, so that its size does not matter:
// whoever reads it has bounds of its own. It is exported because the framework
// passes over embedded types that are not.
type StreamedBody struct {
	contentType string
	content     io.Reader
}

// Resolve takes the body.
func (in *StreamedBody) Resolve(ctx huma.Context) []error {
	in.contentType, in.content = ctx.Header("Content-Type"), ctx.BodyReader()
	return nil
}

var _ huma.Resolver = (*deliverInput)(nil)

func (s *server) deliver(r *request, in *deliverInput) (*delivery.Receipt, error) {
	req := delivery.Request{Dataset: in.Dataset, File: in.Filename, Content: in.content, Actor: s.Who.Name}
	if kind, params, err := mime.ParseMediaType(in.contentType); err == nil && kind == formType {
		if err := openForm(&req, multipart.NewReader(in.content, params["boundary"])); err != nil {
			return nil, err
		}
	}
	if req.Dataset == "" {
		return nil, city.Errorf(city.CodeInvalid, "the request names no dataset").At("query.dataset").WithHint("add ?dataset=NAME, or send a manifest with the file")
	}
	if req.File = filepath.Base(req.File); req.File == "." {
		req.File = req.Dataset + ".csv"
	}
	return s.Delivery.Deliver(r, req)
}

// openForm reads a form up to its file, which is left to be streamed.
func openForm(req *delivery.Request, form *multipart.Reader) error {
	part, err := form.NextPart()
	if err == nil && part.FormName() == "manifest" {
		if req.Manifest, err = delivery.ParseManifest(part, "manifest"); err != nil {
			return err
		}
		part, err = form.NextPart()
	}
	if err != nil || part.FormName() != "file" {
		return city.Errorf(codeUpload, "the form has no part file where it is expected").WithHint("send the part manifest, if there is one, and then the part file")
	}
	req.Content = &lastPart{part, form}
	if name := part.FileName(); name != "" {
		req.File = name
	}
	if req.Manifest == nil {
		return nil
	}
	if req.Dataset == "" {
		req.Dataset = req.Manifest.Dataset
	}
	return chooseEntry(req)
}

// chooseEntry finds the manifest's line for the file: by its name or, when the
// request gives none, the only one.
func chooseEntry(req *delivery.Request) error {
	files := req.Manifest.Files
	for i := range files {
		name := filepath.Base(filepath.FromSlash(files[i].Name))
		if name == filepath.Base(req.File) || req.File == "" && len(files) == 1 {
			req.Entry, req.File = &files[i], name
			return nil
		}
	}
	return city.Errorf(city.CodeInvalid+".manifest", "the manifest does not list the file %.100q", filepath.Base(req.File)).
		WithHint("give the part file the name under which the manifest lists it")
}

// lastPart is the file of a form. What follows it would be passed over unread,
// so it is refused before the delivery takes anything.
type lastPart struct {
	*multipart.Part
	form *multipart.Reader
}

// Read reads the file, and at its end looks whether the form ends too.
func (p *lastPart) Read(b []byte) (int, error) {
	n, err := p.Part.Read(b)
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	switch _, next := p.form.NextPart(); {
	case next == nil:
		return n, city.Errorf(codeUpload, "the form has a part behind the file").WithHint("send one file per request, and the manifest before it")
	case !errors.Is(next, io.EOF):
		return n, next
	}
	return n, err
}
