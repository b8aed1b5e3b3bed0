package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// DraftState is where a proposal of a draft stands.
type DraftState string

// The states of a proposal.
const (
	DraftProposed DraftState = "proposed"
	DraftAccepted DraftState = "accepted"
	DraftRejected DraftState = "rejected"
)

// Draft is a text that targets were read from.
type Draft struct {
	ID       string
	File     string // name of the file as it came
	SHA256   string // of the file
	Reading  json.RawMessage
	Body     string // the decoded text; "" in lists
	Targets  int64  // how many proposals it has
	Accepted int64
	Rejected int64
	By       string
	At       time.Time
	Written  *DraftWritten // nil while it is not in the pack
}

// DraftWritten says which file of the pack a draft was written to.
type DraftWritten struct {
	File  string // path in the pack
	Text  string // what the file holds since
	Prior string // what it held before; "" when it was not there
	By    string
	At    time.Time
}

// DraftTarget is where one proposal stands.
type DraftTarget struct {
	Number  int64 // from 1, in the order of the text
	State   DraftState
	Edit    json.RawMessage // nil as proposed
	Version int64           // counts the changes, from 1
	Note    string          // of a change; "" of the present state
	By      string
	At      time.Time
}

const draftColumns = `id, file, sha256, reading, targets, created_by, created_at, pack_file, written, prior, written_by, written_at,
	(SELECT COUNT(*) FROM draft_targets t WHERE t.draft_id = drafts.id AND t.state = 'accepted'),
	(SELECT COUNT(*) FROM draft_targets t WHERE t.draft_id = drafts.id AND t.state = 'rejected')`

func scanDraft(r scanner) (d Draft, err error) {
	var reading, at, writtenAt string
	var w DraftWritten
	if err := r.Scan(&d.ID, &d.File, &d.SHA256, &reading, &d.Targets, &d.By, &at, &w.File, &w.Text, &w.Prior, &w.By, &writtenAt, &d.Accepted, &d.Rejected); err != nil {
		return d, err
	}
	d.Reading = json.RawMessage(reading)
	if d.At, err = timeValue(at); err != nil {
		return d, err
	}
	if w.At, err = timeValue(writtenAt); err == nil && w.File != "" {
		d.Written = &w
	}
	return d, err
}

// AddDraft keeps a new draft, in one transaction with its audit record.
func (s *Store) AddDraft(ctx context.Context, d Draft, e audit.Entry) error {
	return s.change(ctx, "keep the draft", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO drafts (id, file, sha256, reading, body, targets, created_by, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, d.ID, d.File, d.SHA256, string(d.Reading), d.Body, d.Targets, d.By, timeText(d.At)); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

// MaxDrafts is how many drafts a list gives.
const MaxDrafts = 500

// Drafts lists the drafts without their texts, the newest first, at most
// MaxDrafts.
func (s *Store) Drafts(ctx context.Context) ([]Draft, error) {
	out, err := list(ctx, s.read, scanDraft, `SELECT `+draftColumns+` FROM drafts ORDER BY created_at DESC, id DESC LIMIT $1`, MaxDrafts)
	return out, s.fail(err, "list the drafts")
}

// Draft finds a draft with its text.
func (s *Store) Draft(ctx context.Context, id string) (Draft, error) {
	d, err := scanDraft(s.read.QueryRowContext(ctx, `SELECT `+draftColumns+` FROM drafts WHERE id = $1`, id))
	if isNone(err) {
		return d, noDraft(id)
	}
	if err == nil {
		err = s.read.QueryRowContext(ctx, `SELECT body FROM drafts WHERE id = $1`, id).Scan(&d.Body)
	}
	return d, s.fail(err, "read the draft")
}

func noDraft(id string) error {
	return city.Errorf(city.CodeNotFound, "there is no draft %.40q", id).WithHint("list them to see which there are")
}

func scanDraftTarget(r scanner) (t DraftTarget, err error) {
	var edit, at string
	if err := r.Scan(&t.Number, &t.State, &edit, &t.Version, &t.Note, &t.By, &at); err != nil {
		return t, err
	}
	if edit != "" {
		t.Edit = json.RawMessage(edit)
	}
	t.At, err = timeValue(at)
	return t, err
}

// DraftTargets lists the proposals of a draft that were touched.
func (s *Store) DraftTargets(ctx context.Context, id string) ([]DraftTarget, error) {
	out, err := list(ctx, s.read, scanDraftTarget, `SELECT number, state, edit, version, '', changed_by, changed_at FROM draft_targets
		WHERE draft_id = $1 ORDER BY number`, id)
	return out, s.fail(err, "read the draft")
}

// DraftHistory lists the changes of one proposal, the first one first.
func (s *Store) DraftHistory(ctx context.Context, id string, number int64) ([]DraftTarget, error) {
	out, err := list(ctx, s.read, scanDraftTarget, `SELECT number, state, edit, version, note, changed_by, changed_at FROM draft_changes
		WHERE draft_id = $1 AND number = $2 ORDER BY version`, id, number)
	return out, s.fail(err, "read the draft")
}

// ChangeDraftTarget sets where a proposal stands, adds the change to its history
// and the audit record, all in one transaction. t.Version is the version that
// the change was made from, 0 of an untouched proposal: when another came
// between, it fails with conflict.draft.
func (s *Store) ChangeDraftTarget(ctx context.Context, id string, t DraftTarget, e audit.Entry) error {
	return s.change(ctx, "change the draft", func(tx *sql.Tx) error {
		var have int64
		err := tx.QueryRowContext(ctx, `SELECT version FROM draft_targets WHERE draft_id = $1 AND number = $2`, id, t.Number).Scan(&have)
		if err != nil && !isNone(err) {
			return err
		}
		if have != t.Version {
			return city.Errorf(city.CodeConflict+".draft", "proposal %d was changed by somebody else meanwhile", t.Number).WithHint("load the draft again")
		}
		t.Version++
		if _, err := tx.ExecContext(ctx, `INSERT INTO draft_targets (draft_id, number, state, edit, version, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (draft_id, number) DO UPDATE SET state = excluded.state, edit = excluded.edit, version = excluded.version, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
			id, t.Number, string(t.State), string(t.Edit), t.Version, t.By, timeText(t.At)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO draft_changes (draft_id, number, version, state, edit, note, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			id, t.Number, t.Version, string(t.State), string(t.Edit), t.Note, t.By, timeText(t.At)); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

// SetDraftWritten notes to which file of the pack a draft was written; nil notes
// that this was undone.
func (s *Store) SetDraftWritten(ctx context.Context, id string, w *DraftWritten, e audit.Entry) error {
	if w == nil {
		w = &DraftWritten{}
	}
	return s.change(ctx, "note where the draft was written", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE drafts SET pack_file = $1, written = $2, prior = $3, written_by = $4, written_at = $5 WHERE id = $6`,
			w.File, w.Text, w.Prior, w.By, timeText(w.At), id); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}
