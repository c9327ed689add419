package target

import (
	"slices"
	"strings"
)

// Fold lower-cases the letters A to Z and leaves every other byte alone. It is
// the only case folding in this module: Unicode folding would make the Kelvin
// sign equal to k and so hand one person's account to another.
func Fold(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			var out strings.Builder
			out.Grow(len(s))
			out.WriteString(s[:i])
			for ; i < len(s); i++ {
				out.WriteByte(foldByte(s[i]))
			}
			return out.String()
		}
	}
	return s
}

// FoldEqual reports whether a and b differ at most in the case of the letters A
// to Z. It allocates nothing.
func FoldEqual(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] && foldByte(a[i]) != foldByte(b[i]) {
			return false
		}
	}
	return true
}

func foldByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// Equal reports whether two lists of values of the attribute are the same set,
// regardless of order and repeats, and of ASCII case if CaseFold says so. Empty
// values do not count.
func (s AttributeSpec) Equal(a, b []string) bool {
	if slices.Equal(a, b) {
		return true
	}
	if len(a) == 1 && len(b) == 1 {
		return s.CaseFold && FoldEqual(a[0], b[0])
	}
	return slices.Equal(s.set(a), s.set(b))
}

func (s AttributeSpec) set(values []string) []string {
	set := make([]string, 0, len(values))
	for _, v := range values {
		if v == "" {
			continue
		}
		if s.CaseFold {
			v = Fold(v)
		}
		set = append(set, v)
	}
	slices.Sort(set)
	return slices.Compact(set)
}
