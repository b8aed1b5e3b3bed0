package analysis

import (
	"context"
	"database/sql"
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// Drill asks for what stands behind one figure.
type Drill struct {
	Indicator string
	Dims      map[string]string // values of dimensions; "" for rows without one
	Period    city.Span
	Grain     city.Grain // "" means that the whole span is one period
	Window    city.Window
	Rolling   int
	Where     []city.Condition
	AsOf      lake.AsOf
	Cursor    string
	Limit     int // 0 means 50
}

// DrillColumn describes a column of the rows.
type DrillColumn struct {
	Name   string         `json:"name"`
	Title  city.Text      `json:"title"`
	Type   city.FieldType `json:"type"`
	Unit   string         `json:"unit,omitempty"`
	Masked bool           `json:"masked"` // whether its values are shortened or hidden
}

// DrillRow is one row of a dataset.
type DrillRow struct {
	DeliveryID string            `json:"delivery_id"`
	Record     int64             `json:"record"` // its number in the delivery, from 1
	Values     map[string]string `json:"values"` // by field; "" where it has none
}

// DrillRows is a page of the rows behind a figure, in the order of their
// deliveries.
type DrillRows struct {
	Columns []DrillColumn `json:"columns"`
	Items   []DrillRow    `json:"items"`
	Next    string        `json:"next_cursor,omitempty"`
	Total   int64         `json:"total"`
	Source  Source        `json:"source"`
}

// The sizes of a page of rows.
const (
	defaultDrill = 50
	maxDrill     = 1000
)

// drilled is a drill that may be answered.
type drilled struct {
	dataset *city.Dataset
	access  policy.Access
	state   state
	records metric.Records
	source  metric.Source
}

// DrillRows gives a page of the rows behind a figure. Identifiers are masked.
// Rows about persons need the right rows, and those behind a figure that is
// withheld are withheld too.
func (s *Service) DrillRows(ctx context.Context, who policy.Principal, q Drill) (*DrillRows, error) {
	c := s.City()
	d, err := s.drill(ctx, who, c, q)
	if err != nil {
		return nil, err
	}
	if d.access.Personal {
		if err := who.Require(policy.RightRows); err != nil {
			return nil, err
		}
	}
	out := &DrillRows{Columns: []DrillColumn{}, Items: []DrillRow{}, Source: s.source(c, d.state)}
	if out.Total, err = s.countRecords(ctx, c, d); err != nil {
		return nil, err
	}
	for _, f := range d.dataset.Fields {
		out.Columns = append(out.Columns, DrillColumn{f.Name, f.Title, f.Type, f.Unit, d.access.Masks[f.Name] != policy.MaskNone})
		d.records.Fields = append(d.records.Fields, f.Name)
	}
	if d.records.AfterDelivery, d.records.AfterRow, err = parseDrillCursor(q.Cursor); err != nil {
		return nil, err
	}
	limit := min(max(q.Limit, 0), maxDrill)
	if limit == 0 {
		limit = defaultDrill
	}
	d.records.Limit = limit + 1
	if out.Items, err = s.readRecords(ctx, c, d); err != nil {
		return nil, err
	}
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		last := out.Items[limit-1]
		out.Next = drillCursor(last.DeliveryID, last.Record)
	}
	return out, nil
}

// DrillDeliveries lists the deliveries that the rows behind a figure came with,
// newest first.
func (s *Service) DrillDeliveries(ctx context.Context, who policy.Principal, q Drill) ([]ContributingDelivery, error) {
	c := s.City()
	d, err := s.drill(ctx, who, c, q)
	if err != nil {
		return nil, err
	}
	if len(d.records.Without) > 0 {
		return nil, city.Errorf(city.CodeInvalid, "the deliveries of rows without a value cannot be listed").WithHint("ask for the rows: each names its delivery")
	}
	compiled, err := metric.CompileRows(c, d.records.Request, d.source)
	if err != nil {
		return nil, err
	}
	counts, err := s.countByDelivery(ctx, compiled.SQL, compiled.Args...)
	if err != nil {
		return nil, err
	}
	return s.named(ctx, d.dataset.Name, counts, d.access)
}

