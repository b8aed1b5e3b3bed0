package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/live"
)

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 20 * time.Second

func (s *server) eventRoutes(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "stream-events", Method: http.MethodGet, Path: "/api/v1/events", Summary: "What happens, as it happens",
		Description: `Server-sent events. "delivery" carries a Receipt, "rollback" a Rollback, "progress" a Report; "published" names a closing; "alerts" counts the alerts that are there; "board" says that boards have been computed anew. After "resync" the client missed something and must read again.`,
		Responses: map[string]*huma.Response{"200": {Description: "the stream", Content: map[string]*huma.MediaType{
			"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}},
		}}},
	}, s.events)
}

// events streams until the client goes away or falls too far behind.
func (s *server) events(_ context.Context, _ *struct{}) (*huma.StreamResponse, error) {
	return &huma.StreamResponse{Body: func(h huma.Context) {
		h.SetHeader("Content-Type", "text/event-stream")
		h.SetHeader("Cache-Control", "no-store")
		h.SetStatus(http.StatusOK)
		stream := &eventStream{w: h.BodyWriter().(http.ResponseWriter)}
		events, cancel := s.Live.Subscribe(h.Context())
		defer cancel()
		stream.run(h.Context().Done(), events)
	}}, nil
}

type eventStream struct{ w http.ResponseWriter }

func (e *eventStream) run(done <-chan struct{}, events <-chan live.Event) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for ok := e.write(": hello\n\n"); ok; {
		select {
		case <-done:
			return
		case <-beat.C:
			ok = e.write(": still here\n\n")
		case ev, open := <-events:
			if !open {
				return
			}
			doc, err := json.Marshal(ev.Data)
			ok = err == nil && e.write(fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", ev.Seq, ev.Type, doc))
		}
	}
}

// write sends text at once and says whether the client still listens.
func (e *eventStream) write(text string) bool {
	if _, err := e.w.Write([]byte(text)); err != nil {
		return false
	}
	return http.NewResponseController(e.w).Flush() == nil
}
