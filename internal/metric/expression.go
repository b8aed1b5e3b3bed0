package metric

import (
	"fmt"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// percentUnit is the unit in which a ratio is multiplied by 100.
const percentUnit = "percent"

// expression writes the value of a tree from the columns of a cell.
type expression struct {
	*compiler
	total string // rows of a period over all dimensions, with %s for the column
}

func (k *compiler) expression() expression {
	e := expression{k, "%s"}
	if len(k.req.By) > 0 {
		e.total = "SUM(%s) OVER (PARTITION BY " + colPeriod + ")"
	}
	return e
}

// ifRows gives NULL when the shifted window of a part holds no rows at all: what
// is not in the data is unknown, not zero.
func (e expression) ifRows(p *part, s shift, sql string) string {
	return "CASE WHEN " + fmt.Sprintf(e.total, s.column(p.rows())) + " > 0 THEN " + sql + " END"
}

// at writes the value of node m in the shifted window. percent says that a ratio
// met from here is the outermost one and the unit is percent.
func (e expression) at(m *city.Measure, s shift, percent bool) string {
	sql := e.node(m, s, percent)
	if m.Factor != 0 && m.Factor != 1 {
		sql += " * " + number(m.Factor)
	}
	return sql
}

func (e expression) node(m *city.Measure, s shift, percent bool) string {
	col := func(suffix string) string { return s.column(quote(e.names[m].name + suffix)) }
	switch m.Kind {
	case city.MeasureConst:
		return "CAST(" + number(m.Value) + " AS DOUBLE)"
	case city.MeasureCount, city.MeasureCountDistinct:
		return e.expanded(m, "CAST(COALESCE("+col("")+", 0) AS DOUBLE)")
	case city.MeasureSum:
		return e.expanded(m, "CAST("+col("")+" AS DOUBLE)")
	case city.MeasureMean:
		return "(" + col("") + " / NULLIF(CAST(" + col("_of") + " AS DOUBLE), 0))"
	case city.MeasureLimit:
		return e.limit(m, s)
	case city.MeasureIndicator:
		return e.at(m.Of[0], s, m.Indicator.Unit == percentUnit)
	case city.MeasureIndex:
		terms := make([]string, len(m.Of))
		for i, of := range m.Of {
			terms[i] = e.at(of, s, false)
		}
		return "(" + strings.Join(terms, " + ") + ")"
	case city.MeasureRatio, city.MeasureShare:
		// Multiplied before dividing: 100 * 57 / 100 is 57, 57 / 100 * 100 is not.
		times := ""
		if percent {
			times = "100 * "
		}
		return "(" + times + e.at(m.Of[0], s, false) + " / NULLIF(" + e.at(m.Of[1], s, false) + ", 0))"
	case city.MeasureDifference:
		return "(" + e.at(m.Of[0], s, percent) + " - " + e.at(m.Of[1], s, percent) + ")"
	case city.MeasureGrowth:
		now, then := e.at(m.Of[0], s, false), e.at(m.Of[0], s.back(m.On), false)
		return "(CASE WHEN " + then + " > 0 THEN 100 * (" + now + " - " + then + ") / (" + then + ") END)"
	case city.MeasureIncrease:
		now, then := e.at(m.Of[0], s, percent), e.at(m.Of[0], s.back(m.On), percent)
		return "(" + e.ifRows(e.names[m].part, s.back(m.On), now+" - "+then) + ")"
	}
	return "CAST(" + col("") + " AS DOUBLE)" // min, max, percentile
}

// expanded multiplies an additive leaf by the inverse of the fraction of the
// population that its rows are.
func (e expression) expanded(m *city.Measure, sql string) string {
	if fraction := e.names[m].part.src.Fraction; fraction != 1 {
		return "(" + sql + " * " + number(1/fraction) + ")"
	}
	return sql
}
