package duck

import (
	"context"
	"fmt"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// tally is what a stage needs beside its rows to say what they add up to.
type tally struct {
	also     []string  // fields that Merge adds up without their declaration
	appender *appender // of the table asideTable; nil until a row is set aside
	opened   bool      // whether the table is there
}

// asideTable holds values of rows that are not staged, in columns like those of
// the stage. Like the stage it is spilled to disk when memory is short.
const asideTable = "stage_aside"

// AlsoSum has Merge add up further fields.
func (s *stage) AlsoSum(fields []string) { s.tally.also = fields }

// Sums adds up fields of the staged rows in 128 bits, which no file can exceed.
func (s *stage) Sums(ctx context.Context, fields []string) (map[string]city.Amount, error) {
	out := map[string]city.Amount{}
	if len(fields) == 0 {
		return out, nil
	}
	if err := s.flush(ctx, nil, nil); err != nil {
		return nil, engineError(err, "cannot add the delivery up")
	}
	cols := make([]string, len(fields))
	for i, name := range fields {
		cols[i] = fmt.Sprintf("CAST(coalesce(sum(%s), 0) AS VARCHAR)", ident(name))
	}
	texts := make([]string, len(fields))
	into := make([]any, len(fields))
	for i := range texts {
		into[i] = &texts[i]
	}
	q := "SELECT " + strings.Join(cols, ", ") + " FROM temp.stage"
	if err := s.conn.QueryRowContext(ctx, q).Scan(into...); err != nil {
		return nil, engineError(err, "cannot add the delivery up")
	}
	for i, name := range fields {
		n, err := city.ParseAmount(texts[i])
		if err != nil {
			return nil, city.Errorf(city.CodeInternal, "the sum of %s: %w", name, err)
		}
		out[name] = n
	}
	return out, nil
}

// Aside takes the values of a row that is not staged.
func (s *stage) Aside(values []any) error {
	if s.tally.appender == nil {
		if err := s.openAside(); err != nil {
			return engineError(err, "cannot set values aside")
		}
	}
	return engineError(s.tally.appender.add(values), "cannot set values aside")
}

func (s *stage) openAside() error {
	if !s.tally.opened {
		err := s.exec(context.Background(), fmt.Sprintf("CREATE OR REPLACE TEMP TABLE %s AS SELECT * EXCLUDE (%s) FROM temp.stage LIMIT 0", asideTable, ident(rowColumn)))
		if err != nil {
			return err
		}
		s.tally.opened = true
	}
	var err error
	s.tally.appender, err = s.appendTo(asideTable, s.dict)
	return err
}

// Distinct counts the different values of fields.
func (s *stage) Distinct(ctx context.Context, fields []string) (map[string]int64, error) {
	out := map[string]int64{}
	if err := s.flush(ctx, nil, nil); err != nil {
		return nil, engineError(err, "cannot count the delivery's values")
	}
	for _, name := range fields {
		from := fmt.Sprintf("SELECT %s AS v FROM temp.stage", ident(name))
		if s.tally.opened {
			from += fmt.Sprintf(" UNION ALL SELECT %s FROM temp.%s", ident(name), asideTable)
		}
		n, err := s.count(ctx, "SELECT count(*) FROM (SELECT DISTINCT v FROM ("+from+") WHERE v IS NOT NULL)")
		if err != nil {
			return nil, engineError(err, "cannot count the delivery's values")
		}
		out[name] = n
	}
	return out, nil
}
