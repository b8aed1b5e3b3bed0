package pack

import (
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// smallestRing is a triangle, which comes back to its first position.
const smallestRing = 4

// buildOutline takes where a region lies.
func (b *builder) buildOutline(v *value) {
	o := &city.Outline{Region: b.refer(v, kindOutline, kindRegion), Pos: v.pos}
	for _, part := range v.get("polygons").list() {
		var p city.Polygon
		p.Outer = b.ring(part.get("outer"))
		for _, hole := range part.get("holes").list() {
			p.Holes = append(p.Holes, b.ring(hole))
		}
		o.Polygons = append(o.Polygons, p)
	}
	b.out.Outlines = append(b.out.Outlines, o)
}

// ring reads the positions of a closed line.
func (b *builder) ring(v *value) city.Ring {
	if v == nil {
		return nil // the key is missing, which is reported
	}
	var out city.Ring
	for i, text := range strings.Fields(v.str) {
		p, ok := position(text)
		if !ok {
			b.addf(v.pos, CodeInvalidValue, "write longitude,latitude in degrees, for example 112.5489,37.8706", "position %d of the ring is %q", i+1, firstRunes(text))
			return nil
		}
		out = append(out, p)
	}
	switch {
	case len(out) < smallestRing:
		b.addf(v.pos, CodeInvalidValue, "a triangle has four, the first one again at the end", "the ring has %d positions", len(out))
	case out[0] != out[len(out)-1]:
		b.addf(v.pos, CodeInvalidValue, "write the first position again at the end", "the ring is not closed")
	}
	return out
}

// position reads longitude,latitude.
func position(text string) (p city.Position, ok bool) {
	lon, lat, found := strings.Cut(text, ",")
	x, xerr := strconv.ParseFloat(lon, 64)
	y, yerr := strconv.ParseFloat(lat, 64)
	ok = found && xerr == nil && yerr == nil && x >= -180 && x <= 180 && y >= -90 && y <= 90
	return city.Position{x, y}, ok
}

// firstRunes bounds what a message quotes.
func firstRunes(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40])
	}
	return s
}
