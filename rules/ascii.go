package rules

import (
	"strings"
	"unicode"

	"github.com/provision-go/provision/target"
)

// ASCII is the value in ASCII: accents are dropped ("José" gives "Jose"), and
// letters that are no letter with an accent are written as usual abroad ("Łukasz
// Straße" gives "Lukasz Strasse"). It follows no language: "ö" gives "o", never
// "oe". The value is missing if any of it cannot be written in ASCII, such as a
// Cyrillic or Chinese letter.
func ASCII(v Value) Value { return function(opASCII, v, 0) }

// Slug is the ASCII form in lower case as a part of a login or an address:
// apostrophes are dropped, and what else is neither a letter nor a digit becomes
// a single "-" between words ("Anne-Marie O’Neil" gives "anne-marie-oneil"). It
// is missing if the ASCII form is, or if nothing remains. Put something that
// everybody has behind it: First(Slug(FamilyName), EmployeeNumber).
func Slug(v Value) Value { return function(opSlug, v, 0) }

// ascii returns the text in ASCII, "" if there is no way to write all of it.
func ascii(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // an accent that stands by itself
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			written := latin(r) + punctuation(r)
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

func slug(text string) string {
	var b strings.Builder
	gap := false
	for _, c := range []byte(target.Fold(ascii(text))) {
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
