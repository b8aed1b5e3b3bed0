package format

import (
	"bytes"
	"errors"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
)

// How far the header is looked for: rows that are not blank, and bytes.
const (
	lookRows  = 100
	lookBytes = 1 << 20
)

// table gives the records of the sheet that holds the table: the header, when
// there is one, and the rows below it.
type table struct {
	*sheet
	early []earlyRow // rows that were read while looking for the header
	fits  bool       // the header has at least half of the columns that must be there
}

// earlyRow is a row kept in memory.
type earlyRow struct {
	row   int
	cells [][]byte
	fault Fault
}

// findTable chooses the sheet. With several that hold cells it is the only one
// whose header fits.
func (b *workbook) findTable(o Options) (*table, error) {
	var filled, fitting []sheetRef
	for _, ref := range b.sheets {
		t, err := b.look(ref, o)
		if err != nil {
			return nil, err
		}
		if len(t.early) > 0 {
			filled = append(filled, ref)
			if t.fits {
				fitting = append(fitting, ref)
			}
		}
		if err := t.Close(); err != nil {
			return nil, err
		}
	}
	switch {
	case len(filled) == 0:
		return nil, city.Errorf("invalid.empty", "the workbook holds no rows").WithHint("deliver a file with at least one row")
	case len(filled) == 1:
		return b.look(filled[0], o)
	case len(fitting) == 1:
		return b.look(fitting[0], o)
	case len(fitting) > 1:
		filled = fitting
	}
	return nil, city.Errorf(CodeXLSX, "the workbook has %d sheets that may be the table: %s", len(filled), list(filled, func(r sheetRef) string { return shownText(r.name) })).
		WithHint("deliver one sheet with the declared column names; put other tables into workbooks of their own")
}

// look opens a sheet, reads its first rows and finds the header among them.
func (b *workbook) look(ref sheetRef, o Options) (*table, error) {
	s, err := b.openSheet(ref)
	if err != nil {
		return nil, err
	}
	t := &table{sheet: s}
	for size := 0; len(t.early) < lookRows && size < lookBytes && err == nil; {
		if err = s.readRow(); err == nil {
			t.early = append(t.early, s.keep())
			size += len(s.text) + 24*len(s.ends)
		}
	}
	if err = notAtEnd(err); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	if !o.Positional {
		t.findHeader(newNames(o))
	}
	if t.header == 0 {
		t.width = 0
		for _, r := range t.early {
			t.width = max(t.width, len(r.cells))
		}
	}
	return t, nil
}

// keep copies the row just read.
func (s *sheet) keep() earlyRow {
	r := earlyRow{row: s.row, fault: s.rec.Fault}
	from := 0
	for _, end := range s.ends {
		r.cells = append(r.cells, bytes.Clone(s.text[from:end]))
		from = end
	}
	return r
}

// Next gives the header, then the rows that are not blank.
func (t *table) Next() (*Record, error) {
	if len(t.early) > 0 {
		r := t.early[0]
		t.early = t.early[1:]
		t.reset()
		for _, c := range r.cells {
			t.add(c)
		}
		if r.fault != (Fault{}) {
			t.fault(r.fault)
		}
		return t.give(r.row), nil
	}
	err := t.readRow()
	if merges := t.checkMerges(); errors.Is(err, io.EOF) && merges != nil {
		err = merges
	}
	if err != nil {
		return nil, err
	}
	return t.give(t.row), nil
}

// give finishes the record: sheets leave out the empty cells at the end of a
// row.
func (t *table) give(row int) *Record {
	for len(t.ends) < t.width {
		t.end()
	}
	return t.finish(int64(row))
}

var _ interface {
	reader
	io.Closer
} = (*table)(nil)
