package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type   string   `json:"type" doc:"always about:blank; code tells problems apart"`
	Title  string   `json:"title"`
	Status int      `json:"status"`
	Detail string   `json:"detail"`
	Code   string   `json:"code" doc:"stable code of the error"`
	Where  string   `json:"where,omitempty" doc:"field, file and line, or row"`
	Hint   string   `json:"hint,omitempty" doc:"how to mend it"`
	Retry  bool     `json:"retry" doc:"whether the same request may succeed later"`
	Errors []string `json:"errors,omitempty" doc:"every mistake in the parameters, when there are any"`
	ZH     *Said    `json:"zh,omitempty" doc:"the same in Chinese, as far as the program has the words"`
}

// Said is what a problem says, in another language.
type Said struct {
	Detail string   `json:"detail" doc:"empty where the program has no words for it"`
	Hint   string   `json:"hint,omitempty"`
	Errors []string `json:"errors,omitempty"`
}

// Error gives the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names problem documents as such.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statuses maps the roots of error codes to HTTP statuses.
var statuses = map[city.Code]int{
	city.CodeInvalid:     http.StatusUnprocessableEntity,
	city.CodeNotFound:    http.StatusNotFound,
	city.CodeConflict:    http.StatusConflict,
	city.CodeBusy:        http.StatusServiceUnavailable,
	city.CodeUnavailable: http.StatusServiceUnavailable,
	city.CodeForbidden:   http.StatusForbidden,
}

// problem turns an error into a problem document. What is not a coded error
// shows no more than that.
func problem(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var e *city.Error
	if !errors.As(err, &e) {
		e = city.Errorf(city.CodeInternal, "the request failed for a reason inside the program")
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			e = city.Errorf("unavailable.cancelled", "the request was cancelled")
		}
	}
	status, ok := statuses[e.Code.Root()]
	if !ok {
		status = http.StatusInternalServerError
	}
	p = &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: e.Message, Code: string(e.Code), Where: e.Where, Hint: e.Hint, Retry: e.Retry()}
	return p.translated()
}

// newProblem is the form of the framework's own errors.
func newProblem(status int, msg string, errs ...error) huma.StatusError {
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: msg, Code: string(city.CodeInvalid)}
	switch {
	case status == http.StatusNotFound:
		p.Code = string(city.CodeNotFound)
	case status >= http.StatusInternalServerError:
		p.Code = string(city.CodeInternal)
	}
	var first *huma.ErrorDetail
	if len(errs) > 0 && errors.As(errs[0], &first) {
		p.Where, p.Detail = first.Location, first.Message
	}
	for _, err := range errs {
		if err != nil {
			p.Errors = append(p.Errors, withoutValue(err))
		}
	}
	return p.translated()
}

// withoutValue is what the framework says of a mistake and where it is, but not
// the value that it quotes: that may be a row of somebody's file.
func withoutValue(err error) string {
	var d *huma.ErrorDetail
	if errors.As(err, &d) {
		return d.Message + " (" + d.Location + ")"
	}
	return err.Error()
}

func writeProblem(w http.ResponseWriter, err error) {
	p := problem(err)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client went away
}

// request is what a handler knows of its request.
type request struct{ context.Context }

// handle adapts a handler: its errors become problems.
func handle[I, O any](f func(*request, *I) (*O, error)) func(context.Context, *I) (*body[O], error) {
	return func(ctx context.Context, in *I) (*body[O], error) {
		out, err := f(&request{ctx}, in)
		if err != nil {
			return nil, problem(err)
		}
		return &body[O]{Body: out, Cache: "no-store"}, nil
	}
}

type body[T any] struct {
	Cache string `header:"Cache-Control"`
	Body  *T
}

// List is a page of a list.
type List[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor,omitempty" doc:"pass it as cursor to get the next page; absent on the last"`
}

// Paging are the parameters of a list. It is exported because the framework
// passes over embedded types that are not.
type Paging struct {
	Cursor string `query:"cursor" maxLength:"500" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"50"`
}
