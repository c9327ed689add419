package scim

import (
	"bytes"
	"cmp"
	"math"
	"strings"
)

// holds applies a comparison to one value of an attribute.
func holds(op Op, a *Attribute, have, want any) bool {
	switch want := want.(type) {
	case string:
		have, ok := have.(string)
		return ok && holdsText(op, a, have, want)
	case bool:
		return op == Equal && have == any(want)
	case int64, float64:
		c, ok := compareNumbers(have, want)
		return ok && satisfies(op, c)
	}
	return false
}

func holdsText(op Op, a *Attribute, have, want string) bool {
	if a.Type == DateTime {
		x, ok := dateTime(have)
		y, also := dateTime(want)
		return ok && also && satisfies(op, x.Compare(y))
	}
	fold := !exact(a)
	switch op {
	case Contains:
		if fold {
			return containsFold(have, want)
		}
		return strings.Contains(have, want)
	case StartsWith:
		if fold {
			return prefixFold(have, want)
		}
		return strings.HasPrefix(have, want)
	case EndsWith:
		if fold {
			return suffixFold(have, want)
		}
		return strings.HasSuffix(have, want)
	}
	if fold {
		return satisfies(op, compareFold(have, want))
	}
	return satisfies(op, strings.Compare(have, want))
}

// containsFold folds both texts first, in memory of its own as long as they are short.
// Searching letter by letter would take the product of their lengths.
func containsFold(s, part string) bool {
	var long [256]byte
	var short [64]byte
	return bytes.Contains(appendFold(long[:0], s), appendFold(short[:0], part))
}

// satisfies reports whether an order of two values is what an operator asks for.
func satisfies(op Op, c int) bool {
	switch op {
	case Equal:
		return c == 0
	case Greater:
		return c > 0
	case GreaterOrEqual:
		return c >= 0
	case Less:
		return c < 0
	case LessOrEqual:
		return c <= 0
	}
	return false
}

// compareNumbers orders two numbers of either kind. It does not round: 1<<53 + 1 is
// greater than 1<<53 also if one of them is a float64.
func compareNumbers(a, b any) (int, bool) {
	switch a := a.(type) {
	case int64:
		switch b := b.(type) {
		case int64:
			return cmp.Compare(a, b), true
		case float64:
			return compareMixed(a, b), true
		}
	case float64:
		switch b := b.(type) {
		case int64:
			return -compareMixed(b, a), true
		case float64:
			return cmp.Compare(a, b), true
		}
	}
	return 0, false
}

func compareMixed(n int64, f float64) int {
	switch whole := math.Floor(f); {
	case whole >= 1<<63:
		return -1
	case whole < -1<<63:
		return 1
	case n != int64(whole):
		return cmp.Compare(n, int64(whole))
	case f > whole:
		return -1
	}
	return 0
}
