package api

import (
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// DatasetInfo is a line of the catalogue.
type DatasetInfo struct {
	Name           string         `json:"name"`
	Title          city.Text      `json:"title"`
	Note           city.Text      `json:"note"`
	Owner          analysis.Named `json:"owner"`
	Grade          int            `json:"grade" doc:"data grading, 1 (public) to 4"`
	Sharing        string         `json:"sharing" enum:"unconditional,conditional,denied"`
	Mode           city.Mode      `json:"mode"`
	Every          city.Grain     `json:"every" doc:"how often a batch is due"`
	Rows           int64          `json:"rows"`
	CompleteTo     city.Date      `json:"complete_to"`
	LastDeliveryAt time.Time      `json:"last_delivery_at,omitzero"`
	Deliveries     int64          `json:"deliveries" doc:"committed"`
	Rejected       int64          `json:"rejected" doc:"rejected deliveries"`
	Quarantined    int64          `json:"quarantined" doc:"rows that wait in quarantine: open ones"`
	Simulated      bool           `json:"simulated"`
	SampleFraction float64        `json:"sample_fraction"`
	SnapshotID     string         `json:"snapshot_id"`
	Fields         []FieldInfo    `json:"fields"`
	Checks         []CheckInfo    `json:"checks"`
}

// FieldInfo describes a field of a dataset.
type FieldInfo struct {
	Name     string         `json:"name"`
	Title    city.Text      `json:"title"`
	Type     city.FieldType `json:"type"`
	Unit     string         `json:"unit,omitempty"`
	Key      bool           `json:"key"`
	Optional bool           `json:"optional"`
	Source   []string       `json:"source" doc:"column names that senders use"`
	Allowed
}

func (s *server) datasetRoutes(api huma.API) {
	get(api, "list-datasets", "/datasets", "The catalogue of datasets and how far each is delivered", s.listDatasets)
}

func (s *server) listDatasets(r *request, _ *struct{}) (*List[DatasetInfo], error) {
	c := s.City()
	totals, err := s.Store.DatasetTotals(r)
	if err != nil {
		return nil, err
	}
	out := &List[DatasetInfo]{Items: []DatasetInfo{}}
	for _, ds := range c.Datasets {
		info, err := s.datasetInfo(r, c, ds, totals)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, info)
	}
	return out, nil
}

func (s *server) datasetInfo(r *request, c *city.City, ds *city.Dataset, totals []store.DatasetTotal) (DatasetInfo, error) {
	src, err := s.Analysis.Source(r, ds.Name)
	if err != nil {
		return DatasetInfo{}, err
	}
	view, err := s.Lake.View(r, ds, time.Time{})
	if err != nil {
		return DatasetInfo{}, err
	}
	info := DatasetInfo{Name: ds.Name, Title: ds.Title, Note: ds.Note, Owner: src.Owner, Grade: ds.Grade, Sharing: ds.Sharing.Class,
		Mode: ds.Delivery.Mode, Every: ds.Delivery.Every, Rows: view.Rows, CompleteTo: src.CompleteTo, Simulated: src.Simulated,
		SampleFraction: src.Fraction, SnapshotID: src.SnapshotID, Fields: []FieldInfo{}, Checks: checksOf(ds)}
	if i := slices.IndexFunc(totals, func(t store.DatasetTotal) bool { return t.Dataset == ds.Name }); i >= 0 {
		t := totals[i]
		info.LastDeliveryAt, info.Deliveries, info.Rejected, info.Quarantined = t.Last, t.Committed, t.Rejected, t.Quarantined
	}
	for _, f := range ds.Fields {
		info.Fields = append(info.Fields, FieldInfo{f.Name, f.Title, f.Type, f.Unit, slices.Contains(ds.Key, f.Name), f.Optional, append([]string{}, f.Source...), allowedIn(f)})
	}
	return info, nil
}
