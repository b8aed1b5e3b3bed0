package main

import (
	"context"
	"errors"
	"fmt"
)

// guardTiming is what it costs to withhold small groups: of a question that is
// the first of its table after a change, when it is found out which groups are
// small; of another question of the same table after it; and of that question
// when nothing is withheld. All have neither answer nor sums to begin with.
type guardTiming struct {
	Name  string `json:"name"`
	First series `json:"first"`
	Next  series `json:"next"`
	Open  series `json:"open"`
}

// series is what a question took, each time.
type series struct {
	MS  []float64 `json:"ms"`
	CPU []float64 `json:"cpu_ms"`
}

func (s *series) add(t spent)  { s.MS, s.CPU = append(s.MS, t.wall), append(s.CPU, t.cpu) }
func (s series) wall() float64 { return median(s.MS) }
func (s series) cpu() float64  { return median(s.CPU) }

// guardQuestions are pairs of questions of persons, of the largest table and of a
// smaller one: what is asked first, and then.
var guardQuestions = []struct {
	name        string
	first, next ask
}{
	{"hrss.insurance", ask{Indicator: "insurance.pension", By: []string{"region"}, Period: "2024-10", Grain: "month"},
		ask{Indicator: "insurance.pension", By: []string{"region"}, Period: "2024-09", Grain: "month"}},
	{"hrss.training", ask{Indicator: "training.subsidised", By: []string{"grade"}, Period: "2024-01..2024-10", Grain: "month"},
		ask{Indicator: "training.subsidised", By: []string{"grade"}, Period: "2023-01..2023-12", Grain: "month"}},
}

// guard measures the guard of small groups: with it, and then without, because
// one program at a time has the data folder.
func (b *bench) guard(ctx context.Context, r *report) error {
	r.Guard = make([]guardTiming, len(guardQuestions))
	for _, guarded := range []bool{true, false} {
		p, err := b.serve(ctx, true, guarded)
		if err != nil {
			return err
		}
		for i, g := range guardQuestions {
			r.Guard[i].Name = g.name
			err = errors.Join(err, b.guardPair(ctx, p, g.first, g.next, guarded, &r.Guard[i]))
		}
		if err = errors.Join(err, p.stop()); err != nil {
			return err
		}
	}
	return nil
}

// guardPair asks a pair of questions again and again. The second finds what the
// first left of the guard; without a guard, nothing is left.
func (b *bench) guardPair(ctx context.Context, p *program, first, next ask, guarded bool, t *guardTiming) error {
	warm := &program{p.cmd, p.base, p.client, false}
	for n := -1; n < b.o.repeat; n++ {
		var err error
		if guarded {
			err = errors.Join(p.time(ctx, first, n >= 0, &t.First), warm.time(ctx, next, n >= 0, &t.Next))
		} else {
			err = p.time(ctx, next, n >= 0, &t.Open)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return nil
}

// time asks a question and notes what it took.
func (p *program) time(ctx context.Context, a ask, counts bool, into *series) error {
	_, took, err := p.ask(ctx, question{Ask: a})
	if err == nil && counts {
		into.add(took)
	}
	return err
}
