package progress

import (
	"context"
	"errors"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// RowOutcome is what became of a row of a workbook, or would.
type RowOutcome struct {
	Row      int64  `json:"row"` // of the sheet, from 1
	Target   string `json:"target"`
	Period   string `json:"period"`
	Outcome  string `json:"outcome" enum:"filed,unchanged,skipped,failed"`
	ReportID string `json:"report_id,omitempty"`
	Code     string `json:"code,omitempty"`
	Message  string `json:"message,omitempty"`
	Hint     string `json:"hint,omitempty"`
}

// The outcomes of a row.
const (
	RowFiled     = "filed"     // it is, or would be, a report
	RowUnchanged = "unchanged" // the same report waits already
	RowSkipped   = "skipped"   // nothing is filled in
	RowFailed    = "failed"    // it cannot be filed; then no row is
)

// Imported is the outcome of a workbook.
type Imported struct {
	DryRun    bool         `json:"dry_run"`
	Kept      bool         `json:"kept"` // whether the reports were filed: all of them, or none
	Filed     int          `json:"filed"`
	Unchanged int          `json:"unchanged"`
	Skipped   int          `json:"skipped"`
	Failed    int          `json:"failed"`
	Rows      []RowOutcome `json:"rows"`
}

// Import files the reports of a workbook in the name of by: all of them in one
// transaction, or none when a row fails, or when it is only tried.
func (s *Service) Import(ctx context.Context, who policy.Principal, src io.Reader, by string, dryRun bool) (*Imported, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	by, err := personName(by)
	if err != nil {
		return nil, err
	}
	rows, err := readSheet(ctx, src)
	if err != nil {
		return nil, err
	}
	b := &bulk{Service: s, who: who, rows: rows, made: make([]store.ProgressReport, len(rows)), res: &Imported{DryRun: dryRun, Rows: make([]RowOutcome, len(rows))}}
	b.read(by)
	err = s.Store.ChangeProgress(ctx, b.targets(), func(have []store.ProgressReport) (store.ProgressChange, error) {
		have, err := s.filled(ctx, have)
		if err != nil {
			return store.ProgressChange{}, err
		}
		return b.admit(have), nil
	})
	if err != nil {
		return nil, err
	}
	if b.res.Kept {
		for i, r := range b.made {
			if b.res.Rows[i].Outcome == RowFiled {
				s.tell(r)
			}
		}
	}
	return b.res, nil
}

// bulk is a workbook on its way.
type bulk struct {
	*Service
	who  policy.Principal
	rows []sheetRow
	made []store.ProgressReport // by row
	res  *Imported
}

// read makes reports of the rows.
func (b *bulk) read(by string) {
	for i, row := range b.rows {
		out := &b.res.Rows[i]
		*out = RowOutcome{Row: row.line, Target: row.cells[colTarget], Period: row.cells[colPeriod], Outcome: RowSkipped}
		if row.blank() {
			continue
		}
		out.Outcome = RowFiled
		f, err := row.filing(by)
		if err == nil {
			b.made[i], err = f.report(b.City(), b.Today())
		}
		if err == nil {
			err = b.checkFiles(b.made[i])
		}
		if err == nil {
			b.made[i] = b.signed(b.made[i], b.who)
		}
		out.fail(err)
	}
}

// fail says why a row cannot be filed; nil says nothing.
func (o *RowOutcome) fail(err error) {
	if err == nil {
		return
	}
	o.Outcome, o.Code, o.Message, o.ReportID = RowFailed, string(city.CodeOf(err)), err.Error(), ""
	var e *city.Error
	if errors.As(err, &e) {
		o.Message, o.Hint = e.Message, e.Hint
	}
}

func (b *bulk) targets() []string {
	var out []string
	seen := map[string]bool{}
	for i, r := range b.made {
		if b.res.Rows[i].Outcome == RowFiled && !seen[r.Target] {
			seen[r.Target] = true
			out = append(out, r.Target)
		}
	}
	return out
}

// admit goes through the rows in order, each seeing what those before it made.
func (b *bulk) admit(have []store.ProgressReport) (all store.ProgressChange) {
	for i := range b.made {
		out := &b.res.Rows[i]
		if out.Outcome != RowFiled {
			continue
		}
		c, r, err := admit(have, b.made[i])
		if err != nil {
			out.fail(err)
			continue
		}
		b.made[i], out.ReportID = r, r.ID
		if len(c.Add) == 0 {
			out.Outcome = RowUnchanged
			continue
		}
		have = applied(have, c)
		all.Set, all.Add = append(all.Set, c.Set...), append(all.Add, c.Add...)
		all.Entries = append(all.Entries, b.entry(b.who, "progress.report", r.ID, reported(r)))
	}
	b.count()
	if b.res.Failed > 0 || b.res.DryRun || len(all.Add) == 0 {
		for i := range b.res.Rows {
			if b.res.Rows[i].Outcome == RowFiled {
				b.res.Rows[i].ReportID = "" // it was not filed
			}
		}
		return store.ProgressChange{}
	}
	b.res.Kept = true
	return all
}

// count sums the outcomes up.
func (b *bulk) count() {
	for _, r := range b.res.Rows {
		switch r.Outcome {
		case RowFiled:
			b.res.Filed++
		case RowUnchanged:
			b.res.Unchanged++
		case RowSkipped:
			b.res.Skipped++
		case RowFailed:
			b.res.Failed++
		}
	}
}

// applied is what there is after a change.
func applied(have []store.ProgressReport, c store.ProgressChange) []store.ProgressReport {
	for _, set := range c.Set {
		for i := range have {
			if have[i].ID == set.ID {
				have[i] = set
			}
		}
	}
	return append(have, c.Add...)
}
