package sim

import "github.com/jinyang-city/jinyang/internal/city"

// defect is a way in which a row of a register of persons is wrong.
type defect int

const (
	sound      defect = iota
	badCheck          // check digit of the ID number
	badDate           // a day or month that the calendar does not have
	badRegion         // a place that is no region
	badWord           // a word that the enum does not have
	outOfRange        // a number beyond its bounds, or a credit code that does not fit
	missing           // no ID number
	defects    = int(missing)
)

// The cells that the defects put in place of good ones.
const (
	wrongDate   = "2023-02-30"
	wrongMonth  = "2023-13"
	wrongRegion = "不详"
	wrongWord   = "其他情形"
)

// flaw draws whether a bad row is to follow the row that was just written, and
// of which kind. Bad rows are extra ones: the sound rows keep their figures. At
// most two in a hundred are bad, so that chance turns no small batch back.
func (w *world) flaw(s *sheet, month city.Date) defect {
	h := w.hash(tagDefect, uint64(monthIndex(month)), uint64(s.rows))
	if unit(h) >= defectRate || (s.defects+1)*50 > s.rows {
		return sound
	}
	s.defects++
	return defect(1 + below(mix64(h), defects))
}

// repeats draws whether the row just written is to be written again.
func (w *world) repeats(s *sheet, month city.Date) bool {
	if unit(w.hash(tagDuplicate, uint64(monthIndex(month)), uint64(s.rows))) >= duplicateRate {
		return false
	}
	s.duplicates++
	return true
}

// stranger writes the ID number of the person of a sheet's latest bad row, who
// occurs nowhere else, and spoils it as the defect says.
func (w *world) stranger(s *sheet, month city.Date, d defect, dst *[18]byte) []byte {
	const perMonth, months = 60_000, 240
	w.strangers.put(dst, uint64(monthIndex(month)%months*perMonth+int(s.defects)%perMonth))
	switch d {
	case missing:
		return nil
	case badCheck:
		if dst[17] == '0' {
			dst[17] = '1'
		} else {
			dst[17] = '0'
		}
	}
	return dst[:]
}
