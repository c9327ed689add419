package target

import "iter"

// Difference is one attribute that differs between two sets. A nil side has no
// value.
type Difference struct {
	Name string
	A, B []string
}

// Diff yields what differs between a and b, sorted by name. Values are compared
// byte by byte; see [AttributeSpec.Equal] for case. Equal sets cost one
// comparison of memory, and only what differs is unpacked.
func Diff(a, b Attributes) iter.Seq[Difference] {
	return func(yield func(Difference) bool) {
		if a == b {
			return
		}
		for p := range pairs(a, b) {
			if p.a != p.b && !yield(Difference{p.name, unpack(p.a), unpack(p.b)}) {
				return
			}
		}
	}
}

// Covers reports whether every attribute of b has the same values in a, which
// may have more. It is the planner's first look at an account (does it have what
// is desired?) and allocates nothing.
func (a Attributes) Covers(b Attributes) bool {
	if a == b {
		return true
	}
	mine := a.packed
	for rest := b.packed; rest != ""; {
		name, block, next := cutAttribute(rest)
		rest = next
		for {
			if mine == "" {
				return false
			}
			n, have, after := cutAttribute(mine)
			if n > name {
				return false
			}
			mine = after
			if n == name {
				if have != block {
					return false
				}
				break
			}
		}
	}
	return true
}

// pair is one name with the packed values of both sides; "" where a side lacks
// the name.
type pair struct {
	name, a, b string
	inB        bool
}

// pairs walks both sorted lists at once.
func pairs(a, b Attributes) iter.Seq[pair] {
	return func(yield func(pair) bool) {
		left, right := a.packed, b.packed
		for left != "" || right != "" {
			var p pair
			var na, nb, afterA, afterB string
			if left != "" {
				na, p.a, afterA = cutAttribute(left)
			}
			if right != "" {
				nb, p.b, afterB = cutAttribute(right)
			}
			switch {
			case right == "" || left != "" && na < nb:
				p.name, p.b, left = na, "", afterA
			case left == "" || nb < na:
				p.name, p.a, p.inB, right = nb, "", true, afterB
			default:
				p.name, p.inB, left, right = na, true, afterA, afterB
			}
			if !yield(p) {
				return
			}
		}
	}
}
