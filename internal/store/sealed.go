package store

import (
	"context"
	"database/sql"
)

// SealedText is the sealed original of one quarantined row.
type SealedText struct {
	DeliveryID string
	Row        int64
	Sealed     []byte
}

// sealedChunk is how many sealed texts are held at once.
const sealedChunk = 500

// SealedTexts passes on the sealed texts of all quarantined rows, in the order
// of their deliveries' IDs, some hundred at a time. The rows may be changed in
// between. Texts show nothing without the vault's keys.
func (s *Store) SealedTexts(ctx context.Context, each func([]SealedText) error) error {
	var last SealedText
	for {
		texts, err := list(ctx, s.read, func(r scanner) (t SealedText, err error) {
			err = r.Scan(&t.DeliveryID, &t.Row, &t.Sealed)
			return t, err
		}, `SELECT delivery_id, row_no, sealed FROM quarantined_rows WHERE (delivery_id, row_no) > ($1, $2)
			ORDER BY delivery_id, row_no LIMIT $3`, last.DeliveryID, last.Row, sealedChunk)
		if err != nil {
			return s.fail(err, "read the sealed texts of the quarantine")
		}
		if len(texts) == 0 {
			return nil
		}
		if err := each(texts); err != nil {
			return err
		}
		last = texts[len(texts)-1]
	}
}

// ReplaceSealed gives quarantined rows other sealed texts, all or none. What
// the texts say must be the same: it is for another key only.
func (s *Store) ReplaceSealed(ctx context.Context, texts []SealedText) error {
	return s.change(ctx, "seal the quarantine anew", func(tx *sql.Tx) error {
		for _, t := range texts {
			if _, err := tx.ExecContext(ctx, `UPDATE quarantined_rows SET sealed = $1 WHERE delivery_id = $2 AND row_no = $3`,
				t.Sealed, t.DeliveryID, t.Row); err != nil {
				return err
			}
		}
		return nil
	})
}
