package plantext

import (
	"strconv"
	"strings"
)

// A promise without a date of its own has the horizon of what it stands in: of
// the paragraph that speaks of a plan of several years, of the section whose
// heading names one, of the whole text. The running year is the last resort.

// planOf is the last year of the latest five-year plan that a text names, or 0.
func planOf(text string) int {
	last := 0
	for name, end := range fiveYearPlans {
		if strings.Contains(text, name) {
			last = max(last, end)
		}
	}
	return last
}

// runningPlan is the last year of the five-year plan that a year belongs to.
func runningPlan(year int) int {
	const years = 5
	if year == 0 {
		return 0
	}
	return (year + years - 1) / years * years
}

// horizonOf is the last year that a heading plans for, beyond the running one;
// 0 when it tells none. mixed says that it names the running year as well
// (“十五五”时期目标任务和2026年工作安排), so that each paragraph must tell by itself.
func horizonOf(title string, year int) (last int, mixed bool) {
	if headingMode(title, year) == modeReview {
		return 0, false
	}
	last = planOf(title)
	if last == 0 && firstOf(title, yearsAhead) != "" && year > 0 {
		last = year + 4
	}
	for _, y := range yearsIn(title) {
		switch {
		case y == year:
			mixed = true
		case y > year && year > 0 && strings.Contains(title, "到"+strconv.Itoa(y)):
			last = max(last, y)
		}
	}
	if last <= year {
		return 0, false
	}
	return last, mixed
}

// yearsAhead are words for the years of a term.
var yearsAhead = []string{"今后五年", "未来五年", "今后5年", "未来5年"}

// papersOfYears are how a report calls the plan of several years that it
// explains, at the beginning of a paragraph (《规划纲要》提出…); spansOfYears stand
// behind its name (“十五五”时期).
var (
	papersOfYears = []string{"纲要》", "规划》", "纲要（草案）", "规划（草案）", "纲要草案"}
	spansOfYears  = []string{"五年规划", "时期", "期间"}
)

// horizonHere is the last year of the plan of several years of which a paragraph
// speaks, or 0 when it speaks of the running year.
func (sec *section) horizonHere(opening string, year int) int {
	paper, named := firstOf(opening, papersOfYears) != "", planOf(opening)
	switch {
	case strings.HasPrefix(opening, "今年") || year > 0 && strings.HasPrefix(opening, strconv.Itoa(year)+"年"):
		return 0
	case named > year && (paper || firstOf(opening, spansOfYears) != ""):
		return named
	case paper && sec.horizon > 0:
		return sec.horizon
	case paper && sec.mode == modePlan && strings.HasPrefix(opening, "《") && firstOf(opening, []string{"提出", "明确", "确定"}) != "":
		return runningPlan(year)
	case sec.mixed:
		return 0
	}
	return sec.horizon
}

// inherit gives a heading below another the horizon of that one.
func (sec *section) inherit(above *section, level int) {
	if sec.horizon == 0 && sec.mode != modeReview && len(yearsIn(sec.title)) == 0 && (level == 0 && above.setBy > 0 || level > above.setBy) {
		sec.horizon, sec.mixed, sec.setBy = above.horizon, above.mixed, above.setBy
	}
}

// distant says that a date lies beyond the running year.
func distant(due string, year int) bool {
	return year > 0 && due > endOf(year, 12)
}

// distantDate notes, for the items behind it, the distant date that a sentence
// begins with: 到2030年，A达到5%；B达到6%. A nearer one is of its item alone.
func (s *sentence) distantDate(due []deadline, year int) {
	if s.first || !s.para.joined {
		s.para.until = deadline{}
	}
	for _, d := range due {
		if d.exact && distant(d.due, year) && s.leads(d) {
			s.para.until = d
			s.para.until.i, s.para.until.j = -1, -1 // it stands in no clause of theirs
		}
	}
	s.para.joined = strings.HasSuffix(strings.TrimRight(s.text(0, len(s.r)), " "), "；")
	if !s.para.joined {
		s.para.until = deadline{}
	}
}

// lastDay is the day until which a promise without a date holds.
func (rd *reader) lastDay(s *sentence, clause string) string {
	last := max(rd.year, rd.last)
	if s.para.horizon > 0 && firstOf(clause, []string{"今年", "年内", "全年", "当年"}) == "" {
		last = s.para.horizon
	}
	return endOf(last, 12)
}
