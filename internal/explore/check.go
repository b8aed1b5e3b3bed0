package explore

import (
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// CodeQuestion is the code of a question that has no answer.
const CodeQuestion = city.CodeInvalid + ".question"

func impossible(format string, args ...any) *city.Error {
	return city.Errorf(CodeQuestion, format, args...)
}

// maxPeriods bounds the periods of one table: ten years of days.
const maxPeriods = 3_660

// shows lists what a column may show.
var shows = []Show{ShowValue, ShowYoY, ShowYoYDiff, ShowMoM, ShowMoMDiff, ShowYTD, ShowRolling, ShowShare, ShowRank, ShowRankChange,
	ShowPrevious, ShowBefore, ShowFestival, ShowFestivalYoY}

func (p *plan) check() error {
	for _, m := range p.measures {
		for i, show := range m.show {
			if !slices.Contains(shows, show) {
				return impossible("%q is nothing that a measure can show", show).WithHint("use %s", words(shows))
			}
			if slices.Contains(m.show[:i], show) {
				return impossible("%s shows %s twice", m.indicator.Name, show).WithHint("name each once")
			}
			if err := p.checkShow(m, show); err != nil {
				return err
			}
		}
		if f, ok := m.dataset.Field(m.indicator.Time); ok && f.Type == city.TypeMonth && p.grain == city.GrainDay {
			return impossible("%s has figures of months, not of days", m.indicator.Name).WithHint("ask by month, quarter or year")
		}
	}
	return nil
}

// checkShow refuses what a measure cannot show.
func (p *plan) checkShow(m measure, show Show) error {
	ind := m.indicator
	switch show {
	case ShowRolling:
		if m.rolling < 1 {
			return impossible("the rolling window of %s has no length", ind.Name).WithHint("say how many periods it is long, for example rolling 12")
		}
	case ShowShare:
		if !Parts(ind.Measure) {
			return impossible("%s has no shares: its parts do not make up the whole", ind.Name).
				WithHint("shares are of counts and sums; compare a mean or a rate by its rank")
		}
		if len(p.by) == 0 {
			return impossible("a share of %s needs a dimension, by which the whole is divided", ind.Name).WithHint("%s", dimensionHint(p.city, ind))
		}
	case ShowRank, ShowRankChange:
		if len(p.by) == 0 {
			return impossible("a rank of %s needs a dimension, whose values are ranked", ind.Name).WithHint("%s", dimensionHint(p.city, ind))
		}
	case ShowMoM, ShowMoMDiff, ShowBefore:
		if ind.Window == city.WindowAll && p.grain == city.GrainAll {
			return impossible("%s counts from the beginning, so that no period lies before the whole", ind.Name).WithHint("ask by month, quarter or year")
		}
	case ShowFestival, ShowFestivalYoY:
		if ind.Calendar == "" {
			return impossible("%s moves with no festival", ind.Name).WithHint("compare with the year before, or declare its calendar in the pack")
		}
	}
	return p.checkWindow(m, show)
}

// checkWindow refuses windows that a measure cannot have.
func (p *plan) checkWindow(m measure, show Show) error {
	switch {
	case show != ShowYTD && show != ShowRolling:
	case m.indicator.Window == city.WindowStock:
		return impossible("%s is a stock: it is read off at a period's end and cannot be put together over periods", m.indicator.Name).
			WithHint("leave out %s, or ask for the mean of another indicator", show)
	case show == ShowRolling && p.grain == city.GrainAll:
		return impossible("a rolling window needs periods that follow each other").WithHint("ask by day, month, quarter or year")
	}
	return nil
}

// Parts says whether the values of parts make up the whole, so that a part may
// be given as a share of it. Persons may count in more than one part.
func Parts(m *city.Measure) bool {
	switch m.Kind {
	case city.MeasureCount, city.MeasureCountDistinct, city.MeasureSum:
		return true
	case city.MeasureDifference:
		return Parts(m.Of[0]) && Parts(m.Of[1])
	}
	return false
}

// checkSize refuses tables of too many periods.
func (p *plan) checkSize() error {
	if p.period.IsZero() {
		return nil
	}
	if n := len(p.period.Periods(p.grain)); n > maxPeriods {
		return impossible("the question asks for %d periods, and a table may have %d", n, maxPeriods).WithHint("ask for a shorter period or a coarser grain")
	}
	return nil
}

// checkOrder refuses to sort by columns that are not there, and a rest that
// nobody could ask for.
func (p *plan) checkOrder() error {
	q := p.question
	for _, s := range q.Sort {
		if !slices.ContainsFunc(p.columns, func(c Column) bool { return c.Key == s.Column }) {
			return impossible("the table has no column %q to sort by", s.Column).WithHint("its columns are %s", columnKeys(p.columns))
		}
	}
	switch {
	case q.Top < 0:
		return impossible("the top cannot have %d rows", q.Top).WithHint("give a number of rows")
	case q.Top > 0 && len(p.by) == 0:
		return impossible("a top of %d needs a dimension, whose values are chosen from", q.Top).WithHint("%s", dimensionHint(p.city, p.measures[0].indicator))
	case q.Rest && q.Top == 0:
		return impossible("there is a rest only beside a top").WithHint("say how many rows the top has")
	case q.Rest && len(p.by) != 1:
		return impossible("the rest of a top can be asked for by one dimension only, this question has %d", len(p.by)).WithHint("keep one dimension, or leave the rest out")
	}
	return nil
}

// noDimension says which dimension a measure lacks, and who has it.
func (p *plan) noDimension(ind *city.Indicator, name string) error {
	for _, m := range p.measures {
		if _, ok := m.fields[name]; ok {
			return impossible("%s has no dimension %q, which %s has", ind.Name, name, m.indicator.Name).
				WithHint("leave it out, or ask for the two apart")
		}
	}
	if near := city.Nearest(name, ind.Dimensions); near != "" {
		return impossible("%s cannot be broken down by %q", ind.Name, name).WithHint("did you mean %s?", near)
	}
	return impossible("%s cannot be broken down by %q", ind.Name, name).WithHint("%s", dimensionHint(p.city, ind))
}

func dimensionHint(c *city.City, ind *city.Indicator) string {
	if len(ind.Dimensions) > 0 {
		return "use " + strings.Join(ind.Dimensions, ", ")
	}
	for _, other := range c.Indicators {
		if other.Dataset == ind.Dataset && len(other.Dimensions) > 0 {
			return "it has no dimensions; " + other.Name + " has " + strings.Join(other.Dimensions, ", ")
		}
	}
	return "it has no dimensions: ask without"
}

func words(list []Show) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}

func columnKeys(columns []Column) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.Key
	}
	return strings.Join(out, ", ")
}

func (m measure) key(show Show) string { return "m" + strconv.Itoa(m.index) + "." + string(show) }
