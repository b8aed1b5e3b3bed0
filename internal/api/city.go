package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
)

// CityInfo describes the city and what is declared for it.
type CityInfo struct {
	Code           string          `json:"code" doc:"GB/T 2260 code"`
	Name           city.Text       `json:"name"`
	TimeZone       string          `json:"time_zone" doc:"IANA name; the console prints times in it"`
	Today          city.Date       `json:"today" doc:"the day that the city stands at"`
	CompleteTo     city.Date       `json:"complete_to" doc:"the earliest day that a delivered dataset is complete to"`
	Simulated      bool            `json:"simulated" doc:"some figures come from a simulation"`
	SampleFraction float64         `json:"sample_fraction" doc:"smallest share of the population that a dataset samples"`
	Version        string          `json:"version"`
	Pack           city.PackID     `json:"pack"`
	Regions        []RegionInfo    `json:"regions"`
	Organisations  []OrgInfo       `json:"organisations"`
	Years          []int           `json:"years" doc:"years with plans, newest first"`
	Indicators     []IndicatorInfo `json:"indicators"`
}

// RegionInfo describes a region.
type RegionInfo struct {
	Code       string    `json:"code"`
	Name       city.Text `json:"name"`
	Functional bool      `json:"functional"`
	District   bool      `json:"district" doc:"lies directly below the city"`
}

// OrgInfo describes an organisation.
type OrgInfo struct {
	Name  string    `json:"name"`
	Title city.Text `json:"title"`
	Short city.Text `json:"short"`
}

// IndicatorInfo describes an indicator.
type IndicatorInfo struct {
	Name       string         `json:"name"`
	Title      city.Text      `json:"title"`
	Unit       analysis.Named `json:"unit"`
	Dataset    string         `json:"dataset"`
	Dimensions []string       `json:"dimensions"`
	Decimals   int            `json:"decimals"`
	Better     city.Better    `json:"better"`
	Window     city.Window    `json:"window"`
	Calendar   string         `json:"calendar" doc:"the festival that it moves with; empty when it moves with none"`
	Parts      bool           `json:"parts" doc:"whether the values of parts make up the whole, so that a share can be asked for"`
	Targets    []string       `json:"targets" doc:"names of the targets that it judges"`
}

func (s *server) cityRoutes(api huma.API) {
	get(api, "get-city", "/city", "The city and what is declared for it", s.getCity)
}

func (s *server) getCity(r *request, _ *struct{}) (*CityInfo, error) {
	c := s.City()
	info := &CityInfo{Code: c.Code, Name: c.Name, TimeZone: c.TimeZone, Today: s.Today(), Version: s.Version, Pack: c.Pack, SampleFraction: 1,
		Regions: []RegionInfo{}, Organisations: []OrgInfo{}, Years: []int{}, Indicators: []IndicatorInfo{}}
	for _, reg := range c.Regions {
		info.Regions = append(info.Regions, RegionInfo{reg.Code, reg.Name, reg.Functional, reg.Parent == c.Code})
	}
	for _, o := range c.Organisations {
		info.Organisations = append(info.Organisations, OrgInfo{o.Name, o.Title, o.Short})
	}
	for _, p := range c.Plans {
		if !slices.Contains(info.Years, p.Year) {
			info.Years = append(info.Years, p.Year)
		}
	}
	slices.Sort(info.Years)
	slices.Reverse(info.Years)
	for _, ind := range c.Indicators {
		info.Indicators = append(info.Indicators, indicatorInfo(c, ind))
	}
	return info, s.dataState(r, c, info)
}

// dataState says how far the delivered data go.
func (s *server) dataState(r *request, c *city.City, info *CityInfo) error {
	states, err := s.Analysis.Sources(r)
	if err != nil {
		return err
	}
	for _, st := range states {
		info.Simulated = info.Simulated || st.Simulated
		info.SampleFraction = min(info.SampleFraction, st.Fraction)
		if !st.CompleteTo.IsZero() && (info.CompleteTo.IsZero() || st.CompleteTo.Before(info.CompleteTo)) {
			info.CompleteTo = st.CompleteTo
		}
	}
	return nil
}

func indicatorInfo(c *city.City, ind *city.Indicator) IndicatorInfo {
	info := IndicatorInfo{Name: ind.Name, Title: ind.Title, Unit: analysis.Named{Name: ind.Unit}, Dataset: ind.Dataset,
		Dimensions: append([]string{}, ind.Dimensions...), Decimals: ind.Decimals, Better: ind.Better, Window: ind.Window,
		Calendar: ind.Calendar, Parts: explore.Parts(ind.Measure), Targets: []string{}}
	if u, err := c.Unit(ind.Unit); err == nil {
		info.Unit.Title = u.Title
	}
	for _, t := range c.Targets {
		if t.Indicator == ind.Name {
			info.Targets = append(info.Targets, t.Name)
		}
	}
	return info
}
