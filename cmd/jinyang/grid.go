package main

import (
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// grid is a table for a terminal: columns as wide as what stands in them,
// Chinese characters counted as the two places that they take, figures at the
// right.
type grid struct {
	right []bool
	lines []gridLine
}

// gridLine are the cells of a row, or one text across all columns.
type gridLine struct {
	cells  []string
	across bool
}

// newGrid makes a table whose columns are given by letters: l for one that
// begins at the left, r for figures, which end at the right.
func newGrid(columns string) *grid {
	g := &grid{}
	for _, c := range columns {
		g.right = append(g.right, c == 'r')
	}
	return g
}

// row adds a row. Cells that are left out are empty; line breaks and other
// control characters become blanks, so that a row stays one.
func (g *grid) row(cells ...string) { g.lines = append(g.lines, gridLine{cells: cells}) }

// line adds a text across the columns, which makes none of them wider.
func (g *grid) line(text string) {
	g.lines = append(g.lines, gridLine{cells: []string{text}, across: true})
}

// write prints the table, two blanks between the columns and none at the end of a line.
func (g *grid) write(w io.Writer) {
	widths := make([]int, len(g.right))
	for _, l := range g.lines {
		for i, cell := range l.cells {
			if !l.across {
				widths[i] = max(widths[i], places(unbroken(cell)))
			}
		}
	}
	for _, l := range g.lines {
		if l.across {
			_, _ = io.WriteString(w, unbroken(l.cells[0])+"\n") // the terminal, as for all that is printed
			continue
		}
		_, _ = io.WriteString(w, g.text(l.cells, widths)+"\n")
	}
}

func (g *grid) text(cells []string, widths []int) string {
	var b strings.Builder
	for i, cell := range cells {
		cell = unbroken(cell)
		gap := strings.Repeat(" ", widths[i]-places(cell))
		if i > 0 && widths[i] > 0 {
			b.WriteString("  ")
		}
		if g.right[i] {
			b.WriteString(gap + cell)
		} else {
			b.WriteString(cell + gap)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// places counts the columns of a terminal that a text takes.
func places(s string) (n int) {
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// unbroken makes blanks of control characters.
func unbroken(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// localeLang is the language of the terminal: zh where the locale says so, else en.
func localeLang() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "zh") {
				return "zh"
			}
			return "en"
		}
	}
	return "en"
}
