package scim

// Limits bound what a filter or a path may cost before it is read to the end. What
// is beyond a limit is refused with status 400, as soon as the reader gets there.
type Limits struct {
	// Length is the longest text, in bytes. Defaults to 8192.
	Length int
	// Depth is how many parentheses and brackets may be open at one place. Defaults
	// to 32. It also bounds the stack.
	Depth int
	// Nodes is how many comparisons, brackets, "not", and runs of "and" and of "or"
	// there may be together. Defaults to 200.
	Nodes int
}

func (l Limits) orDefaults() Limits {
	if l.Length <= 0 {
		l.Length = 8192
	}
	if l.Depth <= 0 {
		l.Depth = 32
	}
	if l.Nodes <= 0 {
		l.Nodes = 200
	}
	return l
}
