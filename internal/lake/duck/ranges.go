package duck

import (
	"context"
	"fmt"
	"sync"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

var _ lake.Ranger = (*Engine)(nil)

// rangesKept bounds what is remembered of files. Beyond it everything is
// forgotten and read again, which a city does not come to: it is the files of
// fifty tables in twenty years of months.
const rangesKept = 100_000

// ranges remembers from when to when the rows of files are. A file never changes
// once it is written, and no other gets its name.
type ranges struct {
	mu sync.Mutex
	of map[rangeOf]city.Span // zero where a file does not say
}

type rangeOf struct{ file, column string }

// Ranges reads the footers of the files that it has not seen yet, and remembers
// their columns too, for Relation.
func (e *Engine) Ranges(ctx context.Context, v *lake.View, column string) (map[string]city.Span, error) {
	e.ranges.mu.Lock()
	defer e.ranges.mu.Unlock()
	var unseen []string
	for _, f := range v.Files {
		if _, ok := e.ranges.of[rangeOf{f, column}]; !ok {
			unseen = append(unseen, f)
		}
	}
	if len(unseen) > 0 {
		err := e.readRanges(ctx, unseen, column)
		if err == nil {
			err = e.readShapes(ctx, unseen)
		}
		if err != nil {
			for _, f := range unseen {
				delete(e.ranges.of, rangeOf{f, column})
			}
			return nil, err
		}
	}
	out := make(map[string]city.Span, len(v.Files))
	for _, f := range v.Files {
		if r := e.ranges.of[rangeOf{f, column}]; !r.IsZero() {
			out[f] = r
		}
	}
	return out, nil
}

func (e *Engine) readRanges(ctx context.Context, files []string, column string) error {
	if len(e.ranges.of)+len(files) > rangesKept {
		clear(e.ranges.of)
	}
	for _, f := range files {
		e.ranges.of[rangeOf{f, column}] = city.Span{}
	}
	// A row group without statistics may hold any day. One of empty values only
	// has none either, and is taken for such.
	rows, err := e.Query(ctx, fmt.Sprintf(`SELECT file_name, min(stats_min_value), max(stats_max_value) FROM parquet_metadata([%s])
WHERE path_in_schema = %s GROUP BY file_name HAVING bool_and(stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL)`,
		fileList(files), quote(column)))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var file, first, last string
		if err := rows.Scan(&file, &first, &last); err != nil {
			return engineError(err, "cannot read the range of a file")
		}
		if s, ok := daysOf(first, last); ok {
			e.ranges.of[rangeOf{lake.FileURI(file), column}] = s
		}
	}
	return engineError(rows.Err(), "cannot read the ranges of files")
}

// daysOf reads the days of two dates or moments as footers write them.
func daysOf(first, last string) (city.Span, bool) {
	const day = len("2006-01-02")
	if len(first) < day || len(last) < day {
		return city.Span{}, false
	}
	from, err := city.ParseDate(first[:day])
	to, err2 := city.ParseDate(last[:day])
	return city.Span{From: from, To: to}, err == nil && err2 == nil
}
