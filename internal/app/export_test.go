package app

import "context"

// DeliverInbox is the part of Demo that delivers, for tests that bring their
// own files.
func (a *App) DeliverInbox(ctx context.Context, dir string, o DemoOptions) (*DemoResult, error) {
	res := &DemoResult{Waiting: []string{}}
	return res, a.deliverInbox(ctx, dir, o, res)
}
