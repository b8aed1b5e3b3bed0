package source

import (
	"math"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Bytes is an amount of bytes, written as a number with B, KiB, MiB, GiB or TiB.
type Bytes int64

// UnmarshalText reads an amount such as 64MiB.
func (b *Bytes) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	for _, u := range []struct {
		unit  string
		shift uint
	}{{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}, {"B", 0}} {
		digits, ok := strings.CutSuffix(s, u.unit)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n < 0 || n > math.MaxInt64>>u.shift {
			break
		}
		*b = Bytes(n << u.shift)
		return nil
	}
	return city.Errorf(city.CodeInvalid, "%q is not an amount of bytes", s).WithHint("write for example 64MiB")
}
