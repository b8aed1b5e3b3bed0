package explore

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// View is a saved question.
type View struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Question Question  `json:"question"`
	Chart    string    `json:"chart" enum:"table,line,bar,stacked,map,scatter" doc:"stacked is bars upon each other"`
	Note     string    `json:"note"`
	Version  int64     `json:"version"` // counts the changes, from 1
	By       string    `json:"by"`
	At       time.Time `json:"at"`                  // of the last change
	Deleted  time.Time `json:"deleted_at,omitzero"` // absent while it is there
}

// charts lists the ways to show a table.
var charts = []string{"table", "line", "bar", "stacked", "map", "scatter"}

// ViewStore keeps views. *store.Store has it.
type ViewStore interface {
	Views(ctx context.Context, deleted bool) ([]store.View, error)
	View(ctx context.Context, id string) (store.View, error)
	CreateView(ctx context.Context, v store.View, e audit.Entry) error
	ChangeView(ctx context.Context, v store.View, e audit.Entry) error
	DeleteView(ctx context.Context, id string, version int64, e audit.Entry) error
	RestoreView(ctx context.Context, id string, e audit.Entry) error
}

var _ ViewStore = (*store.Store)(nil)

// Views saves questions. A view is no answer: whoever opens it sees what they
// may see. Each change is one transaction of the store with its audit record, so
// that a crash leaves the view as it was or as it was to be.
type Views struct {
	Store ViewStore
	Now   func() time.Time
}

// List gives the views that are there, or those that can be had back.
func (s *Views) List(ctx context.Context, deleted bool) ([]View, error) {
	kept, err := s.Store.Views(ctx, deleted)
	if err != nil {
		return nil, err
	}
	out := make([]View, 0, len(kept))
	for _, k := range kept {
		v, err := viewOf(k)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Get finds a view.
func (s *Views) Get(ctx context.Context, id string) (View, error) {
	k, err := s.Store.View(ctx, id)
	if err != nil {
		return View{}, err
	}
	return viewOf(k)
}

// Create saves a new view under an ID of its own.
func (s *Views) Create(ctx context.Context, who policy.Principal, v View) (View, error) {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the program instead
	v.ID = "V" + hex.EncodeToString(b[:])
	k, err := s.keep(who, v)
	if err != nil {
		return View{}, err
	}
	if err := s.Store.CreateView(ctx, k, s.entry(who, "view.create", k)); err != nil {
		return View{}, err
	}
	return s.Get(ctx, v.ID)
}

// Change replaces a view. v.Version is the version that was read before; 0
// replaces any.
func (s *Views) Change(ctx context.Context, who policy.Principal, v View) (View, error) {
	k, err := s.keep(who, v)
	if err != nil {
		return View{}, err
	}
	if err := s.Store.ChangeView(ctx, k, s.entry(who, "view.change", k)); err != nil {
		return View{}, err
	}
	return s.Get(ctx, v.ID)
}

// Delete takes a view away; Restore has it back for store.ViewKept.
func (s *Views) Delete(ctx context.Context, who policy.Principal, id string, version int64) error {
	return s.Store.DeleteView(ctx, id, version, s.entry(who, "view.delete", store.View{ID: id}))
}

// Restore has a deleted view back.
func (s *Views) Restore(ctx context.Context, who policy.Principal, id string) (View, error) {
	if err := s.Store.RestoreView(ctx, id, s.entry(who, "view.restore", store.View{ID: id})); err != nil {
		return View{}, err
	}
	return s.Get(ctx, id)
}

// keep checks a view and gives what is stored of it. Its question may ask for
// what the pack does not declare yet, or any more: opening it says so.
func (s *Views) keep(who policy.Principal, v View) (store.View, error) {
	if err := who.Known(); err != nil {
		return store.View{}, err
	}
	if v.Chart == "" {
		v.Chart = charts[0]
	}
	if !slices.Contains(charts, v.Chart) {
		return store.View{}, impossible("%q is no way to show a table", v.Chart).WithHint("use %s", strings.Join(charts, ", "))
	}
	if len(v.Question.Measures) == 0 {
		return store.View{}, impossible("the view asks for no measure").WithHint("name at least one indicator")
	}
	doc, err := json.Marshal(v.Question)
	if err != nil {
		return store.View{}, city.Errorf(city.CodeInternal, "cannot write the question: %w", err)
	}
	return store.View{ID: v.ID, Name: strings.TrimSpace(v.Name), Question: doc, Chart: v.Chart, Note: v.Note, Version: v.Version, By: who.Name, At: s.Now()}, nil
}

func (s *Views) entry(who policy.Principal, action string, v store.View) audit.Entry {
	e := audit.Entry{At: s.Now(), Actor: who.Name, Action: action, Subject: v.ID}
	if len(v.Question) > 0 {
		e.Detail = bytes.Clone(v.Question)
	}
	return e
}

func viewOf(k store.View) (View, error) {
	v := View{ID: k.ID, Name: k.Name, Chart: k.Chart, Note: k.Note, Version: k.Version, By: k.By, At: k.At, Deleted: k.Deleted}
	if err := json.Unmarshal(k.Question, &v.Question); err != nil {
		return v, city.Errorf(city.CodeInternal, "the question of view %s cannot be read: %w", k.ID, err)
	}
	return v, nil
}
