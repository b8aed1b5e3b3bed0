package format

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// place leaves the cells empty that come before the one named by ref. Beyond
// the table only cells that hold something are kept: a row is refused for them,
// and one stray cell at the far end of each row would fill the quarantine.
func (s *sheet) place(ref string) error {
	col, row := cellAt(ref)
	if ref == "" {
		col, row = s.col, s.row
	}
	if row != s.row || col < s.col || col >= MaxFields {
		return badXLSX(fmt.Errorf("a cell of row %d is out of order or beyond column %d", s.row, MaxFields))
	}
	s.col = col + 1
	for len(s.ends) < min(col, s.width) {
		s.end()
	}
	return nil
}

// cellAt reads a reference such as BC12: the column from 0, and the row.
func cellAt(ref string) (col, row int) {
	i := 0
	for ; i < len(ref) && i < 4 && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	if err != nil {
		return -1, -1
	}
	return col - 1, row
}

// readCell adds the text of a cell.
func (s *sheet) readCell(start xml.StartElement) error {
	s.cell = s.cell[:0]
	formula := false
	for {
		t, err := s.next()
		if err != nil {
			return cutShort(err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "c" {
				return s.take(attr(start, "t"), attr(start, "s"), formula)
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "f":
				formula = true
			case "v", "is":
				if s.cell, err = s.content(s.cell, "rPh"); err != nil {
					return cutShort(err)
				}
			}
		}
	}
}

// take turns what a cell holds into its text.
func (s *sheet) take(kind, style string, formula bool) error {
	v := s.cell
	if formula {
		s.fault(Fault{FaultFormula, "a cell is computed by a formula; deliver the values"})
	}
	switch {
	case len(v) == 0 && !formula:
	case kind == "s":
		i, err := strconv.Atoi(strings.TrimSpace(string(v)))
		if err != nil {
			i = -1
		}
		text, ok, err := s.book.strings.get(i)
		if err != nil {
			return err
		}
		if !ok {
			s.fault(Fault{FaultCell, "a cell refers to a text that the workbook does not have"})
		}
		s.text = append(s.text, text...)
	case kind == "inlineStr", kind == "str":
		s.text = append(s.text, unescape(v)...)
	case kind == "d":
		s.text = append(s.text, isoDate(v)...)
	case kind == "b":
		s.text = strconv.AppendBool(s.text, string(v) == "1" || string(v) == "true")
	case kind == "e":
		s.fault(Fault{FaultCell, "a cell holds an error value such as #N/A"})
		s.text = append(s.text, v...)
	default:
		text, fault := s.book.number(string(v), style)
		if fault != (Fault{}) {
			s.fault(fault)
		}
		s.text = append(s.text, text...)
	}
	before := 0
	if n := len(s.ends); n > 0 {
		before = s.ends[n-1]
	}
	s.end()
	if len(s.text) > before || formula {
		s.filled = len(s.ends)
	}
	return nil
}
