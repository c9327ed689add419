package syntax

import (
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	tokStart tokenKind = iota
	tokBad             // reported already: reading ends here
	tokEnd
	tokOr
	tokAnd
	tokNot
	tokCompare
	tokIn
	tokMatch
	tokPlus
	tokMinus
	tokComma
	tokOpen
	tokOpenList
	// From here on, a value ends with the token.
	tokClose
	tokCloseList
	tokIdent
	tokString
	tokInt
	tokDays
	tokBool
)

// A place is what messages need to know of a token.
type place struct {
	kind     tokenKind
	pos, end int
}

type token struct {
	place
	text string // of an operator as it should be written, of a name as it is, of a text its value
	int  int64
}

// A scanner reads one token after the other. It keeps the present one and the
// place of the one before.
type scanner struct {
	text     string
	tok      token
	prev     place
	count    int // tokens so far
	problems []Problem
	limited  bool // a limit was exceeded, and nothing else is worth saying
}

// maxProblems is how many problems of one text anybody would read.
const maxProblems = 10

func (s *scanner) report(pos int, message, hint string) {
	if !s.limited && len(s.problems) < maxProblems {
		s.problems = append(s.problems, Problem{pos, message, hint})
	}
}

// fail reports what makes it pointless to read on.
func (s *scanner) fail(pos int, message, hint string) {
	s.report(pos, message, hint)
	s.tok.kind = tokBad
}

func (s *scanner) exceed(pos int, message string) {
	s.problems = nil
	s.fail(pos, message+"; make several shorter rules of it", "")
	s.limited = true
}

func (s *scanner) sorted() []Problem {
	slices.SortStableFunc(s.problems, func(a, b Problem) int { return a.Pos - b.Pos })
	return s.problems
}

// acceptable checks what holds for the text as a whole.
func (s *scanner) acceptable() bool {
	if len(s.text) > MaxText {
		s.exceed(0, fmt.Sprintf("the condition has %d bytes, and %d is the limit", len(s.text), MaxText))
		return false
	}
	if utf8.ValidString(s.text) {
		return true
	}
	for i, r := range s.text {
		if r == utf8.RuneError && invalidAt(s.text[i:]) {
			s.report(i, "this is not valid UTF-8: save the file in the encoding UTF-8", "")
			break
		}
	}
	return false
}

// invalidAt tells a byte that is no character from the character U+FFFD.
func invalidAt(text string) bool {
	_, size := utf8.DecodeRuneInString(text)
	return size == 1
}

// next reads the next token. It is not called after the last or a bad one.
func (s *scanner) next() {
	s.prev = s.tok.place
	i := s.space(s.tok.end)
	switch {
	case i == len(s.text):
		s.set(tokEnd, i, i)
	case s.count == MaxTokens:
		s.exceed(i, fmt.Sprintf("the condition has more than %d words and signs", MaxTokens))
	default:
		s.count++
		s.scan(i)
	}
}

func (s *scanner) scan(i int) {
	switch c := s.text[i]; c {
	case '"', '\'':
		s.quoted(i)
	case '(':
		s.set(tokOpen, i, i+1)
	case ')':
		s.set(tokClose, i, i+1)
	case '[':
		s.set(tokOpenList, i, i+1)
	case ']':
		s.set(tokCloseList, i, i+1)
	case ',':
		s.set(tokComma, i, i+1)
	case '+':
		s.set(tokPlus, i, i+1)
	case '-':
		// A "-" after a value subtracts.
		if s.tok.kind < tokClose && i+1 < len(s.text) && isDigit(s.text[i+1]) {
			s.number(i, i+1)
		} else {
			s.set(tokMinus, i, i+1)
		}
	case '=', '!', '<', '>', '&', '|':
		s.operator(i)
	default:
		switch {
		case isLetter(c) || c == '_':
			s.word(i)
		case isDigit(c):
			s.number(i, i)
		default:
			s.foreign(i)
		}
	}
}

func (s *scanner) set(kind tokenKind, pos, end int) {
	s.tok.place, s.tok.text, s.tok.int = place{kind, pos, end}, "", 0
}

// space returns where the white space from i ends. Spaces that look like others
// come with text that is pasted; they are reported and skipped.
func (s *scanner) space(i int) int {
	for i < len(s.text) {
		switch c := s.text[i]; {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			i++
		case c < utf8.RuneSelf:
			return i
		default:
			r, size := utf8.DecodeRuneInString(s.text[i:])
			if !unicode.IsSpace(r) && r != '\u200b' && r != '\u2060' && r != '\ufeff' {
				return i
			}
			s.report(i, fmt.Sprintf("there is a special space (%U) here; type an ordinary one", r), "")
			i += size
		}
	}
	return i
}

// at returns the byte at i, or 0 after the end.
func (s *scanner) at(i int) byte {
	if i < len(s.text) {
		return s.text[i]
	}
	return 0
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '_' }

// wordEnd returns where the letters, digits and "_" from i end, of any script.
func (s *scanner) wordEnd(i int) int {
	for i < len(s.text) {
		c := s.text[i]
		if c < utf8.RuneSelf {
			if !isWord(c) {
				break
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s.text[i:])
		if !unicode.In(r, unicode.L, unicode.M, unicode.N) {
			break
		}
		i += size
	}
	return i
}
