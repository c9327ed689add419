package scim

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads text from left to right. It keeps nothing but a position: there is
// no list of tokens that a long text could fill.
type scanner struct {
	text string
	pos  int // in bytes
}

// blanks skips blanks.
func (s *scanner) blanks() {
	for s.pos < len(s.text) && isBlank(s.text[s.pos]) {
		s.pos++
	}
}

// peek returns the next byte, and 0 at the end. A zero byte in the text is no
// different: nothing accepts it.
func (s *scanner) peek() byte {
	if s.pos < len(s.text) {
		return s.text[s.pos]
	}
	return 0
}

// skip moves past a byte if it is the next one.
func (s *scanner) skip(c byte) bool {
	if s.pos < len(s.text) && s.text[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// name reads what a name of RFC 7643, section 2.1, consists of, with $ for $ref. It
// returns "" if there is no name here.
func (s *scanner) name() string {
	start := s.pos
	for s.pos < len(s.text) && isNameByte(s.text[s.pos]) {
		s.pos++
	}
	return s.text[start:s.pos]
}

// keyword moves past a word, in any case, if it is the next one.
func (s *scanner) keyword(word string) bool {
	start := s.pos
	if strings.EqualFold(s.name(), word) {
		return true
	}
	s.pos = start
	return false
}

// bare reads up to a blank, ")", "]" or the end.
func (s *scanner) bare() string {
	start := s.pos
	for s.pos < len(s.text) && !isBlank(s.text[s.pos]) && s.text[s.pos] != ')' && s.text[s.pos] != ']' {
		s.pos++
	}
	return s.text[start:s.pos]
}

// quoted reads a JSON string. If it is none, the reason is returned, and pos is
// where it lies.
func (s *scanner) quoted() (text, wrong string) {
	s.pos++
	start := s.pos
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == '"':
			s.pos++
			return s.text[start : s.pos-1], ""
		case c < ' ':
			return "", "a control character in a string is written as an escape such as \\n"
		case c == '\\':
			return s.escaped(start)
		}
		s.pos++
	}
	s.pos = start - 1
	return "", `the closing " of this string is missing`
}

// escaped goes on with a string from its first backslash.
func (s *scanner) escaped(start int) (text, wrong string) {
	var out strings.Builder
	out.WriteString(s.text[start:s.pos])
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		switch {
		case c == '"':
			s.pos++
			return out.String(), ""
		case c < ' ':
			return "", "a control character in a string is written as an escape such as \\n"
		case c != '\\':
			out.WriteByte(c)
			s.pos++
		default:
			r, n := escape(s.text[s.pos:])
			if n == 0 {
				return "", `after \ there must be one of " \ / b f n r t, or u and four hexadecimal digits (a pair for characters above U+FFFF)`
			}
			out.WriteRune(r)
			s.pos += n
		}
	}
	s.pos = start - 1
	return "", `the closing " of this string is missing`
}

// escape returns the character of the escape that s begins with and how long the
// escape is, 0 if it is none. Half a pair of surrogates is none.
func escape(s string) (rune, int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\\', '/':
		return rune(s[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	}
	r := codeUnit(s)
	if r < 0 {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if r = utf16.DecodeRune(r, codeUnit(s[6:])); r == utf8.RuneError {
		return 0, 0
	}
	return r, 12
}

// codeUnit returns the number in \uXXXX, or -1.
func codeUnit(s string) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	var r rune
	for _, c := range []byte(s[2:6]) {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '$'
}