// drill checks what is asked: the same question as that for the figure, which
// must be told.
func (s *Service) drill(ctx context.Context, who policy.Principal, c *city.City, q Drill) (*drilled, error) {
	ind, err := c.Indicator(q.Indicator)
	if err != nil {
		return nil, err
	}
	if q.Grain == "" {
		q.Grain = city.GrainAll
	}
	figure := Question{Indicator: q.Indicator, Period: q.Period, Grain: q.Grain, Where: slices.Clone(q.Where), AsOf: q.AsOf, Window: q.Window, Rolling: q.Rolling}
	var without []string
	for _, name := range slices.Sorted(maps.Keys(q.Dims)) {
		if !slices.Contains(ind.Dimensions, name) {
			return nil, city.Errorf(city.CodeInvalid, "%s has no dimension %q", ind.Name, name).WithHint("use %s", strings.Join(ind.Dimensions, ", "))
		}
		if q.Dims[name] == "" {
			without = append(without, name)
			continue
		}
		figure.Where = append(figure.Where, city.Condition{Field: name, Values: []string{q.Dims[name]}})
	}
	d := &drilled{records: metric.Records{Without: without}}
	if d.dataset, err = c.Dataset(ind.Dataset); err != nil {
		return nil, err
	}
	if d.access, err = policy.Read(who, c, d.dataset.Name); err != nil {
		return nil, err
	}
	if err := s.drillTold(ctx, who, figure, without); err != nil {
		return nil, err
	}
	if figure, err = narrow(c, d.dataset, figure, d.access); err != nil {
		return nil, err
	}
	if figure.AsOf, err = s.Lake.Resolve(ctx, figure.AsOf); err != nil {
		return nil, err
	}
	if d.state, err = s.state(ctx, d.dataset, figure.AsOf); err != nil {
		return nil, err
	}
	if d.state, err = s.join(ctx, who, c, ind, d.state, figure.AsOf); err != nil {
		return nil, err
	}
	if figure.Period, err = s.period(ctx, ind, figure, d.state); err != nil {
		return nil, err
	}
	if figure.Period.IsZero() {
		return nil, city.Errorf(city.CodeNotFound, "no rows were delivered for %s", ind.Name).WithHint("deliver the dataset %s first", d.dataset.Name)
	}
	d.source = d.state.reading(s.Engine.Relation)
	d.records.Request = metric.Request{Indicator: ind, Period: figure.Period, Grain: figure.Grain, Where: figure.Where, Window: figure.Window, Rolling: figure.Rolling}
	return d, nil
}

// drillTold refuses to show what stands behind a figure that is withheld.
func (s *Service) drillTold(ctx context.Context, who policy.Principal, figure Question, without []string) error {
	figure.By = without
	a, err := s.Query(ctx, who, figure)
	if err != nil {
		return err
	}
	for i := len(a.Rows) - 1; i >= 0; i-- {
		r := &a.Rows[i]
		if slices.ContainsFunc(without, func(f string) bool { return r.Dimensions[f] != "" }) {
			continue
		}
		if r.Status == StatusSuppressed {
			return city.Errorf(city.CodeForbidden+".small_group", "the figure is withheld because its group is small, and so are its rows").
				WithHint("ask for a larger group: fewer dimensions or a longer period")
		}
		break
	}
	return nil
}

func (s *Service) countRecords(ctx context.Context, c *city.City, d *drilled) (n int64, err error) {
	q, err := metric.CompileRecords(c, d.records, d.source)
	if err != nil {
		return 0, err
	}
	rows, err := s.Engine.Query(ctx, q.SQL, q.Args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, city.Errorf(city.CodeInternal, "cannot count the rows: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return 0, city.Errorf(city.CodeInternal, "cannot count the rows: %w", err)
	}
	return n, nil
}

func (s *Service) readRecords(ctx context.Context, c *city.City, d *drilled) ([]DrillRow, error) {
	q, err := metric.CompileRecords(c, d.records, d.source)
	if err != nil {
		return nil, err
	}
	rows, err := s.Engine.Query(ctx, q.SQL, q.Args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []DrillRow{}
	for rows.Next() {
		r, err := scanRecord(rows, d)
		if err != nil {
			return nil, city.Errorf(city.CodeInternal, "cannot read the rows: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot read the rows: %w", err)
	}
	return out, nil
}

func scanRecord(rows *sql.Rows, d *drilled) (DrillRow, error) {
	r := DrillRow{Values: map[string]string{}}
	values := make([]*string, len(d.records.Fields))
	dest := []any{&r.DeliveryID, &r.Record}
	for i := range values {
		dest = append(dest, &values[i])
	}
	if err := rows.Scan(dest...); err != nil {
		return r, err
	}
	for i, f := range d.records.Fields {
		v := ""
		if values[i] != nil {
			v = *values[i]
		}
		r.Values[f] = d.access.Masks[f].Apply(v)
	}
	return r, nil
}

func drillCursor(delivery string, row int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(delivery + "\n" + strconv.FormatInt(row, 10)))
}

func parseDrillCursor(cursor string) (delivery string, row int64, err error) {
	if cursor == "" {
		return "", 0, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	delivery, number, ok := strings.Cut(string(b), "\n")
	if err == nil && ok {
		row, err = strconv.ParseInt(number, 10, 64)
	}
	if err != nil || !ok || drillCursor(delivery, row) != cursor {
		return "", 0, city.Errorf(city.CodeInvalid+".cursor", "the cursor is not one that this list gave out").WithHint("leave the cursor out to begin at the first page")
	}
	return delivery, row, nil
}
