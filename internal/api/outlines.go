package api

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Outlines are where the regions of the pack lie, as GeoJSON (RFC 7946).
type Outlines struct {
	Type     string           `json:"type" enum:"FeatureCollection"`
	Features []OutlineFeature `json:"features" doc:"empty when the pack declares no outlines"`
}

// OutlineFeature is a region with its boundary.
type OutlineFeature struct {
	Type       string            `json:"type" enum:"Feature"`
	Properties OutlineProperties `json:"properties"`
	Geometry   OutlineGeometry   `json:"geometry"`
}

// OutlineProperties name a region.
type OutlineProperties struct {
	Adcode string `json:"adcode" doc:"GB/T 2260 code"`
	Name   string `json:"name" doc:"in Chinese"`
}

// OutlineGeometry is the area of a region.
type OutlineGeometry struct {
	Type        string          `json:"type" enum:"MultiPolygon"`
	Coordinates [][][][]float64 `json:"coordinates" doc:"polygons; their rings, the outer one first; longitudes and latitudes in degrees of WGS 84"`
}

func (s *server) outlineRoutes(api huma.API) {
	page[struct{}, Outlines](api, "get-outlines", "/outlines", "Where the regions of the pack lie, as GeoJSON; without features when the pack does not say", s.getOutlines)
}

// getOutlines changes with the pack alone, which is what its tag names.
func (s *server) getOutlines(_ *request, _ *struct{}) (analysis.Page, error) {
	c := s.City()
	doc, err := json.Marshal(outlinesOf(c))
	return analysis.Page{Doc: doc, Tag: `"` + c.Pack.SHA256 + `"`}, err
}

func outlinesOf(c *city.City) Outlines {
	out := Outlines{Type: "FeatureCollection", Features: []OutlineFeature{}}
	for _, o := range c.Outlines {
		f := OutlineFeature{Type: "Feature", Properties: OutlineProperties{Adcode: o.Region}, Geometry: OutlineGeometry{Type: "MultiPolygon"}}
		if r, err := c.Region(o.Region); err == nil {
			f.Properties.Name = r.Name.ZH
		}
		for _, p := range o.Polygons {
			rings := [][][]float64{coordinates(p.Outer)}
			for _, hole := range p.Holes {
				rings = append(rings, coordinates(hole))
			}
			f.Geometry.Coordinates = append(f.Geometry.Coordinates, rings)
		}
		out.Features = append(out.Features, f)
	}
	return out
}

func coordinates(r city.Ring) [][]float64 {
	out := make([][]float64, len(r))
	for i := range r {
		out[i] = r[i][:]
	}
	return out
}
