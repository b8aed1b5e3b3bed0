package main

import (
	"strings"
	"testing"
)

func TestGrid(t *testing.T) {
	t.Parallel()
	g := newGrid("lrl")
	g.row("地区", "value", "")
	g.row("小店区", "1", "a\tb")
	g.line("a text that is wider than the columns")
	g.row("x", "1000")
	var b strings.Builder
	g.write(&b)
	want := "地区    value\n小店区      1  a b\na text that is wider than the columns\nx        1000\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "abc": 3, "太原": 4, "μg/m³": 5, "（）": 4, "e\u0301": 1} {
		if got := places(s); got != want {
			t.Errorf("%q takes %d places, want %d", s, got, want)
		}
	}
}
