package city

// Outline is where a region lies: what a map draws of it.
type Outline struct {
	Region   string // code
	Polygons []Polygon
	Pos      Pos
}

// Polygon is an area without the holes in it.
type Polygon struct {
	Outer Ring
	Holes []Ring
}

// Ring is a closed line: its last position is its first.
type Ring []Position

// Position is a longitude and a latitude in degrees of WGS 84, east and north
// positive.
type Position [2]float64
