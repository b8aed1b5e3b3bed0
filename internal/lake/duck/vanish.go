package duck

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// A batch that speaks for a period, or for the whole table, has two more tables,
// both temporary:
//
//	stage_held  keys of rows that failed their checks: the batch has them
//	stage_gone  versions of rows of the table that the batch lets vanish
//
// A version of a row is told from others by ColumnDelivery and ColumnRow.

// openHeld makes the table of held keys where the dataset needs one.
func (s *stage) openHeld(ctx context.Context) error {
	if !s.ds.Delivery.Mode.Whole() {
		return nil
	}
	var cols []string
	for _, i := range s.keyFields() {
		cols = append(cols, s.stagedColumn(i))
	}
	return s.exec(ctx, "CREATE OR REPLACE TEMP TABLE stage_held ("+strings.Join(cols, ", ")+")")
}

// Hold notes the key of a row that failed.
func (s *stage) Hold(key []any) error {
	if !s.ds.Delivery.Mode.Whole() {
		return nil
	}
	fields := s.keyFields()
	if s.holder == nil {
		var dict []*dictionary
		for _, i := range fields {
			dict = append(dict, s.dict[i])
		}
		var err error
		if s.holder, err = s.appendTo("stage_held", dict); err != nil {
			return engineError(err, "cannot hold the key of a row")
		}
	}
	names := s.keys()
	s.held = s.held[:0]
	for _, i := range fields {
		s.held = append(s.held, key[slices.Index(names, s.ds.Fields[i].Name)])
	}
	return engineError(s.holder.add(s.held), "cannot hold the key of a row")
}

// keyFields gives the fields of the key in the order in which they are
// declared, which is that of the columns of stage_held.
func (s *stage) keyFields() []int {
	var out []int
	for i, f := range s.ds.Fields {
		if slices.Contains(s.keys(), f.Name) {
			out = append(out, i)
		}
	}
	return out
}

// holdFailed gives the statement that holds the keys of the rows that failed a
// check over the batch.
func (s *stage) holdFailed() string {
	if !s.ds.Delivery.Mode.Whole() {
		return "SELECT 1"
	}
	var names []string
	for _, i := range s.keyFields() {
		names = append(names, s.ds.Fields[i].Name)
	}
	return fmt.Sprintf("INSERT INTO temp.stage_held SELECT %s FROM temp.stage WHERE %s IN (SELECT r FROM temp.check_held)",
		identList("", names), ident(rowColumn))
}

// vanish finds the rows of the table that the batch speaks for and neither has
// nor holds.
func (s *stage) vanish(ctx context.Context, v *lake.View, m *lake.Merged) error {
	in := s.inScope(m.Period, "e")
	if in == "" || len(v.Files) == 0 {
		return nil
	}
	n, err := s.count(ctx, fmt.Sprintf("SELECT count(*) FROM %s AS e WHERE %s", relation(v, v.Files, false), in))
	if err != nil || n == 0 {
		return err
	}
	m.InScope = n
	err = s.exec(ctx, fmt.Sprintf(`CREATE OR REPLACE TEMP TABLE stage_gone AS
SELECT e.filename AS f, e.%[1]s, e.%[2]s FROM %[3]s AS e WHERE %[4]s
AND NOT EXISTS (SELECT 1 FROM temp.stage AS s WHERE %[5]s)
AND NOT EXISTS (SELECT 1 FROM temp.stage_held AS h WHERE %[6]s)`,
		ident(lake.ColumnDelivery), ident(lake.ColumnRow), relation(v, v.Files, true), in, s.match("s"), s.match("h")))
	if err != nil {
		return err
	}
	if m.Vanished, err = s.count(ctx, "SELECT count(*) FROM temp.stage_gone"); err != nil || m.Vanished == 0 {
		return err
	}
	if m.Remove, err = s.files(ctx, "SELECT DISTINCT f FROM temp.stage_gone ORDER BY 1"); err != nil {
		return err
	}
	m.Gone, err = s.sampleGone(ctx, v, m.Remove)
	return err
}

// inScope is scopeSQL for the staged batch.
func (s *stage) inScope(period city.Span, alias string) string {
	return scopeSQL(s.ds, s.scope, period, alias)
}

// scopeSQL gives the condition that a row of the table is one that a batch
// speaks for, or "" when it speaks for none. The period is that of the mode
// replace.
func scopeSQL(ds *city.Dataset, scope lake.Scope, period city.Span, alias string) string {
	switch {
	case scope.Mode == city.ModeSnapshot:
		return "true"
	case scope.Mode == city.ModeReplace && !period.IsZero():
		day := alias + "." + ident(ds.Delivery.Period)
		return fmt.Sprintf("%[1]s >= DATE %[2]s AND %[1]s < DATE %[3]s", day, quote(period.From.String()), quote(period.To.AddDays(1).String()))
	}
	return ""
}

// sampleGone names the first few rows that vanish by their keys. Fields that
// name a person stay out; where there is no key, the date says it all.
func (s *stage) sampleGone(ctx context.Context, v *lake.View, files []string) ([]map[string]string, error) {
	names := s.sampled()
	if len(names) == 0 {
		return nil, nil
	}
	cols := make([]string, len(names))
	for i, n := range names {
		cols[i] = fmt.Sprintf("coalesce(CAST(e.%s AS VARCHAR), '')", ident(n))
	}
	q := fmt.Sprintf("SELECT %s FROM %s AS e SEMI JOIN temp.stage_gone AS g ON %s ORDER BY ALL LIMIT %d",
		strings.Join(cols, ", "), relation(v, files, false), sameVersion("e", "g"), samples)
	rows, err := s.conn.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []map[string]string
	texts, into := make([]string, len(names)), make([]any, len(names))
	for i := range texts {
		into[i] = &texts[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := map[string]string{}
		for i, n := range names {
			row[n] = texts[i]
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// sampled lists the fields that a sample of vanished rows shows.
func (s *stage) sampled() []string {
	names := s.keys()
	if len(s.ds.Key) == 0 {
		names = []string{s.ds.Delivery.Period}
	}
	var out []string
	for _, n := range names {
		if f, ok := s.ds.Field(n); ok && f.Type != city.TypePerson {
			out = append(out, n)
		}
	}
	return out
}

// sameVersion compares versions of rows.
func sameVersion(a, b string) string {
	return fmt.Sprintf("%[1]s.%[3]s = %[2]s.%[3]s AND %[1]s.%[4]s = %[2]s.%[4]s", a, b, ident(lake.ColumnDelivery), ident(lake.ColumnRow))
}
