package source

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest texts that are taken from a source, in bytes. Longer ones are
// mistakes or attacks; cutting them off would be a guess.
const (
	maxID   = 256
	maxText = 1024
)

// checkID returns what is wrong with the ID of a person, "" if nothing is.
func checkID(id string) string {
	switch {
	case id == "":
		return "it is empty"
	case len(id) > maxID:
		return "it is longer than 256 bytes"
	case strings.TrimSpace(id) != id:
		return "it begins or ends with white space"
	}
	return checkRunes(id)
}

// cleanText returns the value without surrounding white space and what is wrong
// with it, "" if nothing is.
func cleanText(s string) (text, fault string) {
	s = strings.TrimSpace(s)
	if len(s) > maxText {
		return "", "it is longer than 1024 bytes"
	}
	return s, checkRunes(s)
}

// checkRunes looks for characters that no value of a person's record has and
// that do harm where the value is shown or compared: invisible ones, those that
// change the direction of text, and the marks of a text that was damaged.
func checkRunes(s string) string {
	ascii := true
	for n := range len(s) {
		switch c := s[n]; {
		case c < ' ' || c == 0x7f:
			return "it contains a control character"
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	if ascii {
		return ""
	}
	if !utf8.ValidString(s) {
		return "it is not valid UTF-8"
	}
	before := rune(0)
	for n, r := range s {
		if r >= utf8.RuneSelf {
			if fault := checkRune(r, before, s[n:]); fault != "" {
				return fault
			}
		}
		before = r
	}
	return ""
}

func checkRune(r, before rune, rest string) string {
	switch {
	case r == '\u200c' || r == '\u200d':
		// Persian and the Indic scripts need the joiners inside words.
		after, _ := utf8.DecodeRuneInString(rest[utf8.RuneLen(r):])
		if !joins(before) || !joins(after) {
			return "it contains an invisible character"
		}
	case r == utf8.RuneError:
		// JSON decoders put it where the bytes were not UTF-8.
		return "it contains the mark of a damaged character (U+FFFD)"
	case unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
		return "it contains a control character"
	case unicode.Is(unicode.Bidi_Control, r):
		return "it contains a character that changes the direction of text"
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return "it contains an invisible character"
	case unicode.Is(unicode.Noncharacter_Code_Point, r):
		return "it contains a code point that is no character"
	}
	return ""
}

// joins reports whether r belongs to a script in which the zero-width joiner
// and non-joiner are part of the spelling.
func joins(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
		unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
		unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar) ||
		unicode.Is(unicode.Mn, r) && r >= 0x0600
}

// checkEmail returns what is wrong with an e-mail address. It looks only for
// what placeholders such as "n/a" lack; whether an address exists is not known
// here.
func checkEmail(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at == len(s)-1 || strings.ContainsFunc(s, unicode.IsSpace) {
		return "it is not an e-mail address"
	}
	return ""
}
