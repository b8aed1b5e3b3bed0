package draft

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Review changes a proposal: its state, its declaration, or both.
func (s *Service) Review(ctx context.Context, who policy.Principal, id string, number int, c Change) (*Proposal, error) {
	d, err := s.Draft(ctx, who, id)
	if err != nil {
		return nil, err
	}
	if number < 1 || number > len(d.Targets) {
		return nil, city.Errorf(city.CodeNotFound, "draft %s has no proposal %d", id, number)
	}
	p := d.Targets[number-1]
	t := store.DraftTarget{Number: int64(number), State: p.State, Version: c.Version, Note: c.Note, By: who.Name, At: s.Now()}
	if c.State != "" {
		t.State = store.DraftState(c.State)
	}
	edited := c.Declared
	if edited == nil && p.Edited {
		edited = &p.Declared
	}
	if edited != nil {
		if t.Edit, err = json.Marshal(edited); err != nil {
			return nil, city.Errorf(city.CodeInvalid, "the declaration cannot be kept: %w", err)
		}
	}
	e := audit.Entry{At: t.At, Actor: who.Name, Action: "draft.review", Subject: fmt.Sprintf("%s/%d", id, number), Detail: detail("state", string(t.State))}
	if err := s.Store.ChangeDraftTarget(ctx, id, t, e); err != nil {
		return nil, err
	}
	t.Version++
	if err := p.apply(t); err != nil {
		return nil, err
	}
	return &p, nil
}

// History lists the changes of a proposal, the first one first.
func (s *Service) History(ctx context.Context, _ policy.Principal, id string, number int) ([]Past, error) {
	if _, err := s.Store.Draft(ctx, id); err != nil {
		return nil, err
	}
	all, err := s.Store.DraftHistory(ctx, id, int64(number))
	if err != nil {
		return nil, err
	}
	out := make([]Past, 0, len(all))
	for _, t := range all {
		p := Past{Version: t.Version, State: t.State, Note: t.Note, By: t.By, At: t.At}
		if t.Edit != nil {
			p.Declared = &Declaration{}
			if err := json.Unmarshal(t.Edit, p.Declared); err != nil {
				return nil, city.Errorf(city.CodeInternal, "an edit of proposal %d cannot be understood: %w", number, err)
			}
		}
		out = append(out, p)
	}
	return out, nil
}
