package syntax

import (
	"fmt"
	"unicode/utf8"
)

// word reads a name or a word of the language.
func (s *scanner) word(start int) {
	i := start + 1
	for i < len(s.text) {
		c := s.text[i]
		switch {
		case isWord(c):
			i++
		case c == '-' && isLetter(s.at(i+1)):
			i += 2
		case c == '.':
			if next := s.at(i + 1); !isLetter(next) && next != '_' {
				s.wrongPart(start, i)
				return
			}
			i += 2
		case c >= utf8.RuneSelf && s.wordEnd(i) > i:
			s.foreignPart(start, i)
			return
		default:
			s.classify(start, i)
			return
		}
	}
	s.classify(start, i)
}

// classify tells words of the language from names.
func (s *scanner) classify(start, end int) {
	word := s.text[start:end]
	s.tok = token{place: place{tokIdent, start, end}, text: word}
	if kind, text := reserved(word); kind != tokIdent {
		if text != word {
			s.report(start, fmt.Sprintf("%s is a word of the language and must be written %q", show(word), text), text)
		}
		s.tok.kind, s.tok.text = kind, text
	}
}

// reserved returns the word of the language that a word is, however it is
// capitalised, or tokIdent.
func reserved(word string) (kind tokenKind, text string) {
	var lower [len("startsWith")]byte
	if len(word) < len("in") || len(word) > len(lower) {
		return tokIdent, ""
	}
	for i := range len(word) {
		c := word[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	switch string(lower[:len(word)]) {
	case "or":
		return tokOr, "or"
	case "and":
		return tokAnd, "and"
	case "not":
		return tokNot, "not"
	case "in":
		return tokIn, "in"
	case "contains":
		return tokMatch, "contains"
	case "startswith":
		return tokMatch, "startsWith"
	case "endswith":
		return tokMatch, "endsWith"
	case "true":
		return tokBool, "true"
	case "false":
		return tokBool, "false"
	}
	return tokIdent, ""
}

// wrongPart reads a name whose dot at i is not followed by a letter.
func (s *scanner) wrongPart(start, dot int) {
	name, end := s.text[start:dot], s.wordEnd(dot+1)
	part := s.text[dot+1 : end]
	if part == "" {
		s.report(dot, fmt.Sprintf("a part of the name is missing after %s", show(name+".")), hint(name))
	} else {
		s.wrongName(dot+1, name, part)
	}
	s.tok = token{place: place{tokIdent, start, end}, text: name}
}

// foreignPart reads a name with a letter from elsewhere at i.
func (s *scanner) foreignPart(start, i int) {
	part := i
	for part > start && s.text[part-1] != '.' {
		part--
	}
	if part == start {
		s.foreignWord(start)
		return
	}
	end := s.wordEnd(i)
	s.wrongName(part, s.text[start:part-1], s.text[part:end])
	s.tok = token{place: place{tokIdent, start, end}, text: s.text[start:end]}
}

func (s *scanner) wrongName(pos int, name, part string) {
	bracketed := name + `["` + part + `"]`
	s.report(pos, fmt.Sprintf("%s cannot follow a dot; write it in brackets and quotes", show(part)), hint(bracketed))
}
