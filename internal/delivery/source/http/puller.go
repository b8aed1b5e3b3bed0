package http

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// puller asks one address. It implements source.Source.
type puller struct {
	o      *Options
	env    source.Env
	client *http.Client
	secret http.Header // with the secrets of the declaration
	base   context.Context
	stop   context.CancelFunc
	close  sync.Once
	// again is the cursor of an answer that would only come again when it is
	// asked for at once, because the server cannot tell whether it changed.
	again *string
}

// position is how far an address was read. As JSON it is the cursor.
type position struct {
	From     city.Date `json:"from,omitzero"`      // Window: the period that comes next
	Value    string    `json:"value,omitempty"`    // Cursor: what the server said
	Page     string    `json:"page,omitempty"`     // Pages: the page that was read last
	Next     string    `json:"next,omitempty"`     // Pages: the one after it, if there is one
	ETag     string    `json:"etag,omitempty"`     // of the answer that was read last
	Modified string    `json:"modified,omitempty"` // the same
}

func newPuller(o *Options, env source.Env) (*puller, error) {
	client, err := o.client(env.Base)
	if err != nil {
		return nil, err
	}
	p := &puller{o: o, env: env, client: client}
	if p.secret, err = o.secrets(); err != nil {
		return nil, err
	}
	p.base, p.stop = context.WithCancel(context.Background())
	return p, nil
}

var _ source.Source = (*puller)(nil)

// Close ends what is being read.
func (p *puller) Close() error {
	p.close.Do(func() {
		p.stop()
		p.client.CloseIdleConnections()
	})
	return nil
}

// Next asks for what comes after the cursor.
func (p *puller) Next(ctx context.Context, cursor string) (*source.Batch, error) {
	if p.again != nil && *p.again == cursor {
		p.again = nil
		return nil, nil
	}
	var at position
	if cursor != "" {
		if err := json.Unmarshal([]byte(cursor), &at); err != nil {
			return nil, city.Errorf("invalid.cursor", "the cursor of the source cannot be read").
				WithHint("give the source another name to begin anew")
		}
	}
	ask, due, err := p.request(&at)
	if err != nil || !due {
		return nil, err
	}
	res, err := p.get(ctx, ask)
	if err != nil {
		return nil, err
	}
	if res.StatusCode == http.StatusNotModified || slices.Contains(p.o.Nothing, res.StatusCode) {
		return nil, res.Body.Close()
	}
	b, err := p.batch(res, ask, at)
	if err != nil {
		return nil, errors.Join(err, res.Body.Close())
	}
	if b.Cursor == cursor || p.o.Cursor.Header == "" && !ask.tells(res) {
		p.again = &b.Cursor
	}
	return b, nil
}

// ask is one request.
type ask struct {
	url    string
	period period
	at     position // to make the request conditional, when it repeats an earlier one
}

// tells says whether an answer lets the next request find out by itself that
// there is nothing new.
func (a *ask) tells(res *http.Response) bool {
	return !a.period.IsZero() || res.Header.Get("ETag") != "" || res.Header.Get("Last-Modified") != "" || linkNext(res.Header) != ""
}

// request says what to ask for next, and false when its time has not come.
func (p *puller) request(at *position) (*ask, bool, error) {
	a := &ask{}
	switch {
	case p.o.Window.Every != "":
		from := at.From
		if from.IsZero() {
			var err error
			if from, err = city.ParseDate(p.o.Window.First); err != nil {
				return nil, false, err
			}
		}
		var over bool
		if a.period, over = p.o.Window.period(from, p.env.Now().In(p.env.Location)); !over {
			return nil, false, nil
		}
	case p.o.Pages != "" && at.Next != "":
		a.url = at.Next
		return a, true, p.sameHost(at.Next)
	case p.o.Pages != "" && at.Page != "":
		a.url, a.at = at.Page, *at
		return a, true, p.sameHost(at.Page)
	case p.o.Cursor.Header == "":
		a.at = *at
	}
	value := at.Value
	if value == "" {
		value = p.o.Cursor.Start
	}
	a.url = p.o.fill(a.period, value)
	return a, true, nil
}

// batch makes a batch of an answer.
func (p *puller) batch(res *http.Response, a *ask, at position) (*source.Batch, error) {
	next := position{}
	switch {
	case !a.period.IsZero():
		next.From = a.period.To.AddDays(1)
	case p.o.Cursor.Header != "":
		if next.Value = res.Header.Get(p.o.Cursor.Header); next.Value == "" {
			next.Value = at.Value
		}
	default:
		next.ETag, next.Modified = res.Header.Get("ETag"), res.Header.Get("Last-Modified")
	}
	if p.o.Pages != "" {
		next.Page = a.url
		link, err := p.nextPage(res)
		if err != nil {
			return nil, err
		}
		next.Next = link
	}
	content, err := p.content(res)
	if err != nil {
		return nil, err
	}
	doc, err := json.Marshal(next)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "the cursor cannot be written: %w", err)
	}
	return &source.Batch{Name: p.o.fileName(a.period, p.env.Name), Content: content, Cursor: string(doc)}, nil
}

// content is the body of an answer, as rows when it is a JSON document.
func (p *puller) content(res *http.Response) (io.ReadCloser, error) {
	if !p.o.Unsized && res.ContentLength < 0 && len(res.TransferEncoding) == 0 && res.ProtoMajor < 2 {
		return nil, city.Errorf("invalid.response", "the server says neither how long its answer is nor where it ends, so that a cut would not be seen").
			WithHint("have the server send Content-Length; or declare unsized: true and check the rows by a manifest")
	}
	if res.ContentLength > int64(p.o.Most) {
		return nil, errTooLarge(p.o.Most)
	}
	body := &limited{ReadCloser: res.Body, left: int64(p.o.Most), most: p.o.Most}
	if p.o.Rows == "" {
		return body, nil
	}
	return rowsOf(body, p.o.Rows), nil
}
