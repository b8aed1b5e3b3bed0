package explore

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// percentUnit is the unit of percentages, which packs declare by this name.
const percentUnit = "percent"

func newTable(p *plan) *Table {
	return &Table{Columns: p.columns, Rows: []Row{}, Sources: []analysis.Source{}, Definitions: []Defined{}, Notes: []city.Text{}}
}

// note keeps what an answer says of itself.
func (t *Table) note(a *analysis.Answer) {
	if !slices.ContainsFunc(t.Sources, func(s analysis.Source) bool { return s.Dataset == a.Source.Dataset }) {
		t.Sources = append(t.Sources, a.Source)
	}
	if !slices.ContainsFunc(t.Definitions, func(d Defined) bool { return d.Indicator == a.Indicator.Name }) {
		t.Definitions = append(t.Definitions, Defined{a.Indicator.Name, a.Definition})
	}
	t.MinGroup = max(t.MinGroup, a.MinGroup)
	t.Today, t.AsOf, t.Tag = a.Today, a.AsOf, a.Tag
}

// allColumns describes the dimensions, the period and the measures.
func (p *plan) allColumns() []Column {
	var out []Column
	for _, name := range p.by {
		out = append(out, Column{Key: name, Kind: ColumnDimension, Title: p.dimensionTitle(name)})
	}
	out = append(out, Column{Key: "period", Kind: ColumnPeriod, Title: city.Text{ZH: "时期", EN: "Period"}})
	for _, m := range p.measures {
		for _, show := range m.show {
			out = append(out, p.measureColumn(m, show))
		}
	}
	return out
}

func (p *plan) dimensionTitle(name string) city.Text {
	m := p.measures[0]
	if f, ok := m.dataset.Readable(m.fields[name]); ok && (f.Title.ZH != "" || f.Title.EN != "") {
		return f.Title
	}
	return city.Text{ZH: name, EN: name}
}

// suffixes are what a column adds to the title of its measure.
var suffixes = map[Show]city.Text{
	ShowValue:       {},
	ShowYoY:         {ZH: "同比", EN: "on year"},
	ShowYoYDiff:     {ZH: "同比增减", EN: "difference on year"},
	ShowMoM:         {ZH: "环比", EN: "on the period before"},
	ShowMoMDiff:     {ZH: "环比增减", EN: "difference on the period before"},
	ShowYTD:         {ZH: "本年累计", EN: "since January"},
	ShowRolling:     {ZH: "滚动", EN: "rolling"},
	ShowShare:       {ZH: "占比", EN: "share"},
	ShowRank:        {ZH: "排名", EN: "rank"},
	ShowRankChange:  {ZH: "位次变化", EN: "ranks won on year"},
	ShowPrevious:    {ZH: "上年同期", EN: "year before"},
	ShowBefore:      {ZH: "上期", EN: "period before"},
	ShowFestival:    {ZH: "上年春节同期", EN: "year before, by the Spring Festival"},
	ShowFestivalYoY: {ZH: "春节同期比", EN: "on year, by the Spring Festival"},
}

// suffix names a column of the measure. Where the value is counted since
// January, what is compared with the period before is not the value.
func (m measure) suffix(show Show) city.Text {
	s := suffixes[show]
	if m.accumulates() && slices.Contains([]Show{ShowMoM, ShowMoMDiff, ShowBefore}, show) {
		s = city.Text{ZH: s.ZH + "（当期）", EN: s.EN + " (of the periods themselves)"}
	}
	return s
}

func (p *plan) measureColumn(m measure, show Show) Column {
	ind := m.indicator
	index := m.index
	c := Column{Key: m.key(show), Kind: ColumnMeasure, Title: ind.Title, Measure: &index, Indicator: ind.Name, Show: show, Decimals: ind.Decimals, Better: ind.Better}
	if s := m.suffix(show); s.ZH != "" {
		c.Title = city.Text{ZH: ind.Title.ZH + "·" + s.ZH, EN: ind.Title.EN + ", " + s.EN}
	}
	c.Unit = p.unit(m, show)
	switch show {
	case ShowYoY, ShowMoM, ShowFestivalYoY, ShowShare:
		c.Decimals = percentDecimals
	case ShowRank, ShowRankChange:
		c.Decimals, c.Better = 0, city.BetterNone
	case ShowValue, ShowYTD, ShowRolling, ShowPrevious, ShowBefore, ShowFestival:
		c.Additive = ind.Measure.Additive() && ind.Window != city.WindowStock
	}
	return c
}

func (p *plan) unit(m measure, show Show) *analysis.Named {
	name := m.indicator.Unit
	switch show {
	case ShowYoY, ShowMoM, ShowFestivalYoY, ShowShare:
		return &analysis.Named{Name: percentUnit, Title: city.Text{ZH: "%", EN: "%"}}
	case ShowYoYDiff, ShowMoMDiff:
		if name == percentUnit {
			return &analysis.Named{Name: "points", Title: city.Text{ZH: "个百分点", EN: "points"}}
		}
	case ShowRank, ShowRankChange:
		return &analysis.Named{Name: "rank", Title: city.Text{ZH: "位", EN: "ranks"}}
	}
	if u, err := p.city.Unit(name); err == nil {
		return &analysis.Named{Name: name, Title: u.Title}
	}
	return &analysis.Named{Name: name, Title: city.Text{ZH: name, EN: name}}
}
