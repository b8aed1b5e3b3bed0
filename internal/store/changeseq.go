package store

import "context"

// ChangeSeq is a number that grows with every change of the store: that of the
// newest audit record, since every change is made together with one.
func (s *Store) ChangeSeq(ctx context.Context) (int64, error) {
	h, err := s.AuditHead(ctx)
	return h.Seq, err
}
