package metric

import (
	"fmt"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// leaf is a node of a measure that reads rows.
type leaf struct {
	node *city.Measure
	unit string // of time that is measured, day or second; empty where no time is
	cond text   // the node's own condition; may be empty
	name string // of its column
}

// column is one intermediate result of a leaf: how it is made from rows, and
// how results of disjoint rows are put together.
type column struct {
	name  string
	make  text   // aggregate over rows; empty when the leaf has a part of its own
	merge string // mergeSum, mergeMin, mergeMax or mergeList
	typ   string // SQL type, to write a NULL of
}

// How results of disjoint rows are put together. The first three are aggregates
// of SQL. A list is of all values; in SQL, which computes it where the values
// are, there is one result for each window, and mergeMax carries it over.
const (
	mergeSum  = "SUM"
	mergeMin  = "MIN"
	mergeMax  = "MAX"
	mergeList = "LIST"
)

// deepest bounds how far the nodes of a measure may be nested, so that an
// indicator that is built from itself cannot be followed for ever.
const deepest = 16

// leavesOf checks a tree that reads the rows of a part, and adds its leaves to
// the parts that they are of, in reading order.
func (k *compiler) leavesOf(p *part, m *city.Measure, depth int) error {
	if _, known := k.names[m]; known {
		return nil // an indicator that is named twice
	}
	if err := k.checkNode(p, m, depth); err != nil {
		return err
	}
	if m.Kind == city.MeasureIndicator {
		other, err := k.partOf(m.Indicator)
		if err != nil {
			return err
		}
		p = other
	}
	for _, of := range m.Of {
		if err := k.leavesOf(p, of, depth+1); err != nil {
			return err
		}
	}
	if k.names[m] = (leafRef{part: p}); !readsRows(m) {
		return nil
	}
	cond, err := conditions{city: k.city, dataset: p.dataset}.all(m.Where)
	if err != nil {
		return err
	}
	l := &leaf{node: m, unit: unitOfTime(p.dataset, m), cond: cond, name: leafName(m, k.leaves()+1)}
	k.names[m] = leafRef{l.name, p}
	p.leaves = append(p.leaves, l)
	return nil
}

// leaves is how many leaves all parts have.
func (k *compiler) leaves() int {
	n := 0
	for _, p := range k.parts {
		n += len(p.leaves)
	}
	return n
}

// readsRows says whether a node is a leaf.
func readsRows(m *city.Measure) bool {
	return len(m.Of) == 0 && m.Kind != city.MeasureConst && m.Kind != city.MeasureLimit
}

// leafName is readable in the SQL that people are shown, and unique by its
// number.
func leafName(m *city.Measure, n int) string {
	if m.Field == "" {
		return fmt.Sprintf("%s_%d", m.Kind, n)
	}
	return fmt.Sprintf("%s_%s_%d", m.Kind, m.Field, n)
}

// anyNumber of operands, but at least one.
const anyNumber = 1 << 10

// operands says how many operands each kind takes; -1 means a field.
var operands = map[city.MeasureKind]int{
	city.MeasureCount: 0, city.MeasureConst: 0, city.MeasureLimit: 0,
	city.MeasureCountDistinct: -1, city.MeasureSum: -1, city.MeasureMean: -1,
	city.MeasureMin: -1, city.MeasureMax: -1, city.MeasurePercentile: -1,
	city.MeasureRatio: 2, city.MeasureDifference: 2, city.MeasureShare: 2,
	city.MeasureGrowth: 1, city.MeasureIncrease: 1, city.MeasureIndicator: 1,
	city.MeasureIndex: anyNumber,
}

// checkNode refuses what the pack's checks should have refused, so that a City
// made by other means cannot make a panic or wrong SQL here.
func (k *compiler) checkNode(p *part, m *city.Measure, depth int) error {
	bad := func(format string, args ...any) error {
		return city.Errorf(city.CodeInvalid, "the measure of indicator %s is wrong: %s", p.req.Indicator.Name, fmt.Sprintf(format, args...)).At(m.Pos.String())
	}
	want, ok := operands[m.Kind]
	switch {
	case !ok:
		return bad("there is no measure %q", m.Kind)
	case depth > deepest:
		return bad("it is nested more than %d levels deep, or built from itself", deepest)
	case want == anyNumber && len(m.Of) == 0, want >= 0 && want != anyNumber && len(m.Of) != want, want < 0 && len(m.Of) != 0:
		return bad("%s has %d operands", m.Kind, len(m.Of))
	case slices.Contains(m.Of, nil):
		return bad("%s has an empty operand", m.Kind)
	case m.Kind == city.MeasureIndicator && m.Indicator == nil:
		return bad("an indicator is meant and none is named")
	case len(m.Where) > 0 && !readsRows(m):
		return bad("%s takes no condition; give it to its operands", m.Kind)
	case m.Kind == city.MeasureLimit:
		_, err := k.limits(m)
		return err
	case m.Kind == city.MeasurePercentile && !(m.P >= 0 && m.P <= 100):
		return bad("percentile %v is not between 0 and 100", m.P)
	case want >= 0:
		return nil
	}
	if why := checkField(p.dataset, m); why != "" {
		return bad("%s", why)
	}
	return nil
}

// checkField says why a leaf cannot be of its field; empty when it can.
func checkField(ds *city.Dataset, m *city.Measure) string {
	f, ok := ds.Readable(m.Field)
	if !ok {
		return fmt.Sprintf("dataset %s has no field %q", ds.Name, m.Field)
	}
	numeric := f.Type == city.TypeInt || f.Type == city.TypeNumber || f.Type == city.TypeDecimal
	switch {
	case m.Since != "":
		since, ok := ds.Field(m.Since)
		if !ok || since.Type != f.Type || f.Type != city.TypeDate && f.Type != city.TypeDateTime || m.Kind == city.MeasureCountDistinct {
			return fmt.Sprintf("%s measures no time from %q to %q", m.Kind, m.Since, m.Field)
		}
	case !numeric && m.Kind != city.MeasureCountDistinct:
		return fmt.Sprintf("%s needs a number, and %q is a %s", m.Kind, f.Name, f.Type)
	}
	return ""
}

// unitOfTime is the unit in which the engines count the time that a node
// measures.
func unitOfTime(ds *city.Dataset, m *city.Measure) string {
	f, ok := ds.Readable(m.Field)
	switch {
	case !ok || m.Since == "":
		return ""
	case f.Type == city.TypeDate:
		return "day"
	}
	return "second"
}

// value writes what the leaf reads of a row: a field, or the days between two.
func (l *leaf) value() string {
	between := "DATE_DIFF('" + l.unit + "', " + quote(l.node.Since) + ", " + quote(l.node.Field) + ")"
	switch l.unit {
	case "day":
		return "CAST(" + between + " AS DOUBLE)"
	case "second":
		return "(CAST(" + between + " AS DOUBLE) / 86400)"
	}
	return quote(l.node.Field)
}

// columns lists the leaf's intermediate results. first says that distinct
// values are counted at their first appearance, in a part of their own.
func (l *leaf) columns(first bool) []column {
	x := l.value()
	switch l.node.Kind {
	case city.MeasureCount:
		return []column{{l.name, l.filtered("COUNT(*)"), mergeSum, "BIGINT"}}
	case city.MeasureCountDistinct:
		c := column{l.name, text{}, mergeSum, "BIGINT"}
		if !first {
			c.make = l.filtered("COUNT(DISTINCT " + x + ")")
		}
		return []column{c}
	case city.MeasureSum:
		return []column{{l.name, l.sum(x), mergeSum, "DOUBLE"}}
	case city.MeasureMean:
		return []column{
			{l.name, l.filtered("SUM(CAST(" + x + " AS DOUBLE))"), mergeSum, "DOUBLE"},
			{l.name + "_of", l.filtered("COUNT(" + x + ")"), mergeSum, "BIGINT"},
		}
	case city.MeasureMin:
		return []column{{l.name, l.filtered("MIN(" + x + ")"), mergeMin, "DOUBLE"}}
	case city.MeasureMax:
		return []column{{l.name, l.filtered("MAX(" + x + ")"), mergeMax, "DOUBLE"}}
	}
	return []column{{l.name, text{}, mergeList, "DOUBLE"}}
}

// sql is the aggregate that puts results together.
func (c column) sql() string {
	if c.merge == mergeList {
		return mergeMax
	}
	return c.merge
}

// values writes all values of a leaf as a list.
func (l *leaf) values() text {
	has := l.present()
	return text{"ARRAY_AGG(CAST(" + l.value() + " AS DOUBLE)) FILTER (WHERE " + has.sql + ")", has.args}
}

func (l *leaf) filtered(aggregate string) text {
	if l.cond.sql == "" {
		return text{sql: aggregate}
	}
	return text{aggregate + " FILTER (WHERE " + l.cond.sql + ")", l.cond.args}
}

// sum adds zero for the rows that the leaf's condition leaves out: where there
// are rows, and none of the asked kind, the sum is 0 and not unknown.
func (l *leaf) sum(x string) text {
	if l.cond.sql == "" {
		return text{sql: "SUM(" + x + ")"}
	}
	return text{"SUM(CASE WHEN " + l.cond.sql + " THEN " + x + " ELSE 0 END)", l.cond.args}
}

// present keeps the rows that the leaf reads and that have a value.
func (l *leaf) present() text {
	var has text
	if l.node.Field != "" {
		has.sql = l.value() + " IS NOT NULL"
	}
	return join(" AND ", has, l.cond)
}
