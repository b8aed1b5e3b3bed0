package draft

import (
	"context"
	"errors"
	"strings"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Preview makes the file of the accepted proposals and checks the pack with it.
func (s *Service) Preview(ctx context.Context, who policy.Principal, id string, w Writing) (*Preview, error) {
	p, _, err := s.preview(ctx, who, id, w)
	return p, err
}

func (s *Service) preview(ctx context.Context, who policy.Principal, id string, w Writing) (*Preview, *store.Draft, error) {
	d, err := s.Draft(ctx, who, id)
	if err != nil {
		return nil, nil, err
	}
	kept, err := s.Store.Draft(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	name := "targets/" + w.Name + ".yaml"
	c, err := s.base(name, kept)
	if err != nil {
		return nil, nil, err
	}
	text, n, err := render(c, d, w)
	if err != nil {
		return nil, nil, err
	}
	p := &Preview{File: name, YAML: text, Targets: n, Problems: []Problem{}, Writable: s.Pack.Writable() == nil}
	var mistakes pack.Problems
	switch err := s.Pack.Try(p.File, []byte(text)); {
	case errors.As(err, &mistakes):
		for _, m := range mistakes {
			p.Problems = append(p.Problems, Problem{File: m.Pos.File, Line: m.Pos.Line, Code: m.Code, Message: m.Message, Hint: m.Hint})
		}
	case err != nil:
		return nil, nil, err
	}
	return p, &kept, nil
}

// base is the city that the file is written for: without what the draft itself
// put there, of which it would else take the plan and the document for given.
func (s *Service) base(file string, d store.Draft) (*city.City, error) {
	have, ok, err := s.Pack.File(file)
	if err != nil {
		return nil, err
	}
	own := d.Written != nil && d.Written.File == file || ok && strings.Contains(string(have), d.ID)
	if !ok || !own {
		return s.City(), nil
	}
	return s.Pack.Without(file)
}

// Write puts the accepted proposals into the pack in force.
func (s *Service) Write(ctx context.Context, who policy.Principal, id string, w Writing) (*Preview, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.Pack.Writable(); err != nil {
		return nil, err
	}
	p, d, err := s.preview(ctx, who, id, w)
	if err != nil {
		return nil, err
	}
	if len(p.Problems) > 0 {
		first := p.Problems[0]
		return nil, city.Errorf(city.CodeInvalid+".pack", "the pack with the file has %d mistakes, the first: %s", len(p.Problems), first.Message).WithHint("look at the preview, and edit or reject what it names")
	}
	prior, err := s.prior(d, p.File, p.YAML)
	if err != nil {
		return nil, err
	}
	if err := s.Pack.Use(ctx, p.File, []byte(p.YAML)); err != nil {
		return nil, err
	}
	now := s.Now()
	e := audit.Entry{At: now, Actor: who.Name, Action: "draft.write", Subject: id, Detail: detail("file", p.File)}
	return p, s.Store.SetDraftWritten(ctx, id, &store.DraftWritten{File: p.File, Text: p.YAML, Prior: prior, By: who.Name, At: now}, e)
}

// prior is what the file held before the draft was first written to it. A file
// that is not the draft's own is left alone.
func (s *Service) prior(d *store.Draft, file, text string) (string, error) {
	have, ok, err := s.Pack.File(file)
	switch own := d.Written; {
	case err != nil:
		return "", err
	case own != nil && own.File != file:
		return "", city.Errorf(city.CodeConflict+".draft", "the draft was written to %s already", own.File).WithHint("undo that first, or write it to the same name")
	case own != nil:
		return own.Prior, nil
	case ok && string(have) != text && !strings.Contains(string(have), d.ID): // its own: a crash came before the note
		return "", city.Errorf(city.CodeConflict+".file", "the pack has a file %s that is not of this draft", file).WithHint("choose another name")
	}
	return "", nil
}

// Undo takes what a draft wrote out of the pack.
func (s *Service) Undo(ctx context.Context, who policy.Principal, id string) (*Draft, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.Pack.Writable(); err != nil {
		return nil, err
	}
	d, err := s.Store.Draft(ctx, id)
	if err != nil {
		return nil, err
	}
	w := d.Written
	if w == nil {
		return nil, city.Errorf(city.CodeConflict+".draft", "the draft %s is not in the pack", id)
	}
	have, ok, err := s.Pack.File(w.File)
	if err != nil {
		return nil, err
	}
	if ok && strings.TrimSpace(string(have)) != strings.TrimSpace(w.Text) {
		return nil, city.Errorf(city.CodeConflict+".file", "%s was changed since the draft was written", w.File).WithHint("edit the pack by hand")
	}
	var back []byte
	if w.Prior != "" {
		back = []byte(w.Prior)
	}
	if ok || back != nil {
		if err := s.Pack.Use(ctx, w.File, back); err != nil {
			return nil, err
		}
	}
	e := audit.Entry{At: s.Now(), Actor: who.Name, Action: "draft.undo", Subject: id, Detail: detail("file", w.File)}
	if err := s.Store.SetDraftWritten(ctx, id, nil, e); err != nil {
		return nil, err
	}
	return s.Draft(ctx, who, id)
}
