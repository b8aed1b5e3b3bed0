package format

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// mostRows is the last row that a sheet can have.
const mostRows = 1 << 20

// sheet reads the rows of a worksheet, in order.
type sheet struct {
	*part
	line
	book   *workbook
	name   string
	row    int // number of the row in line
	col    int // the column after the cell read last, from 0
	width  int // columns of the table, or MaxFields until they are known
	filled int // fields up to the last one that is not empty
	header int // last row of the header; 0 when there is none
	cell   []byte
	found  bool // the sheet has the element that holds its rows

	merged    string // the merged cells that reach down farthest
	mergedRow int    // how far
}

func (b *workbook) openSheet(ref sheetRef) (*sheet, error) {
	p, err := b.openPart(ref.path)
	if err != nil {
		return nil, err
	}
	return &sheet{part: p, book: b, name: ref.name, width: MaxFields}, nil
}

// readRow reads the next row that is not blank into line. It gives io.EOF
// after the last, once the whole sheet was read.
func (s *sheet) readRow() error {
	for {
		t, err := s.next()
		if errors.Is(err, io.EOF) && !s.found {
			return badXLSX(errors.New("a sheet has no rows element"))
		}
		if err != nil {
			return err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "sheetData":
			s.found = true
		case "mergeCell":
			s.noteMerge(attr(e, "ref"))
		case "row":
			if err = s.startRow(e); err == nil {
				err = s.cells()
			}
			if err == nil && s.filled > 0 {
				s.ends = s.ends[:s.filled]
				s.text = s.text[:s.ends[s.filled-1]]
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
}

func (s *sheet) startRow(e xml.StartElement) error {
	row := s.row + 1
	if r := attr(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < row {
			return badXLSX(fmt.Errorf("the rows after row %d are out of order", s.row))
		}
		row = n
	}
	if row > mostRows {
		return badXLSX(fmt.Errorf("there are more than %d rows", mostRows))
	}
	s.reset()
	s.row, s.col, s.filled = row, 0, 0
	return nil
}

// cells reads the cells of a row, up to its end tag.
func (s *sheet) cells() error {
	for {
		t, err := s.next()
		if err != nil {
			return cutShort(err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			if err := s.place(attr(t, "r")); err != nil {
				return err
			}
			if err := s.readCell(t); err != nil {
				return err
			}
			if s.tooLong() {
				return city.Errorf(CodeXLSX, "a row is longer than %d bytes or %d cells", MaxRecord, MaxFields).At(s.where())
			}
		}
	}
}

// noteMerge remembers the lowest merged cells.
func (s *sheet) noteMerge(ref string) {
	if _, last, ok := strings.Cut(ref, ":"); ok {
		if _, row := cellAt(last); row > s.mergedRow {
			s.mergedRow, s.merged = row, ref
		}
	}
}

// checkMerges refuses merged cells below the header: only the first of them
// holds the value, so the others would be read as empty.
func (s *sheet) checkMerges() error {
	if s.mergedRow <= s.header {
		return nil
	}
	return city.Errorf(CodeXLSX, "the cells %s are merged, below the header", s.merged).At("sheet " + shownText(s.name)).
		WithHint("take the merging back and fill every cell; leave notes below the table out")
}

func (s *sheet) where() string { return fmt.Sprintf("sheet %s, row %d", shownText(s.name), s.row) }

// cutShort makes an end of the file inside a row an error.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return badXLSX(io.ErrUnexpectedEOF)
	}
	return err
}
