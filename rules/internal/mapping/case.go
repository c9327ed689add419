package mapping

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/provision-go/provision/target"
)

// Lower returns the text in lower case, letter by letter: it has as many
// characters as before. No letter becomes one of ASCII that was none: "KİM"
// gives "kİm".
func Lower(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	return strings.Map(lower, s)
}

// Upper returns the text in upper case, letter by letter as [Lower] does:
// "straße" gives "STRAßE", and "kım" gives "KıM".
func Upper(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	return strings.Map(upper, s)
}

// Title returns the text with the first letter of each word in upper case and
// the others in lower case, letter by letter as [Lower] does: "ANNA-LENA DE LA
// CRUZ" gives "Anna-Lena De La Cruz".
//
// A word ends at whatever is no letter, digit, accent or apostrophe. What begins
// with a digit has no first letter ("3RD" gives "3rd"). After an apostrophe a
// word begins anew where names elide, which is behind a single letter and behind
// "dell" and "dall": "o'brien-smith" gives "O'Brien-Smith" and "DELL’ACQUA"
// gives "Dell’Acqua", but "women's" gives "Women's" and "лук'яненко" gives
// "Лук'яненко".
//
// It knows no names and no abbreviations: "McDonald" gives "Mcdonald", "van den
// Berg" gives "Van Den Berg", and "IT" gives "It". Use it for texts that are in
// one case only.
func Title(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	var b strings.Builder
	b.Grow(len(s))
	begin, size := 0, 0 // where the word begins, how many letters and digits it has so far
	for i, r := range s {
		switch {
		case r == '\'' || r == '’':
			if elides(s[begin:i], size) {
				begin, size = i+utf8.RuneLen(r), 0
			}
		case unicode.IsLetter(r) && size == 0:
			r = apart(r, unicode.ToTitle(r))
			size++
		case unicode.IsLetter(r):
			r = lower(r)
			size++
		case unicode.IsNumber(r):
			size++
		case !unicode.IsMark(r):
			begin, size = i+utf8.RuneLen(r), 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// elides reports whether a name begins anew behind this part and its apostrophe.
func elides(part string, size int) bool {
	return size == 1 || target.FoldEqual(part, "dell") || target.FoldEqual(part, "dall")
}

// lower and upper are the Unicode tables, except that no letter becomes one of
// ASCII that was none: the Kelvin sign is not k, nor is a dotted capital I an i.
// Logins and addresses are compared by ASCII, and one person's must not become
// another's.
func lower(r rune) rune { return apart(r, unicode.ToLower(r)) }

func upper(r rune) rune { return apart(r, unicode.ToUpper(r)) }

func apart(r, mapped rune) rune {
	if r >= utf8.RuneSelf && mapped < utf8.RuneSelf {
		return r
	}
	return mapped
}
