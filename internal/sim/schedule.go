package sim

import (
	"fmt"
	"sort"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// batch is one delivery of a sender.
type batch struct {
	sender *sender
	name   string
	period city.Span
	sent   city.Date
	rows   func(w *world, s *sheet)
	order  int // of the dataset in the city's declarations
}

// The two irregularities of the simulated city: a batch that comes five days
// late, so that on the last day of its month the dataset is complete to the
// month before, and one that corrects rows sent two months earlier.
var (
	lateBatch  = struct{ dataset, name string }{"ybj.evoucher", "2024-10"}
	lateSent   = city.Date{Year: 2024, Month: time.November, Day: 5}
	corrected  = city.Date{Year: 2024, Month: time.March, Day: 1}
	correction = struct {
		dataset string
		sent    city.Date
	}{"hrss.employment", city.Date{Year: 2024, Month: time.May, Day: 20}}
)

// schedule lists the batches of the declared datasets in the order in which
// they are sent.
func schedule(c *city.City, list []sender, from, to city.Date) []batch {
	order := map[string]int{}
	for i, d := range c.Datasets {
		order[d.Name] = i + 1
	}
	var out []batch
	for i := range list {
		s := &list[i]
		if order[s.dataset] == 0 {
			continue
		}
		for _, b := range s.batches(from, to) {
			b.order = order[s.dataset]
			out = append(out, b)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if c := a.sent.Compare(b.sent); c != 0 {
			return c < 0
		}
		return a.order < b.order
	})
	return out
}

// batches lists a sender's batches for the months from..to.
func (s *sender) batches(from, to city.Date) []batch {
	var out []batch
	if s.history > 0 || s.opening != nil {
		out = append(out, s.openingBatch(from))
	}
	for m := from; !m.After(to); m = city.GrainMonth.Next(m) {
		if !s.due(m) {
			continue
		}
		start := s.every.Start(m)
		b := batch{sender: s, name: s.every.Label(start), period: city.Span{From: start, To: m.MonthEnd()}, sent: m.MonthEnd()}
		b.rows = func(w *world, sh *sheet) { s.rows(w, sh, m) }
		if s.dataset == lateBatch.dataset && b.name == lateBatch.name {
			b.sent = lateSent
		}
		out = append(out, b)
	}
	if s.dataset == correction.dataset && !corrected.Before(from) && !corrected.After(to) {
		out = append(out, batch{
			sender: s, name: corrected.String()[:7] + "-correction-1",
			period: city.Span{From: corrected, To: corrected.MonthEnd()}, sent: correction.sent,
			rows: func(w *world, sh *sheet) { employmentCorrection(w, sh, corrected) },
		})
	}
	return out
}

// due says whether the sender sends at the end of the month.
func (s *sender) due(m city.Date) bool {
	return s.every != city.GrainQuarter || m.Month%3 == 0
}

// openingYears is how far back the registers reach that an opening batch holds.
const openingYears = 10

// openingBatch is what a sender hands over once, before the first month.
func (s *sender) openingBatch(from city.Date) batch {
	end := from.AddDays(-1)
	b := batch{sender: s, name: fmt.Sprintf("opening-%s", end), sent: end}
	if s.opening != nil {
		b.period = city.Span{From: from.AddYears(-openingYears), To: end}
		b.rows = func(w *world, sh *sheet) { s.opening(w, sh, end) }
		return b
	}
	start := city.NewDate(from.Year, from.Month-time.Month(s.history), 1)
	b.period = city.Span{From: start, To: end}
	b.rows = func(w *world, sh *sheet) {
		for m := start; m.Before(from); m = city.GrainMonth.Next(m) {
			if s.due(m) {
				s.rows(w, sh, m)
			}
		}
	}
	return b
}
