package mapping

import (
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NFC returns the text in form NFC of Unicode: what can be written as
// one character is one, and texts that mean the same have the same bytes. "e"
// with an accent by itself gives "é". The result of NFC is its own NFC, and has
// at most three times the bytes of the text.
//
// Unicode promises that the form of a text never changes once its characters
// are assigned, so an upgrade of the tables alters no name.
func NFC(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	return norm.NFC.String(s)
}
