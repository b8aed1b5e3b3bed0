package plan

import "github.com/jinyang-city/jinyang/internal/city"

// wording writes figures with their unit.
type wording struct {
	decimals int
	unit     city.Text
}

// figure writes v with its unit, told apart from the others.
func (w wording) figure(v float64, others ...float64) city.Text {
	return w.with(show(v, w.decimals, others...))
}

// bare writes v without its unit.
func (w wording) bare(v float64) string { return show(v, w.decimals) }

// declared writes a number of the declaration with all its decimals.
func (w wording) declared(v float64) city.Text {
	return w.with(show(v, declared(v, w.decimals)))
}

func (w wording) with(s string) city.Text {
	unit := w.unit.In("en")
	if unit != "" && unit != "%" {
		unit = " " + unit
	}
	return city.Text{ZH: s + w.unit.In("zh"), EN: s + unit}
}

// distance writes the difference of two figures; that of two percentages is in
// points, for a percentage of one would be another number.
func (w wording) distance(v float64) city.Text {
	if w.unit.In("en") == "%" {
		s := show(v, w.decimals, 0)
		return city.Text{ZH: s + "个百分点", EN: s + " points"}
	}
	return w.figure(v, 0)
}

// gap says how far v is from keeping the promise.
func (w wording) gap(p promise, v float64) city.Text {
	switch {
	case p.low != nil && v < *p.low:
		d := w.distance(*p.low - v)
		return city.Text{ZH: "差" + d.ZH, EN: d.EN + " short"}
	case p.high != nil && v > *p.high:
		d := w.distance(v - *p.high)
		return city.Text{ZH: "超出" + d.ZH, EN: d.EN + " over"}
	}
	return city.Text{ZH: "正好等于界限，不算兑现", EN: "on the boundary itself, which does not keep it"}
}

// boundaries lists what a figure must not be mistaken for.
func (p promise) boundaries() []float64 {
	out := []float64{p.value}
	for _, b := range []*float64{p.low, p.high} {
		if b != nil {
			out = append(out, *b)
		}
	}
	return out
}

// promiseWords writes what was promised, as in "at least 80,000 people".
func (e *evaluation) promiseWords(w wording, p promise) city.Text {
	v := w.declared(p.value)
	if e.Target.Kind == city.TargetRelative {
		v = w.figure(p.value) // computed, not declared
	}
	switch e.Target.Comparator {
	case city.AtMost:
		return city.Text{ZH: "不高于" + v.ZH, EN: "at most " + v.EN}
	case city.Above:
		return city.Text{ZH: "高于" + v.ZH, EN: "above " + v.EN}
	case city.Below:
		return city.Text{ZH: "低于" + v.ZH, EN: "below " + v.EN}
	case city.Around:
		if e.Target.Tolerance == nil || *e.Target.Tolerance == 0 {
			return city.Text{ZH: v.ZH + "左右", EN: "about " + v.EN}
		}
		t := w.declared(*e.Target.Tolerance)
		return city.Text{ZH: v.ZH + "左右（容差" + t.ZH + "）", EN: "about " + v.EN + " (tolerance " + t.EN + ")"}
	}
	return city.Text{ZH: "不低于" + v.ZH, EN: "at least " + v.EN}
}
