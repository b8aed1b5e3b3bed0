package delivery

import "context"

// Exclusive waits until no delivery to a dataset is running, settles one whose
// end could not be noted, and keeps others waiting until release is called. It
// is for work on a table that a delivery must not see half done.
func (s *Service) Exclusive(ctx context.Context, dataset string) (release func(), err error) {
	unlock, err := s.lock(ctx, dataset)
	if err != nil {
		return nil, err
	}
	if err := s.settleEarlier(ctx, dataset); err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}
