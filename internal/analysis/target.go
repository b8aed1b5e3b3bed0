package analysis

import (
	"context"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Target gives the page of one target.
func (s *Service) Target(ctx context.Context, who policy.Principal, name string) (*TargetDetail, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	c := s.City()
	t, err := c.Target(name)
	if err != nil {
		return nil, err
	}
	p, err := c.Plan(t.Plan)
	if err != nil {
		return nil, err
	}
	st, err := s.stand(ctx, who, c, p, t)
	if err != nil {
		return nil, err
	}
	ts, a, judged := st.status, st.answer, st.result.At
	d := &TargetDetail{TargetStatus: ts, Quote: quote(c, t), PaceBasis: st.result.Basis, Backtest: backtest(st.result.Backtest),
		Contributions: []Contributions{}, Districts: []DistrictValue{}, Deliveries: []ContributingDelivery{}}
	if a == nil {
		return d, nil
	}
	d.Definition, d.Source = &a.Definition, &a.Source
	ind, err := c.Indicator(t.Indicator)
	if err != nil {
		return nil, err
	}
	if judged.IsZero() {
		return d, nil // no value, so nothing stands behind it
	}
	month := city.Span{From: judged.MonthStart(), To: judged}
	if d.Districts, err = s.districts(ctx, who, c, ind, t, month, ts.Actual); err != nil {
		return nil, err
	}
	if d.Contributions, err = s.contributions(ctx, who, c, ind, st); err != nil {
		return nil, err
	}
	d.Deliveries, err = s.contributing(ctx, who, c, ind, t, month)
	return d, err
}

func quote(c *city.City, t *city.Target) Quote {
	q := Quote{Text: t.Quote, Note: t.Note}
	if d, err := c.Document(t.Document); err == nil {
		q.Document, q.Publisher, q.Published, q.SHA256 = d.Title, d.Publisher, d.Published, d.SHA256
	}
	return q
}

// districts breaks the judged value down by region, the city's divisions first
// and in the order of the pack.
func (s *Service) districts(ctx context.Context, who policy.Principal, c *city.City, ind *city.Indicator, t *city.Target, month city.Span, total *float64) ([]DistrictValue, error) {
	out := []DistrictValue{}
	dim, ok := regionDimension(c, ind)
	if !ok {
		return out, nil
	}
	a, err := s.query(ctx, who, c, toDate(ind), Question{again: true, Indicator: ind.Name, By: []string{dim}, Grain: city.GrainMonth, Period: month, Where: narrowed(c, ind, t)})
	if err != nil {
		return nil, err
	}
	byCode := map[string]Row{}
	for _, r := range a.Rows {
		byCode[r.Dimensions[dim]] = r
	}
	for _, reg := range c.Districts() {
		if r, ok := byCode[reg.Code]; ok {
			out = append(out, districtValue(reg, r, ind.Measure.Additive(), total))
		}
	}
	return out, nil
}

func districtValue(reg *city.Region, r Row, additive bool, total *float64) DistrictValue {
	v := DistrictValue{Region: Named{Name: reg.Code, Title: reg.Name}, Value: r.Value, Display: r.Display, Previous: r.Previous, Change: r.Change, Status: r.Status, Reason: r.Reason}
	if additive && r.Value != nil && total != nil && *total != 0 {
		share := *r.Value / *total * 100
		v.Share = &share
	}
	return v
}

// regionDimension is the dimension of an indicator that holds a region.
func regionDimension(c *city.City, ind *city.Indicator) (string, bool) {
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return "", false
	}
	for _, dim := range ind.Dimensions {
		if f, ok := ds.Field(dim); ok && f.Type == city.TypeRegion {
			return dim, true
		}
	}
	return "", false
}

// narrowed is what a target keeps of its indicator's rows: those that it names,
// and those of its region when the promise is one region's.
func narrowed(c *city.City, ind *city.Indicator, t *city.Target) []city.Condition {
	dim, ok := regionDimension(c, ind)
	if !ok || t.Region == "" || t.Region == c.Code {
		return t.Where
	}
	return append(slices.Clone(t.Where), city.Condition{Field: dim, Values: []string{t.Region}})
}

// contributing lists the deliveries whose rows stand in the judged value,
// newest first.
func (s *Service) contributing(ctx context.Context, who policy.Principal, c *city.City, ind *city.Indicator, t *city.Target, month city.Span) ([]ContributingDelivery, error) {
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return nil, err
	}
	access, err := policy.Read(who, c, ds.Name)
	if err != nil {
		return nil, err
	}
	st, err := s.state(ctx, ds, lake.AsOf{})
	if err != nil {
		return nil, err
	}
	req := metric.Request{Indicator: toDate(ind), Grain: city.GrainMonth, Period: month, Where: slices.Concat(narrowed(c, ind, t), access.Rows)}
	q, err := metric.CompileRows(c, req, st.reading(s.Engine.Relation))
	if err != nil {
		return nil, err
	}
	counts, err := s.countByDelivery(ctx, q.SQL, q.Args...)
	if err != nil {
		return nil, err
	}
	return s.named(ctx, ds.Name, counts, access)
}

// named looks deliveries up in the store, newest first. Where small groups are
// withheld, it is not told how many rows are of which delivery: a delivery is
// one more field to divide persons by, of which no guard knows, and those of
// two figures that are told, one less the other, are those of a small group.
func (s *Service) named(ctx context.Context, dataset string, counts map[string]int64, access policy.Access) ([]ContributingDelivery, error) {
	out := []ContributingDelivery{}
	for cursor := ""; len(out) < len(counts); {
		page, err := s.Deliveries.Deliveries(ctx, store.Filter{Dataset: dataset, States: []store.State{store.StateCommitted}}, cursor, store.MaxPage)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			n, ok := counts[d.ID]
			if !ok {
				continue
			}
			one := ContributingDelivery{DeliveryID: d.ID, Dataset: d.Dataset, Batch: d.Batch, At: d.ReceivedAt, Rows: &n, Accepted: d.Accepted}
			if access.MinGroup > 1 {
				one.Rows = nil
			}
			out = append(out, one)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	return out, nil
}
