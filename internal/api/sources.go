package api

import (
	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/delivery/source/collect"
)

func (s *server) sourceRoutes(api huma.API) {
	get(api, "list-sources", "/sources", "The sources that deliveries are fetched from, and how they are", s.listSources)
	post(api, "run-source", "/sources/{name}/run", "Fetch from a source now", s.runSource)
	post(api, "pause-source", "/sources/{name}/pause", "Fetch nothing from a source until it is resumed", s.pauseSource)
	post(api, "resume-source", "/sources/{name}/resume", "Fetch from a paused source again", s.resumeSource)
}

type sourceInput struct {
	Name string `path:"name" maxLength:"63"`
}

// Collected is a source of deliveries and how it is.
type Collected struct{ collect.Item }

func (s *server) listSources(r *request, _ *struct{}) (*List[Collected], error) {
	items, err := s.Sources.Items(r)
	if err != nil {
		return nil, err
	}
	out := &List[Collected]{Items: make([]Collected, len(items))}
	for i, item := range items {
		out.Items[i] = Collected{item}
	}
	return out, nil
}

func (s *server) runSource(r *request, in *sourceInput) (*Collected, error) {
	return asSource(s.Sources.Run(r, in.Name))
}

func (s *server) pauseSource(r *request, in *sourceInput) (*Collected, error) {
	return asSource(s.Sources.Pause(r, in.Name, s.Who.Name))
}

func (s *server) resumeSource(r *request, in *sourceInput) (*Collected, error) {
	return asSource(s.Sources.Resume(r, in.Name, s.Who.Name))
}

func asSource(i *collect.Item, err error) (*Collected, error) {
	if err != nil {
		return nil, err
	}
	return &Collected{*i}, nil
}
