package lake

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Tallier is the part of a Stage that says what its rows add up to, exactly and
// in bounded memory.
type Tallier interface {
	// AlsoSum names int and decimal fields whose accepted values Merge adds up
	// beside those that declare it.
	AlsoSum(fields []string)
	// Sums adds up int and decimal fields over the rows that are staged now.
	Sums(ctx context.Context, fields []string) (map[string]city.Amount, error)
	// Aside takes the values of a row that is not staged, as Append takes them,
	// nil for those that are not known. Only Distinct knows of them.
	Aside(values []any) error
	// Distinct counts the different values of each field, in the rows that are
	// staged now and those set aside. Empty values do not count.
	Distinct(ctx context.Context, fields []string) (map[string]int64, error)
}
