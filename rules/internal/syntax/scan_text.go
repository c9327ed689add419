package syntax

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads a text in plain quotes. Nothing is copied unless it has escapes.
func (s *scanner) quoted(start int) {
	quote := s.text[start]
	var value []byte  // what was read, from the first escape on
	from := start + 1 // what was read after that begins here
	for i := from; i < len(s.text); {
		switch c := s.text[i]; {
		case c == quote:
			s.tok = token{place: place{tokString, start, i + 1}, text: s.text[from:i]}
			if value != nil {
				s.tok.text = string(append(value, s.text[from:i]...))
			}
			return
		case c == '\\':
			value = append(value, s.text[from:i]...)
			value, i = s.escape(value, i)
			from = i
		case c == '\n' || c == '\r':
			s.unclosed(start, i, ` on its line; add %c, or write the line break as \n`)
			return
		case c >= ' ' && c < 0x7f:
			i++
		default:
			r, size := utf8.DecodeRuneInString(s.text[i:])
			if concealed(r) {
				s.report(i, fmt.Sprintf(`there is an invisible character (%U) in this text; remove it, or write it as \u%04x`, r, r), "")
			}
			i += size
		}
	}
	s.unclosed(start, len(s.text), "; add %c at its end")
}

// concealed reports whether nobody would see a character, or what it does to the
// rest of the line. Joiners are needed to spell some languages.
func concealed(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

func (s *scanner) unclosed(start, end int, advice string) {
	quote := rune(s.text[start])
	if at, r := s.typographicIn(start+1, end, s.text[start]); at >= 0 {
		s.fail(start, fmt.Sprintf("the text that begins here is not closed; %c does not close it, write %c", r, quote), string(quote))
		return
	}
	s.fail(start, "the text that begins here is not closed"+fmt.Sprintf(advice, quote), "")
}

// escape appends what the escape at i stands for and returns where it ends.
func (s *scanner) escape(value []byte, i int) ([]byte, int) {
	switch c := s.at(i + 1); c {
	case '\\', '"', '\'':
		return append(value, c), i + 2
	case 'n':
		return append(value, '\n'), i + 2
	case 't':
		return append(value, '\t'), i + 2
	case 'u':
		return s.unicodeEscape(value, i)
	case 0, '\n', '\r':
		return value, i + 1 // the text is not closed
	}
	_, size := utf8.DecodeRuneInString(s.text[i+1:])
	wrong := s.text[i : i+1+size]
	s.report(i, show(wrong)+` is not an escape; write \\ for a backslash`, hint(`\`+wrong))
	return value, i + 1 + size
}

func (s *scanner) unicodeEscape(value []byte, i int) ([]byte, int) {
	r, ok := s.hex(i)
	if !ok {
		s.report(i, `\u needs four digits from 0 to 9 and a to f, such as \u00e9`, "")
		return value, i + 2
	}
	end := i + 6
	if utf16.IsSurrogate(r) {
		second, _ := s.hex(end)
		if r = utf16.DecodeRune(r, second); r == unicode.ReplacementChar {
			s.report(i, fmt.Sprintf("%s is half of a character; write the character itself", show(s.text[i:end])), "")
			return value, end
		}
		end += 6
	}
	return utf8.AppendRune(value, r), end
}

// hex returns the number of the \uXXXX at i.
func (s *scanner) hex(i int) (r rune, ok bool) {
	if i+6 > len(s.text) || s.text[i:i+2] != `\u` {
		return 0, false
	}
	for _, c := range []byte(s.text[i+2 : i+6]) {
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(s.text[i+2:i+6], 16, 16)
	return rune(n), err == nil
}

const (
	doubleQuotes = "“”„‟«»″\""
	singleQuotes = "‘’‚‛‹›′`´'"
)

// closersOf returns the quotes that may close what a typographic one opens, or "".
func closersOf(r rune) string {
	switch {
	case strings.ContainsRune(doubleQuotes, r):
		return doubleQuotes
	case strings.ContainsRune(singleQuotes, r):
		return singleQuotes
	}
	return ""
}

// typographicIn returns the first typographic quote of a part of the text that may
// stand for a plain one, or -1.
func (s *scanner) typographicIn(from, to int, plain byte) (at int, r rune) {
	family := closersOf(rune(plain))
	for i, r := range s.text[from:to] {
		if r >= utf8.RuneSelf && strings.ContainsRune(family, r) {
			return from + i, r
		}
	}
	return -1, 0
}

// typographic reads a text in quotes that a word processor has made.
func (s *scanner) typographic(start, size int, closers string) {
	opening := s.text[start : start+size]
	plain := closers[len(closers)-1:]
	length := strings.IndexAny(s.text[start+size:], closers)
	if length < 0 || strings.ContainsAny(s.text[start+size:start+size+length], "\n\r") {
		s.fail(start, fmt.Sprintf("%s is not a plain quote; write %s", opening, plain), plain)
		return
	}
	value := s.text[start+size : start+size+length]
	end := start + size + length
	_, last := utf8.DecodeRuneInString(s.text[end:])
	s.report(start, fmt.Sprintf("%s is not a plain quote; write %s before and after the text", opening, plain), hint(plain+value+plain))
	s.tok = token{place: place{tokString, start, end + last}, text: value}
}
