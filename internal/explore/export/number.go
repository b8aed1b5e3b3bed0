package export

import (
	"strconv"

	"github.com/jinyang-city/jinyang/internal/explore"
)

// digits is how many significant digits are written: the rest is noise of binary
// fractions.
const digits = 15

// number writes a figure in plain decimals; "" when there is none.
func number(c explore.Cell) string {
	if c.Value == nil {
		return ""
	}
	v, err := strconv.ParseFloat(strconv.FormatFloat(*c.Value, 'e', digits-1, 64), 64)
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
