package sim

import (
	"math/big"

	"github.com/jinyang-city/jinyang/internal/city"
)

// columnSum adds up a column of a data file, for the manifest.
type columnSum struct {
	wanted   bool // whether receipts state the sum of the field
	decimals int
	total    int64 // in units of the last decimal; even a year of the whole city's money fits
}

// newColumnSum says how a field is added up. Doubles are not: their sums are
// not exact.
func newColumnSum(f *city.Field) columnSum {
	switch {
	case f.Sum && f.Type == city.TypeInt:
		return columnSum{wanted: true}
	case f.Sum && f.Type == city.TypeDecimal:
		return columnSum{wanted: true, decimals: f.Scale}
	}
	return columnSum{}
}

// add adds the number that the cell being put has, in units of 1/10^decimals.
func (s *sheet) add(v int64, decimals int) {
	if s.cells >= len(s.sums) || !s.sums[s.cells].wanted {
		return
	}
	c := &s.sums[s.cells]
	if c.decimals != decimals {
		s.fail(city.Errorf(city.CodeInvalid, "field %s.%s has %d decimals, and its simulated sender writes %d", s.dataset.Name, s.columns[s.cells].Name, c.decimals, decimals).At(s.columns[s.cells].Pos.String()))
	}
	c.total += v
}

// takeSums gives the sums of the file that ends, and begins anew.
func (s *sheet) takeSums() map[string]string {
	var out map[string]string
	for i := range s.sums {
		c := &s.sums[i]
		if !c.wanted {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[s.columns[i].Name] = city.NewAmount(big.NewInt(c.total), c.decimals).String()
		c.total = 0
	}
	return out
}
