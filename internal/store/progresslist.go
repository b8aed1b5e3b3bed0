package store

import (
	"context"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/city"
)

const progressColumns = `id, seq, target, period, period_to, version, owner, value, done_on, expected_on, note,
	reported_by, reported_as, reported_at, replaces, state, decided_by, decided_as, decided_at, reason, superseded_by, simulated`

func scanProgress(row scanner) (r ProgressReport, err error) {
	var to, value, done, expected, at, decided string
	if err := row.Scan(&r.ID, &r.Seq, &r.Target, &r.Period, &to, &r.Version, &r.Owner, &value, &done, &expected, &r.Note,
		&r.By, &r.As, &at, &r.Replaces, &r.State, &r.DecidedBy, &r.DecidedAs, &decided, &r.Reason, &r.SupersededBy, &r.Simulated); err != nil {
		return r, err
	}
	for _, d := range []struct {
		text string
		to   *city.Date
	}{{to, &r.To}, {done, &r.DoneOn}, {expected, &r.ExpectedOn}} {
		if d.to.UnmarshalText([]byte(d.text)) != nil {
			return r, errForeign
		}
	}
	if value != "" {
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return r, errForeign
		}
		r.Value = &v
	}
	if r.At, err = timeValue(at); err != nil {
		return r, err
	}
	r.DecidedAt, err = timeValue(decided)
	return r, err
}

// ProgressFilter narrows a list of reports. An empty member does not narrow.
type ProgressFilter struct {
	Target string
	Owner  string
	States []ProgressState
}

// ProgressReports pages through reports with their files, the newest first.
func (s *Store) ProgressReports(ctx context.Context, f ProgressFilter, cursor string, limit int) (Page[ProgressReport], error) {
	const what = "read the reports"
	q := newQuery(`SELECT ` + progressColumns + ` FROM progress_reports`)
	if f.Target != "" {
		q.where(`target = `, f.Target)
	}
	if f.Owner != "" {
		q.where(`owner = `, f.Owner)
	}
	states := make([]string, len(f.States))
	for i, st := range f.States {
		states[i] = string(st)
	}
	q.whereIn(`state`, states)
	if cursor != "" {
		seq, err := parseNumberCursor(cursor)
		if err != nil {
			return Page[ProgressReport]{}, err
		}
		q.where(`seq < `, seq)
	}
	size := pageSize(limit)
	found, err := list(ctx, s.read, scanProgress, q.page(`seq DESC`, size), q.args...)
	if err != nil {
		return Page[ProgressReport]{}, s.fail(err, what)
	}
	page := paged(found, size, func(r ProgressReport) string { return numberCursor(r.Seq) })
	if err := s.withFiles(ctx, page.Items); err != nil {
		return Page[ProgressReport]{}, s.fail(err, what)
	}
	return page, nil
}

// ProgressReport gives one report with its files, or fails with not_found.
func (s *Store) ProgressReport(ctx context.Context, id string) (ProgressReport, error) {
	const what = "read the report"
	r, err := scanProgress(s.read.QueryRowContext(ctx, `SELECT `+progressColumns+` FROM progress_reports WHERE id = $1`, id))
	if isNone(err) {
		return r, city.Errorf(city.CodeNotFound, "there is no report %q", id)
	}
	if err != nil {
		return r, s.fail(err, what)
	}
	one := []ProgressReport{r}
	err = s.withFiles(ctx, one)
	return one[0], s.fail(err, what)
}

// ProgressStanding gives all reports that say how a target stands, without
// their files and in the order of filing: those that were neither withdrawn nor
// superseded.
func (s *Store) ProgressStanding(ctx context.Context) ([]ProgressReport, error) {
	found, err := list(ctx, s.read, scanProgress, `SELECT `+progressColumns+` FROM progress_reports
		WHERE state IN ('reported', 'approved', 'rejected') ORDER BY seq`)
	return found, s.fail(err, "read the reports")
}

// ProgressRevision is a number that grows with every change of any report.
func (s *Store) ProgressRevision(ctx context.Context) (rev int64, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT COALESCE(MAX(rev), 0) FROM progress_reports`).Scan(&rev)
	return rev, s.fail(err, "read the reports")
}

// ProgressContents gives the hashes of all files that reports name, with the
// number of bytes of each.
func (s *Store) ProgressContents(ctx context.Context) (map[string]int64, error) {
	type content struct {
		sha256 string
		bytes  int64
	}
	found, err := list(ctx, s.read, func(r scanner) (c content, err error) {
		err = r.Scan(&c.sha256, &c.bytes)
		return c, err
	}, `SELECT sha256, MAX(bytes) FROM progress_files GROUP BY sha256`)
	out := make(map[string]int64, len(found))
	for _, c := range found {
		out[c.sha256] = c.bytes
	}
	return out, s.fail(err, "read the files of reports")
}

// withFiles fills in the files of reports.
func (s *Store) withFiles(ctx context.Context, reports []ProgressReport) error {
	if len(reports) == 0 {
		return nil
	}
	place := make(map[string]int, len(reports))
	ids := make([]string, len(reports))
	for i, r := range reports {
		ids[i], place[r.ID] = r.ID, i
	}
	type owned struct {
		report string
		ProgressFile
	}
	q := newQuery(`SELECT report_id, name, media_type, bytes, sha256 FROM progress_files`)
	q.whereIn(`report_id`, ids)
	found, err := list(ctx, s.read, func(r scanner) (f owned, err error) {
		err = r.Scan(&f.report, &f.Name, &f.MediaType, &f.Bytes, &f.SHA256)
		return f, err
	}, q.text.String()+` ORDER BY report_id, file_no`, q.args...)
	for _, f := range found {
		r := &reports[place[f.report]]
		r.Files = append(r.Files, f.ProgressFile)
	}
	return err
}
