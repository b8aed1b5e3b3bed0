package standard

import (
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Basin is the judgement on the sections of a river or basin (环办〔2011〕22号).
type Basin struct {
	Verdict  int     // 0 优, 1 良好, 2 轻度污染, 3 中度污染, 4 重度污染
	Good     float64 // percent of sections at the base class or better
	Worst    float64 // percent of sections beyond all classes
	Sections int
	// Averaged says that there are too few sections for shares, so that the
	// items were averaged over them and judged like one section.
	Averaged bool
}

// BasinOf judges the samples of a basin's sections by the parameters of a rule
// of kind basin: few (sections below which items are averaged), good, fair
// (percent at the base class or better), light and moderate (percent beyond all
// classes). It is false when nothing was measured.
func BasinOf(t *city.GradeTable, params map[string]float64, sections []map[string]float64) (Basin, bool) {
	out := Basin{Sections: len(sections)}
	good, worst := 0, 0
	for _, s := range sections {
		switch class := GradeOf(t, s).Class; {
		case class < 0:
			out.Sections--
		case class <= t.Base:
			good++
		case class == len(t.Classes)-1:
			worst++
		}
	}
	if out.Sections == 0 {
		return Basin{}, false
	}
	out.Good, out.Worst = percent(good, out.Sections), percent(worst, out.Sections)
	if float64(out.Sections) < params["few"] {
		out.Averaged = true
		out.Verdict = verdictOf(t, GradeOf(t, Mean(sections)).Class)
		return out, true
	}
	out.Verdict = out.byShares(params)
	return out, true
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(whole) }

func (b Basin) byShares(params map[string]float64) int {
	switch {
	case b.Good >= params["good"]:
		return 0
	case b.Good >= params["fair"]:
		return 1
	case b.Worst < params["light"]:
		return 2
	case b.Worst < params["moderate"]:
		return 3
	}
	return 4
}

// verdictOf counts the different verdicts from the best class to class.
func verdictOf(t *city.GradeTable, class int) int {
	verdict := 0
	for i := 1; i <= class; i++ {
		if t.Classes[i].Verdict != t.Classes[i-1].Verdict {
			verdict++
		}
	}
	return verdict
}

// Mean averages each item over the samples that have it: the value of a period
// from several samples, or of a basin from few sections.
func Mean(samples []map[string]float64) map[string]float64 {
	sum, n := map[string]float64{}, map[string]int{}
	for _, s := range samples {
		for item, v := range s {
			sum[item], n[item] = sum[item]+v, n[item]+1
		}
	}
	for item := range sum {
		sum[item] /= float64(n[item])
	}
	return sum
}

// Trend says how water changed: 0 no clear change, 1 somewhat, 2 clearly;
// positive is better.
type Trend int

// SectionTrend compares the classes of a section: one class is somewhat, two
// and more are clearly.
func SectionTrend(before, after int) Trend { return Trend(min(2, max(-2, before-after))) }

// BasinTrend compares the shares of a basin: the change of the good share less
// that of the worst one, by the parameters none and some in percentage points
// of a rule of kind basin.
func BasinTrend(params map[string]float64, before, after Basin) Trend {
	d := math.Round(((after.Good-before.Good)-(after.Worst-before.Worst))*1e9) / 1e9
	t := Trend(2)
	switch {
	case math.Abs(d) <= params["none"]:
		return 0
	case math.Abs(d) <= params["some"]:
		t = 1
	}
	if d < 0 {
		return -t
	}
	return t
}

// Stability says when a section keeps a class "stably", for which no national
// definition exists: a rule of kind stability declares the city's own.
type Stability struct {
	AnnualMean bool // the means of the months' items keep it (S1)
	Last       int  // how many of the latest months must; 0: all (S2)
	Valid      int  // of these, how many must have been measured
	Failures   int  // of these, how many may fail
}

// StabilityOf reads the parameters of a rule of kind stability.
func StabilityOf(params map[string]float64) Stability {
	return Stability{AnnualMean: params["annual_mean"] != 0, Last: int(params["last"]), Valid: int(params["valid"]), Failures: int(params["failures"])}
}

// Holds says whether the monthly samples of a section, in the order of time,
// keep the table's base class stably. A month that was not measured is nil.
func (s Stability) Holds(t *city.GradeTable, months []map[string]float64) bool {
	if s.AnnualMean {
		class := GradeOf(t, Mean(months)).Class
		return class >= 0 && class <= t.Base
	}
	if s.Last > 0 {
		if len(months) < s.Last {
			return false
		}
		months = months[len(months)-s.Last:]
	}
	valid, failures := 0, 0
	for _, m := range months {
		class := GradeOf(t, m).Class
		if class >= 0 {
			valid++
		}
		if class > t.Base {
			failures++
		}
	}
	return valid > 0 && valid >= s.Valid && failures <= s.Failures
}
