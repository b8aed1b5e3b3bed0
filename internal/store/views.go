package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// View is a saved question.
type View struct {
	ID       string
	Name     string
	Question json.RawMessage
	Chart    string
	Note     string
	Version  int64 // counts the changes, from 1
	By       string
	At       time.Time // of the last change
	Deleted  time.Time // zero while it is there
}

// MaxViews is how many views may be saved.
const MaxViews = 2_000

// ViewKept is how long a deleted view can be had back.
const ViewKept = 30 * 24 * time.Hour

const (
	codeView    = city.CodeInvalid + ".view"
	codeVersion = city.CodeConflict + ".view"
)

const viewColumns = `id, name, question, chart, note, version, changed_by, changed_at, deleted_at`

func scanView(row scanner) (v View, err error) {
	var question, at, deleted string
	if err := row.Scan(&v.ID, &v.Name, &question, &v.Chart, &v.Note, &v.Version, &v.By, &at, &deleted); err != nil {
		return v, err
	}
	v.Question = json.RawMessage(question)
	if v.At, err = timeValue(at); err != nil {
		return v, err
	}
	v.Deleted, err = timeValue(deleted)
	return v, err
}

// Views lists the views that are there, or those that can be had back, by name.
func (s *Store) Views(ctx context.Context, deleted bool) ([]View, error) {
	condition := `deleted_at = ''`
	if deleted {
		condition = `deleted_at <> ''`
	}
	out, err := list(ctx, s.read, scanView, `SELECT `+viewColumns+` FROM views WHERE `+condition+` ORDER BY name, id`)
	return out, s.fail(err, "list the views")
}

// View finds a view that is there.
func (s *Store) View(ctx context.Context, id string) (View, error) {
	v, err := scanView(s.read.QueryRowContext(ctx, `SELECT `+viewColumns+` FROM views WHERE id = $1 AND deleted_at = ''`, id))
	if isNone(err) {
		return v, noView(id)
	}
	return v, s.fail(err, "read the view")
}

// CreateView keeps a new view as version 1, in one transaction with its audit
// record.
func (s *Store) CreateView(ctx context.Context, v View, e audit.Entry) error {
	if err := v.check(); err != nil {
		return err
	}
	return s.change(ctx, "save the view", func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM views WHERE deleted_at = ''`).Scan(&n); err != nil {
			return err
		}
		if n >= MaxViews {
			return city.Errorf(codeView, "there are %d views, and no more can be saved", n).WithHint("delete those that nobody needs")
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO views (`+viewColumns+`) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, '')`,
			v.ID, v.Name, string(v.Question), v.Chart, v.Note, v.By, timeText(v.At)); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

// ChangeView replaces a view and counts its version up. v.Version is the one that
// was read before: another one in the database is conflict.view, because somebody
// else changed it meanwhile. 0 replaces any.
func (s *Store) ChangeView(ctx context.Context, v View, e audit.Entry) error {
	if err := v.check(); err != nil {
		return err
	}
	return s.change(ctx, "change the view", func(tx *sql.Tx) error {
		if err := sameVersion(ctx, tx, v.ID, v.Version); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE views SET name = $1, question = $2, chart = $3, note = $4, version = version + 1, changed_by = $5, changed_at = $6
			WHERE id = $7`, v.Name, string(v.Question), v.Chart, v.Note, v.By, timeText(v.At), v.ID); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

// DeleteView takes a view away; until ViewKept has passed RestoreView has it
// back. What was deleted longer ago is dropped for good.
func (s *Store) DeleteView(ctx context.Context, id string, version int64, e audit.Entry) error {
	return s.change(ctx, "delete the view", func(tx *sql.Tx) error {
		if err := sameVersion(ctx, tx, id, version); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM views WHERE deleted_at <> '' AND deleted_at < $1`, timeText(e.At.Add(-ViewKept))); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE views SET deleted_at = $1, version = version + 1 WHERE id = $2`, timeText(e.At), id); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

// RestoreView has a deleted view back. One that is there stays as it is.
func (s *Store) RestoreView(ctx context.Context, id string, e audit.Entry) error {
	return s.change(ctx, "restore the view", func(tx *sql.Tx) error {
		var deleted string
		err := tx.QueryRowContext(ctx, `SELECT deleted_at FROM views WHERE id = $1`, id).Scan(&deleted)
		switch {
		case isNone(err):
			return noView(id)
		case err != nil:
			return err
		case deleted == "":
			return nil
		}
		if _, err := tx.ExecContext(ctx, `UPDATE views SET deleted_at = '', version = version + 1 WHERE id = $1`, id); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

func sameVersion(ctx context.Context, tx *sql.Tx, id string, version int64) error {
	var have int64
	err := tx.QueryRowContext(ctx, `SELECT version FROM views WHERE id = $1 AND deleted_at = ''`, id).Scan(&have)
	switch {
	case isNone(err):
		return noView(id)
	case err != nil:
		return err
	case version != 0 && version != have:
		return city.Errorf(codeVersion, "the view was changed meanwhile: it is at version %d, not %d", have, version).
			WithHint("read it again, and change what is there now")
	}
	return nil
}

func noView(id string) error {
	return city.Errorf(city.CodeNotFound, "there is no view %.100q", id).WithHint("it may have been deleted; list the views to see which there are")
}

// The longest texts of a view, in bytes.
const (
	maxViewName     = 300
	maxViewNote     = 4_000
	maxViewQuestion = 20_000
)

func (v View) check() error {
	bad := func(reason string) error { return city.Errorf(codeView, "the view cannot be saved: %s", reason) }
	switch {
	case v.ID == "" || v.At.IsZero() || v.By == "":
		return bad("it lacks an ID, a time or somebody who saves it")
	case v.Name == "":
		return bad("it has no name")
	case len(v.Name) > maxViewName || len(v.Note) > maxViewNote || len(v.Question) > maxViewQuestion:
		return bad("its name, note or question is too long")
	case !isText(v.ID) || !isText(v.Name) || !isText(v.Note) || !isText(v.Chart) || !isText(v.By):
		return bad("a text in it is not UTF-8")
	case !isDocument(v.Question):
		return bad("its question is not a JSON document")
	}
	return nil
}
