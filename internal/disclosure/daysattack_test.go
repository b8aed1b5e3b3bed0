package disclosure

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// drawDays is a release over the days of some months; an atom's month is the
// index of its day.
func drawDays(t *rapid.T) *release {
	r := &release{fields: []string{"a"}, values: [][]string{{"0", "1", "2"}}}
	if rapid.Bool().Draw(t, "two fields") {
		r.fields, r.values = []string{"a", "b"}, [][]string{{"0", "1"}, {"0", "1"}}
	}
	for m := range rapid.IntRange(1, 4).Draw(t, "months") {
		for _, d := range []int{3, 4, 20} {
			r.months = append(r.months, city.NewDate(2023, time.Month(11+m), d))
		}
	}
	size := rapid.Int64Range(1, 9).Draw(t, "size")
	for _, values := range product(r.values) {
		for m := range r.months {
			n := rapid.Int64Range(-size, size).Draw(t, "n")
			r.atoms = append(r.atoms, atom{values, m, max(n, 0)})
		}
	}
	return r
}

// days is the window of a question by single days.
func (r *release) days(q question) city.Span {
	return city.Span{From: r.months[q.from], To: r.months[q.to]}
}

// whole gives the whole months that hold the same days, when there are such.
func (r *release) whole(q question) (city.Span, bool) {
	month := func(i int) city.Date { return city.GrainMonth.Start(r.months[i]) }
	if q.from > 0 && month(q.from-1) == month(q.from) || q.to+1 < len(r.months) && month(q.to+1) == month(q.to) {
		return city.Span{}, false
	}
	return city.Span{From: month(q.from), To: r.months[q.to].MonthEnd()}, true
}

// The one who asks about single days beside whole months, which are decided
// about apart, learns of no small group of a day or a month either.
func TestAttackerWithDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawDays(t)
		k := rapid.IntRange(2, 6).Draw(t, "k")
		byMonth, err1 := New(k, r.fields, r.count)
		if err1 != nil {
			t.Fatal(err1)
		}
		byDay, err2 := byMonth.ByDay(r.count)
		if err2 != nil {
			t.Fatal(err2)
		}
		known := &knowledge{rows: map[int][]int64{}}
		all := r.questions()
		var told []string
		tell := func(q question, w city.Span, how string) {
			if q.n > 0 && q.n < int64(k) {
				t.Fatalf("%v in %s is told %s: %d", q.cell, w, how, q.n)
			}
			told = append(told, fmt.Sprintf("%v in %s %s: %d", q.cell, w, how, q.n))
			known.learn(vector(q.atoms))
		}
		for _, q := range all {
			if w := r.days(q); byDay.Tells(q.cell, w) {
				tell(q, w, "by day")
			}
			if w, ok := r.whole(q); ok {
				if byDay.Tells(q.cell, w) {
					tell(q, w, "with days")
				}
				if byMonth.Tells(q.cell, w) {
					tell(q, w, "by month")
				}
			}
		}
		for _, q := range all {
			if q.single && q.n > 0 && q.n < int64(k) && known.knows(vector(q.atoms)) {
				t.Fatalf("%v in %s can be computed: %d\nk %d\n%s", q.cell, r.days(q), q.n, k, slices.Compact(told))
			}
		}
	})
}
