package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Source is what is known of a source of deliveries from one start of the
// program to the next.
type Source struct {
	Name   string
	Kind   string // that wrote the cursor
	Cursor string // from where to go on; its form is the kind's
	Paused bool

	StartedAt time.Time // of the last poll that is noted here
	OKAt      time.Time // when a poll last ended well

	Failures     int64 // polls in a row that failed
	ErrorCode    city.Code
	ErrorMessage string // without personal data and secrets
	ErrorAt      time.Time

	// Counted from the deliveries with a receipt that the source fetched.
	Deliveries, Received, Accepted int64
	LastDelivery                   string // ID; "" when there is none
}

const sourceColumns = `name, kind, cursor, paused, started_at, ok_at, failures, error_code, error_message, error_at`

func scanSource(row scanner) (s Source, err error) {
	var started, ok, failed, code string
	if err := row.Scan(&s.Name, &s.Kind, &s.Cursor, &s.Paused, &started, &ok, &s.Failures, &code, &s.ErrorMessage, &failed); err != nil {
		return s, err
	}
	s.ErrorCode = city.Code(code)
	if s.StartedAt, err = timeValue(started); err != nil {
		return s, err
	}
	if s.OKAt, err = timeValue(ok); err != nil {
		return s, err
	}
	s.ErrorAt, err = timeValue(failed)
	return s, err
}

// Source gives what is kept of a source, without its counts: a Source with no
// more than the name when nothing is.
func (s *Store) Source(ctx context.Context, name string) (Source, error) {
	out, err := scanSource(s.read.QueryRowContext(ctx, `SELECT `+sourceColumns+` FROM sources WHERE name = $1`, name))
	if isNone(err) {
		return Source{Name: name}, nil
	}
	return out, s.fail(err, "read the source")
}

// Sources gives the sources that anything is kept of or that deliveries name,
// by name, with their counts.
func (s *Store) Sources(ctx context.Context) (map[string]Source, error) {
	const what = "read the sources"
	kept, err := list(ctx, s.read, scanSource, `SELECT `+sourceColumns+` FROM sources`)
	if err != nil {
		return nil, s.fail(err, what)
	}
	out := make(map[string]Source, len(kept))
	for _, k := range kept {
		out[k.Name] = k
	}
	counts, err := list(ctx, s.read, scanSourceCounts, `SELECT c.source, c.n, c.received, c.accepted, d.id FROM (
			SELECT source, COUNT(*) AS n, CAST(SUM(received) AS BIGINT) AS received, CAST(SUM(accepted) AS BIGINT) AS accepted, MAX(seq) AS last FROM deliveries
			WHERE source <> '' AND state IN ('committed', 'rejected', 'rolled_back') GROUP BY source
		) AS c JOIN deliveries AS d ON d.seq = c.last`)
	if err != nil {
		return nil, s.fail(err, what)
	}
	for _, c := range counts {
		k := out[c.Name]
		k.Name, k.Deliveries, k.Received, k.Accepted, k.LastDelivery = c.Name, c.Deliveries, c.Received, c.Accepted, c.LastDelivery
		out[c.Name] = k
	}
	return out, nil
}

func scanSourceCounts(row scanner) (s Source, err error) {
	err = row.Scan(&s.Name, &s.Deliveries, &s.Received, &s.Accepted, &s.LastDelivery)
	return s, err
}

// KeepSource keeps how far a source is and how its last poll ended. It leaves
// alone whether the source is paused, which is not the poll's to say.
func (s *Store) KeepSource(ctx context.Context, k Source) error {
	for _, text := range []string{k.Name, k.Kind, k.Cursor, string(k.ErrorCode), k.ErrorMessage} {
		if !isText(text) {
			return city.Errorf("invalid.source", "the source %q cannot be kept: a name, cursor or message in it is not UTF-8 text", k.Name)
		}
	}
	return s.change(ctx, "keep the source", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO sources (`+sourceColumns+`) VALUES ($1, $2, $3, FALSE, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, cursor = excluded.cursor, started_at = excluded.started_at, ok_at = excluded.ok_at,
			failures = excluded.failures, error_code = excluded.error_code, error_message = excluded.error_message, error_at = excluded.error_at`,
			k.Name, k.Kind, k.Cursor, timeText(k.StartedAt), timeText(k.OKAt), k.Failures, string(k.ErrorCode), k.ErrorMessage, timeText(k.ErrorAt))
		return err
	})
}

// PauseSource keeps whether a source is paused, together with who said so.
func (s *Store) PauseSource(ctx context.Context, name, kind string, paused bool, e audit.Entry) error {
	return s.change(ctx, "pause the source", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO sources (`+sourceColumns+`) VALUES ($1, $2, '', $3, '', '', 0, '', '', '')
			ON CONFLICT (name) DO UPDATE SET paused = excluded.paused`, name, kind, paused); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}
