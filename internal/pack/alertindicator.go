package pack

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// watchIndicator reads a watch over the values of an indicator.
func (b *builder) watchIndicator(v *value) *city.IndicatorWatch {
	w := &city.IndicatorWatch{
		Indicator: b.refer(v, "indicator", kindIndicator),
		By:        v.get("by").texts(),
		Grain:     city.Grain(v.text("grain")),
		Show:      city.Show(v.text("value")),
		Above:     v.numberPtr("above"),
		Below:     v.numberPtr("below"),
		Periods:   max(1, v.int("for")),
	}
	if w.Grain == "" {
		w.Grain = city.GrainMonth
	}
	if w.Show == "" {
		w.Show = city.ShowValue
	}
	b.repeated(v.get("by"), "of.by")
	if ind := b.indicators[w.Indicator]; ind != nil {
		b.watchedMembers(v, ind)
		w.Where = b.conditions(v.get("where"), b.datasets[ind.Dataset], "of.where")
	}
	b.thresholds(v, w)
	return w
}

// watchedMembers wants the dimensions of a watch among the indicator's own.
func (b *builder) watchedMembers(v *value, ind *city.Indicator) {
	for _, name := range v.get("by").list() {
		if !slices.Contains(ind.Dimensions, name.str) {
			b.addf(name.pos, CodeUnknownReference, didYouMean(name.str, ind.Dimensions), "of.by: the indicator %s has no dimension %q", ind.Name, name.str)
		}
	}
}

// thresholds reads where the watch raises and where it clears, which lies on
// the other side or at the same place.
func (b *builder) thresholds(v *value, w *city.IndicatorWatch) {
	switch b.exactlyOne(v, "of", []string{"above", "below"}) {
	case "above":
		if w.Above != nil {
			w.Clear = *w.Above
		}
	case "below":
		if w.Below != nil {
			w.Clear = *w.Below
		}
	}
	c := v.numberPtr("clear")
	if c == nil {
		return
	}
	w.Clear = *c
	if w.Above != nil && *c > *w.Above || w.Below != nil && *c < *w.Below {
		b.addf(v.at("clear"), CodeInconsistent, "give the threshold to raise, or one farther on the good side", "of.clear: %s lies where the alert is raised", plain(*c))
	}
}
