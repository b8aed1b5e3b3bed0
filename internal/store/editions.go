package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Edition is a pack that came in force at a moment. The same pack may come in
// force more than once.
type Edition struct {
	Seq    int64 // from 1, in the order in which packs came in force
	SHA256 string
	Name   string
	Since  time.Time
}

// Definition is what an indicator was declared to be from an edition on.
type Definition struct {
	Indicator string
	Seq       int64 // of the edition; given by KeepEdition
	Version   string
	Words     city.Text
	Body      json.RawMessage // what its number depends on
	SHA256    string          // of the edition's pack
	Since     time.Time
}

// KeepEdition notes that a pack came in force, with its files and with those of
// its definitions that differ from what was in force before, in one transaction
// with the audit record. It does nothing, and gives false, when the pack is the
// one that came in force last: so it may be repeated after a crash.
func (s *Store) KeepEdition(ctx context.Context, ed Edition, archive []byte, defs []Definition, e audit.Entry) (kept bool, err error) {
	err = s.change(ctx, "keep the pack's definitions", func(tx *sql.Tx) error {
		var last Edition
		err := tx.QueryRowContext(ctx, `SELECT seq, sha256 FROM pack_editions ORDER BY seq DESC LIMIT 1`).Scan(&last.Seq, &last.SHA256)
		if err != nil && !isNone(err) || last.SHA256 == ed.SHA256 {
			if isNone(err) {
				err = nil
			}
			return err
		}
		ed.Seq, kept = last.Seq+1, true
		if err := insertEdition(ctx, tx, ed, archive); err != nil {
			return err
		}
		if err := insertChanged(ctx, tx, ed.Seq, defs); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	return kept && err == nil, err
}

func insertEdition(ctx context.Context, tx *sql.Tx, ed Edition, archive []byte) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO pack_archives (sha256, archive) VALUES ($1, $2) ON CONFLICT DO NOTHING`, ed.SHA256, archive); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO pack_editions (seq, sha256, name, since) VALUES ($1, $2, $3, $4)`,
		ed.Seq, ed.SHA256, ed.Name, timeText(ed.Since))
	return err
}

// insertChanged adds the definitions whose version is not the one in force, and
// says of those that are declared no more that they are not.
func insertChanged(ctx context.Context, tx *sql.Tx, seq int64, defs []Definition) error {
	type inForce struct{ indicator, version string }
	old, err := list(ctx, tx, func(r scanner) (d inForce, err error) {
		err = r.Scan(&d.indicator, &d.version)
		return d, err
	}, `SELECT indicator, version FROM definitions AS d WHERE seq = (SELECT MAX(seq) FROM definitions AS n WHERE n.indicator = d.indicator)`)
	if err != nil {
		return err
	}
	versions := make(map[string]string, len(old))
	for _, o := range old {
		versions[o.indicator] = o.version
	}
	for _, d := range defs {
		was, ok := versions[d.Indicator]
		delete(versions, d.Indicator)
		if ok && was == d.Version {
			continue
		}
		if err := insertDefinition(ctx, tx, seq, d); err != nil {
			return err
		}
	}
	for name, was := range versions {
		if was == "" {
			continue
		}
		if err := insertDefinition(ctx, tx, seq, Definition{Indicator: name}); err != nil {
			return err
		}
	}
	return nil
}

func insertDefinition(ctx context.Context, tx *sql.Tx, seq int64, d Definition) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO definitions (indicator, seq, version, words_zh, words_en, body) VALUES ($1, $2, $3, $4, $5, $6)`,
		d.Indicator, seq, d.Version, d.Words.ZH, d.Words.EN, string(d.Body))
	return err
}

// RenewDefinitions puts definitions that were made anew out of the packs that
// were in force, in the order of their editions, in the place of all that are
// kept, in one transaction with the audit record.
func (s *Store) RenewDefinitions(ctx context.Context, editions []EditionDefinitions, e audit.Entry) error {
	return s.change(ctx, "renew the definitions", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM definitions`); err != nil {
			return err
		}
		for _, ed := range editions {
			if err := insertChanged(ctx, tx, ed.Seq, ed.Definitions); err != nil {
				return err
			}
		}
		return appendAudit(ctx, tx, e)
	})
}

// EditionDefinitions is what the indicators of an edition are declared to be.
type EditionDefinitions struct {
	Seq         int64
	Definitions []Definition
}

// Definitions lists what an indicator was declared to be, oldest first. One
// without a version says that it was declared no more.
func (s *Store) Definitions(ctx context.Context, indicator string) ([]Definition, error) {
	found, err := list(ctx, s.read, scanDefinition, selectDefinitions+` WHERE d.indicator = $1 ORDER BY d.seq`, indicator)
	return found, s.fail(err, "read the definitions")
}

// AllDefinitions lists what every indicator was declared to be, in the order of
// the editions.
func (s *Store) AllDefinitions(ctx context.Context) ([]Definition, error) {
	found, err := list(ctx, s.read, scanDefinition, selectDefinitions+` ORDER BY d.seq, d.indicator`)
	return found, s.fail(err, "read the definitions")
}

const selectDefinitions = `SELECT d.indicator, d.seq, d.version, d.words_zh, d.words_en, d.body, e.sha256, e.since
	FROM definitions AS d JOIN pack_editions AS e ON e.seq = d.seq`

func scanDefinition(r scanner) (d Definition, err error) {
	var body, since string
	if err := r.Scan(&d.Indicator, &d.Seq, &d.Version, &d.Words.ZH, &d.Words.EN, &body, &d.SHA256, &since); err != nil {
		return d, err
	}
	if body != "" {
		d.Body = json.RawMessage(body)
	}
	d.Since, err = timeValue(since)
	return d, err
}

// Editions lists the packs that came in force, oldest first.
func (s *Store) Editions(ctx context.Context) ([]Edition, error) {
	found, err := list(ctx, s.read, func(r scanner) (ed Edition, err error) {
		var since string
		if err := r.Scan(&ed.Seq, &ed.SHA256, &ed.Name, &since); err != nil {
			return ed, err
		}
		ed.Since, err = timeValue(since)
		return ed, err
	}, `SELECT seq, sha256, name, since FROM pack_editions ORDER BY seq`)
	return found, s.fail(err, "read the packs that were in force")
}

// PackArchive gives the files of a pack that was in force, or fails with
// not_found.
func (s *Store) PackArchive(ctx context.Context, sha256 string) ([]byte, error) {
	var archive []byte
	err := s.read.QueryRowContext(ctx, `SELECT archive FROM pack_archives WHERE sha256 = $1`, sha256).Scan(&archive)
	if isNone(err) {
		return nil, city.Errorf(city.CodeNotFound+".pack", "the pack %.12s was never in force here", sha256)
	}
	return archive, s.fail(err, "read a pack that was in force")
}
