package syntax

import (
	"fmt"
	"unicode/utf8"
)

// operator reads a sign that begins with one of = ! < > & |.
func (s *scanner) operator(i int) {
	second, third := s.at(i+1), s.at(i+2)
	switch s.text[i] {
	case '=':
		switch {
		case second == '=' && third == '=':
			s.mistaken(i, 3, tokCompare, "==")
		case second == '=':
			s.sign(i, 2, tokCompare, "==")
		case second == '>':
			s.mistaken(i, 2, tokCompare, ">=")
		case second == '<':
			s.mistaken(i, 2, tokCompare, "<=")
		case second == '~':
			s.noPatterns(i, 2)
		default:
			s.mistaken(i, 1, tokCompare, "==")
		}
	case '!':
		switch {
		case second == '=' && third == '=':
			s.mistaken(i, 3, tokCompare, "!=")
		case second == '=':
			s.sign(i, 2, tokCompare, "!=")
		case second == '~':
			s.noPatterns(i, 2)
		default:
			s.sign(i, 1, tokNot, "not")
		}
	case '<':
		switch second {
		case '=':
			s.sign(i, 2, tokCompare, "<=")
		case '>':
			s.mistaken(i, 2, tokCompare, "!=")
		default:
			s.sign(i, 1, tokCompare, "<")
		}
	case '>':
		if second == '=' {
			s.sign(i, 2, tokCompare, ">=")
		} else {
			s.sign(i, 1, tokCompare, ">")
		}
	case '&':
		if second == '&' {
			s.sign(i, 2, tokAnd, "and")
		} else {
			s.mistaken(i, 1, tokAnd, "and")
		}
	default: // '|'
		if second == '|' {
			s.sign(i, 2, tokOr, "or")
		} else {
			s.mistaken(i, 1, tokOr, "or")
		}
	}
}

func (s *scanner) sign(i, size int, kind tokenKind, text string) {
	s.tok = token{place: place{kind, i, i + size}, text: text}
}

// mistaken reads a sign or word whose meaning is plain although it is wrong.
func (s *scanner) mistaken(i, size int, kind tokenKind, right string) {
	s.report(i, fmt.Sprintf("%s is not an operator; write %q", show(s.text[i:i+size]), right), right)
	s.sign(i, size, kind, right)
}

func (s *scanner) noPatterns(i, size int) {
	s.fail(i, show(s.text[i:i+size])+` is not an operator: there are no patterns; write "contains", "startsWith" or "endsWith"`, "")
}

// foreign reads what begins with a character that the language has no use for.
func (s *scanner) foreign(i int) {
	r, size := utf8.DecodeRuneInString(s.text[i:])
	sign := show(s.text[i : i+size])
	switch r {
	case '≠':
		s.mistaken(i, size, tokCompare, "!=")
	case '≤':
		s.mistaken(i, size, tokCompare, "<=")
	case '≥':
		s.mistaken(i, size, tokCompare, ">=")
	case '–', '—', '−':
		negative := s.tok.kind < tokClose && isDigit(s.at(i+size))
		s.mistaken(i, size, tokMinus, "-")
		if negative {
			s.number(i, i+size)
		}
	case ':':
		s.fail(i, `":" is not an operator; write "==" to compare`, "==")
	case '{':
		s.fail(i, `"{" is not possible; a list is written in square brackets`, "[")
	case '}':
		s.fail(i, `"}" is not possible; a list is written in square brackets`, "]")
	case '.':
		if isDigit(s.at(i + 1)) {
			s.number(i, i)
			return
		}
		s.fail(i, `"." is only possible inside a name, such as custom.badge`, "")
	case '~':
		s.noPatterns(i, size)
	case '*', '/', '%', '^':
		if next := s.at(i + 1); r == '/' && (next == '/' || next == '*') {
			s.fail(i, "a comment is not possible here; remove it", "")
			return
		}
		s.fail(i, sign+` is not an operator; only "+" and "-" calculate`, "")
	case '#':
		s.fail(i, "a comment is not possible here; remove it", "")
	default:
		switch {
		case closersOf(r) != "":
			s.typographic(i, size, closersOf(r))
		case s.wordEnd(i) > i:
			s.foreignWord(i)
		default:
			s.fail(i, sign+" has no meaning here; a text needs quotes", "")
		}
	}
}

// foreignWord reads a word with a letter that names do not have.
func (s *scanner) foreignWord(i int) {
	end := s.wordEnd(i)
	word := s.text[i:end]
	s.report(i, fmt.Sprintf(`the name %s may only have letters from a to z, digits and "_"; a text needs quotes`, show(word)), hint(`"`+word+`"`))
	s.tok = token{place: place{tokIdent, i, end}, text: word}
}
