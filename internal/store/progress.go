package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// ProgressState is the state of a report by hand; package progress draws how
// they follow each other.
type ProgressState string

const (
	ProgressReported   ProgressState = "reported"
	ProgressApproved   ProgressState = "approved"
	ProgressRejected   ProgressState = "rejected"
	ProgressWithdrawn  ProgressState = "withdrawn"
	ProgressSuperseded ProgressState = "superseded"
)

// ProgressReport is what was reported by hand for a target and a period.
type ProgressReport struct {
	ID         string
	Seq        int64 // the order of filing; ChangeProgress gives it
	Target     string
	Period     string    // 2024-10, 2024Q3 or 2024
	To         city.Date // last day of the period
	Version    int64     // from 1 within the target and period
	Owner      string    // city.Organisation.Name of who reports
	Value      *float64  // nil for a milestone
	DoneOn     city.Date
	ExpectedOn city.Date
	Note       string
	Files      []ProgressFile

	By string    // the name that the reporter stated
	As string    // the principal who was let in
	At time.Time // when it was filed

	Replaces string // ID of the report that this one is to take the place of; "" none

	State        ProgressState
	DecidedBy    string // who approved, rejected or withdrew it, as stated
	DecidedAs    string
	DecidedAt    time.Time
	Reason       string
	SupersededBy string // ID of the report that took its place
	Simulated    bool
}

// ProgressFile is a file that shows what a report says. Its content lies
// outside the store, under its hash.
type ProgressFile struct {
	Name      string
	MediaType string
	Bytes     int64
	SHA256    string // of the content, lower-case hex
}

// ProgressChange is what happens to reports in one transaction. Set holds
// reports with their new state and decision; nothing else of them is written.
// What is set comes before what is added.
type ProgressChange struct {
	Set     []ProgressReport
	Add     []ProgressReport
	Entries []audit.Entry
}

// ChangeProgress changes reports. It hands all reports of the targets, in the
// order of filing, to decide, and writes what decide answers in the same
// transaction with its audit records: nothing can come between the look and
// the change. An error of decide changes nothing, and so does an empty answer.
func (s *Store) ChangeProgress(ctx context.Context, targets []string, decide func(have []ProgressReport) (ProgressChange, error)) error {
	return s.change(ctx, "change the reports", func(tx *sql.Tx) error {
		have, err := progressOf(ctx, tx, targets)
		if err != nil {
			return err
		}
		c, err := decide(have)
		if err != nil {
			return err
		}
		if err := c.write(ctx, tx); err != nil {
			return err
		}
		for _, e := range c.Entries {
			if err := appendAudit(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func progressOf(ctx context.Context, q querier, targets []string) ([]ProgressReport, error) {
	if len(targets) == 0 {
		return nil, nil
	}
	b := newQuery(`SELECT ` + progressColumns + ` FROM progress_reports`)
	b.whereIn(`target`, targets)
	return list(ctx, q, scanProgress, b.text.String()+` ORDER BY seq`, b.args...)
}

// write applies a change. The sequence and the revision follow the highest ones.
func (c ProgressChange) write(ctx context.Context, tx *sql.Tx) error {
	if len(c.Set)+len(c.Add) == 0 {
		return nil
	}
	var seq, rev int64
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0), COALESCE(MAX(rev), 0) FROM progress_reports`).Scan(&seq, &rev); err != nil {
		return err
	}
	for _, r := range c.Set {
		rev++
		if _, err := tx.ExecContext(ctx, `UPDATE progress_reports SET rev = $1, state = $2, decided_by = $3, decided_as = $4, decided_at = $5,
			reason = $6, superseded_by = $7 WHERE id = $8`,
			rev, string(r.State), r.DecidedBy, r.DecidedAs, timeText(r.DecidedAt), r.Reason, r.SupersededBy, r.ID); err != nil {
			return err
		}
	}
	for _, r := range c.Add {
		seq, rev = seq+1, rev+1
		if err := r.insert(ctx, tx, seq, rev); err != nil {
			return err
		}
	}
	return nil
}

func (r ProgressReport) insert(ctx context.Context, tx *sql.Tx, seq, rev int64) error {
	if err := r.check(); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO progress_reports (rev, `+progressColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		rev, r.ID, seq, r.Target, r.Period, r.To.String(), r.Version, r.Owner, numberText(r.Value), r.DoneOn.String(), r.ExpectedOn.String(), r.Note,
		r.By, r.As, timeText(r.At), r.Replaces, string(r.State), r.DecidedBy, r.DecidedAs, timeText(r.DecidedAt), r.Reason, r.SupersededBy, r.Simulated); err != nil {
		return err
	}
	for i, f := range r.Files {
		if _, err := tx.ExecContext(ctx, `INSERT INTO progress_files (report_id, file_no, name, media_type, bytes, sha256) VALUES ($1, $2, $3, $4, $5, $6)`,
			r.ID, i+1, f.Name, f.MediaType, f.Bytes, f.SHA256); err != nil {
			return err
		}
	}
	return nil
}

func (r ProgressReport) check() error {
	texts := []string{r.ID, r.Target, r.Period, r.Owner, r.Note, r.By, r.As, r.Replaces, r.Reason}
	for _, f := range r.Files {
		texts = append(texts, f.Name, f.MediaType, f.SHA256)
	}
	for _, t := range texts {
		if !isText(t) {
			return city.Errorf(city.CodeInvalid+".progress", "the report cannot be kept: something in it is not UTF-8 text")
		}
	}
	return nil
}

// numberText writes a number for the database so that it is read back as it
// was; nil is "".
func numberText(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}
