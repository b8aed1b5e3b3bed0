package city

// Whole says that a batch in this mode speaks for more than the rows that it
// brings: what it leaves out of its period, or of the table, vanishes.
func (m Mode) Whole() bool { return m == ModeReplace || m == ModeSnapshot }

// Identity names the fields that tell rows apart: the key or, to append and
// where there is no key, all fields.
func (d *Dataset) Identity() []string {
	if d.Delivery.Mode != ModeAppend && len(d.Key) > 0 {
		return d.Key
	}
	names := make([]string, len(d.Fields))
	for i, f := range d.Fields {
		names[i] = f.Name
	}
	return names
}

// Scope is the period that a batch of the days s is all there is of: s widened
// to whole periods of grain g.
func (g Grain) Scope(s Span) Span {
	if s.IsZero() {
		return s
	}
	return Span{g.Start(s.From), g.Span(s.To).To}
}
