package pack

// outlineKind specifies where a region lies.
func outlineKind() kind {
	ring := text()
	return kind{kindOutline, "Where a region lies, for maps.", object(
		required(kindOutline, "code of the region", textLike(regionText)),
		required("polygons", "the areas that it consists of", list(object(
			required("outer", "positions of the boundary, longitude,latitude in degrees of WGS 84, blanks between them, the first again at the end", ring),
			optional("holes", "boundaries of what lies within and is no part of it", list(ring, 1)),
		), 1)),
	)}
}
