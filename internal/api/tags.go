package api

import (
	"errors"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

func (s *server) tagRoutes(api huma.API) {
	get(api, "list-tags", "/tags", "The named past states of all tables, oldest moment first; each may be given as as_of", s.listTags)
}

// asOf reads the parameter as_of, which every question about a past state has.
func (s *server) asOf(r *request, text string) (lake.AsOf, error) {
	a, err := s.Analysis.ParseAsOf(text)
	if err == nil {
		a, err = s.Lake.Resolve(r, a)
	}
	var e *city.Error
	if errors.As(err, &e) && e.Code.Root() == city.CodeInvalid {
		return a, e.At("query.as_of")
	}
	return a, err
}

func (s *server) listTags(r *request, _ *struct{}) (*List[lake.Tag], error) {
	tags, err := s.Lake.Tags(r)
	if err != nil {
		return nil, err
	}
	return &List[lake.Tag]{Items: tags}, nil
}
