package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"github.com/jinyang-city/jinyang/internal/audit"
)

// Setting gives the value of a setting, and whether it was ever set.
func (s *Store) Setting(ctx context.Context, key string) (value string, ok bool, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT value FROM settings WHERE key = $1`, key).Scan(&value)
	if isNone(err) {
		return "", false, nil
	}
	return value, err == nil, s.fail(err, "read a setting")
}

// Settings gives all settings.
func (s *Store) Settings(ctx context.Context) (map[string]string, error) {
	type pair struct{ key, value string }
	pairs, err := list(ctx, s.read, func(r scanner) (p pair, err error) {
		err = r.Scan(&p.key, &p.value)
		return p, err
	}, `SELECT key, value FROM settings`)
	if err != nil {
		return nil, s.fail(err, "read the settings")
	}
	out := make(map[string]string, len(pairs))
	for _, p := range pairs {
		out[p.key] = p.value
	}
	return out, nil
}

// SetSettings sets all the given settings, or none of them on an error.
func (s *Store) SetSettings(ctx context.Context, values map[string]string, e audit.Entry) error {
	return s.change(ctx, "change the settings", func(tx *sql.Tx) error {
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if _, err := tx.ExecContext(ctx, `INSERT INTO settings (key, value) VALUES ($1, $2)
				ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, values[key]); err != nil {
				return err
			}
		}
		return appendAudit(ctx, tx, e)
	})
}
