package scim

import (
	"cmp"
	"time"
	"unicode"
	"unicode/utf8"
)

// Fold returns what values of an attribute compare by: two values are equal for a
// filter if and only if Fold returns equal texts. That is s itself where case counts,
// which it always does in references and binaries (RFC 7643, sections 2.3.6 and
// 2.3.7); the instant in UTC of a date and time; and else s in lower case, letter by
// letter.
//
// All letters of all scripts are folded, since case does not count for the RFC
// whatever the script. But no letter outside of ASCII ever becomes one inside: a
// Kelvin sign would be a k, a long s an s, and one person's name another's.
func Fold(a *Attribute, s string) string {
	switch {
	case a.Type == DateTime:
		if at, ok := dateTime(s); ok {
			return at.UTC().Format(time.RFC3339Nano)
		}
		return s
	case exact(a):
		return s
	}
	for pos := 0; pos < len(s); {
		r, n := utf8.DecodeRuneInString(s[pos:])
		if foldRune(r) != r {
			return string(appendFold(append(make([]byte, 0, len(s)+8), s[:pos]...), s[pos:]))
		}
		pos += n
	}
	return s
}

// exact reports whether case counts in an attribute.
func exact(a *Attribute) bool {
	return a.CaseExact || a.Type == Reference || a.Type == Binary
}

// appendFold appends s folded. Bytes that are no UTF-8 stay.
func appendFold(out []byte, s string) []byte {
	for pos := 0; pos < len(s); {
		if c := s[pos]; c < utf8.RuneSelf {
			out = append(out, byte(foldRune(rune(c))))
			pos++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[pos:])
		if r == utf8.RuneError {
			out = append(out, s[pos:pos+n]...)
		} else {
			out = utf8.AppendRune(out, foldRune(r))
		}
		pos += n
	}
	return out
}

// foldRune returns one letter for all that differ only in case: the lower case of
// the first of them, ASCII aside.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	first := r
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		if o >= utf8.RuneSelf && o < first {
			first = o
		}
	}
	if lower := unicode.ToLower(first); lower >= utf8.RuneSelf {
		return lower
	}
	return first
}

// first returns the first letter of a text, and its length. A byte that is no UTF-8 is
// a letter of its own, a negative one, which folding leaves alone.
func first(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 {
		return -rune(s[0]), 1
	}
	return r, n
}

func last(s string) (rune, int) {
	r, n := utf8.DecodeLastRuneInString(s)
	if r == utf8.RuneError && n == 1 {
		return -rune(s[len(s)-1]), 1
	}
	return r, n
}

// sameFold reports whether two letters differ at most in case.
func sameFold(a, b rune) bool { return a == b || foldRune(a) == foldRune(b) }

// compareFold orders two texts by their folded letters, without allocating.
func compareFold(a, b string) int {
	for a != "" && b != "" {
		x, n := first(a)
		y, m := first(b)
		if x != y {
			if c := cmp.Compare(foldRune(x), foldRune(y)); c != 0 {
				return c
			}
		}
		a, b = a[n:], b[m:]
	}
	return len(a) - len(b)
}

// prefixFold reports whether s begins with a text, apart from case.
func prefixFold(s, start string) bool {
	for s != "" && start != "" {
		x, n := first(s)
		y, m := first(start)
		if !sameFold(x, y) {
			return false
		}
		s, start = s[n:], start[m:]
	}
	return start == ""
}

// suffixFold reports whether s ends with a text, apart from case.
func suffixFold(s, end string) bool {
	for s != "" && end != "" {
		x, n := last(s)
		y, m := last(end)
		if !sameFold(x, y) {
			return false
		}
		s, end = s[:len(s)-n], end[:len(end)-m]
	}
	return end == ""
}
