package mapping

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ASCII returns the text in ASCII, missing if there is no way to write all of
// it, such as a Cyrillic or Chinese letter. Accents are dropped ("José" gives
// "Jose"), and letters that are no letter with an accent are written as usual
// abroad ("Łukasz Straße" gives "Lukasz Strasse"). It follows no language: "ö"
// gives "o", never "oe". The result has no more bytes than the text.
func ASCII(s string) string {
	plain := 0
	for plain < len(s) && s[plain] < utf8.RuneSelf {
		plain++
	}
	if plain == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:plain])
	for _, r := range s[plain:] {
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case unicode.Is(unicode.Mn, r): // an accent that stands by itself
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			written := latin(r)
			if written == "" {
				written = punctuation(r)
			}
			if written == "" {
				return ""
			}
			b.WriteString(written)
		}
	}
	return b.String()
}

// punctuation writes the punctuation of names, "" for anything else.
func punctuation(r rune) string {
	switch r {
	case '‘', '’', 'ʻ', 'ʼ', 'ʹ':
		return "'"
	case '‐', '‑', '‒', '–', '—':
		return "-"
	}
	return ""
}

// Slug returns the [ASCII] form in lower case as a part of a login or an
// address: apostrophes are dropped, and what else is neither a letter nor a
// digit becomes a single "-" between words ("Anne-Marie O’Neil" gives
// "anne-marie-oneil"). It is missing if the ASCII form is, or if nothing
// remains. The result has no more bytes than the text.
func Slug(s string) string {
	text := ASCII(s)
	var b strings.Builder
	b.Grow(len(text))
	gap := false
	for i := range len(text) {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteByte(c)
			gap = false
		case c != '\'' && c != '`':
			gap = true
		}
	}
	return b.String()
}
