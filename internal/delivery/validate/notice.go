package validate

// Notice is a check over a row that is only reported: rows that fail it stay.
type Notice struct {
	Failure // what is said of a row that fails
	check   rowCheck
}

// Fails judges the values that Binding.Row gave.
func (n *Notice) Fails(values []any) bool { return n.check(values) != nil }

// Notices are the checks over a row that hold nothing back.
func (b *Binding) Notices() []Notice { return b.k.notices }
