package metric

import (
	"fmt"

	"github.com/jinyang-city/jinyang/internal/city"
)

// percentUnit is the unit in which a ratio is multiplied by 100.
const percentUnit = "percent"

// expression writes the value of a tree from the columns of a cell.
type expression struct {
	names   map[*city.Measure]string // of the leaves
	expand  float64                  // what additive leaves are multiplied by
	percent bool                     // the outermost ratio is stated in percent
	total   string                   // rows of a period over all dimensions, with %s for the column
}

func (k *compiler) expression() expression {
	e := expression{
		names:   map[*city.Measure]string{},
		expand:  1 / k.src.Fraction,
		percent: k.req.Indicator.Unit == percentUnit,
		total:   "%s",
	}
	for _, l := range k.leaves {
		e.names[l.node] = l.name
	}
	if len(k.req.By) > 0 {
		e.total = "SUM(%s) OVER (PARTITION BY " + colPeriod + ")"
	}
	return e
}

// ifRows gives NULL when the window that many years back holds no rows at all:
// what is not in the data is unknown, not zero.
func (e expression) ifRows(back int, sql string) string {
	return "CASE WHEN " + fmt.Sprintf(e.total, yearsBack(colRows, back)) + " > 0 THEN " + sql + " END"
}

// at writes the value of node m that many years back. percent says that a ratio
// met from here is the outermost one and the unit is percent.
func (e expression) at(m *city.Measure, back int, percent bool) string {
	sql := e.node(m, back, percent)
	if m.Factor != 0 && m.Factor != 1 {
		sql += " * " + number(m.Factor)
	}
	return sql
}

func (e expression) node(m *city.Measure, back int, percent bool) string {
	col := func(suffix string) string { return yearsBack(quote(e.names[m]+suffix), back) }
	switch m.Kind {
	case city.MeasureConst:
		return "CAST(" + number(m.Value) + " AS DOUBLE)"
	case city.MeasureCount, city.MeasureCountDistinct:
		return e.expanded("CAST(COALESCE(" + col("") + ", 0) AS DOUBLE)")
	case city.MeasureSum:
		return e.expanded("CAST(" + col("") + " AS DOUBLE)")
	case city.MeasureMean:
		return "(" + col("") + " / NULLIF(CAST(" + col("_of") + " AS DOUBLE), 0))"
	case city.MeasureRatio:
		// Multiplied before dividing: 100 * 57 / 100 is 57, 57 / 100 * 100 is not.
		times := ""
		if percent {
			times = "100 * "
		}
		return "(" + times + e.at(m.Of[0], back, false) + " / NULLIF(" + e.at(m.Of[1], back, false) + ", 0))"
	case city.MeasureDifference:
		return "(" + e.at(m.Of[0], back, percent) + " - " + e.at(m.Of[1], back, percent) + ")"
	case city.MeasureGrowth:
		now, then := e.at(m.Of[0], back, false), e.at(m.Of[0], back+1, false)
		return "(CASE WHEN " + then + " > 0 THEN 100 * (" + now + " - " + then + ") / (" + then + ") END)"
	case city.MeasureIncrease:
		now, then := e.at(m.Of[0], back, percent), e.at(m.Of[0], back+1, percent)
		return "(" + e.ifRows(back+1, now+" - "+then) + ")"
	}
	return "CAST(" + col("") + " AS DOUBLE)" // min, max, percentile
}

func (e expression) expanded(sql string) string {
	if e.expand == 1 {
		return sql
	}
	return "(" + sql + " * " + number(e.expand) + ")"
}
