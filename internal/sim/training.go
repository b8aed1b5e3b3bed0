package sim

import "github.com/jinyang-city/jinyang/internal/city"

// unsubsidised is the share of people who train on top of the subsidised ones.
const unsubsidised = 0.08

// classSize is how many people share a course.
const classSize = 40

// occupations that the city trains for, and the grades they are certified at.
func occupations() [10]string {
	return [10]string{"养老护理员", "家政服务员", "育婴员", "电工", "焊工", "中式烹调师", "网络直播员", "汽车维修工", "数控车工", "保健按摩师"}
}

func skillGrades() [6]string {
	return [6]string{"special", "grade5", "grade5", "grade4", "grade4", "grade3"}
}

type trainingRow struct {
	no, person, course, occupation, grade, region []byte
	started, completed                            []byte
	subsidised                                    bool
	amount                                        int64 // fen
}

func (r trainingRow) put(s *sheet) {
	s.raw(r.no)
	s.raw(r.person)
	s.raw(r.course)
	s.raw(r.occupation)
	s.raw(r.grade)
	s.raw(r.region)
	s.raw(r.started)
	s.raw(r.completed)
	s.yes("subsidised", r.subsidised)
	s.money(r.amount)
	s.end()
}

// trainingMonth writes the people who completed a course in the month.
func trainingMonth(w *world, s *sheet, month city.Date) {
	total := float64(w.sample(yearFigures(month.Year).trained))
	m := int(month.Month)
	from, to := trainingCurve.upTo(total, m-1), trainingCurve.upTo(total, m)
	for k := from; k < to && s.err == nil; k++ {
		w.putTraining(s, month, w.trainee(s, month, uint64(k), true))
	}
	from, to = trainingCurve.upTo(total*unsubsidised, m-1), trainingCurve.upTo(total*unsubsidised, m)
	for k := from; k < to && s.err == nil; k++ {
		w.putTraining(s, month, w.trainee(s, month, uint64(int(total)+k), false))
	}
}

func (w *world) putTraining(s *sheet, month city.Date, r trainingRow) {
	r.put(s)
	if w.repeats(s, month) {
		r.put(s)
	}
	d := w.flaw(s, month)
	if d == sound {
		return
	}
	var id [18]byte
	r.person = w.stranger(s, month, d, &id)
	r.no = recordNo("PX", month, 9_000_000+uint64(s.defects))
	switch d {
	case badDate:
		r.completed = []byte(wrongDate)
	case badRegion:
		r.region = s.encoded(word{"", wrongRegion}, wrongRegion)
	case badWord:
		r.grade = s.encoded(word{"", wrongWord}, wrongWord)
	case outOfRange:
		r.amount = 999_999_00
	}
	r.put(s)
}

// trainee is the k-th person trained in the year; nobody trains twice in it.
func (w *world) trainee(s *sheet, month city.Date, k uint64, subsidised bool) trainingRow {
	workers := w.membersIn(city.Date{Year: month.Year - 1, Month: 12, Day: 1}).workers
	person := (workers.from+workers.to)/2 + k
	course := w.hash(tagCourse, uint64(monthIndex(month)), k/classSize)
	days := 4 + below(course, 12)
	end := workday(month, mix64(course))
	r := trainingRow{
		no: recordNo("PX", month, k+1), course: recordNo("BC", month, k/classSize+1),
		occupation: s.encoded(word{"", occupations()[course%10]}, occupations()[course%10]),
		grade:      s.enumWord("grade", skillGrades()[course/16%6]), region: s.regionWord(w.home(w.workers, person)),
		started: appendDate(nil, end.AddDays(1-days)), completed: appendDate(nil, end), subsidised: subsidised,
	}
	if subsidised {
		r.amount = trainingSubsidy(days)
	}
	var id [18]byte
	w.workers.put(&id, person)
	r.person = id[:]
	return r
}

// trainingSubsidy is the subsidy of a course in fen, by the older provincial
// rule: 150 yuan for each of the first ten days, 100 for each further one
// (domain/rules.md 4, training subsidies).
func trainingSubsidy(days int) int64 {
	return int64(min(days, 10)*150+max(days-10, 0)*100) * 100
}
