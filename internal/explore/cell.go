package explore

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// percentDecimals of growths and shares.
const percentDecimals = 1

// The reasons for a figure that is not there.
var (
	nothing       = city.Text{ZH: "没有这一组的数据", EN: "there are no rows of this group"}
	noEarlier     = city.Text{ZH: "没有可比的早期数据", EN: "there is no earlier figure to compare with"}
	notComplete   = city.Text{ZH: "数据尚不完整，不与完整期比较", EN: "the figure is not complete yet and is not compared with a whole one"}
	notAPercent   = city.Text{ZH: "百分比之间只比较百分点差", EN: "percentages are compared by their difference in points"}
	notPositive   = city.Text{ZH: "基期不大于零，不计算增速", EN: "the earlier figure is not above zero, so that there is no growth"}
	noWhole       = city.Text{ZH: "没有合计，不计算占比", EN: "there is no total to take a share of"}
	earlierSmall  = city.Text{ZH: "早期数值因分组过小不予显示", EN: "the earlier figure is withheld because its group is small"}
	notRanked     = city.Text{ZH: "数据不完整或无效，不参加排名", EN: "what is not complete or not valid is not ranked"}
	totalUnranked = city.Text{ZH: "合计不参加排名", EN: "totals are not ranked"}
	noRankBefore  = city.Text{ZH: "上年同期没有排名", EN: "it was not ranked the year before"}
)

func valueCell(r *analysis.Row) Cell {
	return Cell{Value: r.Value, Display: r.Display, Status: r.Status, Reason: r.Reason, Rows: r.Rows}
}

func without(reason city.Text) Cell { return Cell{Status: analysis.StatusNoData, Reason: reason} }

// computed is a figure made out of a row.
func computed(r *analysis.Row, v float64, decimals int) Cell {
	return Cell{Value: &v, Display: city.Figure(v, decimals), Status: r.Status, Reason: r.Reason, Rows: r.Rows}
}

// derived makes a cell out of a row alone; ok is false for columns that need
// more.
func derived(m measure, show Show, r *analysis.Row) (c Cell, ok bool) {
	switch show {
	case ShowValue:
		return valueCell(r), true
	case ShowPrevious:
		return earlierCell(m, r, r.Previous, city.AgainstYear), true
	case ShowBefore:
		return earlierCell(m, r, r.Before, city.AgainstPeriod), true
	case ShowFestival:
		return earlierCell(m, r, r.Festival, city.AgainstFestival), true
	case ShowYoY:
		return growth(m, r, r.Previous, city.AgainstYear), true
	case ShowMoM:
		return growth(m, r, r.Before, city.AgainstPeriod), true
	case ShowFestivalYoY:
		return growth(m, r, r.Festival, city.AgainstFestival), true
	case ShowYoYDiff:
		return difference(m, r, r.Previous, city.AgainstYear), true
	case ShowMoMDiff:
		return difference(m, r, r.Before, city.AgainstPeriod), true
	}
	return Cell{}, false
}

// earlierCell shows the figure of an earlier time.
func earlierCell(m measure, r *analysis.Row, v *float64, against city.Against) Cell {
	if v == nil {
		return missing(r, against)
	}
	c := computed(r, *v, m.indicator.Decimals)
	c.Status, c.Reason, c.Rows = analysis.StatusValid, city.Text{}, 0
	return c
}

// missing says why there is nothing to compare with.
func missing(r *analysis.Row, against city.Against) Cell {
	switch {
	case r.Status == analysis.StatusSuppressed:
		return Cell{Status: r.Status, Reason: r.Reason}
	case slices.Contains(r.Withheld, against):
		return Cell{Status: analysis.StatusSuppressed, Reason: earlierSmall}
	}
	return without(noEarlier)
}

// compared says why a row is not compared with an earlier figure; ok when it is.
func compared(r *analysis.Row, v *float64, against city.Against) (c Cell, ok bool) {
	switch {
	case v == nil:
		return missing(r, against), false
	case r.Value == nil:
		return valueCell(r), false
	case r.Status != analysis.StatusValid:
		return without(notComplete), false
	}
	return Cell{}, true
}

// growth is in percent.
func growth(m measure, r *analysis.Row, v *float64, against city.Against) Cell {
	c, ok := compared(r, v, against)
	switch {
	case !ok:
		return c
	case m.indicator.Unit == percentUnit:
		return without(notAPercent)
	case *v <= 0:
		return without(notPositive)
	}
	return computed(r, (*r.Value / *v - 1)*100, percentDecimals)
}

func difference(m measure, r *analysis.Row, v *float64, against city.Against) Cell {
	c, ok := compared(r, v, against)
	if !ok {
		return c
	}
	return computed(r, *r.Value-*v, m.indicator.Decimals)
}

// shares fills the shares of the rows that have none yet.
func (a *asking) shares(m measure, whole *analysis.Answer) {
	totals := map[string]*analysis.Row{}
	for i := range whole.Rows {
		totals[whole.Rows[i].Period] = &whole.Rows[i]
	}
	for _, l := range a.rows {
		if r := l.base[m.index]; r != nil {
			l.Cells[m.key(ShowShare)] = share(r, totals[l.Period])
		}
	}
}

// share is in percent of the whole.
func share(r, whole *analysis.Row) Cell {
	switch {
	case r.Value == nil:
		return valueCell(r)
	case whole == nil || whole.Value == nil || *whole.Value <= 0:
		return without(noWhole)
	}
	return computed(r, *r.Value / *whole.Value * 100, percentDecimals)
}
