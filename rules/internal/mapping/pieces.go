package mapping

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxPad is the greatest length that [Pad] makes, in characters.
const MaxPad = 256

// MaxReplaced is the greatest length that [Replace] makes, in bytes, from a text
// that is not longer itself.
const MaxReplaced = 64 << 10

// Trim returns the text without white space at its ends, as Unicode defines it.
// It is missing if nothing else is there.
func Trim(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	return strings.TrimSpace(s)
}

// Left returns the first n characters, all if there are fewer. It is missing if
// n is less than 1.
func Left(s string, n int) string { return Mid(s, 1, n) }

// Right returns the last n characters, all if there are fewer. It is missing if
// n is less than 1.
func Right(s string, n int) string {
	if n < 1 || !utf8.ValidString(s) {
		return ""
	}
	if extra := utf8.RuneCountInString(s) - n; extra > 0 {
		return s[offset(s, extra):]
	}
	return s
}

// Mid returns n characters beginning with character number from, the first being
// 1; fewer if the text ends before. It is missing if it begins behind the end,
// or if from or n is less than 1.
func Mid(s string, from, n int) string {
	if from < 1 || n < 1 || !utf8.ValidString(s) {
		return ""
	}
	s = s[offset(s, from-1):]
	return s[:offset(s, n)]
}

// offset returns how many bytes the first n characters have.
func offset(s string, n int) int {
	if n >= len(s) {
		return len(s)
	}
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// Pad puts the character with to the left of the text, as often as it takes to
// make n characters: Pad("7", 4, "0") is "0007". A text that has n or more stays
// as it is; a missing one stays missing. The result is missing too if with is
// not exactly one character, or if n is greater than [MaxPad].
func Pad(s string, n int, with string) string {
	if s == "" || n > MaxPad || !utf8.ValidString(s) || !utf8.ValidString(with) || utf8.RuneCountInString(with) != 1 {
		return ""
	}
	return strings.Repeat(with, max(0, n-utf8.RuneCountInString(s))) + s
}

// Digits returns the ASCII digits of the text and drops everything else. It is
// missing if there are none, and if there are digits of another script: a number
// without some of its digits would be another number.
func Digits(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9':
			b.WriteByte(byte(r))
		case unicode.IsDigit(r):
			return ""
		}
	}
	return b.String()
}

// Replace replaces every old by new, from left to right; what new brings in is
// not replaced again. An empty new drops every old, and the result is missing if
// nothing remains. With an empty old the text stays as it is. The result is
// missing if it would be longer than both the text and [MaxReplaced]: rule files
// may nest replacements, and their results must not grow without bound.
func Replace(s, old, new string) string { //nolint:predeclared // the natural pair of names, as in package strings
	if !utf8.ValidString(s) || !utf8.ValidString(old) || !utf8.ValidString(new) {
		return ""
	}
	if old == "" {
		return s
	}
	if grows := len(new) - len(old); grows > 0 && strings.Count(s, old) > max(0, MaxReplaced-len(s))/grows {
		return ""
	}
	return strings.ReplaceAll(s, old, new)
}

// Split returns the parts of the text between the separators, trimmed, and drops
// those that are empty. Without a separator, the whole text is the only part. The
// result is nil if there is no part.
func Split(s, sep string) []string {
	if !utf8.ValidString(s) || !utf8.ValidString(sep) {
		return nil
	}
	if sep == "" {
		if s = strings.TrimSpace(s); s == "" {
			return nil
		}
		return []string{s}
	}
	var parts []string
	for part := range strings.SplitSeq(s, sep) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// Item returns text number n of the list, the first being 1 and the last being
// -1. It is missing if there is none, and for n = 0.
func Item(list []string, n int) string {
	if n < 0 {
		n += len(list) + 1
	}
	if n < 1 || n > len(list) || !utf8.ValidString(list[n-1]) {
		return ""
	}
	return list[n-1]
}
