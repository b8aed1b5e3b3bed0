package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressBar shows how far each phase is: a bar on a terminal, else a line at
// the beginning, at every fifth, and at the end of a phase.
type progressBar struct {
	w     io.Writer
	tty   bool
	phase string
	bar   *progressbar.ProgressBar
	begun time.Time
	fifth int
}

func newProgress(w io.Writer) *progressBar { return &progressBar{w: w, tty: isTerminal(w)} }

func (p *progressBar) show(phase string, done, total int) {
	if phase != p.phase {
		p.begin(phase, total)
	}
	if p.tty {
		if p.bar != nil {
			p.bar.ChangeMax(total)
			_ = p.bar.Set(done) // a bar that cannot be drawn is no reason to stop
		}
	} else if total > 0 && done*5/total > p.fifth && done < total {
		p.fifth = done * 5 / total
		fmt.Fprintf(p.w, "%-9s %3d %%  %d of %d\n", phase, done*100/total, done, total)
	}
	if done >= total {
		p.end(done)
	}
}

func (p *progressBar) begin(phase string, total int) {
	p.phase, p.begun, p.fifth = phase, time.Now(), 0
	if p.tty {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(fmt.Sprintf("%-9s", phase)),
			progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
	}
}

func (p *progressBar) end(done int) {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
	fmt.Fprintf(p.w, "%-9s done   %d steps in %.1f s\n", p.phase, done, time.Since(p.begun).Seconds())
	p.phase = ""
}
