package ledger

import (
	"context"
	"encoding/json"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Check computes every published figure again from the snapshots, the pack and
// the circumstances that were kept with it, and compares. It changes nothing.
func (s *Service) Check(ctx context.Context, who policy.Principal, problem func(format string, args ...any)) (closings, figures int, err error) {
	for cursor := ""; ; {
		page, err := s.Store.Closings(ctx, store.ClosingFilter{}, cursor, store.MaxPage)
		if err != nil {
			return closings, figures, err
		}
		for _, line := range page.Items {
			c, err := s.Store.Closing(ctx, line.ID)
			if err != nil {
				return closings, figures, err
			}
			n, err := s.checkClosing(ctx, who, c, problem)
			if err != nil {
				return closings, figures, err
			}
			closings, figures = closings+1, figures+n
		}
		if cursor = page.Next; cursor == "" {
			return closings, figures, nil
		}
	}
}

func (s *Service) checkClosing(ctx context.Context, who policy.Principal, c store.Closing, problem func(string, ...any)) (int, error) {
	found, err := s.Store.Figures(ctx, store.FigureFilter{ClosingID: c.ID})
	if err != nil {
		return 0, err
	}
	if int64(len(found)) != c.Figures || Digest(c.Sources, found) != c.Digest {
		problem("the published figures of %s are not those that were published", c.ID)
	}
	if noted, err := s.noted(ctx, c); err != nil {
		return 0, err
	} else if noted != c.Digest {
		problem("the audit record of %s tells of other figures", c.ID)
	}
	answers := map[string]State{} // by indicator, dimension and member
	for _, f := range found {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if err := s.checkFigure(ctx, who, c, f, answers, problem); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}

// noted is the digest that the audit chain has of a closing.
func (s *Service) noted(ctx context.Context, c store.Closing) (string, error) {
	for cursor := ""; ; {
		page, err := s.Store.AuditTrail(ctx, c.ID, cursor, store.MaxPage)
		if err != nil {
			return "", err
		}
		for _, r := range page.Items {
			var detail struct {
				Digest string `json:"digest"`
			}
			if r.Action == actionPublish && json.Unmarshal(r.Detail, &detail) == nil {
				return detail.Digest, nil
			}
		}
		if cursor = page.Next; cursor == "" {
			return "", nil
		}
	}
}

// checkFigure compares one figure. All members of a dimension are computed at
// once, when the first of them is met.
func (s *Service) checkFigure(ctx context.Context, who policy.Principal, c store.Closing, f store.Figure, answers map[string]State, problem func(string, ...any)) error {
	key := func(member string) string { return f.Indicator + "\x00" + f.Dimension + "\x00" + member }
	if _, done := answers[key(f.Member)]; !done {
		was, err := s.published(ctx, c, f)
		if err != nil {
			problem("the published figure %s can no longer be computed: %v", f.ID, err)
			return ctx.Err()
		}
		rows, err := s.rows(ctx, who, was)
		if err != nil {
			problem("the published figure %s can no longer be computed: %v", f.ID, err)
			return ctx.Err()
		}
		for _, r := range rows {
			answers[key(r.Dimensions[f.Dimension])] = stateOf(r)
		}
	}
	now, ok := answers[key(f.Member)]
	switch {
	case f.Status == string(analysis.StatusSuppressed): // withheld, and not to be told here either
	case !ok:
		problem("the published figure %s has no rows any more", f.ID)
	case string(now.Status) != f.Status || now.Display != f.Display || (now.Value == nil) != (f.Value == nil),
		now.Value != nil && exact(*now.Value).Cmp(exact(*f.Value)) != 0:
		problem("the published figure %s was %s, and is %s when it is computed again", f.ID, orNone(f.Display), orNone(now.Display))
	}
	return nil
}

func orNone(display string) string {
	if display == "" {
		return "no value"
	}
	return display
}
